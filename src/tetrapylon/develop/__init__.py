"""Secure development."""
