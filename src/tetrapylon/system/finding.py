"""What is found in a repository by looking at it: parts that belong to an AI system, and what is dangerous about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Severity = Literal["critical", "high", "medium", "low", "info"]
"""How bad it is if somebody makes use of it; `info` asks for nothing."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first."""

Kind = Literal[
    "model",
    "hosted-model",
    "dataset",
    "prompt",
    "tool",
    "agent",
    "mcp-server",
    "vector-store",
    "guardrail",
    "server",
    "training",
    "library",
]
"""What a part of an AI system is: `model` is a file or a name that is loaded, `hosted-model` is behind somebody's API."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file below the folder that was looked at, and a line."""

    path: str
    """Relative, with `/`."""

    line: int = 0
    """Counted from 1; 0 means the file as a whole."""

    cell: int = 0
    """In a notebook the cell that `line` is counted in, from 1; 0 elsewhere."""

    def __str__(self) -> str:
        cell = f":cell {self.cell}" if self.cell else ""
        return f"{self.path}{cell}:{self.line}" if self.line else f"{self.path}{cell}"


@dataclass(frozen=True, slots=True)
class Component:
    """One part of an AI system that was found."""

    kind: Kind
    id: str
    """Its own name where it has one (`meta-llama/Llama-3-8B`, `gpt-4o`, `models/reader.onnx`), one that is made up otherwise."""

    at: Place
    how: str
    """What was seen there, in a few words: "`from_pretrained` of transformers"."""

    facts: Mapping[str, str] = field(default_factory=dict)
    """What else is known: `provider`, `url`, `revision`, `path`, `effect`, `library`, `sensitivity`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is dangerous, where it is, why, and what to do about it."""

    rule: str
    severity: Severity
    at: Place
    title: str
    why: str
    fix: str


_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|__tests__|e2e|docs?|examples?|samples?|fixtures?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|\.(?:test|spec)\.[jt]sx?$"
)


def is_aside(path: str) -> bool:
    """Return whether a file is a test, documentation or an example: what is wrong there does less harm."""
    return _ASIDE.search(path) is not None


def lowered(severity: Severity) -> Severity:
    """Return the severity below."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of finding always says."""

    id: str
    severity: Severity
    title: str
    why: str
    fix: str

    def at(self, place: Place, title: str = "", *, severity: Severity | None = None, fix: str = "") -> Finding:
        """Return the finding at a place, with a title that names what was seen there; one less severe in tests, docs and examples."""
        how_bad = severity or self.severity
        how_bad = lowered(how_bad) if is_aside(place.path) else how_bad
        return Finding(self.id, how_bad, place, title or self.title, self.why, fix or self.fix)


@dataclass(frozen=True, slots=True, order=True)
class Unseen:
    """Something that was not looked at, and why: what was not seen is never called clean."""

    path: str
    why: str
    deliberate: bool = False
    """Left out on purpose (vendored, generated); otherwise it could not be read, and the answer is incomplete."""
