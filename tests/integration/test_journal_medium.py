"""A full disk and a limit on file sizes: nobody is told that something is recorded which is not, and it goes on when there is room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_ledger_medium import mounted, python, unshare

__all__ = ["unshare"]

PROGRAM = """
import asyncio, json, os, resource, sys
from pathlib import Path
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.segment import Limits
from tetrapylon.kernel.errors import StorageError
{before}
folder, ring = Path(sys.argv[1]) / "journal", Ring((b"w" * 32,), b"p" * 32)
seen = {"acknowledged": 0, "codes": [], "hints": [], "again": 0}

def held():
    names = set()
    def see(name, record, opened):
        if not record.own:
            names.add(opened.entry.labels["name"])
    report = check_journal(folder, ring, (), see)
    return names, report.problems

async def main():
    journal = open_journal(folder, ring, limits=Limits(records=60))
    done = set()
    async def one(name):
        await journal.append(Entry("request", "t", "s" + name[-1], "r", "m", "p", b"x" * 500, {"name": name}))
        done.add(name)
    number = 0
    while not seen["codes"] and number < 40_000:
        answers = await asyncio.gather(*(one(str(each)) for each in range(number, number + 20)), return_exceptions=True)
        number += 20
        failed = [each for each in answers if each is not None]
        seen["codes"] = sorted({each.code for each in failed})
        seen["hints"] = [each.hint for each in failed][:1]
        seen["types"] = sorted({type(each).__name__ for each in failed})
    # Refused again and again, while there is no room.
    for each in range(3):
        answers = await asyncio.gather(*(one(f"again-{each}-{n}") for n in range(20)), return_exceptions=True)
        seen["again"] += sum(isinstance(answer, StorageError) for answer in answers)
    names, problems = held()
    seen["lost"], seen["extra"], seen["problems"] = len(done - names), len(names - done), problems
    {room}
    seen["then"] = sum(each is None for each in await asyncio.gather(*(one(f"then-{n}") for n in range(20)), return_exceptions=True))
    await journal.close()
    names, problems = held()
    seen["acknowledged"], seen["lost after"], seen["problems after"] = len(done), len(done - names), problems

asyncio.run(main())
print(json.dumps(seen))
"""


def program(before: str, room: str) -> str:
    return PROGRAM.replace("{before}", before).replace("{room}", room)


def check(seen: dict[str, Any]) -> None:
    assert (seen["codes"], seen["types"]) == (["full"], ["StorageError"]), seen
    assert "run the command again" in seen["hints"][0]
    assert seen["again"] == 60
    assert (seen["lost"], seen["extra"], seen["problems"]) == (0, 0, []), seen
    assert (seen["then"], seen["lost after"], seen["problems after"]) == (20, 0, []), seen
    assert seen["acknowledged"] >= 40


def test_a_full_disk_acknowledges_nothing_half(tmp_path: Path, unshare: list[str]) -> None:
    script = 'head -c 150000 /dev/zero > "$1/ballast"; exec "$2" -c "$3" "$1"'
    check(mounted(unshare, tmp_path, script, program("", 'os.truncate(folder.parent / "ballast", 0)')))


def test_a_limit_on_file_sizes_acknowledges_nothing_half(tmp_path: Path) -> None:
    infinity = "resource.RLIM_INFINITY"
    before = f"resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, {infinity}))"
    check(python(program(before, f"resource.setrlimit(resource.RLIMIT_FSIZE, ({infinity}, {infinity}))"), tmp_path))


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_journal_that_cannot_be_made_says_so(tmp_path: Path, what: str) -> None:
    from tetrapylon.journal.journal import open_journal
    from tetrapylon.journal.keyfile import new_ring
    from tetrapylon.kernel.errors import StorageError

    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "journal" if what == "folder" else tmp_path / "file"
    with pytest.raises(StorageError, match="was not written"):
        open_journal(target, new_ring())
