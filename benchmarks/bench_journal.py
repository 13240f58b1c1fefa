"""The journal: durable appends of many waiters on one event loop, alone, and memory over a long run.

Bodies are 2,000 bytes, as a prompt is; 64 subjects. Timed is everything from `append` to the receipt: checking, encoding,
AES-256-GCM, the chain, the write and `fdatasync`. The baseline is SQLite with `synchronous=FULL` on the same disk, one row of the
same bytes in each transaction, in the clear.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

from benchmarks.figure import Figure
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.journal import Journal, open_journal
from tetrapylon.journal.keyfile import new_ring

BODY = b"What is the amount on cheque 4711, and who signed it? " * 37
RUNS = 3
WAITERS = 256
EACH = 120
LONG = 100_000
"""Records of the run over which memory is looked at."""


def run() -> Iterator[Figure]:
    """Measure everything."""
    # Between runs, not before all of them: a disk that others use has good and bad minutes.
    sqlites: list[float] = []
    many: list[float] = []
    for _ in range(RUNS):
        sqlites.append(sqlite())
        many.append(appends(WAITERS, EACH)[0])
    baseline = statistics.median(sqlites)
    yield rate(f"durable appends ({WAITERS} waiters)", many, 10_000, baseline)
    yield rate("durable appends (64 waiters)", [appends(64, EACH)[0] for _ in range(RUNS)], None, baseline)
    yield rate("durable appends (one waiter, one sync each)", [appends(1, 300)[0] for _ in range(RUNS)], None, baseline)
    spent = [appends(WAITERS, EACH)[1] for _ in range(RUNS)]
    yield Figure("processor time of one record", "µs", spent, None, "most", None)
    yield Figure(f"memory that {LONG:,} records add", "MB", [alone(growth)], 24, "most", None)
    yield Figure("records checked", "/s", [checked() for _ in range(RUNS)], None, "least", None)


def rate(name: str, runs: list[float], limit: float | None, baseline: float) -> Figure:
    """Return a rate; more is better."""
    return Figure(name, "/s", runs, limit, "least", baseline)


def entry(who: int, number: int) -> Entry:
    """Return an entry as the gateway makes them."""
    labels = {"sequence": str(number), "verdict": "allow", "tokensIn": "512", "tokensOut": "200"}
    return Entry("request", "acme", f"person-{who % 64}", "chat:assistant", "assistant", "teller", BODY, labels)


async def write(journal: Journal, waiters: int, each: int) -> None:
    """Append from so many tasks, each waiting for its receipt."""

    async def task(who: int) -> None:
        for number in range(each):
            await journal.append(entry(who, number))

    await asyncio.gather(*(task(who) for who in range(waiters)))


def appends(waiters: int, each: int) -> tuple[float, float]:
    """Return records in a second, and microseconds of processor time for one."""
    with tempfile.TemporaryDirectory() as folder:

        async def work() -> tuple[float, float]:
            journal = open_journal(Path(folder) / "journal", new_ring())
            began, spent = time.perf_counter(), time.process_time()
            await write(journal, waiters, each)
            seconds, spent = time.perf_counter() - began, time.process_time() - spent
            await journal.close()
            return waiters * each / seconds, spent / (waiters * each) * 1e6

        return asyncio.run(work())


def alone(work: Callable[[], float]) -> float:
    """Return what the work returns in a process of its own, whose memory nothing else has touched."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work)


def growth() -> float:
    """Return by how many megabytes the memory in use grows over a long run, after a short one."""
    with tempfile.TemporaryDirectory() as folder:

        async def work() -> float:
            journal = open_journal(Path(folder) / "journal", new_ring())
            await write(journal, WAITERS, 40)
            before = resident()
            await write(journal, WAITERS, LONG // WAITERS)
            after = resident()
            await journal.close()
            return after - before

        return asyncio.run(work())


def resident() -> float:
    """Return the megabytes of memory that this process has in use."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def checked() -> float:
    """Return records in a second whose chain, seal and key are checked."""
    with tempfile.TemporaryDirectory() as folder:
        ring, place = new_ring(), Path(folder) / "journal"

        async def work() -> None:
            journal = open_journal(place, ring)
            await write(journal, WAITERS, 40)
            await journal.close()

        asyncio.run(work())
        began = time.perf_counter()
        report = check_journal(place, ring)
        if report.problems or report.entries != WAITERS * 40:
            raise AssertionError("records were lost")
        return report.records / (time.perf_counter() - began)


def sqlite(count: int = 500) -> float:
    """Return rows in a second that SQLite stores durably, one in each transaction."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "log.sqlite", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE log (number INTEGER PRIMARY KEY, record BLOB NOT NULL)")
        began = time.perf_counter()
        for each in range(count):
            database.execute("INSERT INTO log VALUES (?, ?)", (each, BODY))
        seconds = time.perf_counter() - began
        database.close()
        return count / seconds
