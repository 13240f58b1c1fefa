"""What an artefact was built or trained from, by whom (SLSA provenance v1).

Why it matters: a model without an origin has whatever origin an attacker gave it.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://slsa.dev/provenance/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What an artefact was built or trained from, by whom; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    build_definition: dict[str, Any]
    run_details: dict[str, Any]


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "buildDefinition": {"buildType": "https://tetrapylon.example/training/v1", "externalParameters": {}, "resolvedDependencies": []},
    "runDetails": {"builder": {"id": "https://tetrapylon.example/training-hook"}, "metadata": {}},
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "buildDefinition": [],
    "runDetails": {"builder": {"id": "https://tetrapylon.example/training-hook"}, "metadata": {}},
}
