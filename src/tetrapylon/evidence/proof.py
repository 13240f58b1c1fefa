"""C2SP tlog-proof files: that one record is in the log, for a reader without a network.

A proof holds the record's index, the Merkle path from the record up to the root, and the checkpoint, word for word.
What it proves is checked by `verify_inclusion` and `check_checkpoint`; here it is only read and written, in one
spelling. The format's optional `extra` line is refused: nobody signs it.
Source: C2SP tlog-proof.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tetrapylon.evidence.note import LARGEST_LOG, parse_checkpoint
from tetrapylon.kernel.canonical import base64_text, read_base64
from tetrapylon.kernel.errors import IntegrityError, UsageError

_PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_PROOF_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_PROOF_HASHES = 63
"""The longest path in the largest log."""

_PROOF_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The place of a record in the log, and the path to the root of a checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    """32 bytes each, nearest sibling first."""

    checkpoint: bytes
    """The signed note."""


def format_proof(index: int, hashes: Sequence[bytes], checkpoint_note: bytes) -> bytes:
    """Return the content of a `.tlog-proof` file.

    Raises:
        UsageError: what is given has no such form.
    """
    lines = [_PROOF_HEADER, f"index {index}", *map(base64_text, hashes), "", ""]
    proof = "\n".join(lines).encode() + checkpoint_note
    try:
        parse_proof(proof)
    except IntegrityError as error:
        raise UsageError(f"record {index} has no such proof: {error.message}") from error
    return proof


def parse_proof(data: bytes) -> TlogProof:
    """Return the proof in its one encoding; nothing that it says is checked.

    Raises:
        IntegrityError: not a proof (`malformed`), or another spelling of one (`non-canonical`).
    """
    head, _, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    index = _PROOF_INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if lines[0] != _PROOF_HEADER or index is None or len(lines) > _PROOF_HASHES + 2 or int(index[1]) > LARGEST_LOG:
        raise _proof_malformed()
    hashes = tuple(read_base64(each, "a hash in a proof") for each in lines[2:])
    if any(len(each) != _PROOF_HASH_BYTES for each in hashes):
        raise _proof_malformed()
    parse_checkpoint(checkpoint)
    return TlogProof(int(index[1]), hashes, checkpoint)


def _proof_malformed() -> IntegrityError:
    return IntegrityError("this is not a proof of a log record", code="malformed")
