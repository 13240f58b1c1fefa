"""The log of evidence: who said what about which digests, in an order that nobody can change afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import RLock

from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.leaf import Leaf, read_leaf
from tetrapylon.evidence.statement import Statement, statement_of
from tetrapylon.evidence.store import Store, TreeHead, tree_head
from tetrapylon.kernel.canonical import read_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, RefusedError, UsageError
from tetrapylon.kernel.merkle import Tree, leaf_hash

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of the log's clock the clock of whoever observed may be."""

_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed statement to be recorded."""

    envelope: Envelope
    supersedes: Digest | None = None
    """The digest of the signed bytes of the envelope that this one replaces."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record and its place in the log."""

    index: int
    leaf: Leaf


class Ledger:
    """The log over a store, and its Merkle tree.

    1. A record is read off its envelope, so the two cannot disagree; whether the signature is good, and whether the
       key may say this, is for admission and for the posture to judge.
    2. Envelopes are durable before the record that names them.
    3. `recordedAt` never precedes that of the record before: where the clock went back, the earlier time is kept.
    4. Nothing is recorded that was observed in the future (by more than `CLOCK_SKEW`), or it would never grow stale.
    5. Opening reads every entry and compares the tree with the published checkpoint; whatever is read later is
       compared with the tree again.
    6. Only a checkpoint of this very log is published.

    Threads may share a ledger; processes may share the store. `refresh` takes in what others recorded.

    >>> ledger = Ledger(open_store(".tetrapylon/ledger"))
    >>> [recorded] = ledger.record([Entry(envelope)], now="2026-03-01T12:00:00Z")
    >>> verify_inclusion(leaf_hash(recorded.leaf.to_bytes()), recorded.index, ledger.size, ledger.inclusion(recorded.index), ledger.root())
    """

    def __init__(self, store: Store) -> None:
        """Open the log and verify it.

        Raises:
            IntegrityError: the log is shorter than its checkpoint (`truncated`), another one (`fork`) or damaged.
        """
        self.store = store
        self.tree = Tree()
        self._last_time = ""
        self._lock = RLock()
        checkpoint = store.checkpoint()
        self.refresh()
        if checkpoint is not None:
            self.check(tree_head(checkpoint))

    @property
    def size(self) -> int:
        """How many records were in the log when it was last looked at."""
        return len(self.tree)

    def refresh(self) -> int:
        """Take in what others recorded and return the size.

        Raises:
            IntegrityError: the log is shorter than it was (`truncated`), or a record is not one of ours.
        """
        with self._lock:
            if self.store.size() < self.size:
                raise _truncated(self.store.size(), self.size)
            last = None
            for last in self.store.entries(self.size):
                self.tree.append(leaf_hash(last))
            if last is not None:
                self._last_time = read_leaf(last, f"record {self.size - 1}").recorded_at
            return self.size

    def record(self, items: Sequence[Entry], now: str, expected_size: int | None = None) -> list[Recorded]:
        """Record the statements, all or none, and return their places.

        Args:
            items: What to record, in this order.
            now: The log's clock.
            expected_size: Record only if the log has this size, which is how two decisions at once become one.

        Raises:
            ConflictError: the log has grown beyond `expected_size`; nothing was recorded.
            IntegrityError: an envelope does not hold a statement.
            RefusedError: something was observed in the future (`observed-in-future`).
            StorageError: the medium refused; nothing was recorded.
        """
        drafts = [_draft(each, now) for each in items]
        # Appending nothing only compares the sizes: a conflict is told before objects are written.
        self.store.append([], expected_size)
        for each in items:
            self.store.put_envelope(each.envelope)
        with self._lock:
            while True:
                leaves = self._stamped(drafts, now)
                try:
                    return self._append(leaves, self.size if expected_size is None else expected_size)
                except ConflictError:
                    # Another process recorded since `_stamped` looked; the times are made anew.
                    if expected_size is not None:
                        raise

    def leaf(self, index: int) -> Leaf:
        """Return one record.

        Raises:
            MissingError: the log does not reach so far.
            IntegrityError: the record is not what it was when the log was opened (`record-changed`).
        """
        self._within(index + 1)
        return self._read(index, next(self.store.entries(index, index + 1)))

    def leaves(self, stop: int | None = None) -> Iterator[Leaf]:
        """Yield the first `stop` records (default: all).

        Raises:
            IntegrityError: also if a record is older than the one before it (`time-order`).
        """
        before = ""
        for index, data in enumerate(self.store.entries(0, self._within(self.size if stop is None else stop))):
            found = self._read(index, data)
            if found.recorded_at < before:
                raise IntegrityError(f"record {index} of the log is older than the record before it", code="time-order")
            before = found.recorded_at
            yield found

    def envelope(self, leaf: Leaf) -> Envelope | None:
        """Return the envelope that a record names, or None if it was erased.

        Raises:
            MissingError: it was lost.
            IntegrityError: it has changed.
        """
        return self.store.envelope(leaf.envelope, leaf.keyid)

    def root(self, size: int | None = None) -> bytes:
        """Return the Merkle root of the first `size` records (default: all)."""
        return self.tree.root(self._within(self.size if size is None else size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that a record is among the first `size`, as `verify_inclusion` takes it."""
        size = self._within(self.size if size is None else size)
        if not 0 <= index < size:
            raise MissingError(f"there is no record {index} among the first {size}", code="beyond-log")
        return self.tree.inclusion(index, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the first `old` records begin the first `new`, as `verify_consistency` takes it."""
        new = self._within(self.size if new is None else new)
        if not 0 <= old <= new:
            raise MissingError(f"a log of {new} records has no beginning of {old}", code="beyond-log")
        return self.tree.consistency(old, new)

    def check(self, head: TreeHead) -> None:
        """Compare the log with what a checkpoint says about it.

        Raises:
            IntegrityError: the log is shorter (`truncated`) or another one (`fork`).
        """
        if head.size > self.size:
            raise _truncated(self.size, head.size)
        if self.tree.root(head.size) != head.root:
            message = f"the log's first {head.size} records are not those that its checkpoint was signed for"
            raise IntegrityError(message, hint="restore the log from a backup", code="fork")

    def publish(self, checkpoint: bytes, size: int) -> None:
        """Make the signed checkpoint, which is of the first `size` records, the one that readers see.

        Raises:
            IntegrityError: it is the checkpoint of another log.
            UsageError: it is of another size.
        """
        head = tree_head(checkpoint)
        if head.size != size:
            raise UsageError(f"the checkpoint is of {head.size} records, not of {size}")
        self.refresh()
        self.check(head)
        self.store.publish(checkpoint, size)

    def _stamped(self, drafts: Sequence[Leaf], now: str) -> list[Leaf]:
        """Return the records as they would follow the newest one."""
        self.refresh()
        time = max(now, self._last_time)
        return [replace(each, recorded_at=time) for each in drafts]

    def _append(self, leaves: Sequence[Leaf], size: int) -> list[Recorded]:
        entries = [each.to_bytes() for each in leaves]
        first = self.store.append(entries, size)
        for each in entries:
            self.tree.append(leaf_hash(each))
        if leaves:
            self._last_time = leaves[-1].recorded_at
        return [Recorded(index, each) for index, each in enumerate(leaves, first)]

    def _read(self, index: int, data: bytes) -> Leaf:
        if leaf_hash(data) != self.tree.levels[0][index]:
            message = f"record {index} of the log has changed since the log was opened"
            raise IntegrityError(message, hint="restore the log from a backup", code="record-changed")
        return read_leaf(data, f"record {index} of the log")

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise MissingError(f"the log holds {self.size} records, not {size}", code="beyond-log")
        return size


def _draft(item: Entry, now: str) -> Leaf:
    """Return the record of a statement, but for its final time."""
    if not item.envelope.signatures:
        raise UsageError("an envelope without a signature cannot be recorded", code="unsigned")
    statement = statement_of(read_json(item.envelope.payload, "the statement"), "the statement")
    seen_from, seen_to = _observed(statement, now)
    draft = Leaf(
        envelope=item.envelope.digest,
        predicate_type=statement.predicate_type,
        subjects=tuple(dict.fromkeys(each.digest for each in statement.subjects)),
        keyid=item.envelope.signatures[0].keyid,
        observed_from=seen_from,
        observed_to=seen_to,
        recorded_at=now,
        supersedes=item.supersedes,
    )
    _refuse_future(draft)
    # Whatever could not be read again is refused here, before anything is written.
    return read_leaf(draft.to_bytes(), "the statement's record")


def _observed(statement: Statement, now: str) -> tuple[str, str]:
    """Return from when until when somebody looked; a statement that does not say (an OMS signature) was made now."""
    seen_to = statement.observed_to or now
    seen_from = statement.observed_from or seen_to
    if seen_from > seen_to:
        raise UsageError(f"the statement was observed from {seen_from} to {seen_to}, which is backwards", code="observed-backwards")
    return seen_from, seen_to


def _refuse_future(draft: Leaf) -> None:
    try:
        latest = datetime.strptime(draft.recorded_at, _TIME).replace(tzinfo=UTC) + CLOCK_SKEW
    except ValueError as error:
        raise UsageError(f"`{draft.recorded_at}` is not a time", hint="times look like `2026-03-01T12:00:00Z`") from error
    if draft.observed_to > latest.strftime(_TIME):
        message = f"the statement was observed at {draft.observed_to}, and the log's clock says {draft.recorded_at}"
        raise RefusedError(message, hint="set the clock of the machine that observed, or of this one", code="observed-in-future")


def _truncated(size: int, expected: int) -> IntegrityError:
    message = f"the log holds {size} records, and {expected} are known to have been recorded"
    return IntegrityError(message, hint="restore the log from a backup", code="truncated")
