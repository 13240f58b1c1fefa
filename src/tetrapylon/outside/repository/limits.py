"""Every bound on how much of a repository is read."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.outside.bounds import KIB, MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; whatever exceeds a bound is left out and said, never cut off."""

    files: int = 50_000
    """Files that are looked at, artefacts included."""

    depth: int = 64
    """Folders inside folders."""

    text: int = 1 * MIB
    """Bytes of one text file."""

    long_text: int = 16 * MIB
    """Bytes of one notebook or lock file: outputs and hashes make them long."""

    all_text: int = 256 * MIB
    """Bytes of all text files."""

    all_python: int = 48 * MIB
    """Bytes of all Python that is parsed: a tree takes some thirty times the memory of its text."""

    nesting: int = 300
    """Levels of one tree of Python; what is deeper is kept as text, so that walking it never ends the stack."""

    head: int = 4 * KIB
    """Bytes that are kept of what is not text."""

    output: int = 4 * KIB
    """Characters that are kept of the outputs of one cell of a notebook."""


LIMITS = Limits()
"""The bounds that hold unless a caller is given others."""
