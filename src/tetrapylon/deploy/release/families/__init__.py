"""Families of attacks: one file is one family."""
