"""SHA-256 digests as text: `sha256:` and 64 lower-case hexadecimal digits."""

from __future__ import annotations

import hashlib
import re
from typing import NewType

from tetrapylon.kernel.errors import UsageError

Digest = NewType("Digest", str)
"""`sha256:…`; the only spelling of a digest in statements, logs and manifests."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def sha256(data: bytes) -> Digest:
    """Return the digest of the bytes."""
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def parse_digest(text: str) -> Digest:
    """Return the text as a digest.

    Raises:
        UsageError: it is not `sha256:` followed by 64 lower-case hexadecimal digits.
    """
    if not _DIGEST.fullmatch(text):
        raise UsageError(f"`{text[:80]}` is not a digest", hint="digests look like `sha256:` and 64 hexadecimal digits")
    return Digest(text)


def digest_hex(digest: Digest) -> str:
    """Return the hexadecimal part of the digest."""
    return digest.removeprefix("sha256:")


def digest_bytes(digest: Digest) -> bytes:
    """Return the 32 bytes of the digest."""
    return bytes.fromhex(digest_hex(digest))
