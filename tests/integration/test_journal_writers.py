"""Several processes at one journal: one writes a lane, others search, erase, and are refused; nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.erasing import erase, wanted
from tetrapylon.journal.frame import Record
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.opening import Opened
from tetrapylon.journal.searching import Query, search
from tetrapylon.kernel.errors import ConflictError

RING = Ring((b"w" * 32,), b"p" * 32)

WRITER = """
import asyncio, json, sys, time
from pathlib import Path
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.segment import Limits

async def main():
    journal = open_journal(Path(sys.argv[1]), Ring((b"w" * 32,), b"p" * 32), limits=Limits(records=300))
    print("open", flush=True)
    stop, done = Path(sys.argv[2]), []
    async def one(who):
        number = 0
        while not stop.exists():
            name = f"{who}-{number}"
            began = time.time()
            await journal.append(Entry("request", "t", f"s-{who % 4}", "r", "m", "p", b"x" * 300, {"name": name}))
            done.append((name, f"s-{who % 4}", began))
            await asyncio.sleep(0.005)  # on a medium that syncs at once, no reader would ever catch up
            number += 1
    await asyncio.gather(*(one(who) for who in range(16)))
    await journal.close()
    print(json.dumps(done), flush=True)

asyncio.run(main())
"""


def start(folder: Path) -> subprocess.Popen[str]:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(folder.parent / "stop")], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    return writer


def end(writer: subprocess.Popen[str], folder: Path) -> list[list[Any]]:
    (folder.parent / "stop").touch()
    out, _ = writer.communicate(timeout=60)
    assert writer.returncode == 0
    found = json.loads(out)
    assert isinstance(found, list)
    return found


def test_erasing_while_others_append_erases_what_was_and_loses_nothing_that_comes(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    writer = start(folder)
    erased_at = 0.0
    for _ in range(4):
        time.sleep(0.2)
        assert erase(folder, RING, wanted(RING, "s-1"))
        erased_at = time.time()
        assert check_journal(folder, RING).problems == []
    time.sleep(0.2)
    done = end(writer, folder)
    held: set[str] = set()

    def see(_name: str, _record: Record, opened: Opened | None) -> None:
        if opened is not None and opened.kind == "request":
            held.add(opened.entry.labels["name"])

    report = check_journal(folder, RING, (), see)
    assert report.problems == []
    assert report.entries == len(done)
    others = {name for name, subject, _ in done if subject != "s-1"}
    later = {name for name, subject, began in done if subject == "s-1" and began > erased_at}
    assert others | later <= held
    assert later
    assert report.erased > 0
    assert report.entries - report.erased == len(held)


def test_a_second_writer_is_refused_while_readers_read(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    writer = start(folder)
    with pytest.raises(ConflictError, match="another process writes to lane `main`"):
        open_journal(folder, RING)
    for _ in range(4):
        report = check_journal(folder, RING)
        assert (report.problems, report.torn) == ([], [])
        hits = search(folder, RING, Query({"subject": "s-2"}, limit=10))
        assert len(hits.found) == 10 or report.entries < 200
    assert len(end(writer, folder)) == check_journal(folder, RING).entries
