"""Formats of lock files: which one a file is in, and what it says each package must be."""
