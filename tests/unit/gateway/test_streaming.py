"""Whatever the cuts, what a guard stops never leaves a stream, and everything else leaves as it came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.door import SECRET, STOP, WAIT, SmallGuards
from tetrapylon.gateway.chat.events import Events
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.ports import Look
from tetrapylon.gateway.upstream.connection import OutageError

AROUND = "Here is what you asked for: ", " and nothing else is to be said about it, now or ever."


def through(parts: list[str]) -> tuple[str, Look | None]:
    """Return what left, and what stopped it."""
    guard = SmallGuards().stream()
    left = "".join([*map(guard.feed, parts), guard.finish()])
    return left, guard.stopped


def test_a_secret_split_across_every_pair_of_chunks_is_replaced() -> None:
    text = AROUND[0] + SECRET + AROUND[1]
    whole = AROUND[0] + "[key]" + AROUND[1]
    assert through([text]) == (whole, None)
    start, end = len(AROUND[0]), len(AROUND[0]) + len(SECRET)
    for first in range(start, end + 1):
        for second in range(first, end + 1):
            assert through([text[:first], text[first:second], text[second:]]) == (whole, None), (first, second)
    assert through(list(text)) == (whole, None)


@pytest.mark.parametrize("wrong", [STOP, WAIT])
def test_what_is_blocked_or_held_ends_the_stream_before_its_first_character(wrong: str) -> None:
    text = AROUND[0] + wrong + AROUND[1]
    for first in range(len(AROUND[0]), len(AROUND[0]) + len(wrong) + 1):
        for second in range(first, len(AROUND[0]) + len(wrong) + 1):
            left, stopped = through([text[:first], text[first:second], text[second:]])
            assert stopped is not None
            assert AROUND[0].startswith(left)


@given(st.lists(st.sampled_from([SECRET, "hm-1234", "AKIA", "Q7X3", "plain text ", "ß", "\U0001f40d", " "]), max_size=12), st.data())
def test_any_cuts_give_what_no_cut_gives(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    guards = SmallGuards()
    whole = guards.apply(text, guards.text(text, direction="out", data_class="internal"))
    assert through(parts) == (whole, None)


def test_advice_is_taken_down_once() -> None:
    guard = SmallGuards().stream()
    for each in "well, hm-1234 it is, and there is more to come after it, and more, and more":
        guard.feed(each)
    guard.finish()
    assert [each.rule for each in guard.looks] == ["hm"]


def test_a_guard_that_fails_lets_nothing_out() -> None:
    guard = SmallGuards().stream()
    left = guard.feed("RAI") + guard.feed("SE" + "x" * 100) + guard.finish()
    assert left == ""
    assert guard.stopped is not None
    assert guard.feed("more") + guard.finish() == ""


@given(st.lists(st.text(alphabet="ab\n{}é", max_size=20), max_size=8), st.booleans(), st.data())
def test_events_come_whole_however_the_bytes_were_cut(texts: list[str], crlf: bool, data: st.DataObject) -> None:
    said = [json.dumps(each, ensure_ascii=False).encode() for each in texts]
    raw = b"".join(b": ping\n\ndata: " + each + b"\nid: 1\n\n" for each in said)
    raw = raw.replace(b"\n", b"\r\n") if crlf else raw
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    events = Events(Limits())
    found = [each for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True) for each in events.feed(raw[start:end])]
    assert found == said


def test_an_event_that_never_ends_is_refused() -> None:
    events = Events(Limits(event_bytes=1000))
    for _ in range(17):
        assert events.feed(b"data: " + b"x" * 50) == []
    with pytest.raises(OutageError):
        events.feed(b"x" * 100)
