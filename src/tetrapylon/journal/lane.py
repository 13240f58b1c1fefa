"""One chain of segments with one writer: seals entries, writes groups of them, and is whole again after any crash.

What it does: opens the last segment, cuts off what power loss cut short, and appends; a full segment gets a seal with the root
over its records, and the next one begins with the digest that the seal ended with.
Rules, in the order that makes them hold:

1. New data keys are durable before a record that needs them is written.
2. A group is acknowledged when all of it is durable. Where the medium refuses, all of it is taken back and everybody is told.
3. A group, from sealing to sync, holds the lock that an erasure takes against everybody: no record is sealed under an erased key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tetrapylon.journal import slots
from tetrapylon.journal.entry import Sealed
from tetrapylon.journal.frame import (
    BLIND,
    CLOSED,
    HEAD,
    LEAST,
    MARK,
    RUN,
    SEAL,
    Frontier,
    Start,
    chained,
    nonce_of,
    pack_start,
)
from tetrapylon.journal.frame import start_bytes as bytes_of
from tetrapylon.journal.heads import Head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.scan import scan_segment
from tetrapylon.journal.segment import Limits, Prepared, Segment, segment_name, segment_numbers
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.errors import StorageError, UsageError
from tetrapylon.outside.clock import milliseconds
from tetrapylon.outside.disk import Change, ListedDisk

ERASURES = "erasures"
"""A file that grows by one byte with each erasure."""

NOBODY = bytes(16)

_LANE = re.compile(r"[a-z][a-z0-9-]{0,15}")


class Lane:
    """The writer of one lane. The caller MUST hold the lane's lock, and call from one thread at a time."""

    def __init__(
        self,
        disk: ListedDisk,
        name: str,
        ring: Ring,
        *,
        clock: Callable[[], int] = milliseconds,
        limits: Limits | None = None,
        guard: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        if not _LANE.fullmatch(name):
            raise UsageError(f"`{name[:40]}` is no name of a lane", code="bad-lane")
        self.name = name
        self._disk, self._ring, self._clock = disk, ring, clock
        self._limits = limits or Limits()
        self._guard = guard
        self._segment: Segment | None = None
        self._sealed: tuple[int, bytes] | None = None
        """Number of the next segment and the digest that it follows, where this writer sealed the last one."""
        self._handles = ExitStack()
        self._records: Change | None = None
        self._keys: Change | None = None
        self._ciphers: dict[tuple[str, str], tuple[int, bytes, AESGCM]] = {}
        self._own: tuple[int, AESGCM] | None = None
        self._number = 0
        self._erasures = 0
        self._dirty = False
        """Whether a write was refused, so that the files may be longer than what is known to be in them."""
        self.run = os.urandom(16).hex()
        """The name of this run of the writer, in its segments."""

    def open(self) -> None:
        """Make the lane ready to append: the last segment whole, or a new one.

        Raises:
            IntegrityError: what was acknowledged is damaged.
            StorageError: the medium refused.
        """
        with self._guard():
            self._erasures = self._disk.size(ERASURES) or 0
            numbers = segment_numbers(self._disk, self.name)
            try:
                if numbers:
                    self._resume(numbers)
                else:
                    self._disk.make_folder(self.name)
                    self._disk.sync_folder("")
                    self._begin(1, bytes(32), self._clock())
            except BaseException:
                self._let_go()
                raise

    def commit(self, entries: Sequence[Prepared]) -> list[Sealed]:
        """Seal the entries, write them, and return their receipts when they are durable.

        Raises:
            StorageError: the medium refused; none of them was recorded.
        """
        with self._guard():
            self._mend()
            now = self._clock()
            try:
                segment = self._ready(now)
                self._forget_erased()
                return self._write(segment, entries, now)
            except StorageError:
                # At once where it is possible: whoever reads must not see what nobody was told of.
                with suppress(StorageError):
                    self._mend()
                raise

    def head(self) -> Head | None:
        """Return the head of the open segment."""
        return None if self._segment is None else self._segment.head(sealed=False)

    def seal(self) -> None:
        """End the open segment, so that it can be kept, copied or deleted as a whole; the next append begins another."""
        with self._guard():
            self._mend()
            if self._segment is not None:
                self._seal(self._segment, self._clock())

    def close(self) -> None:
        """Record that the run ended well, and let go of the files."""
        try:
            if self._segment is not None and not self._dirty:
                with self._guard(), suppress(StorageError):
                    self._write_own(self._segment, CLOSED, {}, self._clock())
        finally:
            self._let_go()

    def _resume(self, numbers: list[int]) -> None:
        number = numbers[-1]
        found = scan_segment(self._disk, self.name, number)
        if found.broken:
            raise found.broken
        if found.start is None or not found.records:
            # Power was lost while it was made: nothing in it was ever acknowledged.
            previous = self._last_digest(numbers[:-1])
            self._begin(number, previous, self._clock())
            return
        if found.kind == "seal":
            self._begin(number + 1, found.digest, self._clock())
            return
        self._take_up(found.start, number)

    def _last_digest(self, numbers: list[int]) -> bytes:
        if not numbers:
            return bytes(32)
        found = scan_segment(self._disk, self.name, numbers[-1])
        if found.broken:
            raise found.broken
        return found.digest

    def _take_up(self, start: Start, number: int) -> None:
        """Go on in a segment that is not full."""
        name = segment_name(self.name, number)
        tree = Frontier()
        found = scan_segment(self._disk, self.name, number, lambda record: tree.add(record.digest))
        key = slots.segment_key(self._ring, start.identity, self._disk.read(f"{name}/keys", 0, slots.START_SIZE) or b"", f"`{name}`")
        self._open_files(name)
        cut = (self._disk.size(f"{name}/records") or 0) - found.size
        if cut:
            self._keep_cut(name, found.size)
        segment = Segment(start, key, found.digest, found.size, found.slots, found.first_time, found.time, tree)
        self._truncate(segment)
        self._start_run(segment, cut)

    def _keep_cut(self, name: str, size: int) -> None:
        """Keep what is cut off: it was never acknowledged, but somebody may want to look at it."""
        data = self._disk.read(f"{name}/records", size) or b""
        with self._disk.change(f"{name}/cut-{size}", new=True) as file:
            file.write(0, data)
            file.sync()
        self._disk.sync_folder(name)

    def _begin(self, number: int, previous: bytes, now: int) -> None:
        """Make a segment: its keys first, then its records with the mark of this run."""
        name = segment_name(self.name, number)
        self._let_go()
        self._segment = None
        if self._disk.names(name):
            # Begun before, when the medium refused: nothing in it was ever acknowledged.
            self._disk.remove_folder(name)
        start = pack_start(os.urandom(16), self.name, number, now, previous)
        key, keys = slots.new_start(self._ring, start.identity)
        self._disk.make_folder(name)
        self._disk.sync_folder(self.name)
        for file, data in (("keys", keys), ("records", bytes_of(start))):
            with self._disk.change(f"{name}/{file}", new=True) as change:
                change.write(0, data)
                change.sync()
        self._disk.sync_folder(name)
        self._open_files(name)
        segment = Segment(start, key, start.digest, len(bytes_of(start)), 0, now, now)
        self._start_run(segment, 0)

    def _start_run(self, segment: Segment, cut: int) -> None:
        """Make the key of the journal's own records, and say who writes from here on, and how many bytes were cut off before."""
        self._ciphers.clear()
        slot, data = slots.new_slot(segment.key, segment.slots, NOBODY, NOBODY)
        self._own = (segment.slots, slot.cipher())
        self._write_keys(segment, [data])
        self._write_own(segment, RUN, {"run": self.run, "counted": self._number, "cut": cut}, self._clock())
        self._segment = segment

    def _ready(self, now: int) -> Segment:
        """Return a segment with room."""
        segment = self._segment
        if segment is not None and self._is_full(segment, now):
            self._seal(segment, now)
            segment = None
        if segment is None and self._sealed is not None:
            # What was just sealed here need not be read again, which would keep everybody waiting.
            self._begin(*self._sealed, now)
        elif segment is None:
            self._resume(segment_numbers(self._disk, self.name))
        if self._segment is None:
            raise AssertionError("unreachable: a segment was just made")
        return self._segment

    def _is_full(self, segment: Segment, now: int) -> bool:
        limits = self._limits
        # Where the clock was set back far, times of a new segment begin anew; within one they never go back.
        turned_back = now < segment.time - limits.age
        full = segment.tree.count >= limits.records or segment.size >= limits.bytes
        return full or now >= segment.first_time + limits.age or turned_back

    def _seal(self, segment: Segment, now: int) -> None:
        said = {"count": segment.tree.count, "root": segment.tree.root().hex()}
        self._write_own(segment, SEAL, said, now)
        self._sealed = (segment.start.number + 1, segment.digest)
        self._segment = None
        self._let_go()

    def _forget_erased(self) -> None:
        """Use no key that was destroyed since the last commit."""
        erasures = self._disk.size(ERASURES) or 0
        if erasures != self._erasures:
            self._erasures = erasures
            self._ciphers.clear()

    def _write(self, segment: Segment, entries: Sequence[Prepared], now: int) -> list[Sealed]:
        keys: list[bytes] = []
        ciphers = [self._cipher(segment, each, keys) for each in entries]
        try:
            if keys:
                self._write_keys(segment, keys)
            return self._write_records(segment, list(zip(entries, ciphers, strict=True)), max(now, segment.time))
        except StorageError:
            # The keys may not be durable, so nobody may be sealed under them.
            self._ciphers.clear()
            raise

    def _cipher(self, segment: Segment, entry: Prepared, keys: list[bytes]) -> tuple[int, bytes, AESGCM]:
        who = (entry.tenant, entry.subject)
        known = self._ciphers.get(who)
        if known is None:
            if len(self._ciphers) >= self._limits.ciphers:
                self._ciphers.clear()
            number = segment.slots + len(keys)
            tenant, subject = self._ring.tag("tenant", entry.tenant), self._ring.tag("subject", entry.subject)
            slot, data = slots.new_slot(segment.key, number, tenant, subject)
            keys.append(data)
            known = self._ciphers[who] = (number, tenant, slot.cipher())
        return known

    def _write_own(self, segment: Segment, kind: int, said: dict[str, Json], now: int) -> None:
        if self._own is None:
            raise AssertionError("unreachable: every run has a key of its own")
        number, cipher = self._own
        entry = Prepared(kind, "", "", canonical_json(said))
        self._write_records(segment, [(entry, (number, NOBODY, cipher))], max(now, segment.time))

    def _write_records(self, segment: Segment, group: Sequence[tuple[Prepared, tuple[int, bytes, AESGCM]]], time: int) -> list[Sealed]:
        durable, digest, tree, name = segment.tree.count, segment.digest, segment.tree.copy(), segment.name
        identity, blinds = segment.start.identity, os.urandom(BLIND * len(group))
        parts: list[bytes] = []
        receipts: list[Sealed] = []
        for place, (entry, (slot, tenant, cipher)) in enumerate(group, durable):
            start = (place - durable) * BLIND
            plain = blinds[start : start + BLIND] + entry.data
            self._number += 1
            head = HEAD.pack(
                MARK,
                LEAST + len(entry.data),
                place,
                self._number,
                durable,
                time,
                entry.sequence,
                entry.kind,
                slot,
                tenant,
                sha256(plain).digest(),
            )
            sealed = cipher.encrypt(nonce_of(self._number), plain, identity + head + digest)
            digest = chained(digest, head, sealed)
            tree.add(digest)
            parts += (head, sealed, digest)
            receipts.append(Sealed(name, place, "sha256:" + digest.hex()))
        data = b"".join(parts)
        self._put(self._records, segment.size, data)
        segment.tree, segment.digest, segment.time = tree, digest, time
        segment.size += len(data)
        return receipts

    def _write_keys(self, segment: Segment, keys: list[bytes]) -> None:
        self._put(self._keys, slots.place(segment.slots), b"".join(keys))
        segment.slots += len(keys)

    def _put(self, file: Change | None, offset: int, data: bytes) -> None:
        if file is None:
            raise AssertionError("unreachable: a segment's files are open")
        self._dirty = True
        file.write(offset, data)
        file.sync()
        self._dirty = False

    def _mend(self) -> None:
        """Take back what a refused write may have left."""
        if not self._dirty:
            return
        if self._segment is None:
            self._let_go()
        else:
            self._truncate(self._segment)
        self._dirty = False

    def _truncate(self, segment: Segment) -> None:
        if self._records is None or self._keys is None:
            raise AssertionError("unreachable: a segment's files are open")
        for file, size in ((self._records, segment.size), (self._keys, slots.place(segment.slots))):
            file.truncate(size)
            file.sync()

    def _open_files(self, name: str) -> None:
        self._let_go()
        self._records = self._handles.enter_context(self._disk.change(f"{name}/records"))
        self._keys = self._handles.enter_context(self._disk.change(f"{name}/keys"))

    def _let_go(self) -> None:
        self._handles.close()
        self._records = self._keys = None
