"""However a stream is cut into pieces, what leaves is what the whole would have been, and nothing of what is stopped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.gateway.guarding import SystemGuards
from tetrapylon.gateway.guards.stream import MOST_HELD, StreamGuard
from tetrapylon.gateway.ports import Look, Verdict
from tetrapylon.gateway.rule import Rule, filled, load_rules

STOPS = {Verdict.HOLD, Verdict.BLOCK}
OUT = [each for each in load_rules() if each.outward not in {Verdict.ALLOW, Verdict.ADVISE}]


def streamed(guards: SystemGuards, pieces: Iterable[str]) -> tuple[str, StreamGuard]:
    stream = guards.stream()
    return "".join([*(stream.feed(each) for each in pieces), stream.finish()]), stream


def whole(guards: SystemGuards, text: str) -> str:
    """Return what may leave of a whole text: up to what stops it."""
    looks = guards.text(text, direction="out", data_class="internal")
    stop = min((each.start for each in looks if each.verdict in STOPS), default=len(text))
    within = [each.start for each in looks if each.start < stop < each.end]
    stop = min([stop, *within])
    return guards.apply(text[:stop], [each for each in looks if each.end <= stop])


@pytest.mark.parametrize("rule", OUT, ids=lambda rule: rule.id)
def test_a_match_never_leaves_wherever_the_stream_is_cut(guards: SystemGuards, rule: Rule) -> None:
    for bad in rule.bad:
        text = f"So: {bad} and more."
        expected = whole(guards, text)
        assert expected != text, "the rule does nothing here"
        cuts = range(1, len(text)) if len(text) < 60 else range(1, len(text), 7)
        for cut in cuts:
            assert streamed(guards, (text[:cut], text[cut:]))[0] == expected, cut
        assert streamed(guards, text)[0] == expected


def test_a_secret_is_cut_at_every_pair_of_places(guards: SystemGuards) -> None:
    secret = filled("ghp_{b36}")
    text = f"The key is {secret}, keep it."
    expected = "The key is [removed: GitHub personal access token], keep it."
    assert whole(guards, text) == expected
    for first in range(8, len(text), 2):
        for second in range(first + 1, len(text), 3):
            assert streamed(guards, (text[:first], text[first:second], text[second:]))[0] == expected


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text of harmless words and bad samples, and a way to cut it into pieces."""
    words = st.sampled_from(
        ["the ", "cheque, ", "12 ", "a\u0301 ", "token: ", "P", "data:", "![x](", "\n", "+49 ", "-----", "é", "<", "=", "\u200b"]
    )
    bad = st.sampled_from([text for rule in OUT for text in rule.bad])
    text = "".join(draw(st.lists(words | bad, min_size=1, max_size=8)))
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return text, [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


@settings(max_examples=150)
@given(cut_texts())
def test_any_text_cut_in_any_way(guards: SystemGuards, made: tuple[str, list[str]]) -> None:
    text, pieces = made
    assert streamed(guards, pieces)[0] == whole(guards, text)


@pytest.mark.fuzz
@settings(max_examples=20_000)
@given(cut_texts())
def test_any_text_cut_in_any_way_for_long(guards: SystemGuards, made: tuple[str, list[str]]) -> None:
    text, pieces = made
    assert streamed(guards, pieces)[0] == whole(guards, text)


@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_encoded_does_not_leave_either(guards: SystemGuards, layers: int) -> None:
    data = filled("the key: ghp_{b36} !").encode()
    for _ in range(layers):
        data = base64.b64encode(data)
    text = f"Here: {data.decode()} done"
    for size in (1, 5, 64):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert streamed(guards, pieces)[0] == "Here: [removed: encoded text] done"


def test_harmless_text_leaves_at_once_but_for_the_last_word(guards: SystemGuards) -> None:
    stream = guards.stream()
    text = "Your cheque was paid in on Monday and the amount is on your account now. "
    gone = "".join(stream.feed(each) for each in text)
    assert len(text) - len(gone) <= len("account now. ")
    assert stream.looks == []


def test_a_stop_ends_the_stream(guards: SystemGuards) -> None:
    gone, stream = streamed(guards, ["Well, ", filled("-----BEGIN RSA PRIVATE KEY-----\nMII{z64}"), " tail", " more"])
    assert gone == "Well, "
    assert stream.stopped is not None
    assert stream.stopped.rule == "private-key"
    assert stream.looks[-1] == stream.stopped
    assert stream.feed("x") + stream.finish() == ""


def test_offsets_count_from_the_beginning_of_the_stream(guards: SystemGuards) -> None:
    text = f"a b c d e f g h {filled('ghp_{b36}')} then {filled('glpat-{b20}')} end"
    _, stream = streamed(guards, text)
    expected = guards.text(text, direction="out", data_class="internal")
    assert [(each.rule, each.start, each.end) for each in stream.looks] == [(each.rule, each.start, each.end) for each in expected]


def test_one_endless_word_is_stopped(guards: SystemGuards) -> None:
    gone, stream = streamed(guards, ["x"] * 10 + ["A" * MOST_HELD, "B" * 10])
    assert gone == ""
    assert stream.stopped is not None
    assert stream.stopped.rule == "stream-held"


def test_a_guard_that_fails_lets_nothing_out() -> None:
    def fails(text: str, start: int) -> Sequence[Look]:
        raise RuntimeError(text[start:])

    stream = StreamGuard(fails, len, lambda text, looks: text)
    assert stream.feed("secret words ") + stream.finish() == ""
    assert stream.stopped is not None
    assert stream.stopped.rule == "guard-failed"
    assert "secret" not in stream.stopped.why
