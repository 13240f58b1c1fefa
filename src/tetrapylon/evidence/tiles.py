"""The files of a C2SP tlog-tiles log: their paths, their contents, and which of them a checkpoint needs.

A tile holds up to 256 consecutive hashes of one level; an entry bundle holds up to 256 consecutive entries. Both are
immutable. Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import Tree

TILE_WIDTH = 256
_HASH = 32


class Tile(NamedTuple):
    """One tile of hashes: hashes [number·256, number·256 + width) of its level."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where the tile is kept."""
        return tile_path(self.level, self.number, self.width)

    def of(self, tree: Tree) -> bytes:
        """Return the tile's bytes, given a tree that reaches this far."""
        first = self.number * TILE_WIDTH
        return b"".join(tree.levels[8 * self.level][first : first + self.width])


def tile_path(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile, or of an entry bundle where the level is `entries`.

    >>> tile_path("entries", 1234067, 17)
    'tile/entries/x001/x234/067.p/17'
    """
    digits = f"{index:03d}"
    digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    number = "/".join([*(f"x{each}" for each in groups[:-1]), groups[-1]])
    return f"tile/{level}/{number}" + ("" if width == TILE_WIDTH else f".p/{width}")


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """Yield the tiles of hashes that a log of `new` entries has and a log of `old` entries has not, lowest level first."""
    level = 0
    while new >> (8 * level):
        before, now = old >> (8 * level), new >> (8 * level)
        for index in range(before // TILE_WIDTH, now // TILE_WIDTH):
            yield Tile(level, index)
        if now % TILE_WIDTH and now != before:
            yield Tile(level, now // TILE_WIDTH, now % TILE_WIDTH)
        level += 1


def outgrown(old: int, new: int) -> Iterator[str]:
    """Yield the folders of partial tiles and bundles that a log of `old` entries needed and full ones now replace."""
    level = 0
    while old >> (8 * level):
        before, now = old >> (8 * level), new >> (8 * level)
        index = before // TILE_WIDTH
        if before % TILE_WIDTH and index < now // TILE_WIDTH:
            yield f"{tile_path(level, index)}.p"
            if level == 0:
                yield f"{tile_path('entries', index)}.p"
        level += 1


def tile_root(tile: bytes) -> bytes:
    """Return the Merkle root of the subtree under a full tile."""
    return Tree(tile[at : at + _HASH] for at in range(0, len(tile), _HASH)).root()


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return the entries, each after its length as a big-endian uint16."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


def read_bundle(data: bytes, count: int, what: str) -> list[bytes]:
    """Return the `count` entries of a bundle; `what` names it in errors.

    Raises:
        IntegrityError: the bytes do not hold exactly so many entries (`damaged`).
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
        entries.append(data[at + 2 : stop])
        at = stop
    if at != len(data) or len(entries) != count:
        raise IntegrityError(f"{what} does not hold {count} records", hint="restore it from a backup", code="damaged")
    return entries
