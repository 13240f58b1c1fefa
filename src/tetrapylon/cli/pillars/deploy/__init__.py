"""Commands of the pillar deploy: one file, one command."""
