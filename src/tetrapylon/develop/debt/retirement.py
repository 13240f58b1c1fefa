"""`decommission.toml`: when and how the system ends, and what becomes of each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import decisions_beside, read_beside
from tetrapylon.system import words
from tetrapylon.system.decided import Day
from tetrapylon.system.manifest import Table

FILE = "decommission.toml"

Method = Literal["delete", "archive", "hand-over", "close"]
"""`delete`: removed and probed; `archive`: kept, and by whom; `hand-over`: to the successor; `close`: an endpoint is closed."""

METHODS = {
    "delete": "its bytes are removed",
    "archive": "it is kept until the archive ends",
    "hand-over": "the successor takes it over",
    "close": "its routes are closed for good",
}


class Notice(Table, frozen=True, kw_only=True):
    """Who is told how long before."""

    to: words.Text
    days: words.Count
    text: words.Text


class Archive(Table, frozen=True, kw_only=True):
    """What is kept, where, until when, and who holds it."""

    where: words.Text
    until: Day
    owner: words.Id


class Disposal(Table, frozen=True, kw_only=True):
    """What becomes of one part of the system."""

    asset: words.Id
    method: Method
    reason: words.Text


class Retirement(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/decommission/1"]
    trigger: words.Text
    """When the end comes: a day, or what has to happen."""

    owner: words.Id
    notice: tuple[Notice, ...]
    disposal: tuple[Disposal, ...]
    archive: Archive
    successor: words.Text
    """The system that follows, or `none` with what users do instead."""


def read_plan(root: Path, facts: Mapping[str, Json]) -> Retirement | None:
    """Return the plan, or nothing where there is none.

    Raises:
        UsageError: the file is not of its form, or its owner is nobody.
    """
    return decisions_beside(root, FILE, Retirement, facts) if read_beside(root, FILE) is not None else None


def parts_of(facts: Mapping[str, Json]) -> dict[str, tuple[str, str | None]]:
    """Return every declared part that has to end, with its kind and its path where it has one."""
    found: dict[str, tuple[str, str | None]] = {}
    for kind in ("model", "dataset", "prompt", "store"):
        for each in facts.get(kind, ()):
            found[each["id"]] = ("endpoint" if kind == "model" and "endpoint" in each else kind, each.get("path"))
    return found


def problems_of(plan: Retirement, facts: Mapping[str, Json], now: str) -> list[str]:
    """Return what the plan does not say, or says wrongly."""
    parts, planned = parts_of(facts), [each.asset for each in plan.disposal]
    said = [f"nothing says what becomes of `{each}`" for each in parts if each not in planned]
    said += [f"`{each}` is not a part of the system" for each in planned if each not in parts]
    said += [f"`{each}` stands there twice" for each in sorted({each for each in planned if planned.count(each) > 1})]
    for each in plan.disposal:
        kind, _ = parts.get(each.asset, ("", None))
        if kind and (each.method == "close") != (kind == "endpoint"):
            said.append(
                f"`{each.asset}` is {'an endpoint and can only be closed' if kind == 'endpoint' else 'no endpoint and cannot be closed'}"
            )
    if not plan.notice:
        said.append("nobody is told")
    if plan.archive.until <= now[:10]:
        said.append("the archive ends in the past")
    return said


def draft(facts: Mapping[str, Json]) -> str:
    """Return the text of a plan to begin with; what only people know is left to be written, and is no plan until it is."""
    people = facts.get("person", ())
    owner = next((each["id"] for each in people if "owner" in each.get("roles", ())), people[0]["id"] if people else "owner")
    lines = ['schema = "tetrapylon/decommission/1"', 'trigger = "…"', f'owner = "{owner}"', 'successor = "…"', ""]
    lines += ["[archive]", 'where = "…"', 'until = "…"', f'owner = "{owner}"', ""]
    lines += ["[[notice]]", 'to = "users"', "days = 90", 'text = "…"', ""]
    for name, (kind, _) in parts_of(facts).items():
        method = "close" if kind == "endpoint" else "delete"
        lines += ["[[disposal]]", f'asset = "{name}"', f'method = "{method}"', 'reason = "…"', ""]
    return "\n".join(lines)
