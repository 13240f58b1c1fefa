"""What a model's own resize does to an image: its operator, how it can be exploited, and how that is seen."""
