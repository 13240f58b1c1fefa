"""What is dangerous about who can read or reach what: one file, one kind of hazard."""
