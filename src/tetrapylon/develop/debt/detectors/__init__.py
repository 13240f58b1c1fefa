"""Detectors of technical debt: one file, one detector."""
