"""Data compressed with zlib, as joblib does when it is asked to compress.

What it does: checks the two bytes of the header, whose remainder by 31 is nothing.
Why it matters: what is inside is another file that nobody has looked at; under `.joblib` it is a pickle.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".z", ".zlib", ".joblib")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\x78\x9c" + b"\xe3" + bytes(8), b"\x78\xda" + b"\xe3" + bytes(8))
BAD: tuple[bytes, ...] = (b"\x78\x9d" + bytes(8), b"x is a letter")


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head[:2] in {b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"} and head[2:3] not in {b"", b" "}
