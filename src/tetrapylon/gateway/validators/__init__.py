"""Validators: what a pattern found is only taken for what it looks like when its checksum says so."""
