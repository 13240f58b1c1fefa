"""Access to the running system: its keys, and whether it holds against those without."""

from __future__ import annotations

from tetrapylon.cli.group import LazyGroup

command = LazyGroup(
    "tetrapylon.cli.access",
    name="access",
    help="Access to the running system: its keys, and whether it holds against those without.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
