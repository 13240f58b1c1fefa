"""Providers answer for the model: secure defaults, disclosed risks, people downstream protected."""
