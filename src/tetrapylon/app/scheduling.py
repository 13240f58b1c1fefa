"""What makes an assessment continuous: files for the scheduler that somebody already has.

A part on the shelf offers `files(system) -> dict[name, text]`. The system's id is one of ours and needs no quoting; the
folder, which may hold anything, is left to the person who installs the files.
"""

from __future__ import annotations

from tetrapylon.kernel.shelf import Shelf

SCHEDULES = Shelf("tetrapylon.app.schedules")


def schedule(kind: str, system: str) -> dict[str, str]:
    """Return the files for a scheduler, by name.

    Raises:
        UsageError: there is no such kind.
    """
    found: dict[str, str] = SCHEDULES.part(kind, "scheduler").files(system)
    return found
