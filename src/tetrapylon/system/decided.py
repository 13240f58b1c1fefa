"""What people decide about a system, in small files beside the manifest: decoded as strictly as the manifest itself.

The manifest says what a system consists of. What people answer for on top (this class of assets is empty on purpose,
this part is used unverified, this debt is paid by then) changes more often and is read by one part of the work each,
so it has files of its own; every decision names its owner, who must be a person of the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from tetrapylon.kernel.canonical import Json
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem, did_you_mean, shown
from tetrapylon.system.shape import shape_problems

Day = Annotated[
    str,
    Meta(pattern=r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![\s\S])", description='a day as text, such as `"2027-03-01"`'),
]
Texts = Annotated[tuple[words.Text, ...], Meta(extra_json_schema={"uniqueItems": True}, description="a list of texts")]

_PEOPLE = frozenset({"owner"})
"""Keys that name a person of the manifest."""

Decisions = TypeVar("Decisions", bound=Table)


class Decision(Table, frozen=True, kw_only=True):
    """What one person decided, and why."""

    reason: words.Text
    owner: words.Id


class TimedDecision(Decision, frozen=True, kw_only=True):
    """A decision that ends: after that day it counts no more."""

    until: Day

    def holds(self, now: str) -> bool:
        """Return whether the decision still counts at this time; its last day counts."""
        return now[:10] <= self.until


def read_decisions(text: bytes | None, kind: type[Decisions], name: str, facts: Mapping[str, Json]) -> Decisions:
    """Return what the file says, or what holds where there is no such file; `facts` is the manifest.

    Raises:
        UsageError: not TOML, or not of this shape (`unknown-key`, `missing-key`, `bad-value`, …), or an owner whom the
            manifest does not declare (`no-such-id`).
    """
    if text is None:
        return kind()
    table = read_toml(text, name)
    problems = list(shape_problems(table, kind)) or list(_strangers(table, "", {each["id"] for each in facts.get("person", ())}))
    if problems:
        raise ManifestError(name, problems, table)
    return msgspec.convert(table, kind)


def _strangers(value: Json, path: str, people: set[str]) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            at = f"{path}.{key}" if path else key
            if key in _PEOPLE and isinstance(each, str) and each not in people:
                hint = did_you_mean(each, people) or "declare the person in the manifest"
                yield Problem(at, f"names `{shown(each)}`, which no `[[person]]` declares", "no-such-id", hint)
            yield from _strangers(each, at, people)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _strangers(each, f"{path}[{index}]", people)
