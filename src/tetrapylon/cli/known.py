"""Which commands this version has, so that nothing recommends one that is not there."""

from __future__ import annotations

from functools import cache

from tetrapylon.cli.group import PILLARS
from tetrapylon.kernel.shelf import Shelf


@cache
def commands() -> frozenset[str]:
    """Return every command: `assess`, `design threats`; a pillar alone is none."""
    first = set(Shelf("tetrapylon.cli.commands"))
    below = {f"{pillar} {name}" for pillar in PILLARS if pillar in first for name in Shelf(f"tetrapylon.cli.pillars.{pillar}")}
    return frozenset((first - set(PILLARS)) | below)


def possible(line: str) -> str:
    """Return the line; where it recommends a command that this version does not have, it says so."""
    words = line.partition("tetrapylon ")[2].split()
    if not words or any(" ".join(words[:length]) in commands() for length in (1, 2)):
        return line
    return f"{line} (not in this version)"
