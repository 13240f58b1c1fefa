"""Check a whole journal: every chain, every key, every record's seal, and the heads that were anchored elsewhere.

Problems are collected, not raised at the first: whoever investigates wants to know all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.journal.erasing import settled
from tetrapylon.journal.frame import Frontier, Record
from tetrapylon.journal.heads import Head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.notes import Notes, read_notes
from tetrapylon.journal.opening import Opened, Opener
from tetrapylon.journal.scan import Found, scan_segment
from tetrapylon.journal.segment import segment_name
from tetrapylon.journal.slots import SLOT, START_SIZE
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.filelock import is_held

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
    disk, sizes = FolderDisk(folder, private=True), settled(folder)
    by_segment: dict[str, list[Head]] = {}
    for each in anchored:
        by_segment.setdefault(each.segment, []).append(each)
    _check_missing(sizes, by_segment, notes, report)
    for lane in sorted({each.partition("/")[0] for each in sizes}):
        _Lane(folder, disk, ring, lane, notes, report, by_segment, visit, sizes).check()
    return report


def _check_missing(sizes: Mapping[str, int], anchored: Mapping[str, list[Head]], notes: Notes, report: Report) -> None:
    for name, heads in anchored.items():
        if name in sizes:
            continue
        retired, most = notes.retired.get(name), max(each.records for each in heads)
        if retired is None or retired.records < most or {each.identity for each in heads} != {retired.identity}:
            report.problems.append(f"`{name}` is gone, and its {most} records were anchored")


@dataclass
class _Lane:
    """The check of one lane."""

    folder: Path
    disk: FolderDisk
    ring: Ring
    name: str
    notes: Notes
    report: Report
    anchored: dict[str, list[Head]]
    visit: Visit | None
    sizes: Mapping[str, int]
    """How many bytes of each segment are durable."""

    def check(self) -> None:
        """Check every segment, and that each follows the one before."""
        numbers = sorted(int(each.partition("/")[2]) for each in self.sizes if each.partition("/")[0] == self.name)
        expected = None
        for number in range(numbers[0], numbers[-1] + 1):
            name = segment_name(self.name, number)
            if number not in numbers:
                retired = self.notes.retired.get(name)
                if retired is None:
                    self.report.problems.append(f"`{name}` is gone")
                expected = bytes.fromhex(retired.digest) if retired else None
                continue
            found = self._segment(name, number)
            if found.start is not None and expected is not None and found.start.previous != expected:
                self.report.problems.append(f"`{name}` does not follow the segment before it")
            if number != numbers[-1] and not found.broken and not found.sealed:
                self.report.problems.append(f"`{name}` ends without its seal, and the lane goes on")
            expected = found.digest if found.start is not None else None
        self._check_first(numbers[0])

    def _check_first(self, number: int) -> None:
        """A lane begins with its first segment, unless retention deleted it."""
        if number > 1 and segment_name(self.name, number - 1) not in self.notes.retired:
            self.report.problems.append(f"`{segment_name(self.name, number - 1)}` is gone")

    def _segment(self, name: str, number: int) -> Found:
        tree = Frontier()
        heads = sorted(self.anchored.get(name, []), key=lambda each: each.records)
        opener = self._opener(name)
        closed = False

        def see(record: Record) -> None:
            nonlocal closed
            tree.add(record.digest)
            closed = record.kind in {"closed", "seal"}
            while heads and heads[0].records == tree.count:
                self._compare(heads.pop(0), tree)
            self._record(opener, name, record)

        found = scan_segment(self.disk, self.name, number, see, self.sizes[name])
        self._judge(found, heads, closed=closed)
        if found.start is not None and found.records:
            self._check_slots(opener, name, found)
            head = Head(name, found.start.identity.hex(), tree.count, tree.root().hex(), found.digest.hex(), found.sealed)
            self.report.heads.append(head)
            self._check_identity(head)
        return found

    def _opener(self, name: str) -> Opener | None:
        from tetrapylon.journal.scan import read_start_of

        try:
            start = read_start_of(self.disk, name)
            return None if start is None else Opener(self.disk, self.ring, name, start)
        except (IntegrityError, MissingError) as error:
            self.report.problems.append(error.message)
            return None

    def _record(self, opener: Opener | None, name: str, record: Record) -> None:
        report = self.report
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
        if opened is None and record.head.slot not in self.notes.erased.get(name, ()):
            report.problems.append(f"the key of record {record.head.place} of `{name}` is gone, and nobody erased it")
        if self.visit is not None:
            self.visit(name, record, opened)

    def _judge(self, found: Found, left: list[Head], *, closed: bool) -> None:
        report = self.report
        if found.broken:
            report.problems.append(found.broken.message)
        elif left:
            report.problems.append(f"`{found.name}` has {found.records} records, and {left[-1].records} were anchored")
        if is_held(self.folder / f"{self.name}.lock") or found.broken:
            return
        if found.torn:
            report.torn.append(found.name)
            report.notes.append(f"`{found.name}` ends in a write that was cut short ({found.torn} bytes)")
        elif not closed and found.records:
            report.notes.append(f"who wrote `{found.name}` last did not end well; what was acknowledged is there")

    def _compare(self, head: Head, tree: Frontier) -> None:
        if head.root != tree.root().hex():
            self.report.problems.append(f"the first {head.records} records of `{head.segment}` are not those that were anchored")

    def _check_identity(self, head: Head) -> None:
        if any(each.identity != head.identity for each in self.anchored.get(head.segment, ())):
            self.report.problems.append(f"`{head.segment}` was put in the place of another segment")

    def _check_slots(self, opener: Opener | None, name: str, found: Found) -> None:
        """Open every key that the records need, also those of erased records."""
        size = self.disk.size(f"{name}/keys") or 0
        if size < START_SIZE + found.slots * SLOT:
            self.report.problems.append(f"keys of `{name}` are missing")
            return
        for number in range(found.slots if opener is not None else 0):
            try:
                if opener is not None and opener.slot(number) is None and number not in self.notes.erased.get(name, ()):
                    self.report.problems.append(f"key {number} of `{name}` is gone, and nobody erased it")
            except TetrapylonError as error:
                self.report.problems.append(error.message)
