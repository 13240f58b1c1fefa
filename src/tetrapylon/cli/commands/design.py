"""Threats, training, privileges, suppliers."""

from __future__ import annotations

from tetrapylon.cli.group import pillar

command = pillar("design")
