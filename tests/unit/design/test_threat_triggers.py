"""A threat model is due again when what it stands on has changed, until a person has gone through it."""

from __future__ import annotations

from dataclasses import replace

from tetrapylon.design.threats.compare import difference
from tetrapylon.design.threats.decisions import Review
from tetrapylon.design.threats.triggers import Basis, Earlier, basis_of, earlier_of, incidents, triggers
from tetrapylon.kernel.digest import sha256
from tetrapylon.system.assets import Asset

BEFORE = Basis("topology-1", "rules-1", {"prompt:rules": "sha256:1", "dataset:digits": "sha256:1"})
NOW = replace(BEFORE, assets={**BEFORE.assets, "prompt:rules": "sha256:2"})
FIRST = Earlier(BEFORE, "2026-01-01", {})


def due(now: Basis, *earlier: Earlier, reviews: tuple[Review, ...] = (), day: str = "2026-02-01") -> list[str]:
    return list(triggers(now, earlier, reviews, day, 180))


def test_the_first_model_is_gone_through_when_it_is_made() -> None:
    assert due(NOW) == []


def test_what_changed_stays_open_until_it_is_reviewed() -> None:
    again = Earlier(NOW, "2026-01-02", {})
    assert due(BEFORE, FIRST) == []
    for statements in ((FIRST,), (FIRST, again)):
        assert due(NOW, *statements) == ["prompt `rules` changed since the threats were gone through (2026-01-01)"]
    review = Review(by="owner-1", date="2026-01-03", basis=NOW.digest)
    assert due(NOW, FIRST, again, reviews=(review,)) == []
    assert due(BEFORE, FIRST, again, reviews=(review,)) == ["prompt `rules` changed since the threats were gone through (2026-01-03)"]


def test_each_thing_that_matters_is_a_trigger() -> None:
    changed = replace(BEFORE, topology="topology-2", rules="rules-2", assets={"prompt:rules": "sha256:1", "model-file:reader": "sha256:1"})
    said = " ".join(due(changed, FIRST))
    for words in ("data set `digits` is gone", "model `reader` is new", "elements, flows or boundaries changed", "the rules changed"):
        assert words in said


def test_time_alone_is_a_trigger() -> None:
    assert due(BEFORE, FIRST, day="2026-06-30") == []
    assert "more than 180 days ago" in due(BEFORE, FIRST, day="2026-07-01")[0]
    review = Review(by="owner-1", date="2026-06-01", basis=BEFORE.digest)
    assert due(BEFORE, FIRST, reviews=(review,), day="2026-07-01") == []
    assert "a day that is not known" in due(BEFORE, replace(FIRST, day=""))[0]


def test_a_review_of_something_else_or_of_tomorrow_does_not_count() -> None:
    unknown = Review(by="owner-1", date="2026-01-03", basis=sha256(b"x"))
    assert "no statement in the log describes" in due(NOW, FIRST, reviews=(unknown,))[0]
    tomorrow = Review(by="owner-1", date="2026-02-02", basis=NOW.digest)
    assert len(due(NOW, FIRST, reviews=(tomorrow,))) == 1


def test_incidents_without_a_lesson_are_a_trigger() -> None:
    assert list(incidents([])) == []
    assert list(incidents([{"withoutLesson": 2}, {"withoutLesson": 0}])) == []
    assert list(incidents([{"withoutLesson": 2}])) == ["2 incidents have left no lesson yet"]


def test_a_statement_that_does_not_say_what_it_stands_on_is_passed_over() -> None:
    assert earlier_of({}) is None
    assert earlier_of({"basis": {"topology": "x"}}) is None
    assert earlier_of({"basis": BEFORE.as_json(), "observedTo": "2026-01-01T00:00:00Z", "kept": {"a@b": "low"}}) == replace(
        FIRST, kept={"a@b": "low"}
    )


def test_the_basis_holds_what_threats_follow_from() -> None:
    assets = [Asset(kind, "x", sha256(kind.encode())) for kind in ("model-file", "prompt", "code", "lock", "manifest")]
    assert set(basis_of("t", "r", assets).assets) == {"model-file:x", "prompt:x"}
    assert basis_of("t", "r", assets).digest == basis_of("t", "r", reversed(assets)).digest


def test_models_are_compared_by_name_and_severity() -> None:
    found = difference({"a": "low", "b": "low", "c": "high"}, {"b": "low", "c": "low", "d": "high"})
    assert (found.added, found.removed, found.changed) == (("d",), ("a",), (("c", "high", "low"),))
    assert not difference({"a": "low"}, {"a": "low"})
