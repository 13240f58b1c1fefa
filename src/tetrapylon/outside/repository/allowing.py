"""What the people of a repository have allowed in a comment: `# tetrapylon: allow RULE reason`.

*What it does*: finds the comment on the line of a finding, or alone on the line above it, that names its rule and gives a reason.
*Why it matters*: a project knows its exceptions; each stands beside what it allows, with its reason, and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding

_MARK = "tetrapylon: allow "
_ALLOWS = re.compile(r"(?:#|//|/\*|<!--|--)[ \t]*tetrapylon: allow[ \t]+([a-z0-9-]+)[ \t]+(\w[^\n]*)")
_END = re.compile(r"[ \t]*(?:\*/|-->)?[ \t]*(?:\\n)?[\"',]*$")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that the people of the repository have allowed, and why."""

    finding: Finding
    reason: str


def allowances(repository: Repository) -> dict[tuple[str, str, int], str]:
    """Return the reasons that are given in a repository, by rule, path and line of the file."""
    found: dict[tuple[str, str, int], str] = {}
    for file in repository.files:
        # Most files have none: asking for the words is far cheaper than matching.
        for number, line in enumerate(file.text.split("\n"), 1) if _MARK in file.text else ():
            match = _ALLOWS.search(line) if _MARK in line else None
            if match:
                alone = not line[: match.start()].strip(" \t\",")
                at = file.at(_start(file.text, number))
                found[match[1], file.path, at.line + alone] = _END.sub("", match[2])
    return found


def _start(text: str, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = text.index("\n", offset) + 1
    return offset


def split_allowed(repository: Repository, findings: Iterable[Finding]) -> Iterator[Finding | Allowed]:
    """Yield every finding, as `Allowed` where a comment allows it: a reason is asked for, and one rule at a time."""
    given = allowances(repository)
    for each in findings:
        reason = given.get((each.rule, each.at.path, each.at.line))
        yield Allowed(each, reason) if reason else each
