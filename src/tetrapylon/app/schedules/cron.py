"""A line for cron: each hour look whether something is due.

What it does: runs `tetrapylon assess --due` each hour, at a minute that differs between systems.
Why it matters: evidence that nobody renews goes stale, and a release that was fine can no longer be decided.
"""

from __future__ import annotations

from zlib import crc32


def files(system: str) -> dict[str, str]:
    """Return the line; `FOLDER` is to be replaced."""
    minute = crc32(system.encode()) % 60
    command = f"tetrapylon assess --due > .tetrapylon/assess.out 2>&1 || echo '{system}: look at .tetrapylon/assess.out'"
    said = "# Replace FOLDER. Cron mails what is printed, which is nothing while all is well."
    return {f"cron for {system}": f"{said}\n{minute} * * * *  cd FOLDER && {command}\n"}
