"""Tag characters that are text: everything but the flags that they were kept for."""

from __future__ import annotations

GOOD = ("\U000e0069\U000e0067",)
BAD = ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",)

_FLAG = "\N{WAVING BLACK FLAG}"
_END = "\N{CANCEL TAG}"


def check(text: str) -> bool:
    """Return whether the characters are anything but one flag."""
    return not (text.startswith(_FLAG) and text.endswith(_END) and 5 <= len(text) <= 8)
