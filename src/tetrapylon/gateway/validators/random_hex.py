"""Hexadecimal keys: enough different digits that nobody typed them."""

from __future__ import annotations

GOOD = ("key=9f8e7d6c5b4a39281706f5e4d3c2b1a0",)
BAD = ("key=00000000000000000000000000000000", "key=deadbeefdeadbeefdeadbeefdeadbeef")


def check(text: str) -> bool:
    """Return whether the hexadecimal digits at the end of the text look random."""
    value = text[max(text.rfind(each) for each in ":= \"'") + 1 :] if any(each in text for each in ":= ") else text
    value = value.strip("\"'")
    return len(set(value.lower())) >= 8
