"""Data compressed with Zstandard.

What it does: looks for the magic of a frame.
Why it matters: what is inside is another file that nobody has looked at.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".zst",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\x28\xb5\x2f\xfd" + bytes(8),)
BAD: tuple[bytes, ...] = (b"\x28\xb5\x2f\xfe",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"\x28\xb5\x2f\xfd")
