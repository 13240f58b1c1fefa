"""HDF5, in which Keras kept models before version 3.

What it does: looks for the signature at the start.
Why it matters: a Lambda layer in such a file is marshalled bytecode.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".h5", ".hdf5")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = "a Lambda layer inside holds bytecode that loading runs unless safe mode is on"
GOOD: tuple[bytes, ...] = (b"\x89HDF\r\n\x1a\n" + bytes(8),)
BAD: tuple[bytes, ...] = (b"\x89HDG\r\n\x1a\n", b"HDF")


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"\x89HDF\r\n\x1a\n")
