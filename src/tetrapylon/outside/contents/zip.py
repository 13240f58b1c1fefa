"""A zip archive.

What it does: looks for the first entry or the end of an empty archive.
Why it matters: many formats of models are zips with rules of their own.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".zip", ".whl", ".egg")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"PK\x03\x04" + bytes(26), b"PK\x05\x06" + bytes(18))
BAD: tuple[bytes, ...] = (b"PK and nothing else",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
