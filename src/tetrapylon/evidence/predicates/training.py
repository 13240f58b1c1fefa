"""That the people of a role passed a training module.

Why it matters: people who know the threats make the other controls work; results are personal and never leave the provider.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/training/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That the people of a role passed a training module; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    module: str
    module_digest: str
    role: str
    """The roles that it is for, separated by commas."""

    score: float
    """The lowest of the results that count."""

    threshold: float
    practical_correct: bool
    """Whether every result that counts has its practical items right."""

    expires: str
    """When the first of them no longer holds."""

    persons_missing: int
    """Persons of these roles without a result that was passed."""

    persons: int | None = None
    """Persons of these roles."""

    imported: int | None = None
    """Results that a training system of the company recorded."""

    results: list[str] | None = None
    """The digests of the results that were counted; the results themselves stay where they are."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "module": "secure-coding",
    "moduleDigest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "role": "developer",
    "score": 0.9,
    "threshold": 0.8,
    "practicalCorrect": True,
    "expires": "2027-06-01T00:00:00Z",
    "personsMissing": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "module": "secure-coding",
    "moduleDigest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "role": "developer",
    "score": "good",
    "threshold": 0.8,
    "practicalCorrect": True,
    "expires": "2027-06-01T00:00:00Z",
    "personsMissing": 0,
}
