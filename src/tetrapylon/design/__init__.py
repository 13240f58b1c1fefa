"""Secure design."""
