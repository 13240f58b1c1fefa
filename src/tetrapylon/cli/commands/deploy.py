"""Access, incidents, backups, regressions."""

from __future__ import annotations

from tetrapylon.cli.group import pillar

command = pillar("deploy")
