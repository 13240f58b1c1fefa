"""Fetch what one address says to anybody: bounded in time and bytes, no redirect is followed, nothing is believed."""

from __future__ import annotations

from urllib.parse import urlsplit

from tetrapylon.outside.asking import Answer, Asked, ask

SECONDS = 5.0
LONGEST = 64 << 10
"""Bytes of an answer."""


def fetch(url: str, seconds: float = SECONDS, longest: int = LONGEST) -> Answer:
    """Return what the address answers to a GET.

    Raises:
        UsageError: it is no address of HTTP (`bad-url`).
        UndecidedError: nobody answers in time, or not in HTTP (`no-answer`), or the answer is too long (`too-large`).
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    place = parts.netloc.rpartition("@")[2]
    return ask(f"{parts.scheme}://{place}", Asked("GET", path, {"accept": "text/plain", "connection": "close"}), seconds, longest)
