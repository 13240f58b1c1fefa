"""Secure operation and maintenance."""
