"""A tar archive.

What it does: looks for the magic of POSIX and GNU where it stands.
Why it matters: paths and links inside can point outside of where it is unpacked.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".tar",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"a.bin" + bytes(252) + b"ustar\x0000" + bytes(200),)
BAD: tuple[bytes, ...] = (b"ustar", bytes(300))


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head[257:262] == b"ustar"
