"""What the people of a repository have allowed in a comment: `# tetrapylon: allow RULE reason`.

*What it does*: finds the comment on the line of a finding, or alone on the line above it, that names its rule and gives a reason.
*Why it matters*: a project knows its exceptions; each stands beside what it allows, with its reason, and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place

_MARK = "tetrapylon: allow "
_ALLOWS = re.compile(r"(?:#|//|/\*|<!--|--)[ \t]*tetrapylon: allow[ \t]+([a-z0-9-]+)[ \t]+(\w[^\n]*)")
_END = re.compile(r"[ \t]*(?:\*/|-->)?[ \t]*(?:\\n)?[\"',]*$")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that the people of the repository have allowed, and why."""

    finding: Finding
    reason: str


def allowances(repository: Repository) -> dict[tuple[str, Place], str]:
    """Return the reasons that are given in a repository, by rule and by the place that they speak of."""
    # Most files have none: asking for the words is far cheaper than matching.
    return dict(pair for file in repository.files if _MARK in file.text for pair in _given(file))


def _given(file: TextFile) -> Iterator[tuple[tuple[str, Place], str]]:
    offset = 0
    for line in file.text.split("\n"):
        match = _ALLOWS.search(line) if _MARK in line else None
        if match:
            alone = not line[: match.start()].strip(' \t",')
            at = file.at(offset)
            yield (match[1], replace(at, line=at.line + alone)), _END.sub("", match[2])
        offset += len(line) + 1


def split_allowed(repository: Repository, findings: Iterable[Finding]) -> Iterator[Finding | Allowed]:
    """Yield every finding, as `Allowed` where a comment allows it: a reason is asked for, and one rule at a time."""
    given = allowances(repository)
    for each in findings:
        reason = given.get((each.rule, each.at))
        yield Allowed(each, reason) if reason else each
