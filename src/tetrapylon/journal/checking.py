"""Check a whole journal: every chain, every key, every record's seal, and the heads that were anchored elsewhere.

Problems are collected, not raised at the first: whoever investigates wants to know all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.journal.erasing import lanes
from tetrapylon.journal.frame import Frontier, Record
from tetrapylon.journal.heads import Head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.lane import segment_name, segment_numbers
from tetrapylon.journal.notes import Notes, read_notes
from tetrapylon.journal.opening import Opened, Opener
from tetrapylon.journal.scan import Found, scan_segment
from tetrapylon.journal.slots import SLOT, START_SIZE
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.locks import is_held

Visit = Callable[[str, Record, Opened | None], None]
"""Is shown each record: the segment's name, the record, and what it holds, or None where it was erased."""


@dataclass
class Report:
    """What a check found."""

    heads: list[Head] = field(default_factory=list)
    records: int = 0
    entries: int = 0
    erased: int = 0
    cut: int = 0
    """Bytes that were cut off at the end of lanes after crashes, in all; they were never acknowledged."""

    torn: list[str] = field(default_factory=list)
    """Lanes that end in a write that was cut short, and that nobody writes to now."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_journal(folder: Path, ring: Ring, anchored: Iterable[Head] = (), visit: Visit | None = None) -> Report:
    """Return what is found in the journal in a folder."""
    report = Report()
    try:
        notes = read_notes(folder, ring)
    except IntegrityError as error:
        report.problems.append(error.message)
        notes = Notes()
    disk = FolderDisk(folder, private=True)
    _check_missing(disk, list(anchored), notes, report)
    for lane in lanes(disk):
        _Lane(folder, disk, ring, lane, notes, report, list(anchored), visit).check()
    return report


def _check_missing(disk: FolderDisk, anchored: list[Head], notes: Notes, report: Report) -> None:
    for head in anchored:
        lane, _, number = head.segment.partition("/")
        if number.isdecimal() and int(number) in segment_numbers(disk, lane):
            continue
        retired = notes.retired.get(head.segment)
        if retired is None or retired.records < head.records or retired.identity != head.identity:
            report.problems.append(f"`{head.segment}` is gone, and its {head.records} records were anchored")


class _Lane:
    """The check of one lane."""

    def __init__(  # noqa: PLR0917 - private, called once
        self, folder: Path, disk: FolderDisk, ring: Ring, lane: str, notes: Notes, report: Report, anchored: list[Head], visit: Visit | None
    ) -> None:
        self._folder, self._disk, self._ring, self._lane = folder, disk, ring, lane
        self._notes, self._report, self._visit = notes, report, visit
        self._anchored: dict[str, list[Head]] = {}
        for each in anchored:
            self._anchored.setdefault(each.segment, []).append(each)

    def check(self) -> None:
        """Check every segment, and that each follows the one before."""
        numbers = segment_numbers(self._disk, self._lane)
        expected = None
        for number in range(numbers[0], numbers[-1] + 1):
            name = segment_name(self._lane, number)
            if number not in numbers:
                retired = self._notes.retired.get(name)
                if retired is None:
                    self._report.problems.append(f"`{name}` is gone")
                expected = bytes.fromhex(retired.digest) if retired else None
                continue
            found = self._segment(name, number)
            if found.start is not None and expected is not None and found.start.previous != expected:
                self._report.problems.append(f"`{name}` does not follow the segment before it")
            if number != numbers[-1] and not found.broken and not found.sealed:
                self._report.problems.append(f"`{name}` ends without its seal, and the lane goes on")
            expected = found.digest if found.start is not None else None
        self._check_first(numbers[0])

    def _check_first(self, number: int) -> None:
        """A lane begins with its first segment, unless retention deleted it."""
        if number > 1 and segment_name(self._lane, number - 1) not in self._notes.retired:
            self._report.problems.append(f"`{segment_name(self._lane, number - 1)}` is gone")

    def _segment(self, name: str, number: int) -> Found:
        tree = Frontier()
        heads = sorted(self._anchored.get(name, []), key=lambda each: each.records)
        opener = self._opener(name)
        closed = False

        def see(record: Record) -> None:
            nonlocal closed
            tree.add(record.digest)
            closed = record.kind in {"closed", "seal"}
            while heads and heads[0].records == tree.count:
                self._compare(heads.pop(0), tree)
            self._record(opener, name, record)

        found = scan_segment(self._disk, self._lane, number, see)
        self._judge(found, heads, closed=closed)
        if found.start is not None:
            self._check_slots(opener, name, found)
            head = Head(name, found.start.identity.hex(), tree.count, tree.root().hex(), found.digest.hex(), found.sealed)
            self._report.heads.append(head)
            self._check_identity(head)
        return found

    def _opener(self, name: str) -> Opener | None:
        from tetrapylon.journal.scan import read_start_of

        try:
            start = read_start_of(self._disk, name)
            return None if start is None else Opener(self._disk, self._ring, name, start)
        except (IntegrityError, MissingError) as error:
            self._report.problems.append(error.message)
            return None

    def _record(self, opener: Opener | None, name: str, record: Record) -> None:
        report = self._report
        report.records += 1
        if opener is None:
            return
        try:
            opened = opener.open(record)
        except IntegrityError as error:
            report.problems.append(error.message)
            return
        if record.own:
            report.cut += int(opened.own.get("cut", 0)) if opened is not None else 0
        else:
            report.entries += 1
            report.erased += opened is None
        if opened is None and record.head.slot not in self._notes.erased.get(name, ()):
            report.problems.append(f"the key of record {record.head.place} of `{name}` is gone, and nobody erased it")
        if self._visit is not None:
            self._visit(name, record, opened)

    def _judge(self, found: Found, left: list[Head], *, closed: bool) -> None:
        report = self._report
        if found.broken:
            report.problems.append(found.broken.message)
        elif left:
            report.problems.append(f"`{found.name}` has {found.records} records, and {left[-1].records} were anchored")
        if is_held(self._folder / f"{self._lane}.lock") or found.broken:
            return
        if found.torn:
            report.torn.append(found.name)
            report.notes.append(f"`{found.name}` ends in a write that was cut short ({found.torn} bytes)")
        elif not closed and found.records:
            report.notes.append(f"who wrote `{found.name}` last did not end well; what was acknowledged is there")

    def _compare(self, head: Head, tree: Frontier) -> None:
        if head.root != tree.root().hex():
            self._report.problems.append(f"the first {head.records} records of `{head.segment}` are not those that were anchored")

    def _check_identity(self, head: Head) -> None:
        if any(each.identity != head.identity for each in self._anchored.get(head.segment, ())):
            self._report.problems.append(f"`{head.segment}` was put in the place of another segment")

    def _check_slots(self, opener: Opener | None, name: str, found: Found) -> None:
        """Open every key that the records need, also those of erased records."""
        size = self._disk.size(f"{name}/keys") or 0
        if size < START_SIZE + found.slots * SLOT:
            self._report.problems.append(f"keys of `{name}` are missing")
            return
        for number in range(found.slots if opener is not None else 0):
            try:
                if opener is not None and opener.slot(number) is None and number not in self._notes.erased.get(name, ()):
                    self._report.problems.append(f"key {number} of `{name}` is gone, and nobody erased it")
            except TetrapylonError as error:
                self._report.problems.append(error.message)
