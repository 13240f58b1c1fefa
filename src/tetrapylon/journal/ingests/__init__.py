"""Formats of logs that can be taken in; one file, one format."""
