"""Safetensors: a header in JSON and plain numbers.

What it does: checks that the length at the start fits the file and that a JSON object follows.
Why it matters: it is the format that cannot run code, so its name is what an attacker would borrow.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".safetensors",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (
    (2).to_bytes(8, "little") + b"{}",
    (56).to_bytes(8, "little") + b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ' + bytes(4),
)
BAD: tuple[bytes, ...] = ((2).to_bytes(8, "little") + b"[]", (1 << 40).to_bytes(8, "little") + b"{}", b"{}")

_LENGTH = 8
_LONGEST = 100_000_000
"""Bytes of the longest header that the reference implementation reads."""


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    length = int.from_bytes(head[:_LENGTH], "little")
    return len(head) > _LENGTH and 2 <= length <= min(_LONGEST, size - _LENGTH) and head[_LENGTH:].startswith((b'{"', b"{}", b"{ "))  # noqa: PLR2004 - `{}`
