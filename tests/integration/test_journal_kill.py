"""A server's writer is killed with SIGKILL under load; no record that it acknowledged is lost, and the chain is whole."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.frame import Record
from tetrapylon.journal.heads import Head
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.opening import Opened
from tetrapylon.journal.segment import Limits

RING = Ring((b"w" * 32,), b"p" * 32)
LIMITS = Limits(records=400)
WAITERS = 32


def write_for_ever(folder: Path, life: int, told: int) -> None:
    """Append from many tasks at once, and tell each number after it was acknowledged."""

    async def task(journal: object, who: int) -> None:
        for number in range(1_000_000):
            name = f"{life}-{who}-{number}"
            body = b"x" * random.Random(name).randrange(2_000)
            await journal.append(Entry("request", "t", f"s-{who}", "r", "m", "p", body, {"name": name}))  # type: ignore[attr-defined]
            os.write(told, name.encode() + b"\n")

    async def run() -> None:
        journal = open_journal(folder, RING, limits=LIMITS)
        os.write(told, b"open\n")
        await asyncio.gather(*(task(journal, who) for who in range(WAITERS)))

    asyncio.run(run())


def kill_one(folder: Path, life: int, chance: random.Random) -> set[str]:
    """Let a writer acknowledge for a moment, kill it, and return what it acknowledged."""
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hears)
            write_for_ever(folder, life, tells)
        finally:
            os._exit(1)
    os.close(tells)
    heard = os.read(hears, 1 << 16)
    until = time.monotonic() + chance.uniform(0, 0.15)
    while time.monotonic() < until:
        os.set_blocking(hears, False)
        try:
            heard += os.read(hears, 1 << 20)
        except BlockingIOError:
            time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.set_blocking(hears, True)
    while part := os.read(hears, 1 << 20):
        heard += part
    os.close(hears)
    # The last line may have been cut short while it was told.
    return {each.decode() for each in heard.split(b"\n")[:-1]} - {"open"}


def survive(folder: Path, times: int) -> int:
    chance, acknowledged, anchored = random.Random(5), set[str](), list[Head]()
    for life in range(times):
        acknowledged |= kill_one(folder, life, chance)
        held: set[str] = set()

        def see(_name: str, _record: Record, opened: Opened | None, held: set[str] = held) -> None:
            if opened is not None and opened.kind == "request":
                held.add(opened.entry.labels["name"])

        report = check_journal(folder, RING, anchored, see)
        assert report.problems == []
        assert acknowledged - held == set()
        anchored = report.heads
    return len(acknowledged)


def test_kills_under_load_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert survive(tmp_path / "journal", 8) > 100


@pytest.mark.soak
def test_60_kills_under_load_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert survive(tmp_path / "journal", 60) > 1_000
