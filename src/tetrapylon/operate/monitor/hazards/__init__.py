"""What is dangerous about how inputs reach a model: one file, one kind of hazard."""
