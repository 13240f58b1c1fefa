"""Incident procedures, rehearsed; offline backups."""
