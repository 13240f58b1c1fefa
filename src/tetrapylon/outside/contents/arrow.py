"""Arrow and Feather, tables in memory order.

What it does: looks for the magic at the start.
Why it matters: datasets are cached like this.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".arrow", ".feather")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"ARROW1\x00\x00" + bytes(8), b"FEA1" + bytes(8))
BAD: tuple[bytes, ...] = (b"ARROW",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith((b"ARROW1\x00\x00", b"FEA1"))
