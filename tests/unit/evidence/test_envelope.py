"""DSSE envelopes: one encoding, the protocol's own example, and agreement with securesystemslib."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as TheirEnvelope

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, Envelope, Signature, envelope_of, pae, read_envelope
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SIGNATURES = st.builds(Signature, keyid=TEXT, data=st.binary(max_size=72))
ENVELOPES = st.builds(
    Envelope, payload=st.binary(max_size=80), payload_type=TEXT, signatures=st.lists(SIGNATURES, min_size=1, max_size=3).map(tuple)
)
SIGNED = Envelope(b'{"a":1}', IN_TOTO_TYPE, (Signature("ab" * 32, b"\x30\x01"),))


def test_the_example_of_the_protocol() -> None:
    # DSSE v1.0, protocol.md, "Test vectors": its payload, its type, and the result.
    assert pae("http://example.com/HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_are_in_bytes() -> None:
    assert pae("é", "ü".encode()) == b"DSSEv1 2 \xc3\xa9 2 \xc3\xbc"


@given(ENVELOPES)
def test_an_envelope_is_read_as_it_was_written(envelope: Envelope) -> None:
    assert read_envelope(envelope.to_bytes()) == envelope
    assert envelope.digest == sha256(envelope.message)


@given(ENVELOPES)
def test_securesystemslib_signs_the_same_bytes(envelope: Envelope) -> None:
    theirs = TheirEnvelope(envelope.payload, envelope.payload_type, {})
    assert theirs.pae() == envelope.message


def test_securesystemslib_reads_ours_and_we_read_theirs() -> None:
    theirs = TheirEnvelope.from_dict(read_json(SIGNED.to_bytes(), "it"))
    assert (theirs.payload, theirs.payload_type, list(theirs.signatures)) == (SIGNED.payload, SIGNED.payload_type, ["ab" * 32])


def test_a_real_signature_covers_payload_and_type() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signature = key.sign(SIGNED.message, ec.ECDSA(hashes.SHA256()))
    key.public_key().verify(signature, SIGNED.message, ec.ECDSA(hashes.SHA256()))
    for other in (Envelope(b'{"a":2}', IN_TOTO_TYPE, ()), Envelope(SIGNED.payload, IN_TOTO_TYPE + "x", ())):
        with pytest.raises(InvalidSignature):
            key.public_key().verify(signature, other.message, ec.ECDSA(hashes.SHA256()))


WRONG: list[tuple[str, Any]] = [
    ("payload", 1),
    ("payload", None),
    ("payload", "e30"),
    ("payloadType", 1),
    ("payloadType", None),
    ("signatures", []),
    ("signatures", {}),
    ("signatures", "ab"),
    ("signatures", 1),
    ("signatures", [1]),
    ("signatures", ["keyid"]),
    ("signatures", [{}]),
    ("signatures", [{"keyid": "k"}]),
    ("signatures", [{"keyid": 1, "sig": "AA=="}]),
    ("signatures", [{"keyid": "k", "sig": 1}]),
    ("signatures", [{"keyid": "k", "sig": "AB=="}]),
    ("signatures", [{"keyid": "k", "sig": "AA==", "cert": ""}]),
    ("more", 1),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_another_shape_is_refused(key: str, value: object) -> None:
    with pytest.raises(IntegrityError) as caught:
        read_envelope(canonical_json({**read_json(SIGNED.to_bytes(), "it"), key: value}))
    assert caught.value.code in {"malformed", "non-canonical"}


@pytest.mark.parametrize("key", ["payload", "payloadType", "signatures"])
def test_every_member_is_needed(key: str) -> None:
    value = read_json(SIGNED.to_bytes(), "it")
    del value[key]
    with pytest.raises(IntegrityError, match="is not a signed DSSE envelope"):
        read_envelope(canonical_json(value))
    with pytest.raises(IntegrityError, match="is not a signed DSSE envelope"):
        envelope_of(value, "it")


@pytest.mark.parametrize("value", [None, 1, "x", [], [1]])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(IntegrityError):
        read_envelope(canonical_json(value))
    with pytest.raises(IntegrityError):
        envelope_of(value, "it")


def test_members_beside_dsse_are_left_to_the_caller() -> None:
    value = {**read_json(SIGNED.to_bytes(), "it"), "certificate": "…"}
    assert envelope_of(value, "it") == SIGNED


def test_every_changed_byte_is_refused_or_another_envelope() -> None:
    encoded = SIGNED.to_bytes()
    for at in range(len(encoded)):
        for flip in (1, 0x20, 0x80):
            changed = encoded[:at] + bytes([encoded[at] ^ flip]) + encoded[at + 1 :]
            try:
                found = read_envelope(changed)
            except IntegrityError:
                continue
            assert found != SIGNED
            assert found.to_bytes() == changed
