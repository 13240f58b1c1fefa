"""What text can carry that a person does not see: one file, one kind of carrier."""
