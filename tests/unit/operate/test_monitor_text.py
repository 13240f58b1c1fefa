from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.operate.monitor.inspecting import inspect_text
from tetrapylon.operate.monitor.text import CARRIERS, signs

GOOD = [(name, case, text) for name in CARRIERS for case, text in CARRIERS[name].GOOD.items()]
BAD = [(name, case, text) for name in CARRIERS for case, text in CARRIERS[name].BAD.items()]


@pytest.mark.parametrize(("name", "case", "text"), GOOD)
def test_honest_text_passes_every_look(name: str, case: str, text: str) -> None:
    assert inspect_text(case, text).verdict == "normal"


@pytest.mark.parametrize(("name", "case", "text"), BAD)
def test_a_carrier_is_seen_by_its_own_look(name: str, case: str, text: str) -> None:
    assert CARRIERS[name].look(text).score >= 0.5
    found = inspect_text(case, text)
    assert found.verdict in {"suspect", "reject"}
    assert found.why


def test_a_look_has_a_summary_and_both_kinds_of_examples() -> None:
    assert len(CARRIERS) >= 6
    assert all(CARRIERS.summary(name) and CARRIERS[name].GOOD and CARRIERS[name].BAD for name in CARRIERS)


@given(st.text(max_size=200))
def test_any_text_gets_a_score(text: str) -> None:
    assert all(0 <= each.score <= 1 for each in signs(text).values())


@pytest.mark.parametrize(
    "text", ["A" * 300_000, "%41" * 100_000, "\u200b" * 300_000, "a\u200d" * 100_000, "\\x41" * 75_000, "0" * 300_000, "a\u0430" * 100_000]
)
def test_long_text_takes_no_long_time(text: str) -> None:
    began = time.perf_counter()
    signs(text)
    assert time.perf_counter() - began < 10
