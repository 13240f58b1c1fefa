"""Signed notes and checkpoints: both of the log's keys, tampering, and one spelling."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.key import Checker, PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import (
    Checkpoint,
    NoteSignature,
    check_checkpoint,
    cosigned_message,
    format_note,
    note_key_id,
    parse_note,
    parse_verifier_key,
    sign_checkpoint,
    signed_message,
    verifier_key,
)
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.merkle import EMPTY_ROOT

ORIGIN = "tetrapylon.example/desk"
TIME = 1_790_000_000
CHECKERS = (check_pure, check_native)
DASH = "\u2014"
PETER_NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@dataclass
class Holder:
    """A private key that signs notes."""

    private: Any
    key: PublicKey = field(init=False)

    def __post_init__(self) -> None:
        algorithm = "ed25519" if isinstance(self.private, Ed25519PrivateKey) else "ml-dsa-44"
        self.key = PublicKey(algorithm, self.private.public_key().public_bytes_raw())  # type: ignore[arg-type]

    def sign(self, message: bytes) -> bytes:
        return bytes(self.private.sign(message))


ED = Holder(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
ML = Holder(MLDSA44PrivateKey.from_seed_bytes(bytes(range(32))))
OTHER = Holder(Ed25519PrivateKey.from_private_bytes(bytes(32)))
KEYS = [(ORIGIN, ED.key), (ORIGIN, ML.key)]
HEAD = Checkpoint(ORIGIN, 1234, bytes(range(32)))
NOTE = sign_checkpoint(HEAD, [ED, ML], TIME)


def refused(data: bytes, check: Checker = check_native) -> str:
    with pytest.raises(IntegrityError) as caught:
        check_checkpoint(data, KEYS, check)
    return caught.value.code


def test_what_a_key_signs_depends_on_its_type() -> None:
    assert (
        signed_message(HEAD, ORIGIN, ED.key, TIME)
        == HEAD.body()
        == b"tetrapylon.example/desk\n1234\n" + base64.b64encode(HEAD.root) + b"\n"
    )
    assert signed_message(HEAD, ORIGIN, ML.key, TIME) == cosigned_message(HEAD, ORIGIN, TIME)


@pytest.mark.parametrize(
    ("name", "origin", "timestamp"),
    [("", ORIGIN, 0), ("n" * 256, ORIGIN, 0), ("n", "", 0), ("n", "ö" * 128, 0), ("n", ORIGIN, -1), ("n", ORIGIN, 2**63)],
)
def test_what_has_no_cosigned_message_is_a_mistake(name: str, origin: str, timestamp: int) -> None:
    with pytest.raises(UsageError):
        cosigned_message(Checkpoint(origin, 1, bytes(32)), name, timestamp)


# Both keys


@pytest.mark.parametrize("check", CHECKERS)
def test_both_keys_sign_a_checkpoint(check: Checker) -> None:
    checkpoint, checked = check_checkpoint(NOTE, KEYS, check)
    assert checkpoint == HEAD
    assert checked.verified == (ED.key.keyid, ML.key.keyid)
    assert checked.unknown == ()
    assert checked.time == "2026-09-21T14:13:20Z"


def test_the_ed25519_line_is_the_same_every_time() -> None:
    again = sign_checkpoint(HEAD, [ED, ML], TIME)
    assert again.splitlines()[:5] == NOTE.splitlines()[:5]
    assert [len(each.signature) for each in parse_note(again)[1]] == [64, 8 + 2420]


def test_lines_of_other_keys_are_named() -> None:
    extra = sign_checkpoint(HEAD, [OTHER], TIME).splitlines(keepends=True)[-1].replace(ORIGIN.encode(), b"witness.example/w")
    _, checked = check_checkpoint(NOTE + extra, KEYS, check_native)
    assert checked.unknown == ("witness.example/w",)
    assert len(checked.verified) == 2


def test_the_same_key_under_another_name_is_another_key() -> None:
    _, checked = check_checkpoint(NOTE, [(ORIGIN, ED.key), ("other.example", ML.key)], check_native)
    assert (checked.verified, checked.unknown, checked.time) == ((ED.key.keyid,), (ORIGIN,), None)


def test_nobody_known_signed() -> None:
    assert refused(sign_checkpoint(HEAD, [OTHER], TIME)) == "checkpoint-signature"
    with pytest.raises(IntegrityError) as caught:
        check_checkpoint(NOTE, [], check_native)
    assert caught.value.code == "checkpoint-signature"


def test_a_zero_time_states_nothing() -> None:
    assert check_checkpoint(sign_checkpoint(HEAD, [ML], 0), KEYS, check_native)[1].time is None


def test_the_earliest_stated_time_counts() -> None:
    second = Holder(MLDSA44PrivateKey.from_seed_bytes(bytes(32)))
    late, early = (sign_checkpoint(HEAD, [each], at) for each, at in ((ML, TIME), (second, TIME - 60)))
    note = late + early.splitlines(keepends=True)[-1]
    assert check_checkpoint(note, [*KEYS, (ORIGIN, second.key)], check_native)[1].time == "2026-09-21T14:12:20Z"


@pytest.mark.parametrize("check", CHECKERS)
@pytest.mark.parametrize("line", [0, 1])
def test_a_wrong_line_of_a_known_key_breaks_the_note(check: Checker, line: int) -> None:
    body, lines = parse_note(NOTE)
    for wrong in (
        lines[line].signature[:-1] + bytes((lines[line].signature[-1] ^ 1,)),
        b"x",
        lines[line].signature + b"x",
        lines[1 - line].signature,
    ):
        changed = list(lines)
        changed[line] = NoteSignature(lines[line].name, lines[line].key_hash, wrong)
        assert refused(format_note(body, changed), check) == "checkpoint-signature"


def test_the_time_is_signed() -> None:
    body, [ed, ml] = parse_note(NOTE)
    for stamp in (TIME + 1, 0, 2**64 - 1):
        changed = NoteSignature(ml.name, ml.key_hash, stamp.to_bytes(8, "big") + ml.signature[8:])
        assert refused(format_note(body, [ed, changed])) == "checkpoint-signature"


def test_a_time_after_the_year_9999_is_refused_though_signed() -> None:
    assert refused(sign_checkpoint(HEAD, [ED, ML], 253_402_300_800)) == "checkpoint-signature"
    assert check_checkpoint(sign_checkpoint(HEAD, [ML], 253_402_300_799), KEYS, check_native)[1].time == "9999-12-31T23:59:59Z"


def test_another_body_breaks_every_line() -> None:
    for body in (HEAD.body().replace(b"1234", b"1235"), Checkpoint(ORIGIN, 1234, bytes(32)).body(), HEAD.body().replace(b"desk", b"dusk")):
        for each in parse_note(NOTE)[1]:
            assert refused(format_note(body, [each])) == "checkpoint-signature"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 8 * len(NOTE) - 1))
def test_a_flipped_bit_is_never_a_full_checkpoint(bit: int) -> None:
    changed = bytearray(NOTE)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        _, checked = check_checkpoint(bytes(changed), KEYS, check_native)
    except IntegrityError as error:
        assert error.code in {"malformed", "non-canonical", "checkpoint-signature"}  # noqa: PT017 - any refusal will do
    else:
        assert checked.unknown  # a name or key id was hit: the line is another key's now, and said to be unchecked
        assert len(checked.verified) == 1


# One spelling

HEAD_TEXT = HEAD.body().decode()
LINES = NOTE.decode().removeprefix(HEAD_TEXT)
ED_LINE, ML_LINE = LINES.strip("\n").split("\n")

MALFORMED_NOTES = {
    "empty": "",
    "no signature": HEAD_TEXT + "\n",
    "no empty line": HEAD_TEXT + ED_LINE + "\n",
    "no line end": NOTE.decode().removesuffix("\n"),
    "empty text": f"\n\n{ED_LINE}\n",
    "two line ends": NOTE.decode() + "\n",
    "carriage return": NOTE.decode().replace("\n", "\r\n"),
    "tab in the text": "\t" + NOTE.decode(),
    "zero byte": NOTE.decode().replace("desk", "des\x00", 1),
    "hyphen": NOTE.decode().replace(DASH, "-"),
    "two spaces": NOTE.decode().replace(f"{DASH} ", f"{DASH}  "),
    "space behind": NOTE.decode().replace("\n", " \n"),
    "name with plus": f"{HEAD_TEXT}\n{DASH} a+b AAAAAAAA\n",
    "name with a wide space": f"{HEAD_TEXT}\n{DASH} a\u2003b AAAAAAAA\n",
    "name with an escape": f"{HEAD_TEXT}\n{DASH} a\u009b2J AAAAAAAA\n",
    "name that turns the line": f"{HEAD_TEXT}\n{DASH} a\u202eb AAAAAAAA\n",
    "no name": f"{HEAD_TEXT}\n{DASH}  AAAAAAAA\n",
    "long name": f"{HEAD_TEXT}\n{DASH} {'n' * 256} AAAAAAAA\n",
    "long name in bytes": f"{HEAD_TEXT}\n{DASH} {'ö' * 128} AAAAAAAA\n",
    "no dash": f"{HEAD_TEXT}\na AAAAAAAA\n",
    "no base64": f"{HEAD_TEXT}\n{DASH} a \n",
    "key id only": f"{HEAD_TEXT}\n{DASH} a AAAAAA==\n",
    "not base64": f"{HEAD_TEXT}\n{DASH} a AAAAAAA\n",
    "base64 of another alphabet": f"{HEAD_TEXT}\n{DASH} a AAAA-_AA\n",
    "loose pad bits": f"{HEAD_TEXT}\n{DASH} a AAAAAAB=\n",
    "key twice": NOTE.decode() + ED_LINE + "\n",
    "line among the signatures": f"{HEAD_TEXT}\n{ED_LINE}\nhello\n{ML_LINE}\n",
    "too many lines": HEAD_TEXT + "\n" + "".join(f"{DASH} n{each} AAAAAAAA\n" for each in range(65)),
}


@pytest.mark.parametrize("text", MALFORMED_NOTES.values(), ids=MALFORMED_NOTES.keys())
def test_notes_have_one_spelling(text: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_note(text.encode())
    assert caught.value.code in {"malformed", "non-canonical"}


def test_notes_are_unicode() -> None:
    with pytest.raises(IntegrityError):
        parse_note(NOTE + b"\xff")


def test_sixty_four_lines_are_read() -> None:
    assert len(parse_note((HEAD_TEXT + "\n" + "".join(f"{DASH} n{each} AAAAAAAA\n" for each in range(64))).encode())[1]) == 64


ROOT = base64.b64encode(HEAD.root).decode()
MALFORMED_CHECKPOINTS = [
    f"{ORIGIN}\n1234\n",
    f"{ORIGIN}\n1234\n{ROOT}\nextension\n",
    f"{ORIGIN}\n1234\n{ROOT}\n\n",
    f"{ORIGIN}\n01234\n{ROOT}\n",
    f"{ORIGIN}\n+1234\n{ROOT}\n",
    f"{ORIGIN}\n-1\n{ROOT}\n",
    f"{ORIGIN}\n1_234\n{ROOT}\n",
    f"{ORIGIN}\n\u0661\n{ROOT}\n",
    f"{ORIGIN}\n\n{ROOT}\n",
    f"{ORIGIN}\n9223372036854775808\n{ROOT}\n",
    f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n",
    f"\n1234\n{ROOT}\n",
    f"a\u009bb\n1234\n{ROOT}\n",
    f"{'o' * 256}\n1234\n{ROOT}\n",
    f"{ORIGIN}\n1234\n{ROOT[:-4]}\n",
    f"{ORIGIN}\n1234\n{ROOT[:-1]}\n",
    f"{ORIGIN}\n1234\n{ROOT[:-2]}9=\n",
    f"{ORIGIN}\n0\n{ROOT}\n",
]


@pytest.mark.parametrize("text", MALFORMED_CHECKPOINTS)
def test_checkpoints_have_one_spelling(text: str) -> None:
    body = text.encode()
    note = format_note(body, [NoteSignature(ORIGIN, note_key_id(ORIGIN, ED.key), ED.sign(body))])
    assert refused(note) in {"malformed", "non-canonical"}


def test_the_largest_and_the_empty_log() -> None:
    for checkpoint in (Checkpoint(ORIGIN, 2**63 - 1, bytes(32)), Checkpoint(ORIGIN, 0, EMPTY_ROOT)):
        assert check_checkpoint(sign_checkpoint(checkpoint, [ED, ML], TIME), KEYS, check_native)[0] == checkpoint


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a b", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint(ORIGIN, -1, bytes(32)),
        Checkpoint(ORIGIN, 1, bytes(31)),
        Checkpoint(ORIGIN, 0, bytes(32)),
    ],
)
def test_what_is_no_checkpoint_is_not_signed(checkpoint: Checkpoint) -> None:
    with pytest.raises(UsageError):
        sign_checkpoint(checkpoint, [ED], TIME)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z./ö]{1,20}", fullmatch=True), st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)),
        min_size=1,
        max_size=5,
        unique_by=lambda each: each[:2],
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
)
def test_a_note_is_read_as_it_was_written(lines: list[tuple[str, bytes, bytes]], text: str) -> None:
    body, signatures = f"{text}.\n".encode(), [NoteSignature(*each) for each in lines]
    assert parse_note(format_note(body, signatures)) == (body, signatures)


# Verifier keys


@pytest.mark.parametrize("key", [ED.key, ML.key])
def test_a_verifier_key_is_read_as_it_was_written(key: PublicKey) -> None:
    text = verifier_key(ORIGIN, key)
    assert text.startswith(f"{ORIGIN}+{note_key_id(ORIGIN, key).hex()}+")
    assert parse_verifier_key(text) == (ORIGIN, key)


VKEY = verifier_key(ORIGIN, ED.key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+b",
        VKEY[:-4],
        VKEY + "=",
        VKEY.replace("desk", "dusk"),
        VKEY.replace("desk", "de sk"),
        VKEY.replace(ORIGIN, ""),
        verifier_key("a b", ED.key),
        verifier_key("", ED.key),
        VKEY.upper(),
        PETER_NEUMANN_KEY.replace("+AR", "+BB"),
        PETER_NEUMANN_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_NEUMANN_KEY.replace("c74f20a3", "C74F20A3"),
    ],
)
def test_verifier_keys_have_one_spelling(text: str) -> None:
    with pytest.raises(UsageError):
        parse_verifier_key(text)


def test_ecdsa_keys_sign_no_notes() -> None:
    key = PublicKey("ecdsa-p256", b"\x04" + bytes(64))
    for call in (lambda: note_key_id(ORIGIN, key), lambda: verifier_key(ORIGIN, key), lambda: signed_message(HEAD, ORIGIN, key, 0)):
        with pytest.raises(UsageError):
            call()
