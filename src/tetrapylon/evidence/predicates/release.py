"""That artefacts were released under a name and version (in-toto release v0.2).

Why it matters: a digest without a release is nobody's.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://in-toto.io/attestation/release/v0.2"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """That artefacts were released under a name and version; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    purl: str | None = None
    release_id: str | None = None
    properties: dict[str, Any] | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "purl": "pkg:generic/cheque-desk@1.0.0",
}
BAD: dict[str, Any] = {"observedFrom": "2026-06-01T00:00:00Z", "observedTo": "2026-06-01T00:00:00Z", "purl": 1}
