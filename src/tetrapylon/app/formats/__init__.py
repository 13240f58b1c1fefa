"""Formats that other programs read the answer of `check` in: one file, one format."""
