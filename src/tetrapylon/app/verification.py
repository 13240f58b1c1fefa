"""What a customer brings to a verification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.tree import hash_path
from tetrapylon.posture.case import Anchor


def make_anchor(base: Path, *, trust: str | None, artefacts: Sequence[str], last: str | None, require: str | None) -> Anchor:
    """Return what the caller brings from outside the passport; paths are relative to `base`."""
    fingerprint = trust if trust and re.fullmatch(r"sha256:[0-9a-f]{64}", trust) else None
    return Anchor(
        root=read_bytes(base / trust, BOUNDS.json) if trust and fingerprint is None else None,
        fingerprint=fingerprint,
        last=read_bytes(base / last, BOUNDS.json) if last else None,
        artefacts=tuple((each, hash_path(base / each)) for each in artefacts) if artefacts else None,
        require=require,
    )
