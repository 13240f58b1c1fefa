"""Commands of the pillar operate: one file, one command."""
