"""One NumPy array.

What it does: looks for the magic and the version.
Why it matters: an array of objects inside is a pickle, which numpy.load refuses unless told otherwise.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".npy",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}",)
BAD: tuple[bytes, ...] = (b"\x93NUMPZ\x01\x00", b"NUMPY")


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"\x93NUMPY") and head[6:7] in {b"\x01", b"\x02", b"\x03"}
