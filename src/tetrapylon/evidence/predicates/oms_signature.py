"""Which files a model consists of (OpenSSF Model Signing v1.0).

Why it matters: a model is all of its files, not one of them.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://model_signing/signature/v1.0"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Which files a model consists of; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    serialization: dict[str, Any]
    resources: list[dict[str, Any]]


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False},
    "resources": [{"name": ".", "algorithm": "sha256", "digest": "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}],
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False},
    "resources": "one",
}
