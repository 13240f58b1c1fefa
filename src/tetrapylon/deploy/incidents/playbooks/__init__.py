"""Playbooks: one file, one kind of incident."""
