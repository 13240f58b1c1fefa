"""What is dangerous about what a model may cause: one file, one kind of hazard."""
