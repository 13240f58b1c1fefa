"""How far the record of what passed through had come: the root over each of its segments.

Why it matters: whoever deletes the end of a record, or writes another in its place, is found out by what was anchored here.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/journal-head/v1"


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What one segment held: so many records, the RFC 6962 root over their digests, and the last digest of the chain."""

    segment: str
    identity: str
    records: int
    root: str
    digest: str
    sealed: bool


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """How far the record of what passed through had come; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    heads: list[Head]


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "heads": [
        {
            "segment": "main/00000001",
            "identity": "00112233445566778899aabbccddeeff",
            "records": 3,
            "root": "ab" * 32,
            "digest": "cd" * 32,
            "sealed": False,
        }
    ],
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "heads": [{"segment": "main/00000001"}],
}
