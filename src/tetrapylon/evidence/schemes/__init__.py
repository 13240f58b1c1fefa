"""Signature schemes: one file each, verification in the standard library alone."""
