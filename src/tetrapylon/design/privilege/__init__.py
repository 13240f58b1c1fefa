"""Least privilege for each user and component."""
