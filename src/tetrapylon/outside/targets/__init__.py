"""Models under test."""
