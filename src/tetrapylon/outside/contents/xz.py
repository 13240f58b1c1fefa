"""Data compressed with xz.

What it does: looks for the magic.
Why it matters: what is inside is another file that nobody has looked at.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".xz",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\xfd7zXZ\x00" + bytes(8),)
BAD: tuple[bytes, ...] = (b"7zXZ",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"\xfd7zXZ\x00")
