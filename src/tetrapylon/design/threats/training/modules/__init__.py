"""Training modules: one file, one module."""
