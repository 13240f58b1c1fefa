"""Whatever a foreign text holds, a reader sees it, and neither a terminal nor a page obeys it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.visible import cells, fitted, one_line, visible

ANYTHING = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("invoice\u202egnp.exe", "invoice⟨U+202E⟩gnp.exe"),
        ("nul\0", "nul⟨U+0000⟩"),
        ("half\ud800", "half⟨U+D800⟩"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("line\u2028end", "line⟨U+2028⟩end"),
        ("Ünïcode 漢字 ✔", "Ünïcode 漢字 ✔"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANYTHING)
def test_nothing_hidden_is_left_and_it_can_be_encoded(text: str) -> None:
    found = visible(text)
    found.encode("utf-8")
    assert not [each for each in found if unicodedata.category(each)[0] == "C" and each not in "\t\n"]
    assert visible(found) == found


@given(ANYTHING)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_columns_are_counted_as_a_terminal_does() -> None:
    assert (cells("abc"), cells("漢字"), cells("e\u0301")) == (3, 4, 1)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "M"])), st.integers(1, 40))
def test_fitted_text_has_the_width(text: str, width: int) -> None:
    assert cells(fitted(text, width)) == width


def test_what_is_cut_off_is_said() -> None:
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("漢字漢字", 4) == "漢… "
    assert fitted("ab", 4) == "ab  "
