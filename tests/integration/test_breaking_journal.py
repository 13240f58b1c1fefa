"""What the journal measures: break the real thing, assess, and see the practice leave PASS for that reason."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Desk, flip
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.place import ensure_ring, journal_folder, open_ring

PRACTICES = ("SV2.9", "SV2.10", "SP3.8", "SO2.1", "SO2.2")
QUESTION = b"What is the amount on cheque 4711, please?"


def entries(numbers: range, **changes: Any) -> list[Entry]:
    """Return what a gateway records: a request and its answer for each number."""
    found = []
    for number in numbers:
        labels = {"sequence": str(number), "verdict": "allow", "data": "cheques", "redacted": "0", **changes.get("labels", {})}
        who = ("branch-1", f"customer-number-{number % 5}", "chat:assistant", "assistant", changes.get("principal", "teller"))
        found.append(Entry("request", *who, changes.get("body", QUESTION), labels))
        found.append(Entry("answer", *who, b"It is 120 euros, and it was signed yesterday.", labels))
    return found


def write(desk: Desk, *groups: list[Entry]) -> None:
    """Run a gateway once: what it is given is recorded in one run."""

    async def run() -> None:
        journal = open_journal(journal_folder(desk.root), ensure_ring(desk.root, None))
        for group in groups:
            await asyncio.gather(*(journal.append(each) for each in group))
        await journal.close()

    asyncio.run(run())


def allow(desk: Desk) -> None:
    """Let tellers read what the assistant looks up for them."""
    path = desk.root / "tetrapylon.toml"
    text = path.read_text()
    assert '"call:refund"]\n\n[[flow]]' in text
    path.write_text(text.replace('"call:refund"]\n\n[[flow]]', '"call:refund", "read:cheques"]\n\n[[flow]]', 1))


@pytest.fixture
def served(desk: Desk) -> Desk:
    allow(desk)
    write(desk, entries(range(1, 30)))
    return desk


def verified(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return the practices' rows after `operate journal verify`, which measures as `assess` does, and nothing else."""
    desk.run("operate", "journal", "verify", "--json")
    rows = desk.rows("core")
    return {each: rows[each] for each in PRACTICES}


def assessed(desk: Desk) -> dict[str, dict[str, Any]]:
    desk.run("assess", "--profile", "core", "--json")
    rows = desk.rows("core")
    return {each: rows[each] for each in PRACTICES}


def records(desk: Desk) -> Path:
    return journal_folder(desk.root) / "main" / "00000001" / "records"


def plain_text(desk: Desk) -> None:
    (journal_folder(desk.root) / "debug.log").write_bytes(QUESTION)
    (journal_folder(desk.root) / "debug.log").chmod(0o600)
    write(desk, entries(range(1, 2)))


def open_key(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "keys" / "journal.key").chmod(0o644)
    write(desk, entries(range(1, 2)))


def damaged(desk: Desk) -> None:
    flip(records(desk), 900)


def end_lost(desk: Desk) -> None:
    """Anchored by the assessment before, then cut off cleanly."""
    assert verified(desk)["SV2.9"]["state"] == "PASS"
    whole = records(desk).read_bytes()
    cut = whole.rfind(b"\xa7tpj", 0, whole.rfind(b"\xa7tpj"))
    records(desk).write_bytes(whole[:cut])


def segment_deleted(desk: Desk) -> None:
    assert verified(desk)["SV2.9"]["state"] == "PASS"
    shutil.rmtree(records(desk).parent)


def key_gone(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "keys" / "journal.key").unlink()


def kept_too_long(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "settings.toml").write_text("[settings]\njournal-retention-days = 1\n")
    old = 1_000_000_000_000

    async def run() -> None:
        ring = open_ring(desk.root, None)
        journal = open_journal(journal_folder(desk.root), ring, lane="ingest", clock=lambda: old)
        await journal.append(entries(range(1, 2))[0])
        await journal.close()

    asyncio.run(run())


def missing_number(desk: Desk) -> None:
    write(desk, entries(range(1, 10)), entries(range(12, 20)))


def unnumbered(desk: Desk) -> None:
    shutil.rmtree(journal_folder(desk.root))
    write(desk, entries(range(1, 10), labels={"sequence": ""}))


def out_of_scope(desk: Desk) -> None:
    write(desk, entries(range(1, 3), labels={"data": "digits"}))


def undeclared(desk: Desk) -> None:
    write(desk, entries(range(1, 3), principal="stranger"))


def not_redacted(desk: Desk) -> None:
    write(desk, entries(range(1, 3), body=b"My account is GB82 WEST 1234 5698 7654 32, pay it there."))


def card(desk: Desk) -> None:
    write(desk, entries(range(1, 3), body=b"Card 4111 1111 1111 1111 and nothing else"))


CASES: list[tuple[str, Callable[[Desk], None], str, str]] = [
    ("SV2.9", plain_text, "FAIL", "`debug.log` holds plain text"),
    ("SV2.9", open_key, "FAIL", "key can be read by other users"),
    ("SV2.9", damaged, "FAIL", "of `main/00000001` is damaged"),
    ("SV2.9", end_lost, "FAIL", "were anchored"),
    ("SV2.9", segment_deleted, "FAIL", "is gone"),
    ("SV2.9", key_gone, "UNKNOWN", "there is no journal key"),
    ("SP3.8", kept_too_long, "FAIL", "is older than 1 days"),
    ("SP3.8", missing_number, "FAIL", "2 of"),
    ("SO2.1", missing_number, "FAIL", "the first of them number 10"),
    ("SO2.1", unnumbered, "UNKNOWN", "no record carries a sequence number"),
    ("SV2.10", out_of_scope, "FAIL", "`teller` retrieved `digits`"),
    ("SV2.10", undeclared, "FAIL", "`stranger` retrieved `cheques`"),
    ("SO2.2", not_redacted, "FAIL", "account in 2"),
    ("SO2.2", card, "FAIL", "card in 2"),
]


def test_without_a_journal_nothing_is_known(desk: Desk) -> None:
    assert {row["state"] for row in assessed(desk).values()} == {"UNKNOWN"}


def test_a_journal_without_requests_shows_nothing(desk: Desk) -> None:
    write(desk)
    rows = assessed(desk)
    assert {row["state"] for row in rows.values()} == {"UNKNOWN"}
    assert "no request was recorded yet" in rows["SV2.9"]["reason"]


def test_a_journal_that_is_as_it_should_be_passes_and_is_not_measured_again(served: Desk) -> None:
    assert {name: row["state"] for name, row in assessed(served).items()} == dict.fromkeys(PRACTICES, "PASS")
    again = served.run("assess", "--profile", "core", "--json").json
    assert "develop/assets/logs" in again["kept"]


@pytest.mark.parametrize(("practice", "wreck", "state", "reason"), CASES, ids=[f"{case[0]}-{case[1].__name__}" for case in CASES])
def test_breaking_the_real_thing_is_seen(served: Desk, practice: str, wreck: Callable[[Desk], None], state: str, reason: str) -> None:
    wreck(served)
    # A key that is gone is said by `assess` alone: the command has nothing to begin with.
    row = (assessed if wreck is key_gone else verified)(served)[practice]
    assert (row["state"], reason in row["reason"]) == (state, True), row


def test_every_practice_has_its_breaking_test() -> None:
    assert {case[0] for case in CASES} == set(PRACTICES)


def test_the_commands_from_end_to_end(served: Desk, tmp_path: Path) -> None:
    who = ("--by", "ada", "--why", "an incident")
    found = served.run("operate", "journal", "verify", "--json")
    assert (found.code, found.json["answers"]["gaps"], found.json["answers"]["replayed"]) == (0, 0, 29)
    assert served.run("operate", "journal", "anchor", "--json").json["records"] != []
    hits = served.run("operate", "journal", "search", "--subject", "customer-number-3", "--text", "CHEQUE", *who, "--json").json
    assert (len(hits["entries"]), hits["complete"]) == (6, True)
    out = tmp_path / "branch-1.jsonl"
    assert served.run("operate", "journal", "export", "--tenant", "branch-1", "--to", out, *who).code == 0
    assert served.run("operate", "journal", "export", "--tenant", "branch-1", "--to", out, *who).code == 3
    assert served.run("operate", "journal", "verify", "--export", out, "--json").json["entries"] == 59
    changed = tmp_path / "changed.jsonl"
    changed.write_text(out.read_text().replace("cheque 4711", "cheque 4712", 1))
    assert served.run("operate", "journal", "verify", "--export", changed).code == 4
    assert served.run("operate", "journal", "hold", "--name", "case-7", *who).code == 0
    assert served.run("operate", "journal", "erase", "customer-number-3", *who).code == 1
    assert served.run("operate", "journal", "hold", "--release", "case-7", *who).code == 0
    assert served.run("operate", "journal", "erase", "customer-number-3", *who, "--json").json["keys"] >= 1
    assert served.run("operate", "journal", "rotate-key", *who).code == 0
    assert served.run("operate", "journal", "retire", *who, "--json").json["deleted"] == []
    after = served.run("operate", "journal", "verify", "--json").json
    assert (after["exit"], after["erased"]) == (0, 13)
    events = served.run("operate", "journal", "search", "--kind", "event", *who, "--json").json["entries"]
    assert {"journal:hold", "journal:release", "journal:erased", "journal:rotate", "journal:retire"} <= {
        each["entry"]["route"] for each in events
    }


def test_logs_of_others_are_taken_in_and_bad_lines_are_said(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    good = {"request": {"model": "m", "user": "u-1", "messages": []}, "response": {"id": "r-1"}}
    log.write_text("\n".join([json.dumps(good), "{broken", json.dumps(good), ""]))
    done = desk.run("operate", "journal", "ingest", log, "--format", "openai-jsonl", "--tenant", "acme", "--json")
    assert (done.code, done.json["recorded"], done.json["bad"]) == (1, 2, 1)
    assert done.json["told"][0].startswith("line 2: ")
    assert "not encrypted" in done.err
    assert desk.run("operate", "journal", "ingest", log, "--format", "csv").code == 2
    assert desk.run("operate", "journal", "ingest", tmp_path / "none", "--format", "nginx").code == 3
    checked = desk.run("operate", "journal", "verify", "--json").json
    assert (checked["exit"], checked["entries"], checked["answers"]["gaps"]) == (3, 3, None)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("verify",), 3, "there is no journal yet"),
        (("search", "--by", "a", "--why", "b"), 3, "there is no journal yet"),
        (("search", "--by", "a"), 2, "--why"),
        (("hold", "--by", "a", "--why", "b"), 2, "either `--name`"),
    ],
)
def test_what_cannot_be_done_is_said(desk: Desk, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = desk.run("operate", "journal", *arguments)
    assert (found.code, said in found.err) == (code, True), found.err


def test_an_encrypted_key_needs_its_passphrase(desk: Desk, tmp_path: Path) -> None:
    secret, log = tmp_path / "passphrase", tmp_path / "access.log"
    secret.write_text("a passphrase that is long enough\n")
    log.write_text('192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "GET /v1/models HTTP/1.1" 200 12 "-" "-"\n')
    given = ("--format", "nginx", "--passphrase-file", secret)
    done = desk.run("operate", "journal", "ingest", log, *given)
    assert (done.code, done.err) == (0, "")
    assert "is encrypted" in desk.run("operate", "journal", "verify").err
    desk.run("assess", "--profile", "core", "--json")
    assert "is encrypted" in desk.rows("core")["SV2.9"]["reason"]
    desk.run("assess", "--profile", "core", "--json", "--all", env={"TETRAPYLON_PASSPHRASE_FILE": str(secret)})
    assert "is encrypted" not in desk.rows("core")["SV2.9"]["reason"]
