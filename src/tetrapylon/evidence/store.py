"""Where a log and the objects it names are kept: the port, with the rules that hold on every medium.

A part in `stores/` offers `open_store(location: str) -> Store`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.kernel.canonical import read_base64
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, UsageError

ENTRY_BYTES = 65_535
"""The longest entry: C2SP tlog-tiles writes its length in 16 bits."""

_EMPTY = sha256(b"")
_ROOT_BYTES = 32


class TreeHead(NamedTuple):
    """What a checkpoint says about the log: how many entries, and their Merkle root (32 bytes)."""

    size: int
    root: bytes


class Store(ABC):
    """A log that only grows, and objects that are what they are called.

    1. An append is all or nothing, and returns only when it will survive power loss.
    2. An append with `expected_size` writes nothing where the log has another size: two people who decide at once
       make one decision.
    3. An entry never changes and the log never shrinks.
    4. An object is called by the digest of its bytes, an envelope by the digest of its signed bytes and its first
       key; either is checked again whenever it is read. What was erased is told apart from what was lost.
    5. A published checkpoint never goes back and never runs ahead of the log.
    6. Put the objects first, then append the entry that names them.

    Adapters implement the methods with an underscore, and MUST keep these rules between processes.

    >>> store = open_store(".tetrapylon/ledger")
    >>> store.append([b"first", b"second"], expected_size=0)
    0
    >>> list(store.entries(1))
    [b'second']
    """

    def size(self) -> int:
        """Return how many entries the log holds."""
        with self._locked(write=False):
            return self._size()

    def append(self, entries: Sequence[bytes], expected_size: int | None = None) -> int:
        """Add the entries durably and return the index of the first.

        Raises:
            ConflictError: the log has grown beyond `expected_size`; nothing was written.
            IntegrityError: the log is shorter than `expected_size` (`truncated`).
            StorageError: the medium refused; nothing was written.
            UsageError: an entry is too long.
        """
        added = [_checked(each) for each in entries]
        with self._locked(write=True):
            size = self._size()
            if expected_size is not None:
                _expect(size, expected_size)
            if added:
                self._append(added)
        return size

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the entries from `start` up to `stop` (default: what the log holds now).

        Raises:
            MissingError: the log does not reach so far.
            IntegrityError: a part of the log is missing or damaged.
        """
        size = self.size()
        stop = size if stop is None else stop
        if not 0 <= start <= stop <= size:
            raise MissingError(f"the log holds {size} records, not records {start} to {stop}", code="beyond-log")
        return self._entries(start, stop)

    def put(self, data: bytes) -> Digest:
        """Keep the bytes durably and return their digest."""
        digest = sha256(data)
        self._keep(_object_name(digest), data)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the object with this digest.

        Raises:
            MissingError: it is not there (`missing`) or was erased (`erased`).
            IntegrityError: its bytes have changed (`object-changed`).
        """
        data = self._found(_object_name(digest), f"the object {digest}")
        if not data and digest != _EMPTY:
            raise MissingError(f"the object {digest} was erased", code="erased")
        if sha256(data) != digest:
            raise _changed(f"the object {digest}")
        return data

    def has(self, digest: Digest) -> bool:
        """Return whether the object is there and not erased; its bytes are not read for this."""
        size = self._blob_size(_object_name(digest))
        return size is not None and (size > 0 or digest == _EMPTY)

    def erase(self, digest: Digest) -> None:
        """Forget the object's bytes, leaving the mark that it was erased.

        The medium may still hold them: what must be gone for good is kept encrypted, and its key is erased.
        """
        self._keep(_object_name(digest), b"")

    def put_envelope(self, envelope: Envelope) -> Digest:
        """Keep the envelope durably and return the digest of its signed bytes.

        Signing twice gives another envelope where signatures are random; the newer one takes the older one's place.

        Raises:
            ConflictError: the envelope that is kept has the signature of a key that this one lacks.
            UsageError: nobody signed it.
        """
        if not envelope.signatures:
            raise UsageError("an envelope without a signature cannot be kept", code="unsigned")
        digest, keyid = envelope.digest, envelope.signatures[0].keyid
        name = _envelope_name(digest, keyid)
        with self._locked(write=True):
            kept = _envelope_in(self._read(name) or b"", digest, keyid)
            if kept is not None and _signers(kept) - _signers(envelope):
                message = f"the envelope {digest} is kept already, with a signature that this one lacks"
                raise ConflictError(message, hint="record it with all its signatures", code="envelope-differs")
            self._write(name, envelope.to_bytes())
        return digest

    def envelope(self, digest: Digest, keyid: str) -> Envelope | None:
        """Return the envelope with these signed bytes and this first key, or None if it was erased.

        Raises:
            MissingError: it is not there.
            IntegrityError: it has changed (`object-changed`).
        """
        what = f"the envelope {digest}"
        data = self._found(_envelope_name(digest, keyid), what)
        if not data:
            return None
        found = _envelope_in(data, digest, keyid)
        if found is None:
            raise _changed(what)
        return found

    def erase_envelope(self, digest: Digest, keyid: str) -> None:
        """Forget the envelope's bytes, leaving the mark that it was erased; see `erase`."""
        self._keep(_envelope_name(digest, keyid), b"")

    def publish(self, checkpoint: bytes, size: int) -> None:
        """Make the signed checkpoint, which is of `size` entries, the one that readers see.

        Raises:
            ConflictError: a checkpoint of a longer log is published already.
            IntegrityError: the log is shorter (`truncated`).
        """
        with self._locked(write=True):
            now = self._size()
            if size > now:
                raise _truncated(now, size)
            if size < self._published():
                raise ConflictError(f"a checkpoint of {self._published()} records is published already", code="older-checkpoint")
            self._publish(checkpoint, size)

    def checkpoint(self) -> bytes | None:
        """Return the checkpoint published last."""
        with self._locked(write=False):
            return self._read("checkpoint")

    def _published(self) -> int:
        """Return the size that the published checkpoint speaks of; the lock is held."""
        checkpoint = self._read("checkpoint")
        return 0 if checkpoint is None else tree_head(checkpoint).size

    def _keep(self, name: str, data: bytes) -> None:
        # Also where the bytes are there already: whoever wrote them may have been killed before they were durable.
        with self._locked(write=True):
            self._write(name, data)

    def _found(self, name: str, what: str) -> bytes:
        with self._locked(write=False):
            data = self._read(name)
        if data is None:
            raise MissingError(f"{what} is not in the log's store", hint="restore it from a backup", code="missing")
        return data

    def _blob_size(self, name: str) -> int | None:
        """Return the length of a named blob; adapters may know it without reading."""
        with self._locked(write=False):
            data = self._read(name)
        return None if data is None else len(data)

    @abstractmethod
    def _locked(self, *, write: bool) -> AbstractContextManager[None]:
        """Hold the store against other writers, with the newest state in view; not re-entrant."""

    @abstractmethod
    def _size(self) -> int:
        """Return the size; the lock is held."""

    @abstractmethod
    def _append(self, entries: Sequence[bytes]) -> None:
        """Add at least one entry, all or nothing, durably; the exclusive lock is held."""

    @abstractmethod
    def _entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield entries that are there; no lock is held."""

    @abstractmethod
    def _read(self, name: str) -> bytes | None:
        """Return a named blob, or None; the lock is held."""

    @abstractmethod
    def _write(self, name: str, data: bytes) -> None:
        """Keep a named blob durably, old bytes or new ones at every moment; the exclusive lock is held."""

    @abstractmethod
    def _publish(self, checkpoint: bytes, size: int) -> None:
        """Keep the checkpoint as the blob `checkpoint`, after all that it needs; the exclusive lock is held."""


def tree_head(checkpoint: bytes) -> TreeHead:
    """Return the size and root in a checkpoint's second and third line (C2SP tlog-checkpoint); signatures are not checked.

    Raises:
        IntegrityError: it is no checkpoint (`malformed`, `non-canonical`).
    """
    size, root_line = (*checkpoint.split(b"\n", 3)[1:3], b"", b"")[:2]
    if re.fullmatch(rb"0|[1-9][0-9]{0,18}", size):
        root = read_base64(root_line.decode("ascii", "replace"), "the root in the checkpoint")
        if len(root) == _ROOT_BYTES:
            return TreeHead(int(size), root)
    raise IntegrityError("the published checkpoint is not a checkpoint", hint="restore `checkpoint` from a backup", code="malformed")


def _checked(entry: bytes) -> bytes:
    if len(entry) > ENTRY_BYTES:
        raise UsageError(f"a log record has at most {ENTRY_BYTES} bytes, not {len(entry)}")
    return bytes(entry)


def _expect(size: int, expected: int) -> None:
    if size < expected:
        raise _truncated(size, expected)
    if size > expected:
        raise ConflictError(
            f"the log has grown from {expected} to {size} records",
            hint="look at what was added, then run the command again",
            code="log-grew",
        )


def _truncated(size: int, expected: int) -> IntegrityError:
    message = f"the log holds {size} records, and {expected} were recorded"
    return IntegrityError(message, hint="restore the log from a backup", code="truncated")


def _changed(what: str) -> IntegrityError:
    return IntegrityError(f"{what} has changed since it was recorded", hint="restore it from a backup", code="object-changed")


def _object_name(digest: Digest) -> str:
    text = digest_hex(digest)
    return f"objects/{text[:2]}/{text[2:]}"


def _envelope_name(digest: Digest, keyid: str) -> str:
    # The key is part of the name, because two reviewers may sign the same statement; hashed, because a foreign key id is any text.
    text = digest_hex(digest)
    return f"envelopes/{text[:2]}/{text[2:]}-{digest_hex(sha256(keyid.encode()))[:16]}"


def _envelope_in(data: bytes, digest: Digest, keyid: str) -> Envelope | None:
    """Return the envelope that the bytes hold, or None if it is not the one that was asked for."""
    try:
        found = read_envelope(data)
    except IntegrityError:
        return None
    return found if found.digest == digest and found.signatures[0].keyid == keyid else None


def _signers(envelope: Envelope) -> set[str]:
    return {each.keyid for each in envelope.signatures}
