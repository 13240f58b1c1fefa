"""Passphrases: from a file that the environment names, never from the environment itself."""

from __future__ import annotations

import os
from pathlib import Path

from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

VARIABLE = "TETRAPYLON_PASSPHRASE_FILE"


def passphrase_from_environment() -> bytes | None:
    """Return the passphrase in the file that the environment names, or None where it names none."""
    path = os.environ.get(VARIABLE)
    return read_bytes(Path(path), BOUNDS.key).rstrip(b"\r\n") if path else None
