"""Commands of the pillar develop: one file, one command."""
