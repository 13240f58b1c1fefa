"""PyTorch before version 1.6: a pickle that begins with a magic number.

What it does: looks for the number, pickled.
Why it matters: loading such a file unpickles it.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".pt", ".pth", ".bin", ".ckpt")
WITHIN: tuple[str, ...] = ("pickle",)
RUNS_CODE = "loading it runs whatever code its maker put into it"
GOOD: tuple[bytes, ...] = (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.",)
BAD: tuple[bytes, ...] = (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x18.",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head[2:].startswith(b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19") and head[:1] == b"\x80"
