"""Proof files: written, read, and refused in any other spelling."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.note import Checkpoint, NoteSignature, format_note, parse_checkpoint
from tetrapylon.evidence.proof import TlogProof, format_proof, parse_proof
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.merkle import Tree, leaf_hash, verify_inclusion


def note(size: int, root: bytes) -> bytes:
    return format_note(Checkpoint("example.com/fancylog", size, root).body(), [NoteSignature("example.com/fancylog", bytes(4), bytes(64))])


NOTE = note(109482, bytes(range(32)))
HASHES = (b"a" * 32, b"b" * 32)
PROOF = format_proof(73894, HASHES, NOTE)
TEXT = PROOF.decode()
ONE, TWO = (base64.b64encode(each).decode() for each in HASHES)


def test_the_layout_is_the_specified_one() -> None:
    # The specification's example shortens its signatures, so only its first and last parts can be compared.
    assert TEXT.startswith(f"c2sp.org/tlog-proof@v1\nindex 73894\n{ONE}\n{TWO}\n\nexample.com/fancylog\n109482\n")
    assert PROOF.endswith(NOTE)
    assert parse_proof(PROOF) == TlogProof(73894, HASHES, NOTE)


@settings(max_examples=50)
@given(st.integers(1, 70), st.data())
def test_a_proof_leads_from_the_record_to_the_root(size: int, data: st.DataObject) -> None:
    tree = Tree(leaf_hash(bytes((each,))) for each in range(size))
    index = data.draw(st.integers(0, size - 1))
    proof = parse_proof(format_proof(index, tree.inclusion(index), note(size, tree.root())))
    checkpoint, _ = parse_checkpoint(proof.checkpoint)
    verify_inclusion(leaf_hash(bytes((index,))), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    with pytest.raises(IntegrityError):
        verify_inclusion(leaf_hash(b"another"), proof.index, checkpoint.size, proof.hashes, checkpoint.root)


MALFORMED = {
    "empty": "",
    "header only": "c2sp.org/tlog-proof@v1",
    "no index": TEXT.replace("index 73894\n", ""),
    "other header": TEXT.replace("v1", "v2", 1),
    "extra": TEXT.replace("index", "extra AAAA\nindex", 1),
    "leading zero": TEXT.replace("index 7", "index 07"),
    "sign": TEXT.replace("index 7", "index +7"),
    "minus": TEXT.replace("index 7", "index -7"),
    "two spaces": TEXT.replace("index 7", "index  7"),
    "space behind": TEXT.replace("index 73894", "index 73894 "),
    "other digits": TEXT.replace("index 73894", "index \u0667"),
    "too large": TEXT.replace("index 73894", "index 9223372036854775808"),
    "far too large": TEXT.replace("index 73894", "index " + "9" * 5000),
    "short hash": TEXT.replace(ONE, ONE[:-4]),
    "empty hash": TEXT.replace(ONE, ""),
    "unpadded hash": TEXT.replace(ONE, ONE[:-1]),
    "loose pad bits": TEXT.replace(ONE, ONE[:-2] + "F="),
    "no hash": TEXT.replace(ONE, "hello"),
    "long path": TEXT.replace(ONE, "\n".join([ONE] * 63)),
    "carriage return": TEXT.replace("\n", "\r\n"),
    "no checkpoint": TEXT.partition("\n\n")[0] + "\n\n",
    "no empty line": TEXT.replace("\n\n", "\n", 1),
    "two empty lines": TEXT.replace("\n\n", "\n\n\n", 1),
    "cut checkpoint": TEXT[:-2],
    "line end behind": TEXT + "\n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_proofs_have_one_spelling(text: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_proof(text.encode())
    assert caught.value.code in {"malformed", "non-canonical"}


def test_the_smallest_and_the_longest_proof() -> None:
    assert parse_proof(format_proof(0, [], NOTE)) == TlogProof(0, (), NOTE)
    assert len(parse_proof(format_proof(2**63 - 1, [bytes(32)] * 63, NOTE)).hashes) == 63


@settings(max_examples=100)
@given(st.integers(0, 8 * PROOF.index(b"\n\n") - 1))
def test_a_flipped_bit_is_seen(bit: int) -> None:
    changed = bytearray(PROOF)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        assert parse_proof(bytes(changed)) != parse_proof(PROOF)
    except IntegrityError as error:
        assert error.code in {"malformed", "non-canonical"}  # noqa: PT017 - either refusal will do


@pytest.mark.parametrize(
    ("index", "hashes", "checkpoint"),
    [(-1, [], NOTE), (2**63, [], NOTE), (0, [b"short"], NOTE), (0, [b""], NOTE), (0, [], b"no note"), (0, [bytes(32)] * 64, NOTE)],
)
def test_what_has_no_proof_is_a_mistake(index: int, hashes: list[bytes], checkpoint: bytes) -> None:
    with pytest.raises(UsageError):
        format_proof(index, hashes, checkpoint)
