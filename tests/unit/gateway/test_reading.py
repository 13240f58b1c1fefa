"""A view of the beginning of a text is the beginning of the view, and every place leads back to the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.gateway.reading import ViewName, latin_of, plain_of, read, readings

VIEWS: tuple[ViewName, ...] = ("raw", "plain", "latin", "leet")
ODD = st.text(st.characters() | st.sampled_from("ab1аЁё\u200b\u0301\U000e0041\ud800가ﬁ①Ⅷ\u00ad"), max_size=60)


@pytest.mark.parametrize(
    ("text", "view", "seen"),
    [
        ("ｉｇｎｏｒｅ", "plain", "ignore"),
        ("früher", "plain", "fruher"),
        ("fru\u0308her", "plain", "fruher"),
        ("i\u200bg\u00adn\u2060o\u202ere", "plain", "ignore"),
        ("a\U000e0041\U000e0042b", "plain", "ab"),
        ("pay\x00load\x1b", "plain", "payload"),
        ("a\u00a0b\u2028c", "plain", "a b c"),
        ("𝒾𝑔𝓃𝑜𝓇𝑒", "plain", "ignore"),
        ("іgnоrе", "latin", "ignore"),
        ("1gn0r3 $@f3ty", "leet", "ignore safety"),
        ("가나", "plain", "가나"),
        ("a\ud800b", "plain", "a\ufffdb"),
        ("ﬁle", "plain", "file"),
    ],
)
def test_views(text: str, view: ViewName, seen: str) -> None:
    assert read(text, view).data.decode() == seen


@given(ODD, st.sampled_from(VIEWS))
def test_a_view_of_the_beginning_is_the_beginning_of_the_view(text: str, view: ViewName) -> None:
    whole = read(text, view).data
    assert all(whole.startswith(read(text[:end], view).data) for end in range(len(text) + 1))


@given(ODD, st.sampled_from(VIEWS))
def test_offsets_lead_back_to_the_text(text: str, view: ViewName) -> None:
    reading = read(text, view)
    for place in range(len(text) + 1):
        offset = reading.offset(place)
        assert reading.data[:offset] == read(text[:place], view).data
    for offset in range(len(reading.data) + 1):
        start, end = reading.place(offset), reading.place(offset, end=True)
        assert 0 <= end <= len(text)
        assert 0 <= start <= len(text)
        # What is cut out never leaves a part of what was found.
        assert len(read(text[:start], view).data) <= offset <= len(read(text[:end], view).data)


@given(st.characters())
def test_a_character_never_becomes_another_case(character: str) -> None:
    assert all(each.isprintable() or each in "\t\n\r\ufffd" for each in plain_of(character) if not each.isspace())
    assert latin_of(character) == latin_of(character)


def test_an_ascii_text_has_one_view() -> None:
    assert [each.view for each in readings("plain text")] == ["plain"]
    assert [each.view for each in readings("früh")] == ["plain"]
    assert [each.view for each in readings("раураl")] == ["plain", "latin"]


def test_a_pile_of_accents_costs_no_more_than_letters() -> None:
    """Unicode's own normalisation takes time that grows with the square of a pile; this must not."""
    read("\u0301\u0316", "plain")
    began = time.process_time()
    read("a" + "\u0301\u0316" * 50_000, "plain")
    assert time.process_time() - began < 0.5
