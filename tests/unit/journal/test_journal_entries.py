"""Entries: what goes in comes out, what is hostile is refused for its caller alone, and waiters share a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.journal.boxes import RING, entry, read_all
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.entry import Entry, Sealed, decode, encode
from tetrapylon.journal.frame import record_at, vouched
from tetrapylon.journal.journal import Journal, open_journal
from tetrapylon.journal.lane import Lane
from tetrapylon.journal.segment import Prepared
from tetrapylon.kernel.errors import ConflictError, IntegrityError, StorageError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.disk import FolderDisk

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
kinds = st.sampled_from(["request", "answer", "event"])
labels = st.dictionaries(words, words, max_size=4)
entries = st.builds(Entry, kinds, words, words, words, words, words, st.binary(max_size=300), labels)


def during(folder: Path, work: Callable[[Journal], Awaitable[Any]]) -> Any:
    """Run the work with an open journal."""

    async def run() -> Any:
        journal = open_journal(folder, RING)
        try:
            return await work(journal)
        finally:
            await journal.close()

    return asyncio.run(run())


@given(entries)
def test_what_is_encoded_is_decoded(given: Entry) -> None:
    assert decode(given.kind, encode(given)) == given


@given(st.binary(max_size=200))
def test_bytes_that_are_no_entry_are_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="holds no entry"):
        decode("request", b"\xc1" + data)


@given(st.binary(max_size=400))
def test_bytes_that_are_no_record_are_none(data: bytes) -> None:
    assert record_at(data, 0, bytes(32)) is None
    assert vouched(data, 0) == 0


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    sent = [entry(each, body=bytes([each]) * each) for each in range(40)]

    async def work(journal: Journal) -> list[Sealed]:
        return list(await asyncio.gather(*(journal.append(each) for each in sent)))

    receipts = during(tmp_path, work)
    found = list(read_all(FolderDisk(tmp_path)))
    assert [held for _, held in found] == sent
    assert [(each.segment, each.index, each.digest) for each in receipts] == [
        ("main/00000001", record.head.place, f"sha256:{record.digest.hex()}") for record, _ in found
    ]


HOSTILE: list[tuple[Entry, str]] = [
    (replace(entry(1), kind="nothing"), "bad-entry"),  # type: ignore[arg-type]
    (replace(entry(1), body="text"), "bad-entry"),  # type: ignore[arg-type]
    (replace(entry(1), tenant=None), "bad-entry"),  # type: ignore[arg-type]
    (replace(entry(1), route="\ud800"), "bad-entry"),
    (replace(entry(1), principal="x" * 5_000), "too-large"),
    (replace(entry(1), labels={str(each): "" for each in range(65)}), "too-large"),
    (replace(entry(1), labels={"a": 1}), "bad-entry"),  # type: ignore[dict-item]
    (replace(entry(1), body=bytes(BOUNDS.record + 1)), "too-large"),
]


def test_a_hostile_entry_is_refused_and_fails_nobody_else(tmp_path: Path) -> None:
    async def work(journal: Journal) -> list[Any]:
        sent = [each for bad, _ in HOSTILE for each in (bad, entry(2))]
        return list(await asyncio.gather(*(journal.append(each) for each in sent), return_exceptions=True))

    answers = during(tmp_path, work)
    for (_, code), refused, held in zip(HOSTILE, answers[::2], answers[1::2], strict=True):
        assert isinstance(refused, UsageError)
        assert refused.code == code
        assert isinstance(held, Sealed)
    assert check_journal(tmp_path, RING).problems == []


def test_the_largest_body_is_taken_and_read(tmp_path: Path) -> None:
    big = entry(1, body=bytes(BOUNDS.record))
    during(tmp_path, lambda journal: journal.append(big))
    assert [held for _, held in read_all(FolderDisk(tmp_path))] == [big]


def test_bytes_that_are_not_text_are_kept_as_they_are(tmp_path: Path) -> None:
    during(tmp_path, lambda journal: journal.append(entry(1, body=b"\xff\xfe\x00")))
    [(_, held)] = read_all(FolderDisk(tmp_path))
    assert held is not None
    assert held.body == b"\xff\xfe\x00"


def test_many_waiters_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    commit = Lane.commit

    def counted(lane: Lane, group: Sequence[Prepared]) -> list[Sealed]:
        groups.append(len(group))
        return commit(lane, group)

    monkeypatch.setattr(Lane, "commit", counted)
    during(tmp_path, lambda journal: asyncio.gather(*(journal.append(entry(each)) for each in range(200))))
    assert groups == [200]


def test_a_refused_group_is_told_to_everyone_and_the_next_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(journal: Journal) -> tuple[list[Any], Sealed]:
        with monkeypatch.context() as patch:
            patch.setattr(Lane, "_put", refuse)
            refused = await asyncio.gather(*(journal.append(entry(each)) for each in range(20)), return_exceptions=True)
        return refused, await journal.append(entry(99))

    def refuse(*_: object) -> None:
        raise StorageError("the disk is full", code="full")

    refused, held = during(tmp_path, work)
    assert {type(each) for each in refused} == {StorageError}
    assert held.index == 1
    report = check_journal(tmp_path, RING)
    assert (report.problems, report.entries) == ([], 1)


def test_who_goes_away_is_recorded_and_the_others_are_answered(tmp_path: Path) -> None:
    async def work(journal: Journal) -> Sealed:
        leaver = asyncio.create_task(journal.append(entry(1)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        leaver.cancel()
        return await journal.append(entry(2))

    during(tmp_path, work)
    assert [held.labels["sequence"] for _, held in read_all(FolderDisk(tmp_path)) if held] == ["1", "2"]


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    async def work(journal: Journal) -> None:
        pending = asyncio.create_task(journal.append(entry(1)))
        await asyncio.sleep(0)
        await journal.close()
        assert isinstance(await pending, Sealed)
        with pytest.raises(ConflictError, match="closed"):
            await journal.append(entry(2))

    during(tmp_path, work)
    assert check_journal(tmp_path, RING).notes == []


def test_nothing_is_in_the_clear(tmp_path: Path) -> None:
    secret = Entry(
        "request",
        "tenant-of-note",
        "ada@example.org",
        "chat:secret-route",
        "model-x",
        "principal-y",
        b"the secret body",
        {"verdict": "label-z"},
    )
    during(tmp_path, lambda journal: journal.append(secret))
    data = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    for each in (b"tenant-of-note", b"ada@", b"secret", b"model-x", b"principal-y", b"label-z", b"verdict"):
        assert each not in data
    assert {each.stat().st_mode & 0o077 for each in tmp_path.rglob("*")} == {0}
