"""Formats of files: one file, one format."""
