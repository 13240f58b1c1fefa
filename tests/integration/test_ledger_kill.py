"""A writer is killed with SIGKILL at random points of appending; nothing that it acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, Envelope, Signature
from tetrapylon.evidence.ledger import Entry, Ledger
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.kernel.canonical import base64_text
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.merkle import verify_consistency

NOW = "2026-03-01T12:00:00Z"


def claim(number: int) -> Envelope:
    payload = Statement((Subject("it", sha256(b"it")),), "https://example.org/it/v1", {"number": number}).to_bytes()
    return Envelope(payload, IN_TOTO_TYPE, (Signature("ab" * 32, b"signature"),))


def note(ledger: Ledger) -> bytes:
    return f"log.example/test\n{ledger.size}\n{base64_text(ledger.root())}\n\n— log.example/test AAAA\n".encode()


def write_for_ever(folder: Path, seed: int, told: int) -> None:
    """Record, publish and tell the size after each record that returned."""
    chance = random.Random(seed)
    ledger = Ledger(open_store(str(folder)))
    os.write(told, b"open\n")
    while True:
        count = chance.choice([1, 1, 1, 2, 5, 20])
        ledger.record([Entry(claim(ledger.size + each)) for each in range(count)], NOW)
        os.write(told, b"%d\n" % ledger.size)
        if chance.random() < 0.3:
            ledger.publish(note(ledger), ledger.size)
            os.write(told, b"%d\n" % ledger.size)


@contextmanager
def writer(folder: Path, seed: int) -> Iterator[tuple[int, int]]:
    """Run a writer; yield its process id and where it tells what it acknowledged."""
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hears)
            write_for_ever(folder, seed, tells)
        finally:
            os._exit(1)
    os.close(tells)
    try:
        yield child, hears
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(hears)


def kill_one(folder: Path, seed: int, most: int) -> int:
    """Let a writer acknowledge a few times, kill it a moment later, and return the size it acknowledged last."""
    chance = random.Random(seed)
    with writer(folder, seed) as (child, hears):
        heard, wanted = b"", 1 + chance.randrange(most)
        while heard.count(b"\n") < wanted:
            heard += os.read(hears, 1 << 16)
        time.sleep(chance.uniform(0, 0.004))
        os.kill(child, signal.SIGKILL)
        while part := os.read(hears, 1 << 16):
            heard += part
    return max((int(each) for each in heard.split(b"\n") if each.isdigit()), default=0)


def survive(folder: Path, times: int, most: int) -> None:
    size, root, acknowledged = 0, Ledger(open_store(str(folder))).root(), 0
    for seed in range(times):
        acknowledged = max(acknowledged, kill_one(folder, seed, most))
        ledger = Ledger(open_store(str(folder)))
        assert ledger.size >= max(acknowledged, size)
        verify_consistency(size, ledger.size, ledger.consistency(size), root, ledger.root())
        # What was there before is proved by the root; what is new is looked at one by one.
        for index in range(size, ledger.size):
            leaf = ledger.leaf(index)
            assert (leaf.envelope, ledger.envelope(leaf)) == (claim(index).digest, claim(index))
        size, root = ledger.size, ledger.root()
    assert size > 1.5 * times
    assert [each.envelope for each in ledger.leaves()] == [claim(each).digest for each in range(size)]
    assert open_store(str(folder)).damaged() == []


def test_200_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    survive(tmp_path / "log", 200, most=6)


@pytest.mark.soak
def test_1000_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    for each in range(5):
        survive(tmp_path / f"log-{each}", 200, most=60)
