"""Incidents and their drills: opened, answered by acts, sealed, closed."""
