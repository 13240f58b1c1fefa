"""Every bound on what is read from outside, in one place."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30
TIB = 1 << 40


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is read and kept at most; whatever exceeds a bound is refused, never cut off."""

    manifest: int = 1 * MIB
    """Bytes of `tetrapylon.toml` and of our other TOML files."""

    json: int = 16 * MIB
    """Bytes of one JSON file that is parsed: a statement, a waiver, a report."""

    key: int = 64 * KIB
    """Bytes of one key or certificate file."""

    passport: int = 256 * MIB
    """Bytes of all files of one passport."""

    asset: int = 1 * TIB
    """Bytes of one file that is hashed."""

    files: int = 1_000_000
    """Files in one model folder or one selection of code."""

    record: int = 16 * MIB
    """Bytes of the body of one entry of the journal."""

    depth: int = 64
    """Folders inside folders."""


BOUNDS = Bounds()
"""The bounds that hold unless a caller is given others."""
