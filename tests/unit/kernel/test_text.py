"""Text of strangers is shown without what moves, hides or reorders; in JSON it is still the same text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.text import printable, printable_json, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31mb", r"a\u001b[31mb"), ("\u202eevil", r"\u202eevil"), ("\U000e0041", r"\U000e0041"), ("plain é", "plain é")],
)
def test_what_must_not_be_shown_is_spelled(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_is_clipped_and_lines_stay() -> None:
    assert printable("abcdef", 4) == "abc…"
    assert printable("abcd", 4) == "abcd"
    assert printable_lines("a\nb\x07") == "a\nb\\u0007"


@pytest.mark.parametrize("text", ["\x7f", "\u2028", "\U000e0041", "\u200b\U000e0020x"])
def test_json_keeps_its_meaning(text: str) -> None:
    said = printable_json(json.dumps({"name": text}, ensure_ascii=False, indent=1))
    assert json.loads(said) == {"name": text}
    assert said.isascii()
    assert said.count("\n") == 2


@given(st.text())
def test_any_json_keeps_its_meaning(text: str) -> None:
    assert json.loads(printable_json(json.dumps(text, ensure_ascii=False))) == text
