"""Kinds of content: one file, one kind."""
