"""Runs attempts against a target and keeps them."""
