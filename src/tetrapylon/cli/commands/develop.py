"""Inventory, records, debt, end of life, advisories."""

from __future__ import annotations

from tetrapylon.cli.group import pillar

command = pillar("develop")
