"""What can go wrong with an AI system: one file, one kind of threat."""
