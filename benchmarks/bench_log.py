"""The log: appends and proofs in memory, and durable appends on the disk that holds the temporary folder.

What is timed is said at each function. The baseline of the durable figures is SQLite with `synchronous=FULL` on the
same disk, one thread, one row in each transaction.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

from benchmarks.figure import Figure
from tetrapylon.evidence.group import GroupCommitter
from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.merkle import Tree, leaf_hash, verify_inclusion

LEAVES = 100_000
PROOFS = 20_000
THREADS = 64
EACH = 250
"""Durable appends of each thread."""

RUNS = 5


def run() -> list[Figure]:
    """Measure everything, each figure `RUNS` times."""
    records = [record(each) for each in range(LEAVES)]
    tree = Tree(map(leaf_hash, records))
    baseline = sqlite()
    return [
        figure("log appends in memory (hash and tree, 100,000 records)", lambda: appends(records), 50_000),
        figure("log appends in memory (encoding, hash and tree)", encoded_appends, None),
        figure("inclusion proofs (tree of 100,000)", lambda: proofs(tree), 20_000),
        figure("consistency proofs (tree of 100,000)", lambda: consistencies(tree), None),
        figure("inclusion proofs verified (tree of 100,000)", lambda: verified(tree, records), None),
        figure(f"durable appends (group commit, {THREADS} threads)", durable, 5_000, baseline),
        figure("durable appends (one thread, one sync each)", durable_alone, None, baseline),
    ]


def figure(name: str, measure: Callable[[], float], limit: float | None, baseline: float | None = None) -> Figure:
    """Return the figure, measured several times; every figure here is a rate, so more is better."""
    return Figure(name=name, unit="/s", runs=[measure() for _ in range(RUNS)], limit=limit, at="least", baseline=baseline)


def record(number: int) -> bytes:
    """Return a record as the log holds it, about 600 bytes."""
    digest = sha256(number.to_bytes(8, "big"))
    times = ("2026-03-01T11:00:00Z", "2026-03-01T11:30:00Z", "2026-03-01T12:00:00Z")
    return Leaf(digest, "https://tetrapylon.example/predicate/integrity-check/v1", (digest,), "ab" * 32, *times).to_bytes()


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many of the `count` things that the work does are done in a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def appends(records: Sequence[bytes]) -> float:
    """Time hashing ready records and adding them to an empty tree."""
    return rate(len(records), lambda: Tree(map(leaf_hash, records)))


def encoded_appends() -> float:
    """Time the same, and making each record and its canonical encoding before."""
    return rate(LEAVES, lambda: Tree(leaf_hash(record(each)) for each in range(LEAVES)))


def proofs(tree: Tree) -> float:
    """Time inclusion proofs of random leaves in the whole tree."""
    chosen = random.Random(1).choices(range(LEAVES), k=PROOFS)
    return rate(PROOFS, lambda: [tree.inclusion(each) for each in chosen])


def consistencies(tree: Tree) -> float:
    """Time consistency proofs from random sizes to the whole tree."""
    chosen = random.Random(2).choices(range(1, LEAVES), k=PROOFS)
    return rate(PROOFS, lambda: [tree.consistency(each) for each in chosen])


def verified(tree: Tree, records: Sequence[bytes]) -> float:
    """Time checking inclusion proofs, hashing the record included."""
    root = tree.root()
    ready = [(each, tree.inclusion(each)) for each in random.Random(3).choices(range(LEAVES), k=PROOFS // 2)]

    def verify() -> None:
        for each, proof in ready:
            verify_inclusion(leaf_hash(records[each]), each, LEAVES, proof, root)

    return rate(len(ready), verify)


def durable() -> float:
    """Time threads that each append one record after the other to a file store and wait until it is durable.

    Records are encoded within the time; envelopes are not written.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "log"))

        def commit(entries: Sequence[bytes]) -> Sequence[int]:
            first = store.append(entries)
            return range(first, first + len(entries))

        committer = GroupCommitter(commit)

        def work(who: int) -> None:
            for each in range(EACH):
                committer.submit([record(who * EACH + each)])

        threads = [Thread(target=work, args=(who,)) for who in range(THREADS)]
        found = rate(THREADS * EACH, lambda: _run(threads))
        if store.size() != THREADS * EACH:
            raise AssertionError("appends were lost")
        return found


def _run(threads: Sequence[Thread]) -> None:
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def durable_alone(count: int = 1_000) -> float:
    """Time one thread that appends records one by one to a file store."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "log"))
        return rate(count, lambda: [store.append([record(each)]) for each in range(count)])


def sqlite(count: int = 2_000) -> float:
    """Time SQLite storing the same records durably, one in each transaction."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "log.sqlite", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE log (number INTEGER PRIMARY KEY, record BLOB NOT NULL)")
        try:
            return rate(count, lambda: _fill(database, count))
        finally:
            database.close()


def _fill(database: sqlite3.Connection, count: int) -> None:
    for each in range(count):
        database.execute("INSERT INTO log VALUES (?, ?)", (each, record(each)))
