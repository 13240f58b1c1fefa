"""Data compressed with gzip.

What it does: looks for the magic and the only method there is.
Why it matters: what is inside is another file that nobody has looked at.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".gz", ".tgz")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\x1f\x8b\x08\x00" + bytes(8),)
BAD: tuple[bytes, ...] = (b"\x1f\x8b\x00\x00",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"\x1f\x8b\x08")
