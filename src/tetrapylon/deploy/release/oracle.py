"""What an oracle is handed and what it says; `judge` asks every oracle about every answer.

A part in `oracles/` offers `PROOF` (whether an echo, a quotation or a guess can never satisfy it), `look(judged)` which yields
what it saw in words without the secret itself, and the samples `GOOD` and `BAD`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tetrapylon.deploy.release.facts import Facts
from tetrapylon.deploy.release.family import Case, Outcome
from tetrapylon.deploy.release.text import Seen
from tetrapylon.kernel.shelf import Shelf

SHELF = Shelf("tetrapylon.deploy.release.oracles")


@dataclass(frozen=True, slots=True)
class Judged:
    """One try of a case, as oracles see it."""

    case: Case
    facts: Facts
    outcome: Outcome
    seen: Seen
    """The answers, in all views."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What an oracle saw."""

    oracle: str
    proof: bool
    what: str


@lru_cache(maxsize=1)
def _oracles() -> Mapping[str, tuple[bool, Callable[[Judged], Iterator[str]]]]:
    return {name: (part.PROOF, part.look) for name, part in SHELF.items()}


def judge(case: Case, facts: Facts, outcome: Outcome) -> tuple[Hit, ...]:
    """Return what all oracles saw in one try; each speaks once for each thing."""
    judged = Judged(case, facts, outcome, Seen(outcome.text))
    return tuple(Hit(name, proof, what) for name, (proof, look) in _oracles().items() for what in dict.fromkeys(look(judged)))
