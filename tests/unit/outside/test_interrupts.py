"""Ctrl-C is held back, not lost."""

from __future__ import annotations

import signal
import threading

import pytest

from tetrapylon.outside.interrupts import interrupts_held_back


def interrupted(done: list[bool]) -> None:
    with interrupts_held_back():
        signal.raise_signal(signal.SIGINT)
        done.append(True)


def test_an_interrupt_comes_when_the_block_has_ended() -> None:
    done: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(done)
    assert done == [True]


def test_without_one_nothing_happens() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts_held_back():
        pass
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_are_left_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with interrupts_held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
