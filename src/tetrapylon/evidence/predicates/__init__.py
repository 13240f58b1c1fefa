"""What a statement may say: one file for each predicate type."""
