"""The keys of one segment: one slot for each tenant and subject that a process wrote about, beside the records.

    start 128: magic 8 | id of the wrapping key 8 | RFC 3394 wrap of (segment key 32 | segment identity 16) 56 | zeros
    slot 80:   RFC 3394 wrap, under the segment key, of (data key 32 | tenant 16 | subject 16 | number of the slot 8)

A slot of zeros was erased: its data key is gone, and with it every record that was sealed under it. A process never seals under
a key that another made, and counts its records up, so no key ever sees a nonce twice.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from tetrapylon.journal.keyfile import Ring, key_id
from tetrapylon.kernel.errors import IntegrityError, MissingError

MAGIC = b"TPJKEY1\n"
START_SIZE = 128
SLOT = 80
ERASED = bytes(SLOT)
_WRAPPED = 56


@dataclass(frozen=True, slots=True)
class Slot:
    """An open slot: the data key, and the pseudonyms of whom it is for."""

    key: bytes
    tenant: bytes
    subject: bytes

    def cipher(self) -> AESGCM:
        """Return the cipher of the data key."""
        return AESGCM(self.key)


def new_start(ring: Ring, identity: bytes) -> tuple[bytes, bytes]:
    """Return a new segment key and the start of the file that holds it."""
    key = os.urandom(32)
    return key, start_of(ring, identity, key)


def start_of(ring: Ring, identity: bytes, key: bytes) -> bytes:
    """Return the start of a file of slots, the segment key wrapped under the ring's current key."""
    found = MAGIC + key_id(ring.current) + aes_key_wrap(ring.current, key + identity)
    return found.ljust(START_SIZE, b"\0")


def segment_key(ring: Ring, identity: bytes, data: bytes, what: str) -> bytes:
    """Return the segment key in the start of a file of slots.

    Raises:
        MissingError: the ring lacks the key that wraps it (`wrong-journal-key`).
        IntegrityError: it is damaged, or another segment's (`damaged`).
    """
    damaged = IntegrityError(f"the keys of {what} are damaged", hint="restore them from a copy", code="damaged")
    rest = data[16 + _WRAPPED : START_SIZE]
    if len(data) < START_SIZE or data[:8] != MAGIC or rest != bytes(len(rest)):
        raise damaged
    wrapping = ring.by_id(data[8:16])
    if wrapping is None:
        raise MissingError(f"the journal key does not open {what}", hint="give the key that it was written with", code="wrong-journal-key")
    try:
        plain = aes_key_unwrap(wrapping, data[16 : 16 + _WRAPPED])
    except InvalidUnwrap as error:
        raise damaged from error
    if plain[32:] != identity:
        raise damaged
    return plain[:32]


def new_slot(key: bytes, number: int, tenant: bytes, subject: bytes) -> tuple[Slot, bytes]:
    """Return a slot with a new data key, and its bytes."""
    slot = Slot(os.urandom(32), tenant, subject)
    return slot, aes_key_wrap(key, slot.key + tenant + subject + struct.pack(">Q", number))


def open_slot(key: bytes, number: int, data: bytes, what: str) -> Slot | None:
    """Return the slot, or None where it was erased.

    Raises:
        IntegrityError: it is damaged, missing, or another's (`damaged`).
    """
    if data == ERASED:
        return None
    try:
        plain = aes_key_unwrap(key, data) if len(data) == SLOT else b""
    except InvalidUnwrap:
        plain = b""
    if plain[64:] != struct.pack(">Q", number) or not plain:
        raise IntegrityError(f"key {number} of {what} is damaged", hint="restore the keys from a copy", code="damaged")
    return Slot(plain[:32], plain[32:48], plain[48:64])


def place(number: int) -> int:
    """Return where a slot begins in the file."""
    return START_SIZE + number * SLOT


def count(size: int) -> int:
    """Return how many whole slots a file of this size holds."""
    return max(size - START_SIZE, 0) // SLOT
