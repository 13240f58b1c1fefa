"""RFC 6962 Merkle trees: append, root, inclusion and consistency proofs.

`Tree` keeps every complete subtree's hash, so an append costs amortised two hashes and a proof only
looks hashes up along the right edge. The functions that verify take nothing on trust.
Source: RFC 6962 section 2.1; verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from tetrapylon.kernel.errors import IntegrityError

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

_sha256 = hashlib.sha256


def leaf_hash(data: bytes) -> bytes:
    """Return the 32-byte hash of a leaf's bytes."""
    return _sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of two sibling hashes."""
    return _sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing Merkle tree over leaf hashes; `levels[k][i]` is the root of leaves [i·2^k, (i+1)·2^k)."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self.levels: list[list[bytes]] = [[]]
        for each in leaf_hashes:
            self.append(each)

    def __len__(self) -> int:
        return len(self.levels[0])

    def append(self, hashed: bytes) -> int:
        """Add one leaf hash and return its index."""
        levels = self.levels
        row = levels[0]
        row.append(hashed)
        index = position = len(row) - 1
        depth = 0
        while position & 1:
            hashed = _sha256(b"\x01" + row[position - 1] + hashed).digest()
            depth += 1
            if depth == len(levels):
                levels.append([])
            row = levels[depth]
            row.append(hashed)
            position >>= 1
        return index

    def truncate(self, size: int) -> None:
        """Forget every leaf from `size` on."""
        for depth, row in enumerate(self.levels):
            del row[size >> depth :]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves (default: all)."""
        size = self._checked(len(self) if size is None else size)
        return self._span(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that leaf `index` is among the first `size`, nearest sibling first."""
        size = self._checked(len(self) if size is None else size)
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} in a tree of {size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the first `old` leaves are a prefix of the first `new`."""
        new = self._checked(len(self) if new is None else new)
        if not 0 <= old <= new:
            raise ValueError(f"a tree of {new} has no prefix of {old}")
        return [] if old in (0, new) else self._subproof(old, 0, new, complete=True)

    def _checked(self, size: int) -> int:
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree holds {len(self)} leaves, not {size}")
        return size

    def _span(self, start: int, stop: int) -> bytes:
        """Return the root of leaves [start, stop), a subtree of RFC 6962's recursion."""
        width = stop - start
        depth = width.bit_length() - 1
        if width == 1 << depth:
            return self.levels[depth][start >> depth]
        middle = start + _split(width)
        return node_hash(self._span(start, middle), self._span(middle, stop))

    def _path(self, index: int, start: int, stop: int) -> list[bytes]:
        proof: list[bytes] = []
        while stop - start > 1:
            middle = start + _split(stop - start)
            if index < middle:
                proof.append(self._span(middle, stop))
                stop = middle
            else:
                proof.append(self._span(start, middle))
                start = middle
        proof.reverse()
        return proof

    def _subproof(self, old: int, start: int, stop: int, *, complete: bool) -> list[bytes]:
        if old == stop:
            return [] if complete else [self._span(start, stop)]
        middle = start + _split(stop - start)
        if old <= middle:
            return [*self._subproof(old, start, middle, complete=complete), self._span(middle, stop)]
        return [*self._subproof(old, middle, stop, complete=False), self._span(start, middle)]


def _split(width: int) -> int:
    """Return the largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the leaves' bytes."""
    return Tree(leaf_hash(each) for each in leaves).root()


def verify_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at `index` in the tree of `size` with this root.

    Raises:
        IntegrityError: the proof does not lead to the root (`inclusion`).
    """
    position, last, current = index, size - 1, hashed
    sound = 0 <= index < size
    for sibling in proof:
        if last <= 0:
            sound = False
            break
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    if not sound or last or current != root:
        raise IntegrityError(f"leaf {index} is not in the log of {size} leaves", code="inclusion")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of `old` leaves is a prefix of the tree of `new` leaves.

    Raises:
        IntegrityError: one tree is not a prefix of the other (`fork`).
    """
    if not _consistent(old, new, proof, old_root, new_root):
        raise IntegrityError(f"the log of {new} leaves does not continue the log of {old} leaves", code="fork")


def _consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old < new or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
