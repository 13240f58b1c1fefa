"""Formats of models, data and prompts: what a file says about itself, read without running or loading it."""
