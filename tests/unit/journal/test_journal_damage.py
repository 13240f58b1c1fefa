"""Damage is found wherever it is, a write that was cut short is told from damage, and an anchored head finds a lost end."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.journal.boxes import RING, Clock, append, entry, flip, numbers, open_lane
from tetrapylon.journal.checking import Report, check_journal
from tetrapylon.journal.frame import START_SIZE, Frontier
from tetrapylon.journal.journal import open_scribe
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.segment import Limits
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError
from tetrapylon.kernel.merkle import merkle_root
from tetrapylon.outside.disk import FolderDisk

LIMITS = Limits(records=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal of two segments, ended well."""
    with open_scribe(tmp_path / "journal", RING, "main", limits=LIMITS) as scribe:
        for number in range(10):
            scribe.append(entry(number))
    return tmp_path / "journal"


def check(folder: Path, report: Report | None = None) -> Report:
    return check_journal(folder, RING, report.heads if report else ())


def files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.name in {"records", "keys"})


def test_a_whole_journal_is_whole(folder: Path) -> None:
    report = check(folder)
    assert (report.problems, report.notes, report.entries) == ([], [], 10)
    assert [each.sealed for each in report.heads] == [True, False]
    assert check(folder, report).problems == []


def test_flipping_a_byte_anywhere_is_found(folder: Path) -> None:
    flip_each(folder, most=40)


@pytest.mark.soak
def test_flipping_any_byte_is_found(folder: Path) -> None:
    flip_each(folder, most=1 << 20)


def flip_each(folder: Path, most: int) -> None:
    """Flip bytes of every file, one at a time, without any anchor; at the very end it may look like a write that was cut short."""
    chance, missed = random.Random(1), []
    for path in files(folder):
        whole = path.read_bytes()
        for place in chance.sample(range(len(whole)), min(most, len(whole))):
            flip(path, place)
            report = check(folder)
            if report.intact and not report.torn:
                missed.append((path.name, place))
            path.write_bytes(whole)
    assert missed == []


def test_flipping_a_byte_of_anything_acknowledged_is_damage_not_a_torn_end(folder: Path) -> None:
    """The last record marks the good end; whatever is before it was acknowledged, and no writer cuts it off."""
    path = folder / "main" / "00000002" / "records"
    whole = path.read_bytes()
    chance = random.Random(2)
    closed = whole.rfind(b"\xa7tpj")
    for place in [START_SIZE - 1, START_SIZE, closed - 1, *chance.sample(range(closed), 60)]:
        flip(path, place)
        with pytest.raises(IntegrityError):
            open_scribe(folder, RING, "main", limits=LIMITS)
        assert not check(folder).intact
        path.write_bytes(whole)


def test_bytes_after_the_end_are_cut_off_kept_and_said(folder: Path) -> None:
    path = folder / "main" / "00000002" / "records"
    with path.open("ab") as file:
        file.write(b"\xa7tpj half a record")
    assert check(folder).torn == ["main/00000002"]
    with open_scribe(folder, RING, "main", limits=LIMITS) as scribe:
        scribe.append(entry(10))
    report = check(folder)
    assert (report.problems, report.torn, report.entries, report.cut) == ([], [], 11, 18)
    [kept] = path.parent.glob("cut-*")
    assert kept.read_bytes() == b"\xa7tpj half a record"


def test_a_lost_end_is_found_when_a_head_was_anchored(folder: Path) -> None:
    anchored = check(folder)
    path = folder / "main" / "00000002" / "records"
    whole = path.read_bytes()
    marks = [place for place in range(len(whole)) if whole[place : place + 4] == b"\xa7tpj"]
    for mark in marks[1:]:
        path.write_bytes(whole[:mark])
        # Without an anchor a clean cut at the end looks like a journal that ends there.
        assert check(folder).intact
        assert any("were anchored" in each for each in check(folder, anchored).problems)


def delete_last(folder: Path) -> None:
    shutil.rmtree(folder / "main" / "00000002")


def delete_first(folder: Path) -> None:
    shutil.rmtree(folder / "main" / "00000001")


def swap(folder: Path) -> None:
    one, two = folder / "main" / "00000001", folder / "main" / "00000002"
    one.rename(folder / "x")
    two.rename(one)
    (folder / "x").rename(two)


def rewrite(folder: Path) -> None:
    """Another journal of the same key and length in its place."""
    shutil.rmtree(folder)
    with open_scribe(folder, RING, "main", limits=LIMITS) as scribe:
        for number in range(10):
            scribe.append(entry(number))


def no_seal(folder: Path) -> None:
    path = folder / "main" / "00000001" / "records"
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rfind(b"\xa7tpj")])


def other_keys(folder: Path) -> None:
    shutil.copy(folder / "main" / "00000001" / "keys", folder / "main" / "00000002" / "keys")


def zero_key(folder: Path) -> None:
    path = folder / "main" / "00000001" / "keys"
    data = bytearray(path.read_bytes())
    data[128 + 80 : 128 + 160] = bytes(80)
    path.write_bytes(data)


def no_keys(folder: Path) -> None:
    (folder / "main" / "00000001" / "keys").unlink()


@pytest.mark.parametrize(
    ("wreck", "found"),
    [
        (delete_last, "were anchored"),
        (delete_first, "is gone"),
        (swap, "under this name"),
        (rewrite, "in the place of another"),
        (no_seal, "without its seal"),
        (other_keys, "are damaged"),
        (zero_key, "nobody erased it"),
        (no_keys, "are damaged"),
    ],
)
def test_tampering_is_found(folder: Path, wreck: Callable[[Path], None], found: str) -> None:
    anchored = check(folder)
    wreck(folder)
    assert any(found in each for each in check(folder, anchored).problems)


def test_another_key_opens_nothing(folder: Path) -> None:
    report = check_journal(folder, Ring((b"x" * 32,), b"p" * 32))
    assert any("journal key does not open" in each for each in report.problems)
    with pytest.raises(MissingError):
        open_scribe(folder, Ring((b"x" * 32,), b"p" * 32), "main")


def test_a_record_moved_to_another_place_is_not_taken(folder: Path) -> None:
    """An attacker with the disk and without the key can make the chain fit again, and not the seal of a record."""
    from tetrapylon.journal.frame import HEAD, chained, record_at

    path = folder / "main" / "00000002" / "records"
    data = path.read_bytes()
    first = record_at(data, START_SIZE, data[START_SIZE - 32 : START_SIZE])
    assert first is not None
    place = START_SIZE + first.head.size
    second = record_at(data, place, first.digest)
    assert second is not None
    packed = HEAD.pack(*second.head._replace(place=2, number=second.head.number))
    forged = packed + second.sealed + chained(second.digest, packed, second.sealed)
    path.write_bytes(data[: place + second.head.size] + forged)
    assert any("was not sealed by this journal" in each for each in check(folder).problems)


def test_two_writers_are_refused_and_readers_are_not(folder: Path) -> None:
    with open_scribe(folder, RING, "main", limits=LIMITS) as scribe:
        from tetrapylon.journal.journal import open_journal

        with pytest.raises(ConflictError, match="another process writes"):
            open_journal(folder, RING)
        scribe.append(entry(10))
        report = check(folder)
        assert (report.problems, report.torn, report.entries) == ([], [], 11)
    open_scribe(folder, RING, "main").close()


def test_times_never_go_back_within_a_segment_and_begin_anew_after_a_day(tmp_path: Path) -> None:
    disk, clock = FolderDisk(tmp_path, private=True), Clock()
    lane = open_lane(disk, clock=clock, limits=Limits())
    append(lane, [0])
    clock.now -= 3_600_000
    append(lane, [1])
    clock.now -= 2 * 86_400_000
    append(lane, [2])
    lane.close()
    report = check_journal(tmp_path, RING)
    assert (report.problems, len(report.heads), numbers(disk)) == ([], 2, [0, 1, 2])


def test_a_segment_is_full_by_age(tmp_path: Path) -> None:
    disk, clock = FolderDisk(tmp_path, private=True), Clock()
    lane = open_lane(disk, clock=clock, limits=Limits())
    append(lane, [0])
    clock.now += 86_400_000
    append(lane, [1])
    lane.close()
    assert [each.sealed for each in check_journal(tmp_path, RING).heads] == [True, False]


def test_the_frontier_has_the_root_of_the_whole_tree() -> None:
    tree, digests = Frontier(), [bytes([each]) * 32 for each in range(70)]
    for count, digest in enumerate(digests):
        assert tree.root() == merkle_root(digests[:count])
        copy = tree.copy()
        copy.add(b"x" * 32)
        tree.add(digest)
    assert tree.root() == merkle_root(digests)


def test_a_new_segment_is_begun_without_reading_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading 64 MiB again would keep everybody waiting for half a second."""
    disk = FolderDisk(tmp_path, private=True)
    lane = open_lane(disk, limits=LIMITS)

    def refuse(*_: object) -> None:
        raise AssertionError("a segment was read")

    monkeypatch.setattr("tetrapylon.journal.lane.scan_segment", refuse)
    for number in range(20):
        append(lane, [number])
    lane.close()
    assert numbers(disk) == list(range(20))


def test_a_lane_that_is_closed_or_refused_leaves_no_file_open(folder: Path) -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = handles()
    for _ in range(5):
        with open_scribe(folder, RING, "main") as scribe:
            scribe.append(entry(20))
        with pytest.raises(MissingError):
            open_scribe(folder, Ring((b"x" * 32,), b"p" * 32), "main")
    assert handles() == before
