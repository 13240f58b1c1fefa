"""Keeps the log in memory, for tests and for looking at a log without touching it.

It is the simplest thing that obeys the port, so it is also what the other stores are compared with. `dump` shows it
as the files that a published log on disk would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from tetrapylon.evidence.store import Store
from tetrapylon.evidence.tiles import TILE_WIDTH, bundle, tile_path, tiles_between
from tetrapylon.kernel.merkle import Tree, leaf_hash


class MemoryStore(Store):
    """A log in memory, shared by threads; gone when the process ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._log: list[bytes] = []
        self._blobs: dict[str, bytes] = {}

    def dump(self) -> dict[str, bytes]:
        """Return everything as files by path: bundles and tiles as C2SP tlog-tiles has them, and the objects."""
        with self._lock:
            log, files = list(self._log), dict(self._blobs)
        for start in range(0, len(log), TILE_WIDTH):
            some = log[start : start + TILE_WIDTH]
            files[tile_path("entries", start // TILE_WIDTH, len(some))] = bundle(some)
        tree = Tree(leaf_hash(each) for each in log)
        return files | {each.path: each.of(tree) for each in tiles_between(0, len(log))}

    @contextmanager
    def _locked(self, *, write: bool) -> Iterator[None]:  # noqa: ARG002  the port's name; one lock serves both
        with self._lock:
            yield

    def _size(self) -> int:
        return len(self._log)

    def _append(self, entries: Sequence[bytes]) -> None:
        self._log.extend(entries)

    def _entries(self, start: int, stop: int) -> Iterator[bytes]:
        return iter(self._log[start:stop])

    def _read(self, name: str) -> bytes | None:
        return self._blobs.get(name)

    def _write(self, name: str, data: bytes) -> None:
        self._blobs[name] = data

    def _publish(self, checkpoint: bytes, size: int) -> None:  # noqa: ARG002  nothing is derived in memory
        self._blobs["checkpoint"] = checkpoint


def open_store(location: str) -> MemoryStore:  # noqa: ARG001  every store is opened the same way
    """Return a new, empty store."""
    return MemoryStore()
