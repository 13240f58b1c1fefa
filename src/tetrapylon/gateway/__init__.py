"""The guarded front door of a running AI system."""
