"""Open sealed records: with the key, what was recorded; without, that it was erased."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tetrapylon.journal import slots
from tetrapylon.journal.entry import Entry, decode
from tetrapylon.journal.frame import BLIND, Record, Start, nonce_of
from tetrapylon.journal.keyfile import Ring
from tetrapylon.kernel.canonical import Json, read_json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.disk import Disk

_KEPT = 4_096
"""Ciphers that are kept at hand."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a record holds."""

    plain: bytes
    """As it was committed to: the blind, then the entry."""

    kind: str

    @property
    def entry(self) -> Entry:
        """The entry, of a record that is not the journal's own."""
        return decode(self.kind, self.plain[BLIND:])

    @property
    def own(self) -> Json:
        """What a record of the journal's own says."""
        return read_json(self.plain[BLIND:], "a record of the journal's own")


class Opener:
    """Opens the records of one segment.

    Raises:
        MissingError: the ring lacks the segment's key.
        IntegrityError: the segment's keys are damaged.
    """

    def __init__(self, disk: Disk, ring: Ring, name: str, start: Start) -> None:
        self._disk, self.name, self._identity = disk, name, start.identity
        data = disk.read(f"{name}/keys", 0, slots.START_SIZE) or b""
        self._key = slots.segment_key(ring, start.identity, data, f"`{name}`")
        self._ciphers: dict[int, AESGCM] = {}

    def slot(self, number: int) -> slots.Slot | None:
        """Return a key, or None where it was erased."""
        place = slots.place(number)
        data = self._disk.read(f"{self.name}/keys", place, place + slots.SLOT) or b""
        return slots.open_slot(self._key, number, data, f"`{self.name}`")

    def open(self, record: Record) -> Opened | None:
        """Return what the record holds, or None where it was erased.

        Raises:
            IntegrityError: it was not sealed in this place under this key (`forged`), or its key is damaged.
        """
        cipher = self._cipher(record.head.slot)
        if cipher is None:
            return None
        try:
            plain = cipher.decrypt(nonce_of(record.head.number), record.sealed, self._identity + record.packed + record.previous)
        except InvalidTag as error:
            what = f"record {record.head.place} of `{self.name}` was not sealed by this journal"
            raise IntegrityError(what, hint="restore the segment from a copy", code="forged") from error
        return Opened(plain, record.kind)

    def _cipher(self, number: int) -> AESGCM | None:
        cipher = self._ciphers.get(number)
        if cipher is None:
            slot = self.slot(number)
            if slot is None:
                return None
            if len(self._ciphers) >= _KEPT:
                self._ciphers.clear()
            cipher = self._ciphers[number] = slot.cipher()
        return cipher
