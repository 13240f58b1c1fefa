"""Keeps the log as plain files in the C2SP tlog-tiles layout: a folder, a USB stick or a static web server holds it.

    tail                     what is not yet in a full bundle, and the truth about the size
    tile/entries/000         256 entries (`000.p/17`: the 17 that a checkpoint needed)
    tile/0/000               their hashes; tiles are derived and can be rebuilt
    checkpoint               the signed note published last
    objects/ab/cdef…         objects by digest
    envelopes/ab/cdef…-KEY   envelopes by the digest of what is signed
    lock                     held while writing

An append is one frame written to `tail` and one sync. When the tail holds a full bundle, the next append first writes
the bundle, then a shorter tail in its place, so that every entry is in at least one durable file at every moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from tetrapylon.evidence.store import Store
from tetrapylon.evidence.tail import FRAME_HEAD, first_index, frame, read_frames
from tetrapylon.evidence.tiles import TILE_WIDTH, Tile, bundle, outgrown, read_bundle, tile_path, tile_root, tiles_between
from tetrapylon.kernel.errors import IntegrityError, StorageError
from tetrapylon.kernel.merkle import Tree, leaf_hash
from tetrapylon.outside.disk import Disk, FolderDisk, WholeFiles

_TAIL = "tail"
_CHECKPOINT = "checkpoint"


class FileStore(Store):
    """A log in a folder, shared by threads and processes of one machine.

    What it remembers of `tail` (first entry, entries, length of the whole frames) is brought up to date whenever the
    lock is taken. Bytes of `tail` beyond that length are an append that never happened.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._whole = WholeFiles(disk)
        self._mutex = Lock()
        self._start = 0
        self._length = 0
        self._file_length = 0
        self._settled = True
        """Whether what we saw of the tail is known to be durable; whoever wrote it may have been killed before that."""
        self._recent: list[bytes] = []

    def damaged(self) -> list[str]:
        """Return the paths of derived files (tiles, the partial bundle) that are not what the entries say; see `rebuild`."""
        return [path for path, data in self._derived() if self._disk.read(path) != data]

    def rebuild(self) -> list[str]:
        """Write derived files anew where they are not what the entries say, and return their paths."""
        changed: list[str] = []
        for path, data in self._derived():
            if self._disk.read(path) != data:
                with self._locked(write=True):
                    self._whole.write(path, data)
                changed.append(path)
        return changed

    @contextmanager
    def _locked(self, *, write: bool) -> Iterator[None]:
        with self._mutex, self._disk.lock(shared=not write):
            self._refresh()
            if write:
                self._settle()
            yield

    def _size(self) -> int:
        return self._start + len(self._recent)

    def _append(self, entries: Sequence[bytes]) -> None:
        self._make_room()
        data = frame(self._size(), entries)
        try:
            self._write_tail(data)
        except StorageError:
            with suppress(StorageError):
                self._cut_tail()
            raise
        self._length += len(data)
        self._file_length = self._length
        self._recent.extend(entries)

    def _entries(self, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            some = self._from(start)[: stop - start]
            yield from some
            start += len(some)

    def _read(self, name: str) -> bytes | None:
        return self._disk.read(name)

    def _write(self, name: str, data: bytes) -> None:
        self._whole.write(name, data)

    def _blob_size(self, name: str) -> int | None:
        return self._disk.size(name)

    def _publish(self, checkpoint: bytes, size: int) -> None:
        self._make_room()
        old = self._published()
        for tile in tiles_between(old, size):
            self._whole.write(tile.path, self._tile(tile))
        if size % TILE_WIDTH and size != old:
            index, width = divmod(size, TILE_WIDTH)
            entries = self._known(size - width)[:width]
            self._whole.write(tile_path("entries", index, width), bundle(entries))
        self._whole.write(_CHECKPOINT, checkpoint)
        for folder in outgrown(old, size):
            self._whole.remove_folder(folder)

    def _refresh(self) -> None:
        """Take in what other writers appended since we last looked."""
        length = self._disk.size(_TAIL)
        if length is None:
            self._refuse_lost_tail()
            return
        start = first_index(self._disk.read(_TAIL, 0, FRAME_HEAD) or b"")
        if start < self._start or (start == self._start and length < self._length):
            raise IntegrityError("the log is shorter than it was", hint="restore it from a backup", code="truncated")
        if start > self._start or not self._length:
            self._start, self._length, self._recent = start, 0, []
        self._file_length = length
        if length > self._length:
            self._take_in(self._disk.read(_TAIL, self._length, length) or b"")

    def _take_in(self, data: bytes) -> None:
        self._settled = False
        found = read_frames(data, self._size())
        self._recent.extend(found.entries)
        self._length += found.length
        if not self._length:
            # A tail gets its name when its first frame is durable, so this is no append cut short.
            raise IntegrityError("the end of the log is damaged", hint="restore `tail` from a backup", code="damaged")

    def _refuse_lost_tail(self) -> None:
        traces = (_CHECKPOINT, tile_path("entries", 0))
        if self._length or any(self._disk.size(each) is not None for each in traces):
            raise IntegrityError("the end of the log is missing", hint="restore `tail` from a backup", code="truncated")

    def _make_room(self) -> None:
        """Move full bundles out of the tail, or make the first tail."""
        full = len(self._recent) // TILE_WIDTH
        if self._length and not full:
            return
        for each in range(full):
            some = self._recent[each * TILE_WIDTH : (each + 1) * TILE_WIDTH]
            self._whole.write(tile_path("entries", self._start // TILE_WIDTH + each), bundle(some))
        start, rest = self._start + full * TILE_WIDTH, self._recent[full * TILE_WIDTH :]
        data = frame(start, rest)
        self._whole.write(_TAIL, data)
        self._start, self._recent = start, rest
        self._length = self._file_length = len(data)
        self._settled = True

    def _settle(self) -> None:
        """Make durable what others wrote before anything is built upon it."""
        if not self._settled:
            with self._disk.change(_TAIL) as file:
                file.sync()
            self._disk.sync_folder("")
            self._settled = True

    def _write_tail(self, data: bytes) -> None:
        with self._disk.change(_TAIL) as file:
            if self._file_length > self._length:
                file.truncate(self._length)
            file.write(self._length, data)
            file.sync()

    def _cut_tail(self) -> None:
        with self._disk.change(_TAIL) as file:
            file.truncate(self._length)
            file.sync()

    def _from(self, position: int) -> list[bytes]:
        with self._mutex:
            return self._known(position)

    def _known(self, position: int) -> list[bytes]:
        """Return entries from a position on, at least one, at most to the end of its bundle or of the log."""
        if position >= self._start:
            return self._recent[position - self._start :]
        index, skip = divmod(position, TILE_WIDTH)
        path = tile_path("entries", index)
        data = self._disk.read(path)
        if data is None:
            raise IntegrityError(f"`{path}` is missing from the log", hint="restore it from a backup", code="truncated")
        return read_bundle(data, TILE_WIDTH, f"`{path}`")[skip:]

    def _tile(self, tile: Tile) -> bytes:
        first = tile.number * TILE_WIDTH
        if tile.level == 0:
            return b"".join(leaf_hash(each) for each in self._known(first)[: tile.width])
        below = (Tile(tile.level - 1, first + each) for each in range(tile.width))
        return b"".join(tile_root(self._disk.read(each.path) or self._tile(each)) for each in below)

    def _derived(self) -> Iterator[tuple[str, bytes]]:
        with self._locked(write=False):
            size = self._published()
        entries = list(self._entries(0, size))
        tree = Tree(leaf_hash(each) for each in entries)
        for tile in tiles_between(0, size):
            yield tile.path, tile.of(tree)
        if size % TILE_WIDTH:
            index, width = divmod(size, TILE_WIDTH)
            yield tile_path("entries", index, width), bundle(entries[-width:])


def open_store(location: str) -> FileStore:
    """Return the store in a folder; the folder is made by the first write."""
    return FileStore(FolderDisk(Path(location)))
