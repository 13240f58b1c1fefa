"""What is examined about a supplier and what it supplies: one file, one check."""
