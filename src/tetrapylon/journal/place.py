"""Where a system keeps its journal and the journal's key."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.journal.keyfile import Ring, load_ring, new_ring, save_ring
from tetrapylon.journal.searching import segments
from tetrapylon.kernel.errors import ConflictError, MissingError


def journal_folder(root: Path) -> Path:
    """Return the folder of the journal of the system whose manifest is in `root`."""
    return root / ".tetrapylon" / "journal"


def journal_key(root: Path) -> Path:
    """Return the journal's key file."""
    return root / ".tetrapylon" / "keys" / "journal.key"


def open_ring(root: Path, passphrase: bytes | None) -> Ring:
    """Return the journal's keys.

    Raises:
        MissingError, UsageError, IntegrityError: as `load_ring`.
    """
    return load_ring(journal_key(root), passphrase)


def ensure_ring(root: Path, passphrase: bytes | None) -> Ring:
    """Return the journal's keys; where there is no journal yet, make them.

    Raises:
        MissingError: there is a journal, but not its key (`no-journal-key`).
    """
    path = journal_key(root)
    if not path.exists():
        if segments(journal_folder(root)):
            raise MissingError("there is a journal, but its key is gone", hint=f"bring `{path.name}` back", code="no-journal-key")
        try:
            save_ring(path, new_ring(), passphrase)
        except ConflictError:
            # Another process made it meanwhile.
            return load_ring(path, passphrase)
    return load_ring(path, passphrase)
