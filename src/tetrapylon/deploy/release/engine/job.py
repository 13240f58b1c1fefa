"""One try of one prompt: its name, and how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tetrapylon.deploy.release.family import Case, Outcome
from tetrapylon.deploy.release.oracle import Hit
from tetrapylon.deploy.release.regression import conversation
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.outside.target import Call

Group = Literal["probe", "attack", "again", "benign", "utility", "bad"]
"""Why a prompt is sent: to know the target, as an attack, to see whether a hit reproduces, or as one of the controls."""


@dataclass(frozen=True, slots=True)
class Job:
    """One try of one prompt."""

    group: Group
    case: Case
    number: int = 0
    """Which try of the prompt it is."""

    def name(self, base: str) -> str:
        """Return the id of the attempt; `base` stands for the pack, the seed and the target."""
        return digest_hex(sha256(f"{base}:{self.group}:{self.case.family}:{self.case.id}:{self.number}".encode()))[:32]


@dataclass(frozen=True, slots=True)
class Tried:
    """One try as it was kept."""

    group: Group
    family: str
    case: str
    number: int
    outcome: Outcome
    hits: tuple[Hit, ...]

    @property
    def proof(self) -> bool:
        """Whether a proof oracle fired."""
        return any(each.proof for each in self.hits)


def kept(job: Job, outcome: Outcome, hits: tuple[Hit, ...]) -> Json:
    """Return what is kept of one try; of one that succeeded also what was said, so that it can be pinned."""
    calls = [[each.name, each.arguments] for each in outcome.calls]
    counts = [outcome.tokens_in, outcome.tokens_out, outcome.requests]
    return {
        "g": job.group,
        "f": job.case.family,
        "c": job.case.id,
        "n": job.number,
        "t": outcome.text,
        "l": calls,
        "e": [outcome.error, outcome.detail],
        "k": counts,
        "h": [[each.oracle, each.proof, each.what] for each in hits],
        **({"m": conversation(job.case)} if hits and job.group == "attack" else {}),
    }


def read_kept(row: Json) -> Tried:
    """Return one try from what was kept of it."""
    error, detail = row["e"]
    tokens_in, tokens_out, requests = row["k"]
    calls = tuple(Call(name, arguments) for name, arguments in row["l"])
    outcome = Outcome(row["t"], calls, error, detail, tokens_in, tokens_out, requests)
    return Tried(row["g"], row["f"], row["c"], row["n"], outcome, tuple(Hit(*each) for each in row["h"]))
