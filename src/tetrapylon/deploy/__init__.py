"""Secure deployment."""
