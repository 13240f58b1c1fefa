"""Ids from names: lower-case, at most 64 characters, and no two alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_OTHER = re.compile(r"[^a-z0-9._]+")
_LONGEST = 64
_ROOM = 6
"""Characters that are kept free for a number behind the name."""


def slug(name: str, instead: str) -> str:
    """Return an id that resembles the name, or that begins with the word given instead."""
    plain = unicodedata.normalize("NFKD", name[:400]).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-._")[: _LONGEST - _ROOM].strip("-._") or instead


class Ids:
    """Ids by the keys of the pieces that they are for."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._ids: dict[str, str] = {}

    def make(self, key: str, name: str, instead: str) -> str:
        """Return a new id for the piece, made from its name."""
        first = made = slug(name, instead)
        number = 1
        while made in self._taken:
            number += 1
            made = f"{first}-{number}"
        self._taken.add(made)
        self._ids[key] = made
        return made

    def get(self, key: str) -> str | None:
        """Return the id of a piece, if it has one."""
        return self._ids.get(key)

    def drop(self, key: str) -> None:
        """Forget a piece, which is then named by nobody."""
        self._ids.pop(key, None)
