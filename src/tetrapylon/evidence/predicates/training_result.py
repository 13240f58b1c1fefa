"""What one person's quiz on one training module came to.

Why it matters: it is signed, so that nobody improves it later. It is personal: it stays with the provider, outside the log.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/training-result/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What one person's quiz on one training module came to; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    system: str
    person: str
    module: str
    module_digest: str
    items_digest: str | None = None
    """What was asked; absent where another system asked."""

    attempt: int
    score: float
    """The share of items that were right."""

    threshold: float
    practical: Literal["correct", "wrong", "unknown"]
    passed: bool
    expires: str
    classes: list[str]
    """The kinds of threats that the system had then, of those that the module teaches."""

    how: Literal["taken", "imported"]
    source: str | None = None
    """The digest of the file that it was imported from."""

    line: int | None = None
    on_behalf: bool = False
    """Whether somebody else's key signed, because the person's is not on this machine."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "system": "cheque-desk",
    "person": "developer-1",
    "module": "secure-coding",
    "moduleDigest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "itemsDigest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "attempt": 1,
    "score": 0.9,
    "threshold": 0.8,
    "practical": "correct",
    "passed": True,
    "expires": "2027-06-01T00:00:00Z",
    "classes": ["malicious-file"],
    "how": "taken",
}
BAD: dict[str, Any] = {**GOOD, "practical": "perhaps"}
