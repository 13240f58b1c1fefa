"""What is dangerous about the defaults that a system is shipped with: one file, one kind of hazard."""
