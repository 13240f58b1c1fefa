"""Small files beside the manifest, in which people decide: found, read within a bound, decoded strictly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.system.decided import Decisions, read_decisions


def read_beside(root: Path, name: str, limit: int = BOUNDS.manifest) -> bytes | None:
    """Return the bytes of a file below the folder of the manifest, or nothing where there is none."""
    try:
        return read_bytes(inside(root, name), limit)
    except MissingError:
        return None


def decisions_beside(root: Path, name: str, kind: type[Decisions], facts: Mapping[str, Json]) -> Decisions:
    """Return what people decided in this file; `facts` is the manifest.

    Raises:
        UsageError: the file is a link, too large, or not of its form.
    """
    return read_decisions(read_beside(root, name), kind, name, facts)


def digest_beside(root: Path, name: str) -> Digest | None:
    """Return the digest of the file, or nothing where there is none."""
    text = read_beside(root, name)
    return None if text is None else sha256(text)
