"""A database of SQLite.

What it does: looks for the magic.
Why it matters: vector stores and histories of chats are kept like this.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".sqlite", ".sqlite3", ".db")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (b"SQLite format 3\x00" + bytes(8),)
BAD: tuple[bytes, ...] = (b"SQLite format 3 is described here",)


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head.startswith(b"SQLite format 3\x00")
