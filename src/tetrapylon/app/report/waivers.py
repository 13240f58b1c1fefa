"""Exceptions: the waivers in the log, each with its owner, reason and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.posture.fold import Record


@dataclass(frozen=True)
class Exemption:
    """One waiver of one practice for some assets."""

    practice: str
    subjects: tuple[str, ...]
    owner: str
    reason: str
    since: str
    expires: str
    record: int
    standing: str
    """`valid`, `expired`, `replaced`, or `not permitted` where its signer may not waive."""

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        found = {"practice": self.practice, "subjects": list(self.subjects), "owner": self.owner, "reason": self.reason}
        return {**found, "since": self.since, "expires": self.expires, "record": self.record, "standing": self.standing}


def exemptions(records: Sequence[Record], policy: Mapping[str, Any], now: str) -> tuple[Exemption, ...]:
    """Return every waiver of the records, as it stands at this time."""
    wanted, permitted = predicate_type("waiver"), policy["roles"].get("waiver", ())
    replaced = {each.leaf.supersedes for each in records} - {None}
    waivers = [each for each in records if each.leaf.predicate_type == wanted and each.statement is not None]
    return tuple(
        _exemption(each, now, may=not each.roles.isdisjoint(permitted), replaced=each.leaf.envelope in replaced) for each in waivers
    )


def _exemption(record: Record, now: str, *, may: bool, replaced: bool) -> Exemption:
    predicate = record.statement.predicate if record.statement else {}
    subjects = tuple(each.name for each in record.statement.subjects) if record.statement else ()
    expires = str(predicate.get("expires", ""))
    standing = "not permitted" if not may else "replaced" if replaced else "expired" if expires <= now else "valid"
    owner, reason = str(predicate.get("owner", "nobody")), str(predicate.get("reason", ""))
    practice = str(predicate.get("practice", ""))
    return Exemption(practice, subjects, owner, reason, record.leaf.recorded_at, expires, record.index, standing)
