"""JSON web tokens: the first part is JSON that names an algorithm."""

from __future__ import annotations

import base64
import binascii
import json

GOOD = ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.aaaaaaaaaaaaaaaaaaaaaaaa",)
BAD = ("eyJub3RoaW5nIjoxfQ.eyJzdWIiOiIxIn0.aaaa", "eyJ.x.y")


def check(text: str) -> bool:
    """Return whether the text begins as such a token does."""
    head = text.partition(".")[0]
    try:
        found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error):
        return False
    return isinstance(found, dict) and "alg" in found
