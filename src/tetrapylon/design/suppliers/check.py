"""One check of what a supplier supplies, and everything that checks may look at.

A check is a file in `checks/`. It is a pure question about a `Case` that was gathered before; each offers

* `ABOUT`: the kinds of subject that it is asked about (`lock`, `model-hosted`, `model-file`, `supplier`);
* `WEIGHT`: what it counts, 1 to 3; `SIGNAL`: whether it is one of the signals that are watched over a supplier's life;
* `QUESTION`: the question of the questionnaire whose answer stands in where nothing could be measured, or nothing;
* `look(case) -> Outcome | None`: the outcome, or None where it makes no sense for this case;
* `GOOD`, `BAD` and `OPEN`: cases by name (what `case_of` takes) that pass, fail, and cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, Protocol, cast

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.lock import Lock

CHECKS = Shelf("tetrapylon.design.suppliers.checks")

Kind = Literal["lock", "model-hosted", "model-file", "supplier"]


class Verdict(Enum):
    """What a look said; what could not be measured is open, which is not good."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says, in a sentence."""

    verdict: Verdict
    why: str
    count: int = 0
    """How many things are bad, where they are counted."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What a package's own metadata says, where it is installed here."""

    version: str
    licence: str
    inactive: bool
    """Whether its makers call it inactive."""


@dataclass(frozen=True, slots=True)
class Released:
    """When a package was last released, as somebody looked it up."""

    released: str
    looked: str
    """The day of the look: what is known grows old, too."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model file as its content shows it, and what was seen of it before."""

    id: str
    format: str | None
    runs_code: str
    signed: bool | None
    """Whether its signature was verified; None where nobody looked."""

    supplied: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """What an address answered when it was asked."""

    url: str
    at: str
    status: int | None
    contact: str | None = None
    expires: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Passport:
    """A passport that the supplier handed over, verified offline."""

    verdict: str
    anchored: bool
    at: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questionnaire that is on file: whether it counts, and why not."""

    counts: bool
    why: str
    expires: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """`yes`, `no` or `not-applicable` by question; empty unless it counts."""


@dataclass(frozen=True)
class Case:
    """One subject and everything that is known of it; None is unknown."""

    kind: Kind
    id: str
    now: str
    supplier: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
    """The subject as the manifest declares it."""

    vendor: Mapping[str, Json] = field(default_factory=dict)
    """Its supplier as the manifest declares it."""

    known: Mapping[str, Json] = field(default_factory=dict)
    """What people declare about the supplier in `suppliers.toml`."""

    critical: bool = False
    alternate_of: str | None = None
    lock: Lock | None = None
    installed: Mapping[str, Installed] = field(default_factory=dict)
    released: Mapping[str, Released] = field(default_factory=dict)
    files: tuple[Loaded, ...] = ()
    unsafe_calls: tuple[str, ...] = ()
    """Places in code that load what can run code."""

    advisories: tuple[str, int, int, int] | None = None
    """When weaknesses were last matched, how many are overdue, how many could not be checked, and for how many days that counts."""

    asked: Reached | None = None
    passport: Passport | None = None
    sheet: Sheet | None = None
    seen: Mapping[str, str] = field(default_factory=dict)
    """Who the supplier is now: key, address, contact."""

    before: Mapping[str, str] | None = None
    """Who it was when it was last accepted; None at the first look."""

    limits: Mapping[str, float] = field(default_factory=dict)
    """Values of the policy."""


class Check(Protocol):
    """What each file in `checks/` offers."""

    ABOUT: frozenset[str]
    WEIGHT: int
    SIGNAL: bool
    QUESTION: str | None

    def look(self, case: Case) -> Outcome | None:
        """Return what this check says about the case."""
        ...


def checks_for(kind: Kind) -> Iterator[tuple[str, Check]]:
    """Yield the checks that are asked about a kind of subject, by name."""
    for name, part in CHECKS.items():
        check = cast("Check", part)
        if kind in check.ABOUT:
            yield name, check


def good(why: str) -> Outcome:
    """Return that it is as it should be."""
    return Outcome(Verdict.GOOD, why)


def bad(why: str, count: int = 1) -> Outcome:
    """Return that it is not as it should be."""
    return Outcome(Verdict.BAD, why, count)


def unknown(why: str) -> Outcome:
    """Return that it could not be measured."""
    return Outcome(Verdict.OPEN, why)


def some(names: list[str], most: int = 5) -> str:
    """Return the first names as text."""
    return ", ".join(f"`{each}`" for each in names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
