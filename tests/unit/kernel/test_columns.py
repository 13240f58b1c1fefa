"""Whatever a foreign text holds, it takes the columns that it is given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.columns import cells, fitted, one_line

ANYTHING = st.text(st.characters(codec=None))


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
