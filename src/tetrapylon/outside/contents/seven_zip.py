"""An archive of 7-Zip.

What it does: looks for the magic.
Why it matters: scanners that cannot open it must not call it clean.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".7z",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"7z\xbc\xaf\x27\x1c" + bytes(8),)
BAD: tuple[bytes, ...] = (b"7z",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"7z\xbc\xaf\x27\x1c")
