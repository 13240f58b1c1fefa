"""That a card or bill of materials is complete, labelled and about what is deployed.

Why it matters: a document nobody checks describes a system that no longer exists.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/record/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a card or bill of materials is complete, labelled and about what is deployed; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    kind: Literal["model-card", "data-card", "prompt-card", "bom", "design", "model-choice"]
    complete: bool
    missing_fields: list[str]
    unlabelled_fields: int
    drifted: int
    schema_valid: bool
    elements: int
    elements_accounted: int
    deterministic: bool
    signed: bool
    failure_modes: int
    unlisted_failures: int
    sources_unknown: int
    guardrails_without_evidence: int
    retention: str
    review_due: str
    parameters: int | None = None
    baseline_measured: bool | None = None
    chain_complete: bool | None = None
    training_set_fields: int | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "kind": "model-card",
    "complete": True,
    "missingFields": [],
    "unlabelledFields": 0,
    "drifted": 0,
    "schemaValid": True,
    "elements": 50,
    "elementsAccounted": 50,
    "deterministic": True,
    "signed": True,
    "failureModes": 3,
    "unlistedFailures": 0,
    "sourcesUnknown": 0,
    "guardrailsWithoutEvidence": 0,
    "retention": "P1Y",
    "reviewDue": "2027-06-01T00:00:00Z",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "kind": "poem",
    "complete": True,
    "missingFields": [],
    "unlabelledFields": 0,
    "drifted": 0,
    "schemaValid": True,
    "elements": 50,
    "elementsAccounted": 50,
    "deterministic": True,
    "signed": True,
    "failureModes": 3,
    "unlistedFailures": 0,
    "sourcesUnknown": 0,
    "guardrailsWithoutEvidence": 0,
    "retention": "P1Y",
    "reviewDue": "2027-06-01T00:00:00Z",
}
