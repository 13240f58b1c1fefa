"""GGUF, the model files of llama.cpp and its kin.

What it does: looks for the magic and a version between 1 and 9.
Why it matters: a chat template inside is a program of its own in a template language.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".gguf",)
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"GGUF" + (3).to_bytes(4, "little") + bytes(16),)
BAD: tuple[bytes, ...] = (b"GGUF" + (300).to_bytes(4, "little") + bytes(16), b"GGU")


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"GGUF") and 1 <= int.from_bytes(head[4:8], "little") <= 9  # noqa: PLR2004 - versions there may be
