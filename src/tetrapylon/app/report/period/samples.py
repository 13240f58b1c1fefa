"""A sample of the evidence that nobody chose: which records are in it follows from a seed, and anybody draws the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.posture.fold import Record

NOT_EVIDENCE = frozenset({"gate-decision", "vsa", "svr", "decision-replay"})
"""Statements about decisions, which are listed on their own."""

HOW = "A record's rank is SHA-256 of `SEED:RECORD:ENVELOPE`; the sample is the records of lowest rank"


@dataclass(frozen=True)
class Sample:
    """One record of the sample, checked."""

    record: int
    predicate: str
    subjects: tuple[str, ...]
    observed: str
    recorded: str
    envelope: str
    signers: tuple[str, ...]
    checked: str
    """What was checked for this report, or why it could not be."""

    @property
    def verify(self) -> str:
        """The command that checks it again."""
        return f"tetrapylon log show --record {self.record}"

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        found = {"record": self.record, "predicate": self.predicate, "subjects": list(self.subjects), "observed": self.observed}
        found |= {"recorded": self.recorded, "envelope": self.envelope, "signers": list(self.signers)}
        return {**found, "checked": self.checked, "verify": self.verify}


def default_seed(root: bytes, period: str) -> str:
    """Return a seed that follows from the log and the period, so that nobody can choose it to please."""
    return digest_hex(sha256(root + period.encode()))[:16]


def drawn(records: Sequence[Record], names: Mapping[str, str], seed: str, number: int) -> list[Record]:
    """Return the records of the sample, in the order of the log."""
    evidence = [each for each in records if names.get(each.leaf.predicate_type) not in NOT_EVIDENCE]
    ranked = sorted(evidence, key=lambda each: sha256(f"{seed}:{each.index}:{each.leaf.envelope}".encode()))
    return sorted(ranked[:number], key=lambda each: each.index)
