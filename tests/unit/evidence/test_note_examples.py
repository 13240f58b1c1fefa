"""Signed notes and checkpoints that others made: the C2SP specifications' examples, and notes of the Go project.

Sources: C2SP signed-note, tlog-checkpoint, tlog-cosignature (CC BY 4.0); `note_test.go` of golang.org/x/mod (BSD-3-Clause).
"""

from __future__ import annotations

import struct

import pytest

from tetrapylon.evidence.key import Checker
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import (
    Checkpoint,
    check_checkpoint,
    cosigned_message,
    format_note,
    note_key_id,
    parse_checkpoint,
    parse_note,
    parse_verifier_key,
)
from tetrapylon.evidence.scheme import check_pure

CHECKERS = (check_pure, check_native)
DASH = "\u2014"

QUASIMODO = f"""\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

{DASH} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""

BEHIND_THE_SOFA = f"""\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

{DASH} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
{DASH} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""

PETER_NEUMANN = f"""\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

{DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
PETER_NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SUM_GOLANG_ORG_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_the_example_of_signed_note() -> None:
    body, [line] = parse_note(QUASIMODO.encode())
    assert body.decode().endswith("sole:\n\ned è subito sera.\n")
    assert (line.name, line.key_hash.hex(), len(line.signature)) == ("quasimodo.example/salvatore", "367ba04b", 64)
    assert format_note(body, [line]) == QUASIMODO.encode()


def test_the_example_of_tlog_checkpoint_and_cosignature() -> None:
    checkpoint, lines = parse_checkpoint(BEHIND_THE_SOFA.encode())
    assert checkpoint == Checkpoint(
        "example.com/behind-the-sofa", 20852163, bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
    )
    assert [(each.name, len(each.signature)) for each in lines] == [("example.com/behind-the-sofa", 64), ("witness.example.com/w1", 72)]
    assert format_note(checkpoint.body(), lines) == BEHIND_THE_SOFA.encode()


@pytest.mark.parametrize("check", CHECKERS)
def test_a_note_of_the_go_library(check: Checker) -> None:
    name, key = parse_verifier_key(PETER_NEUMANN_KEY)
    body, [line] = parse_note(PETER_NEUMANN.encode())
    assert (name, note_key_id(name, key)) == (line.name, line.key_hash)
    assert check(key, body, line.signature)
    assert not check(key, body[1:], line.signature)


@pytest.mark.parametrize("check", CHECKERS)
def test_a_checkpoint_of_the_go_checksum_database(check: Checker) -> None:
    # The signature in the specification's example is this log's, whose real origin the specification has replaced.
    name, key = parse_verifier_key(SUM_GOLANG_ORG_KEY)
    line = BEHIND_THE_SOFA.splitlines()[4].rpartition(" ")[2]
    body = BEHIND_THE_SOFA.partition("\n\n")[0].replace("example.com/behind-the-sofa", "go.sum database tree")
    note = f"{body}\n\n{DASH} sum.golang.org {line}\n".encode()
    checkpoint, checked = check_checkpoint(note, [(name, key)], check)
    assert (checkpoint.origin, checkpoint.size, checked.verified, checked.time) == ("go.sum database tree", 20852163, (key.keyid,), None)


def test_a_cosigned_message_is_the_specified_structure() -> None:
    name, origin = b"witness.example.com/w1", b"example.com/behind-the-sofa"
    checkpoint, _ = parse_checkpoint(BEHIND_THE_SOFA.encode())
    wanted = b"subtree/v1\n\x00" + struct.pack(
        f">B{len(name)}sQB{len(origin)}sQQ32s", 22, name, 1679315147, 27, origin, 0, 20852163, checkpoint.root
    )
    assert cosigned_message(checkpoint, name.decode(), 1679315147) == wanted
    assert len(wanted) == 12 + 23 + 8 + 28 + 16 + 32
