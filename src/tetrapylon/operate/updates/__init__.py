"""Automated, secure-by-default updates; a major change is a new version."""
