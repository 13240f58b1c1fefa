"""Data compressed with bzip2.

What it does: looks for the magic, the block size and the first block.
Why it matters: what is inside is another file that nobody has looked at.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".bz2",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"BZh91AY&SY" + bytes(8),)
BAD: tuple[bytes, ...] = (b"BZh0 is a word",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}
