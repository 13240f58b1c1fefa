"""Weigh a supplier's own security before integrating it."""
