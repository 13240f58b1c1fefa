"""Monitoring, updates, advisories, disclosure, decisions, journal."""

from __future__ import annotations

from tetrapylon.cli.group import pillar

command = pillar("operate")
