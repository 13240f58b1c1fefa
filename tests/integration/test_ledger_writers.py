"""Two processes write to one log; nothing is lost, and of two decisions at once one is made."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, Envelope, Signature
from tetrapylon.evidence.group import GroupCommitter
from tetrapylon.evidence.ledger import Entry, Ledger, Recorded
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import ConflictError

NOW = "2026-03-01T12:00:00Z"


def claim(who: int, number: int) -> Envelope:
    payload = Statement((Subject("it", sha256(b"it")),), "https://example.org/it/v1", {"who": who, "number": number}).to_bytes()
    return Envelope(payload, IN_TOTO_TYPE, (Signature("ab" * 32, b"signature"),))


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run the work in so many processes that begin together."""
    waits, starts = os.pipe()
    children = []
    for who in range(count):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(starts)
                os.read(waits, 1)
                work(who)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(starts)
    os.close(waits)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * count


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "log")

    def work(who: int) -> None:
        ledger = Ledger(open_store(folder))
        for each in range(0, 300, 3):
            recorded = ledger.record([Entry(claim(who, each + part)) for part in range(3)], NOW)
            assert [found.index - recorded[0].index for found in recorded] == [0, 1, 2]
            assert ledger.envelope(ledger.leaf(recorded[0].index)) == claim(who, each)

    at_once(2, work)
    ledger = Ledger(open_store(folder))
    found = [each.envelope for each in ledger.leaves()]
    for who in range(2):
        mine = [claim(who, each).digest for each in range(300)]
        assert [each for each in found if each in set(mine)] == mine
    assert len(found) == 600


def test_two_processes_that_decide_at_once_make_one_decision(tmp_path: Path) -> None:
    """Each decides on what it has seen, 60 times; a decision on an old view is refused and nothing of it is written."""
    folder = str(tmp_path / "log")

    def work(who: int) -> None:
        ledger = Ledger(open_store(folder))
        for each in range(60):
            while True:
                size = ledger.refresh()
                try:
                    [recorded] = ledger.record([Entry(claim(who, each))], NOW, expected_size=size)
                except ConflictError:
                    continue
                assert recorded.index == size
                break

    at_once(2, work)
    assert Ledger(open_store(folder)).size == 120


def test_processes_with_many_threads_each_lose_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "log")

    def work(who: int) -> None:
        ledger = Ledger(open_store(folder))

        def commit(items: Sequence[Entry]) -> list[Recorded]:
            return ledger.record(items, NOW)

        committer = GroupCommitter(commit)

        def submit(thread: int) -> None:
            for each in range(15):
                envelope = claim(who, thread * 1_000 + each)
                [recorded] = committer.submit([Entry(envelope)])
                assert recorded.leaf.envelope == envelope.digest

        threads = [Thread(target=submit, args=(thread,)) for thread in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    at_once(2, work)
    ledger = Ledger(open_store(folder))
    wanted = {claim(who, thread * 1_000 + each).digest for who in range(2) for thread in range(10) for each in range(15)}
    assert {each.envelope for each in ledger.leaves()} == wanted
    assert ledger.size == len(wanted)
