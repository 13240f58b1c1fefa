"""Attacks on models that read numbers: one file is one attack."""
