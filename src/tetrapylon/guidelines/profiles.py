"""Profiles: which practices a release is decided by."""

from __future__ import annotations

from typing import Any

from tetrapylon.guidelines.shape import check_keys, read_table
from tetrapylon.kernel.errors import UsageError

PROFILES = ("start", "core", "full")


def profile_practices(text: str, name: str, catalogue: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of a profile's practices; `start` is listed, `core` and `full` follow from the catalogue.

    Planned practices never decide anything: `full` is every practice that is not planned.

    Raises:
        UsageError: there is no such profile (`unknown-profile`), or its list is malformed.
    """
    table = read_table(text, "the profiles")
    check_keys(table, ("start",), (), "the profiles")
    core = tuple(each["id"] for each in catalogue["practice"] if each["status"] == "core")
    if name not in PROFILES:
        raise UsageError(f"there is no profile `{name[:40]}`", hint=f"profiles: {', '.join(PROFILES)}", code="unknown-profile")
    if name != "start":
        return core
    if unknown := [each for each in table["start"] if each not in core]:
        raise UsageError(f"the profile `start` lists `{unknown[0]}`, which is not assessed", code="bad-data")
    return tuple(table["start"])
