"""Commands of the pillar design: one file, one command."""
