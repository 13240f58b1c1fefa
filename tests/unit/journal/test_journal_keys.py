"""The key file, erasure, the change of the key, retention and holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.journal.boxes import RING, Clock, append, entry, open_lane, read_all
from tetrapylon.journal import retiring
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.erasing import INTENT, erase, finish_erasure, wanted
from tetrapylon.journal.journal import open_scribe
from tetrapylon.journal.keyfile import Ring, load_ring, new_ring, save_ring
from tetrapylon.journal.notes import NOTES, Hold, read_notes
from tetrapylon.journal.place import ensure_ring, journal_key
from tetrapylon.journal.rotating import rotate_key
from tetrapylon.journal.searching import Query, search
from tetrapylon.journal.segment import Limits
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.outside.disk import FolderDisk

DAY = 86_400_000


@pytest.mark.parametrize("passphrase", [None, b"a passphrase of some length"])
def test_a_key_file_gives_back_its_keys(tmp_path: Path, passphrase: bytes | None) -> None:
    path, ring = tmp_path / "journal.key", new_ring()
    save_ring(path, ring, passphrase)
    found = load_ring(path, passphrase)
    assert found == ring
    assert bool(found.warnings) == (passphrase is None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ring.current not in path.read_bytes()
    with pytest.raises(ConflictError):
        save_ring(path, new_ring(), passphrase)
    path.chmod(0o644)
    assert any("other users" in each for each in load_ring(path, passphrase).warnings)


def test_a_key_file_that_is_not_right_says_why(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    with pytest.raises(MissingError, match="no journal key"):
        load_ring(path, None)
    save_ring(path, new_ring(), b"right")
    cases: list[tuple[bytes | None, str]] = [(None, "passphrase-needed"), (b"wrong", "passphrase-wrong")]
    for passphrase, code in cases:
        with pytest.raises(UsageError) as caught:
            load_ring(path, passphrase)
        assert caught.value.code == code
    with pytest.raises(UsageError, match="empty"):
        save_ring(path, new_ring(), b"", replace=True)
    start = '{"schema":"tetrapylon/journal-key/1"'
    for text in ("{}", "[]", start + ',"wrapping":[],"pseudonyms":""}', start + "}", "x"):
        path.write_text(text)
        with pytest.raises(IntegrityError):
            load_ring(path, None)
    path.write_text(start + ',"sealed":1,"salt":2}')
    with pytest.raises(IntegrityError):
        load_ring(path, b"right")


def test_a_journal_without_its_key_gets_no_new_one(tmp_path: Path) -> None:
    ring = ensure_ring(tmp_path, None)
    assert ensure_ring(tmp_path, None) == ring
    open_scribe(tmp_path / ".tetrapylon" / "journal", ring, "main").close()
    journal_key(tmp_path).unlink()
    with pytest.raises(MissingError, match="its key is gone"):
        ensure_ring(tmp_path, None)


def test_erasing_a_subject_erases_it_and_nobody_else(tmp_path: Path) -> None:
    with open_scribe(tmp_path, RING, "main", limits=Limits(records=10)) as scribe:
        for number in range(30):
            scribe.append(entry(number, tenant=f"tenant-{number % 2}"))
    before = check_journal(tmp_path, RING)
    assert len(search(tmp_path, RING, Query({"subject": "person-1"})).found) == 10
    assert len(erase(tmp_path, RING, wanted(RING, "person-1", "tenant-1"))) >= 1
    erased = [held is None for _, held in read_all(FolderDisk(tmp_path))]
    assert erased == [each % 3 == 1 and each % 2 == 1 for each in range(30)]
    erase(tmp_path, RING, wanted(RING, "person-1"))
    erased = [held is None for _, held in read_all(FolderDisk(tmp_path))]
    assert erased == [each % 3 == 1 for each in range(30)]
    report = check_journal(tmp_path, RING, before.heads)
    assert (report.problems, report.erased) == ([], 10)
    # The index forgets whom it can no longer name.
    assert search(tmp_path, RING, Query({"subject": "person-1"})).found == ()
    assert len(search(tmp_path, RING, Query()).found) == 30
    with pytest.raises(UsageError):
        wanted(RING, "")


def test_an_erasure_that_was_cut_short_is_finished_by_whoever_writes_next(tmp_path: Path) -> None:
    with open_scribe(tmp_path, RING, "main") as scribe:
        scribe.append(*(entry(each) for each in range(6)))
    (tmp_path / INTENT).write_text(json.dumps({"subject": RING.tag("subject", "person-2").hex(), "tenant": None}))
    with open_scribe(tmp_path, RING, "main"):
        assert not (tmp_path / INTENT).exists()
    assert [held is None for _, held in read_all(FolderDisk(tmp_path))] == [False, False, True] * 2
    finish_erasure(tmp_path, RING)
    assert check_journal(tmp_path, RING).problems == []


def test_who_comes_back_after_an_erasure_gets_a_new_key(tmp_path: Path) -> None:
    with open_scribe(tmp_path, RING, "main") as scribe:
        scribe.append(entry(0))
        erase(tmp_path, RING, wanted(RING, "person-0"))
        scribe.append(entry(3))
    assert [held and held.labels["sequence"] for _, held in read_all(FolderDisk(tmp_path))] == [None, "3"]
    assert check_journal(tmp_path, RING).problems == []


def test_a_new_key_opens_everything_and_the_old_one_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "journal.key", tmp_path / "journal"
    save_ring(path, new_ring(), None)
    old = load_ring(path, None)
    with open_scribe(folder, old, "main", limits=Limits(records=10)) as scribe:
        for number in range(20):
            scribe.append(entry(number))
        with pytest.raises(ConflictError, match="another process writes"):
            rotate_key(folder, path, None)
    new, count = rotate_key(folder, path, None)
    assert (count, load_ring(path, None)) == (3, new)
    assert len(list(read_all(FolderDisk(folder), new))) == 20
    assert check_journal(folder, new).problems == []
    assert check_journal(folder, old).problems != []


def test_a_change_of_key_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    path, folder = tmp_path / "journal.key", tmp_path / "journal"
    save_ring(path, new_ring(), None)
    old = load_ring(path, None)
    with open_scribe(folder, old, "main") as scribe:
        scribe.append(entry(0))
    both = Ring((b"n" * 32, *old.wrapping), old.pseudonyms)
    save_ring(path, both, None, replace=True)
    assert check_journal(folder, both).problems == []
    new, _ = rotate_key(folder, path, None)
    assert new.wrapping == (b"n" * 32,)
    assert check_journal(folder, new).problems == []


def aged(folder: Path) -> None:
    """Three sealed segments and an open one, a day apart."""
    clock = Clock(1_000 * DAY)
    folder.mkdir()
    lane = open_lane(FolderDisk(folder, private=True), clock=clock, limits=Limits())
    for number in range(4):
        append(lane, [number])
        clock.now += DAY
    lane.close()


def test_retention_deletes_old_segments_and_not_what_is_on_hold(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    aged(folder)
    anchored = check_journal(folder, RING).heads
    retiring.hold(folder, RING, Hold("case-7", 1_001 * DAY, 1_001 * DAY + 5, "ada", "a lawsuit", "2026-01-01T00:00:00Z"))
    done = retiring.retire(folder, RING, 1_003 * DAY)
    assert [each.segment for each in done.deleted] == ["main/00000001", "main/00000003"]
    assert done.held == ("main/00000002",)
    report = check_journal(folder, RING, anchored)
    assert (report.problems, report.entries) == ([], 2)
    retiring.release(folder, RING, "case-7")
    assert [each.segment for each in retiring.retire(folder, RING, 1_100 * DAY).deleted] == ["main/00000002"]
    assert retiring.retire(folder, RING, 1_100 * DAY).open == ("main/00000004",)
    assert check_journal(folder, RING, anchored).problems == []


def test_what_is_on_hold_is_not_erased(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    aged(folder)
    retiring.hold(folder, RING, Hold("case-7", 0, 1 << 60, "ada", "a lawsuit", "2026-01-01T00:00:00Z"))
    with pytest.raises(RefusedError, match="on hold `case-7`"):
        retiring.refuse_held(folder, RING, wanted(RING, "person-1"))
    for call in (
        lambda: retiring.hold(folder, RING, Hold("case-7", 0, 1, "ada", "again", "")),
        lambda: retiring.hold(folder, RING, Hold("case-8", 2, 1, "ada", "backwards", "")),
        lambda: retiring.release(folder, RING, "case-9"),
    ):
        with pytest.raises(TetrapylonError):
            call()
    assert list(read_notes(folder, RING).holds) == ["case-7"]


def test_notes_that_somebody_else_wrote_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    aged(folder)
    retiring.retire(folder, RING, 1_002 * DAY)
    old = (folder / NOTES).read_bytes()
    retiring.retire(folder, RING, 1_003 * DAY)
    # An older version of the notes does not explain what is gone.
    (folder / NOTES).write_bytes(old)
    assert any("is gone" in each for each in check_journal(folder, RING).problems)
    for data in (old.replace(b'"retired":[', b'"retired":[ '), old.replace(b"00000001", b"00000003"), b"{}", b"[]"):
        (folder / NOTES).write_bytes(data)
        if data != old.replace(b'"retired":[', b'"retired":[ '):
            with pytest.raises(IntegrityError):
                read_notes(folder, RING)
            assert any("not written by it" in each for each in check_journal(folder, RING).problems)
