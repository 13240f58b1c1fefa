"""The small record that the log orders: which signed bytes, about what, by whom, when.

Personal data never enters a record, so the statement behind it can be erased while the log stays consistent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical
from tetrapylon.kernel.digest import Digest, parse_digest
from tetrapylon.kernel.errors import IntegrityError, UsageError

LEAF_SCHEMA = "tetrapylon/leaf/1"
LEAF_BYTES = 65_535
"""The longest record that a C2SP tlog-tiles entry bundle can hold."""

_UTC_TIME = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ")
_LEAF_KEYS = {"schema", "envelope", "predicateType", "subjects", "keyid", "observedFrom", "observedTo", "recordedAt", "supersedes"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One record of the log."""

    envelope: Digest
    """Digest of the signed bytes (PAE) of the statement's envelope."""

    predicate_type: str
    subjects: tuple[Digest, ...]
    keyid: str
    """The first signature's key."""

    observed_from: str
    observed_to: str
    """When looking ended: freshness is counted from here."""

    recorded_at: str
    """When the log took it: order and key validity are judged here."""

    supersedes: Digest | None = None
    """The envelope that this one replaces, if any."""

    def to_bytes(self) -> bytes:
        """Return the canonical record.

        Raises:
            UsageError: the record would be longer than a log entry can be (too many subjects).
        """
        data = canonical_json(
            {
                "schema": LEAF_SCHEMA,
                "envelope": self.envelope,
                "predicateType": self.predicate_type,
                "subjects": list(self.subjects),
                "keyid": self.keyid,
                "observedFrom": self.observed_from,
                "observedTo": self.observed_to,
                "recordedAt": self.recorded_at,
                "supersedes": self.supersedes,
            }
        )
        if len(data) > LEAF_BYTES:
            raise UsageError(f"a statement about {len(self.subjects)} subjects does not fit into one log record", hint="split it")
        return data


def read_leaf(data: bytes, what: str = "a log record") -> Leaf:
    """Return the record in its one encoding.

    Raises:
        IntegrityError: another encoding or another shape.
    """
    value = read_canonical(data, what)
    if not isinstance(value, dict) or set(value) != _LEAF_KEYS or value["schema"] != LEAF_SCHEMA:
        raise IntegrityError(f"{what} is not a `{LEAF_SCHEMA}` record", code="malformed")
    try:
        return _leaf(value)
    except (TypeError, UsageError, ValueError) as error:
        raise IntegrityError(f"{what} is not a `{LEAF_SCHEMA}` record", code="malformed") from error


def _leaf(value: dict[str, Json]) -> Leaf:
    times = [value["observedFrom"], value["observedTo"], value["recordedAt"]]
    if not all(isinstance(each, str) and _UTC_TIME.fullmatch(each) for each in times):
        raise ValueError("time")
    if not isinstance(value["predicateType"], str) or not isinstance(value["keyid"], str):
        raise TypeError("text")
    if not isinstance(value["subjects"], list):
        raise TypeError("subjects")
    replaced = value["supersedes"]
    return Leaf(
        envelope=parse_digest(value["envelope"]),
        predicate_type=value["predicateType"],
        subjects=tuple(parse_digest(each) for each in value["subjects"]),
        keyid=value["keyid"],
        observed_from=times[0],
        observed_to=times[1],
        recorded_at=times[2],
        supersedes=None if replaced is None else parse_digest(replaced),
    )
