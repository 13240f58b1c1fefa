"""The state of a folder as one digest, without parsing anything: the same digest means that the view would be the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tetrapylon.kernel.digest import Digest
from tetrapylon.outside.bounds import KIB
from tetrapylon.outside.repository.decoding import is_text
from tetrapylon.outside.repository.limits import LIMITS, Limits
from tetrapylon.outside.repository.notes import Notes
from tetrapylon.outside.repository.walking import files_below, first_bytes

_SMALL = 64 * KIB
"""Up to so many bytes it is faster to read a file than to look whether it is text first."""


def folder_state(root: Path, without: frozenset[str] = frozenset(), limits: Limits = LIMITS) -> Digest:
    """Return the digest over the names and the contents of what the view is made of; `without` names files that do not count.

    Raises:
        MissingError, StorageError: as `files_below`.
    """
    notes = Notes()
    whole = hashlib.sha256()
    for found in files_below(root, limits, notes):
        if found.name not in without:
            whole.update(f"{len(found.name.encode('utf-8', 'surrogatepass'))} {found.name} {found.size} ".encode("utf-8", "surrogatepass"))
            whole.update(_content(found.name, found.path, found.size, limits))
    for each in notes.unseen():
        whole.update(f"{len(each.path)} {each.path} {each.why} {each.deliberate}".encode("utf-8", "surrogatepass"))
    return Digest(f"sha256:{whole.hexdigest()}")


def _content(name: str, path: str, size: int, limits: Limits) -> bytes:
    """Return the digest of as much of a file as the view holds: text in whole, the head of anything else."""
    data = first_bytes(path, size + 1 if size <= _SMALL else limits.head)
    if isinstance(data, bytes) and size > _SMALL and is_text(data) and size <= _longest(name, limits):
        data = first_bytes(path, size + 1)
    if isinstance(data, str):
        return data.encode()
    return hashlib.sha256(data if is_text(data[: limits.head]) else data[: limits.head]).digest()


def _longest(name: str, limits: Limits) -> int:
    """Return how many bytes of a file of this name are read as text."""
    from tetrapylon.outside.repository.language import language_of

    return limits.long_text if language_of(name) in {"lock", "notebook"} else limits.text
