"""Ways to find the parts of an AI system in a repository: one file, one kind of thing that is seen."""
