"""The picture is drawn the same way each time, nothing lies on anything else, and every flow is there."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.report.html import page
from tetrapylon.app.report.picture.draw import draw
from tetrapylon.app.report.picture.flows import MOST_PARTS, grouped, pictures
from tetrapylon.app.report.picture.graph import Arrow, Graph, Mark, Part
from tetrapylon.app.report.picture.layers import columns, without_cycles
from tetrapylon.app.report.picture.place import HEIGHT, WIDTH, Placed, place
from tetrapylon.design.threats.model import threat_model

KEYS = [f"k{number}" for number in range(12)]
PAIRS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=40)


def graph(pairs: list[tuple[str, str]], keys: list[str] = KEYS, zones: int = 3) -> Graph:
    parts = tuple(Part(key, key, "model", f"zone {number % zones}") for number, key in enumerate(keys))
    arrows = tuple(Arrow(f"F{number}", *pair, "question") for number, pair in enumerate(dict.fromkeys(pairs), start=1))
    return Graph(parts, arrows, "zone 0", {"k0": [Mark("T-1", "open")], "F1": [Mark("T-2", "claimed")]} if arrows else {})


def boxes(placed: Placed) -> list[tuple[float, float, float, float]]:
    found = []
    for each in placed.spots.values():
        left = placed.left(each.column)
        found.append((left, each.y - HEIGHT / 2, left + WIDTH, each.y + HEIGHT / 2))
    return found


@given(PAIRS)
def test_no_two_parts_lie_on_each_other_and_each_is_in_its_zone(pairs: list[tuple[str, str]]) -> None:
    drawn = graph(pairs)
    placed = place(drawn, 100)
    found = boxes(placed)
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.01 or other[3] <= one[1] + 0.01
    bands = {each.name: each for each in placed.bands}
    for part, box in zip(drawn.parts, found, strict=True):
        assert bands[part.zone].top <= box[1]
        assert box[3] <= bands[part.zone].bottom
        assert box[0] >= 0
        assert box[2] <= placed.width
    for above, below in pairwise(placed.bands):
        assert above.bottom < below.top


@given(PAIRS)
def test_what_leads_nowhere_back_leads_to_the_right(pairs: list[tuple[str, str]]) -> None:
    wanted = [each for each in dict.fromkeys(pairs) if each[0] != each[1]]
    forward = without_cycles(KEYS, wanted)
    found = columns(KEYS, pairs)
    assert set(found) == set(KEYS)
    assert min(found.values()) >= 0
    assert all(found[source] < found[target] for source, target in forward)
    assert {frozenset(each) for each in forward} == {frozenset(each) for each in wanted}


@given(PAIRS)
def test_the_same_system_is_the_same_picture(pairs: list[tuple[str, str]]) -> None:
    assert page(draw(graph(pairs), "a", "t", "d")) == page(draw(graph(list(pairs)), "a", "t", "d"))


def test_a_circle_and_a_flow_to_itself_are_drawn() -> None:
    markup = page(draw(graph([("k0", "k1"), ("k1", "k2"), ("k2", "k0"), ("k3", "k3")]), "a", "t", "d"))
    assert len(re.findall('class="arrow', markup)) == 4
    assert markup.count("F4 question") == 1


def test_threats_are_said_in_words() -> None:
    markup = page(draw(graph([("k0", "k1")]), "a", "t", "d"))
    assert "⚠ 1 open" in markup
    assert 'class="label flow claimed"' in markup


def test_the_picture_says_what_it_is_to_those_who_do_not_see_it() -> None:
    markup = page(draw(graph([("k0", "k1")]), "name", "the title", "the description"))
    assert 'role="img"' in markup
    assert 'aria-labelledby="name-title name-text"' in markup
    assert '<title id="name-title">the title</title>' in markup
    assert '<desc id="name-text">the description</desc>' in markup


def test_an_empty_system_has_a_picture_too() -> None:
    assert page(draw(Graph((), (), "inside"), "a", "t", "d")).startswith("<svg")


def labels_cover(markup: str, wanted: int) -> int:
    """Return how many pairs of labels lie on each other."""
    found = [
        tuple(map(float, each))
        for each in re.findall(r'class="label[^>]*>\s*<title>[^<]*</title>\s*<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)"', markup)
    ]
    assert len(found) == wanted
    covered = 0
    for number, (x, y, width) in enumerate(found):
        covered += sum(x < a + w and a < x + width and y < b + 18 and b < y + 18 for a, b, w in found[number + 1 :])
    return covered


@pytest.mark.parametrize(("parts", "flows"), [(5, 6), (60, 70)])
def test_labels_do_not_cover_each_other(parts: int, flows: int) -> None:
    keys = [f"part-{number}" for number in range(parts)]
    pairs = [(keys[number * 7 % parts], keys[(number * 11 + 3) % parts]) for number in range(flows)]
    drawn = graph(pairs, keys)
    assert labels_cover(page(draw(drawn, "a", "t", "d")), len(drawn.arrows)) == 0


def facts(models: int) -> dict[str, object]:
    return {
        "system": {"id": "big", "release": "1"},
        "model": [{"id": f"m{number}", "path": f"m{number}.onnx"} for number in range(models)],
        "flow": [{"from": "customer", "to": f"m{number}", "carries": ["question"], "crosses": "internet"} for number in range(models)],
    }


def test_very_many_parts_are_drawn_by_groups() -> None:
    few, many = pictures(threat_model(facts(3))).running, pictures(threat_model(facts(300))).running
    assert few.whole == 0
    assert many.whole > MOST_PARTS
    assert len(many.parts) < 10
    marked = {mark.id for marks in many.marks.values() for mark in marks}
    assert marked == {mark.id for each in pictures(threat_model(facts(300))).running.marks.values() for mark in each}
    assert any("300" in each.label for each in many.parts)


def test_groups_lose_no_threat() -> None:
    whole = graph([("k0", "k1"), ("k1", "k2"), ("k3", "k4")])
    found = grouped(whole)
    assert {mark.id for marks in found.marks.values() for mark in marks} == {"T-1", "T-2"}
    assert found.whole == len(KEYS)


def test_an_answer_goes_back_along_its_question() -> None:
    found = pictures(threat_model(facts(1))).running
    both = [each for each in found.arrows if each.both]
    assert [(each.source, each.target) for each in both] == [("actor:customer", "model:m0")]
    assert "internet" in str(both[0].crosses)
