"""Parquet, columns of data.

What it does: looks for the magic at the start.
Why it matters: most large datasets come like this.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".parquet",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"PAR1" + bytes(16),)
BAD: tuple[bytes, ...] = (b"PAR2",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith((b"PAR1", b"PARE"))
