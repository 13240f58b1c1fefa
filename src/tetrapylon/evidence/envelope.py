"""DSSE envelopes: bytes, their type, and signatures over both.

An envelope has one spelling (canonical JSON, canonical base64), so a changed byte is a changed envelope. ECDSA
signatures of ours are deterministic (RFC 6979) and low-s; a person's SSH key signs as `ssh-keygen -Y` does.
Source: Dead Simple Signing Envelope v1.0 (secure-systems-lab).
"""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, base64_text, canonical_json, read_base64, read_canonical
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError

IN_TOTO_TYPE = "application/vnd.in-toto+json"
SSH_NAMESPACE = "tetrapylon"
"""What a person's SSH signature is for (`ssh-keygen -Y sign -n tetrapylon`)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the id of the key that made it, and its bytes."""

    keyid: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @property
    def message(self) -> bytes:
        """The bytes that are signed (PAE)."""
        return pae(self.payload_type, self.payload)

    @property
    def digest(self) -> Digest:
        """The digest of the signed bytes: what the log records."""
        return sha256(self.message)

    def to_bytes(self) -> bytes:
        """Return the one encoding of the envelope, without a line end."""
        signatures = [{"keyid": each.keyid, "sig": base64_text(each.data)} for each in self.signatures]
        return canonical_json({"payload": base64_text(self.payload), "payloadType": self.payload_type, "signatures": signatures})


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return DSSE's pre-authentication encoding of a payload and its type."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def read_envelope(data: bytes, what: str = "an envelope") -> Envelope:
    """Return the envelope in its one encoding.

    Raises:
        IntegrityError: another encoding, another shape, or no signature.
    """
    value = read_canonical(data, what)
    if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"} or not value["signatures"]:
        raise IntegrityError(f"{what} is not a signed DSSE envelope", code="malformed")
    return envelope_of(value, what)


def envelope_of(value: Json, what: str) -> Envelope:
    """Return the envelope that plain JSON holds; members beside DSSE's own are left to the caller.

    Raises:
        IntegrityError: not the shape of a DSSE envelope (`malformed`).
    """
    try:
        signatures = tuple(_signature(each, what) for each in value["signatures"])
        kind = value["payloadType"]
        payload = read_base64(value["payload"], f"the payload of {what}")
    except (KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"{what} is not a signed DSSE envelope", code="malformed") from error
    if not isinstance(kind, str):
        raise IntegrityError(f"{what} is not a signed DSSE envelope", code="malformed")
    return Envelope(payload, kind, signatures)


def _signature(value: Json, what: str) -> Signature:
    keyid = value["keyid"]
    if not isinstance(keyid, str) or set(value) != {"keyid", "sig"}:
        raise IntegrityError(f"{what} is not a signed DSSE envelope", code="malformed")
    return Signature(keyid, read_base64(value["sig"], f"a signature of {what}"))
