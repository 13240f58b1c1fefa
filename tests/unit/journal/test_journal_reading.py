"""Search, export with proofs, and taking in others' logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.journal.boxes import RING, entry, flip
from tetrapylon.journal.access import Who, recorded_search
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.copying import copy_journal, find_plain
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.erasing import erase, wanted
from tetrapylon.journal.exporting import export_tenant, verify_export
from tetrapylon.journal.heads import newest, read_head
from tetrapylon.journal.index import INDEX
from tetrapylon.journal.ingest import FORMATS, ingest
from tetrapylon.journal.ingests import litellm
from tetrapylon.journal.journal import open_scribe
from tetrapylon.journal.searching import Query, search
from tetrapylon.journal.segment import Limits
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.errors import IntegrityError, StorageError, TetrapylonError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_scribe(tmp_path / "journal", RING, "main", limits=Limits(records=9)) as scribe:
        for number in range(20):
            scribe.append(entry(number, tenant=f"tenant-{number % 2}", verdict="block" if number == 5 else "allow"))
    return tmp_path / "journal"


def found(folder: Path, query: Query) -> list[int]:
    return [int(each.entry.labels["sequence"]) for each in search(folder, RING, query).found if each.entry]


def test_search_by_what_the_index_knows_and_by_text(folder: Path) -> None:
    assert found(folder, Query({"tenant": "tenant-1"})) == list(range(19, 0, -2))
    assert found(folder, Query({"verdict": "block"})) == [5]
    assert found(folder, Query({"subject": "person-1", "tenant": "tenant-0"})) == [16, 10, 4]
    assert found(folder, Query(text="NUMBER 7")) == [7]
    assert found(folder, Query({"principal": "nobody"})) == []
    assert found(folder, Query(kinds=("answer",))) == []
    assert found(folder, Query(end=1)) == []
    with open_scribe(folder, RING, "main") as scribe:
        scribe.append(entry(20))
    assert found(folder, Query(limit=2)) == [20, 19]


def test_a_search_that_stops_early_says_so(folder: Path) -> None:
    assert not search(folder, RING, Query(limit=3)).complete
    assert not search(folder, RING, Query(text="number 1", looks=5)).complete
    assert search(folder, RING, Query(text="number 1")).complete


def test_the_index_can_be_thrown_away_and_holds_no_names(folder: Path) -> None:
    before = found(folder, Query())
    data = (folder / INDEX).read_bytes()
    for each in (b"tenant-1", b"person-1", b"teller", b"allow", b"question"):
        assert each not in data
    assert (folder / INDEX).stat().st_mode & 0o777 == 0o600
    (folder / INDEX).unlink()
    assert found(folder, Query()) == before
    (folder / INDEX).write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="cannot be used"):
        search(folder, RING, Query())


def test_a_damaged_record_is_not_shown(folder: Path) -> None:
    search(folder, RING, Query())
    flip(folder / "main" / "00000001" / "records", 700)
    with pytest.raises(IntegrityError, match="damaged"):
        search(folder, RING, Query())


def test_hostile_words_are_only_words(folder: Path) -> None:
    assert found(folder, Query({"tenant": "' OR 1=1 --"})) == []
    assert found(folder, Query({"tenant": "\ud800"})) == []


def test_a_search_is_recorded_before_it_shows_anything(folder: Path) -> None:
    hits, receipt = recorded_search(folder, RING, Who("ada", "an incident"), Query({"subject": "person-1"}))
    [seen] = [each for each in hits.found if each.kind == "access"]
    assert (seen.segment, seen.index, seen.digest) == (receipt.segment, receipt.index, receipt.digest)
    assert seen.entry is not None
    assert (seen.entry.principal, seen.entry.body, seen.entry.labels["query"]) == ("ada", b"an incident", "subject=person-1")
    # Who was looked for is erased with whoever it was.
    erase(folder, RING, wanted(RING, "person-1"))
    assert b"person-1" not in b"".join(str(each.entry).encode() for each in search(folder, RING, Query(kinds=("access",))).found)
    for who in (("", "why"), ("by", " ")):
        with pytest.raises(UsageError, match="who looks and why"):
            Who(*who)


def exported(folder: Path, tenant: str = "tenant-1") -> tuple[list[bytes], Any]:
    heads = check_journal(folder, RING).heads
    return list(export_tenant(folder, RING, tenant, newest(heads))), heads


def test_an_export_holds_exactly_one_tenants_entries_and_proves_them(folder: Path) -> None:
    erase(folder, RING, wanted(RING, "person-1"))
    lines, heads = exported(folder)
    held = verify_export(lines, heads)
    assert (held.tenant, held.entries, held.erased) == ("tenant-1", 6, 4)
    texts = [json.loads(each)["entry"]["body"] for each in lines[1:] if "entry" in json.loads(each)]
    assert texts == [f"question number {each}" for each in range(1, 20, 2) if each % 3 != 1]
    # Growth after the heads changes nothing.
    with open_scribe(folder, RING, "main") as scribe:
        scribe.append(entry(30, tenant="tenant-1"))
    assert list(export_tenant(folder, RING, "tenant-1", newest(heads))) == lines


def changed(field: str, value: Any) -> Callable[[list[bytes]], list[bytes]]:
    def change(lines: list[bytes]) -> list[bytes]:
        row = json.loads(lines[3])
        return [*lines[:3], canonical_json({**row, field: value(row[field]) if callable(value) else value}), *lines[4:]]

    return change


def other_tenant(lines: list[bytes]) -> list[bytes]:
    return [canonical_json({**json.loads(lines[0]), "tenant": "tenant-0"}), *lines[1:]]


def unknown_head(lines: list[bytes]) -> list[bytes]:
    first = json.loads(lines[0])
    first["heads"][0]["root"] = "00" * 32
    return [canonical_json(first), *lines[1:]]


CHANGES: list[tuple[Callable[[list[bytes]], list[bytes]], str]] = [
    (changed("entry", lambda old: {**old, "body": "something else"}), "commitment"),
    (changed("plain", "AAAA"), "commitment"),
    (changed("time", "2020-01-01T00:00:00Z"), "commitment"),
    (changed("kind", "answer"), "commitment"),
    (changed("index", lambda old: old + 1), "commitment"),
    (changed("previous", "00" * 32), "inclusion"),
    (changed("sealed", "00" * 32), "inclusion"),
    (changed("proof", lambda old: old[:-1]), "inclusion"),
    (changed("segment", "main/00000002"), "inclusion"),
    (changed("segment", "main/00000099"), "malformed"),
    (changed("head", "00"), "malformed"),
    (changed("proof", None), "malformed"),
    (lambda lines: [*lines, lines[-1]], "again"),
    (lambda lines: lines[1:], "malformed"),
    (lambda lines: [b"x", *lines], "malformed"),
    (lambda _: [], "malformed"),
    (other_tenant, "foreign"),
    (unknown_head, "unanchored"),
]


@pytest.mark.parametrize(("change", "code"), CHANGES)
def test_an_export_that_was_changed_is_refused(folder: Path, change: Callable[[list[bytes]], list[bytes]], code: str) -> None:
    lines, heads = exported(folder)
    with pytest.raises(IntegrityError) as caught:
        verify_export(change(lines), heads)
    assert caught.value.code == code


def test_a_head_that_is_none_is_refused() -> None:
    with pytest.raises(IntegrityError):
        read_head({"segment": "x"})


def test_an_export_of_a_damaged_journal_is_refused(folder: Path) -> None:
    heads = check_journal(folder, RING).heads
    flip(folder / "main" / "00000001" / "records", 700)
    with pytest.raises(IntegrityError):
        list(export_tenant(folder, RING, "tenant-1", newest(heads)))


def test_a_copy_opens_elsewhere_and_plain_text_would_be_found(folder: Path, tmp_path: Path) -> None:
    heads = check_journal(folder, RING).heads
    copied = copy_journal(folder, tmp_path / "copy", 1 << 30)
    assert copied.complete
    assert check_journal(tmp_path / "copy", RING, heads).problems == []
    assert not copy_journal(folder, tmp_path / "small", 2_000).complete
    assert find_plain(folder, [b"question number 3"], 1 << 30).found == ()
    (folder / "leak").write_bytes(bytes((1 << 20) - 5) + b"question number 3")
    assert find_plain(folder, [b"question number 3"], 1 << 30).found == ("leak",)
    assert find_plain(folder, [b"question number 3"], 1 << 30).open == ("leak",)
    assert not find_plain(folder, [b"question number 3"], 1 << 10).complete


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_reads_its_good_lines_and_refuses_its_bad_ones(name: str) -> None:
    part = FORMATS[name]
    taken: list[Entry] = []
    options = {"tenant": "acme", "map.tenant": "org.id", "map.subject": "user"} if name == "jsonl" else {"tenant": "acme"}
    done = ingest(name, [*part.GOOD, b"", *part.BAD], options, taken.extend, source="log")
    assert (done.recorded, done.bad) == (len(part.GOOD), len(part.BAD))
    assert len(done.told) == len(part.BAD)
    assert [each.labels["line"] for each in taken] == [str(each) for each in range(1, len(part.GOOD) + 1)]
    assert {each.labels["source"] for each in taken} == {"log"}


def test_what_stands_in_the_lines_is_taken() -> None:
    def one(name: str, **options: str) -> Entry:
        taken: list[Entry] = []
        ingest(name, [FORMATS[name].GOOD[0]], options, taken.extend)
        return taken[0]

    chat = one("openai-jsonl", tenant="acme")
    assert (chat.tenant, chat.subject, chat.model, chat.labels["tokensIn"], chat.labels["tokensOut"]) == ("acme", "u-1", "m", "3", "5")
    spend = one("litellm")
    assert (spend.tenant, spend.subject, spend.principal, spend.labels["spend"]) == ("t", "e", "u", "0.01")
    web = one("nginx")
    assert (web.subject, web.principal, web.route, web.labels["status"]) == ("192.0.2.7", "teller", "/v1/chat/completions", "200")
    mapped = one("jsonl", **{"map.tenant": "org.id", "map.subject": "user", "map.who": "org"})
    assert (mapped.tenant, mapped.subject, mapped.labels["who"]) == ("t", "u", '{"id": "t"}')


def test_a_list_of_litellm_is_read_element_by_element() -> None:
    taken: list[Entry] = []
    data = b"[" + litellm.GOOD[0] + b",\n" + litellm.GOOD[0] + b"]"
    assert ingest("litellm", data.splitlines(), {}, taken.extend).recorded == 2
    assert ingest("litellm", [b"[broken", b"]"], {}, taken.extend).bad == 1


def test_an_unknown_format_is_refused_and_a_full_disk_says_how_far_it_came() -> None:
    with pytest.raises(TetrapylonError, match="there is no format"):
        ingest("nonsense", [], {}, lambda _: None)
    done: list[int] = []

    def record(group: list[Entry]) -> None:
        if done:
            raise StorageError("the disk is full", code="full")
        done.append(len(group))

    with pytest.raises(StorageError, match="256 entries were recorded before"):
        ingest("jsonl", [b"{}"] * 600, {}, record)
