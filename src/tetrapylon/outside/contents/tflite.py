"""TensorFlow Lite, now LiteRT.

What it does: looks for the file identifier of the FlatBuffer.
Why it matters: models on devices are seldom looked at.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".tflite",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"\x1c\x00\x00\x00TFL3" + bytes(16),)
BAD: tuple[bytes, ...] = (b"TFL3" + bytes(16),)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head[4:8] == b"TFL3"
