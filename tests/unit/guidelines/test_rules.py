"""Conditions: hold, fail, or cannot be judged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.guidelines.rules import Judged, judge, values_at, wanted_value

PREDICATE: dict[str, Any] = {
    "count": 3,
    "flag": True,
    "name": "a",
    "none": None,
    "unknown": "unknown",
    "items": [{"n": 1}, {"n": 2}],
    "empty": [],
    "tags": ["x", "y"],
    "deep": {"er": {"x": 1}},
}


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (["count", "==", 3], Judged.HOLDS),
        (["count", "==", 4], Judged.FAILS),
        (["count", "!=", 4], Judged.HOLDS),
        (["count", "<", 4], Judged.HOLDS),
        (["count", "<=", 2], Judged.FAILS),
        (["count", ">", 2], Judged.HOLDS),
        (["count", ">=", 4], Judged.FAILS),
        (["count", "in", [1, 3]], Judged.HOLDS),
        (["name", "in", ["b"]], Judged.FAILS),
        (["tags", "contains", "x"], Judged.HOLDS),
        (["tags", "contains", "z"], Judged.FAILS),
        (["deep.er.x", "==", 1], Judged.HOLDS),
        (["items[*].n", ">=", 1], Judged.HOLDS),
        (["items[*].n", ">=", 2], Judged.FAILS),
        (["items[*].m", ">=", 2], Judged.UNJUDGED),
        (["empty[*].n", ">=", 2], Judged.UNJUDGED),
        (["flag", "==", True], Judged.HOLDS),
        (["flag", "==", 1], Judged.FAILS),
        (["flag", ">=", 0], Judged.UNJUDGED),
        (["count", ">=", True], Judged.UNJUDGED),
        (["name", "<", 3], Judged.UNJUDGED),
        (["count", "contains", 3], Judged.UNJUDGED),
        (["count", "~", 3], Judged.UNJUDGED),
        (["missing", "==", 1], Judged.UNJUDGED),
        (["name.inner", "==", 1], Judged.UNJUDGED),
        (["none", "==", 1], Judged.UNJUDGED),
        (["unknown", "==", "unknown"], Judged.UNJUDGED),
        (["count", "<=", "$limit"], Judged.HOLDS),
        (["count", "<=", "$nowhere"], Judged.UNJUDGED),
        (["empty", "none"], Judged.HOLDS),
        (["tags", "none"], Judged.FAILS),
        (["tags", "some"], Judged.HOLDS),
        (["empty", "some"], Judged.FAILS),
        (["unknown", "some"], Judged.FAILS),
        (["missing", "none"], Judged.UNJUDGED),
        (["none", "some"], Judged.UNJUDGED),
        (["name[*].x", "==", 1], Judged.UNJUDGED),
    ],
)
def test_judge(condition: list[Any], outcome: Judged) -> None:
    assert judge(condition, PREDICATE, {"limit": 3}) is outcome


def test_mixed_outcomes_prefer_failure_then_doubt() -> None:
    mixed = {"items": [{"n": 1}, {"n": "text"}]}
    assert judge(["items[*].n", "<", 1], mixed, {}) is Judged.FAILS
    assert judge(["items[*].n", "<", 2], mixed, {}) is Judged.UNJUDGED


def test_policy_value_is_looked_up() -> None:
    assert wanted_value(["a", "<=", "$days"], {"days": 7}) == 7
    assert wanted_value(["a", "<=", 7], {}) == 7


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(predicate=st.dictionaries(st.text(max_size=4), json_values, max_size=4), path=st.text(max_size=12), wanted=json_values)
def test_judging_never_raises(predicate: dict[str, Any], path: str, wanted: Any) -> None:
    for operator in ("==", "!=", "<", "<=", ">", ">=", "in", "contains", "none", "some", "?"):
        assert judge([path, operator, wanted], predicate, {}) in Judged
    assert isinstance(values_at(predicate, path), list)
