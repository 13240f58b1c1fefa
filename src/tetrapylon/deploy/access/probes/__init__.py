"""Probes of who is let in: one file each."""
