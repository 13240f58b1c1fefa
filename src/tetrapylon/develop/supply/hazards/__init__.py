"""What is dangerous about how models, data and dependencies come in: one file, one kind of hazard."""
