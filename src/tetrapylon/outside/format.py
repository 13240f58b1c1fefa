"""What a file says about itself: its format and a few facts, read without running or loading anything.

Each format is one part of `formats/`; it offers `SUFFIXES`, `describe(file)` and `SAMPLES` (name -> (bytes, facts)), run
by one contract test. A part reads what it is given as a memory map, so a file of many gigabytes costs its headers only,
and MUST answer any bytes with facts or a `FormatError`.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.files import opened

FORMATS = Shelf("tetrapylon.outside.formats")


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a file."""

    format: str | None
    """Its format, or None: the name promises none that is known here, or the content is something else."""

    facts: Mapping[str, Json] = field(default_factory=dict)
    """By name: `parameters`, `inputs`, `outputs`, `rows`, `columns`…; what could not be read is missing."""

    why: str = ""
    """Why there are no facts, where there are none."""


class FormatError(ValueError):
    """The bytes are not of the format that the file's name promises; the message says in which way."""


def describe(path: Path) -> Described:
    """Return what the file says about itself; the name decides which format it is read as.

    Raises:
        MissingError, UsageError, StorageError: as `read_bytes`.
    """
    suffix = path.suffix.lower()
    name = next((each for each in FORMATS if suffix in FORMATS[each].SUFFIXES), None)
    if name is None:
        return Described(None, why=f"files that end in `{suffix or path.name}` are not read")
    with opened(path) as file:
        if file.seek(0, 2) == 0:
            return Described(None, why="the file is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return describe_bytes(name, mapped)


def describe_bytes(name: str, data: bytes | mmap.mmap) -> Described:
    """Return what the bytes say when they are read as this format."""
    try:
        return Described(name, FORMATS[name].describe(data))
    except FormatError as error:
        return Described(None, why=f"not readable as {name}: {error}")
