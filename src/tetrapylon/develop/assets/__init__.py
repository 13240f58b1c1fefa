"""Identify, track and protect every asset; treat logs as sensitive."""
