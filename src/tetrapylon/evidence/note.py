"""C2SP signed notes, and the checkpoints of our log as such notes.

A note is a text, an empty line, and signature lines `— name base64(4-byte key id, signature)`. A checkpoint's text has
three lines: the log's name (origin), its size, its root. Our log signs each checkpoint with an Ed25519 key (type 0x01,
over the text) and with an ML-DSA-44 key (type 0x06, over a `cosigned_message`, with a timestamp).

Stricter than the specifications, so that a note has one spelling and is safe to show: names and origins are printable
and at most 255 bytes, one key signs once, and a checkpoint has no extension lines (no ML-DSA signature covers them).
Lines by keys that the reader does not know are named, never silently skipped.
Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (v1).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from tetrapylon.evidence.key import Algorithm, Checker, PublicKey
from tetrapylon.kernel.canonical import base64_text, read_base64
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.merkle import EMPTY_ROOT

NOTE_SIGNATURES = 64
"""The most signature lines of one note that are read."""

NOTE_NAME_BYTES = 255
LARGEST_LOG = 2**63 - 1
"""The most records that a log can have, and the last second of a cosignature."""

_NOTE_TYPES: dict[bytes, Algorithm] = {b"\x01": "ed25519", b"\x06": "ml-dsa-44"}
_NOTE_DASH = "\u2014 "
_NOTE_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_NOTE_LAST_TIME = 253_402_300_799
"""9999-12-31T23:59:59Z: later ones have no spelling here."""

_COSIGNED_LABEL = b"subtree/v1\n\x00"
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name, its number of records, and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def body(self) -> bytes:
        """Return the text of its note: what an Ed25519 key signs."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line."""

    name: str
    key_hash: bytes
    """The four bytes that, with the name, say which key and type it is."""

    signature: bytes
    """For ML-DSA-44: the time as a big-endian uint64, then the signature."""


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """What was found about the signature lines of a checkpoint; none by a known key is wrong."""

    verified: tuple[str, ...]
    """Ids of the keys that signed (`PublicKey.keyid`)."""

    unknown: tuple[str, ...]
    """Names on the lines of other keys; these lines were not checked."""

    time: str | None
    """The earliest time that a verified line states; None where none states one."""


class NoteSigner(Protocol):
    """Something that signs with a log's key."""

    key: PublicKey

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature over the message."""
        ...


def parse_note(data: bytes) -> tuple[bytes, list[NoteSignature]]:
    """Return the text of a note, with its last line end, and its signature lines; no signature is checked.

    Raises:
        IntegrityError: not a note (`malformed`), or another spelling of one (`non-canonical`).
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _note_malformed() from error
    body, blank, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if not body or not blank or lines.pop() or not 0 < len(lines) <= NOTE_SIGNATURES or any(each < " " and each != "\n" for each in text):
        raise _note_malformed()
    signatures = [_note_line(each) for each in lines]
    if len({(each.name, each.key_hash) for each in signatures}) != len(signatures):
        raise IntegrityError("a key has signed the same note twice", code="non-canonical")
    return (body + "\n").encode(), signatures


def format_note(body: bytes, signatures: Sequence[NoteSignature]) -> bytes:
    """Return the note with this text, which ends with a line end, and these signature lines."""
    lines = (f"{_NOTE_DASH}{each.name} {base64_text(each.key_hash + each.signature)}\n".encode() for each in signatures)
    return body + b"\n" + b"".join(lines)


def parse_checkpoint(data: bytes) -> tuple[Checkpoint, list[NoteSignature]]:
    """Return the checkpoint in a note, and the signature lines; no signature is checked.

    Raises:
        IntegrityError: as `parse_note`, or the text is not a checkpoint without extension lines (`malformed`).
    """
    body, signatures = parse_note(data)
    origin, *rest = body.decode().removesuffix("\n").split("\n")
    if len(rest) != 2 or not _is_note_text(origin) or not _NOTE_SIZE.fullmatch(rest[0]):  # noqa: PLR2004 - size and root
        raise _note_malformed("a checkpoint")
    checkpoint = Checkpoint(origin, int(rest[0]), read_base64(rest[1], "a checkpoint's root"))
    if len(checkpoint.root) != _HASH_BYTES or checkpoint.size > LARGEST_LOG or (checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT):
        raise _note_malformed("a checkpoint")
    return checkpoint, signatures


def check_checkpoint(data: bytes, keys: Sequence[tuple[str, PublicKey]], check: Checker) -> tuple[Checkpoint, CheckedLines]:
    """Return the checkpoint and who signed it; `keys` are the known ones with their names.

    At least one of them has signed. Whether that suffices (our log's two keys both sign) is the caller's question.

    Raises:
        IntegrityError: as `parse_checkpoint`, or a known key's line is wrong, or there is none (`checkpoint-signature`).
    """
    checkpoint, signatures = parse_checkpoint(data)
    known = {(name, note_key_id(name, key)): key for name, key in keys}
    verified, unknown, times = [], [], []
    for each in signatures:
        key = known.get((each.name, each.key_hash))
        if key is None:
            unknown.append(each.name)
        else:
            times.append(_check_note_line(checkpoint, each, key, check))
            verified.append(key.keyid)
    if not verified:
        raise IntegrityError("a checkpoint is not signed by a key of the log", code="checkpoint-signature")
    stated = [_note_time(each) for each in times if each]
    return checkpoint, CheckedLines(tuple(verified), tuple(unknown), min(stated, default=None))


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[NoteSigner], timestamp: int) -> bytes:
    """Return the note in which the log's keys, named like its origin, sign the checkpoint at that Unix time.

    Raises:
        UsageError: the checkpoint or the time has no such form, or a key is neither Ed25519 nor ML-DSA-44.
    """
    lines = [_sign_note_line(checkpoint, each, timestamp) for each in signers]
    note = format_note(checkpoint.body(), lines)
    try:
        parse_checkpoint(note)
    except IntegrityError as error:
        raise UsageError(f"`{ascii(checkpoint.origin)[1:-1]}` at size {checkpoint.size} has no checkpoint") from error
    return note


def signed_message(checkpoint: Checkpoint, name: str, key: PublicKey, timestamp: int) -> bytes:
    """Return the bytes that the key signs under that name; an Ed25519 signature says nothing of the time.

    Raises:
        UsageError: a name or origin is empty or too long, the time is no uint64, or there is no type for such a key.
    """
    return checkpoint.body() if _note_type(key) == b"\x01" else cosigned_message(checkpoint, name, timestamp)


def cosigned_message(checkpoint: Checkpoint, name: str, timestamp: int) -> bytes:
    """Return tlog-cosignature's `cosigned_message` of a whole tree: what an ML-DSA-44 key signs under that name.

    Raises:
        UsageError: the name or the origin is empty or longer than 255 bytes, or the time is no uint64.
    """
    numbers = (0).to_bytes(8, "big") + checkpoint.size.to_bytes(8, "big")
    return _COSIGNED_LABEL + _note_opaque(name) + _note_uint64(timestamp) + _note_opaque(checkpoint.origin) + numbers + checkpoint.root


def note_key_id(name: str, key: PublicKey) -> bytes:
    """Return the four bytes that stand for the key and its signature type under that name.

    Raises:
        UsageError: there is no type for such a key.
    """
    return hashlib.sha256(name.encode() + b"\n" + _note_type(key) + key.public).digest()[:4]


def verifier_key(name: str, key: PublicKey) -> str:
    """Return the key as signed-note's verifier key (vkey), for other people's tools.

    Raises:
        UsageError: there is no type for such a key.
    """
    return f"{name}+{note_key_id(name, key).hex()}+{base64_text(_note_type(key) + key.public)}"


def parse_verifier_key(text: str) -> tuple[str, PublicKey]:
    """Return the name and the key in a vkey.

    Raises:
        UsageError: not a vkey in its one spelling, or of another type than 0x01 and 0x06.
    """
    name, _, rest = text.partition("+")
    try:
        data = read_base64(rest.partition("+")[2], "a verifier key")
        key = PublicKey(_NOTE_TYPES[data[:1]], data[1:])
    except (IntegrityError, KeyError, UsageError) as error:
        raise UsageError("this is not a verifier key of type 1 or 6") from error
    if not _is_note_name(name) or verifier_key(name, key) != text:
        raise UsageError("a verifier key does not fit its name or its id")
    return name, key


def _check_note_line(checkpoint: Checkpoint, line: NoteSignature, key: PublicKey, check: Checker) -> int:
    """Return the time that the line states, or 0."""
    stamp, signature = (line.signature[:8], line.signature[8:]) if _note_type(key) == b"\x06" else (b"", line.signature)
    timestamp = int.from_bytes(stamp, "big")
    if timestamp > _NOTE_LAST_TIME or not check(key, signed_message(checkpoint, line.name, key, timestamp), signature):
        raise IntegrityError(f"the {key.algorithm} signature of `{line.name}` on a checkpoint is wrong", code="checkpoint-signature")
    return timestamp


def _sign_note_line(checkpoint: Checkpoint, signer: NoteSigner, timestamp: int) -> NoteSignature:
    name, key = checkpoint.origin, signer.key
    signature = signer.sign(signed_message(checkpoint, name, key, timestamp))
    stamp = _note_uint64(timestamp) if _note_type(key) == b"\x06" else b""
    return NoteSignature(name, note_key_id(name, key), stamp + signature)


def _note_line(line: str) -> NoteSignature:
    name, _, rest = line.removeprefix(_NOTE_DASH).partition(" ")
    if not line.startswith(_NOTE_DASH) or not _is_note_name(name):
        raise _note_malformed()
    data = read_base64(rest, "a note's signature")
    if len(data) <= 4:  # noqa: PLR2004 - the key id
        raise _note_malformed()
    return NoteSignature(name, data[:4], data[4:])


def _is_note_name(name: str) -> bool:
    return _is_note_text(name) and " " not in name and "+" not in name


def _is_note_text(text: str) -> bool:
    """Return whether the text can be shown and has 1 to 255 bytes; what can be shown has no space but U+0020."""
    return text.isprintable() and 0 < len(text.encode()) <= NOTE_NAME_BYTES


def _note_type(key: PublicKey) -> bytes:
    for each, algorithm in _NOTE_TYPES.items():
        if algorithm == key.algorithm:
            return each
    raise UsageError(f"a key of `{key.algorithm}` does not sign notes")


def _note_opaque(text: str) -> bytes:
    data = text.encode()
    if not 0 < len(data) <= NOTE_NAME_BYTES:
        raise UsageError(f"the name of a log or key has 1 to 255 bytes, not {len(data)}")
    return bytes((len(data),)) + data


def _note_uint64(number: int) -> bytes:
    if not 0 <= number <= LARGEST_LOG:
        raise UsageError(f"{number} is not a time in seconds since 1970")
    return number.to_bytes(8, "big")


def _note_time(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _note_malformed(what: str = "a signed note") -> IntegrityError:
    return IntegrityError(f"this is not {what}", code="malformed")
