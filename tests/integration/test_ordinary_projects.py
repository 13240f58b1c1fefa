"""`check` on ordinary projects: what is there is found, what is dangerous is named, and hardly anything is made up."""

from __future__ import annotations

from functools import cache

import pytest

from tests.projects import DATA, FAMILIES, HALVES, Project, Score, by_kind, checked, interval, projects, recall, rules, score

MISSED = {
    "garden-chat": 2,
    "notes-mcp": 1,
    "policy-search": 1,
    "poster-demo": 2,
    "shop-ranker": 1,
    "tour-planner": 2,
}
"""How many dangerous things of a project `check` does not name yet: a number here may only fall."""

EVERY = [each for half in HALVES for each in projects(half)]


@cache
def _scored(project: Project) -> Score:
    return score(project, checked(project.folder))


def _each(projects: list[Project]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("project", projects, ids=[f"{each.half}-{each.name}" for each in projects])


def test_nine_parts_in_ten_are_found() -> None:
    scores = [_scored(each) for each in EVERY]
    hits, trials = recall(scores)
    assert trials > 150  # otherwise this looked in the wrong place
    assert hits / trials >= 0.9, {str(each.project.name): [str(part) for part in each.missed] for each in scores if each.missed}


@_each(EVERY)
def test_at_most_one_finding_is_false(project: Project) -> None:
    assert len(_scored(project).false) <= 1, _scored(project).false


@_each(EVERY)
def test_what_is_dangerous_is_named(project: Project) -> None:
    unfound = [str(each) for each in _scored(project).unfound]
    assert len(unfound) == MISSED.get(project.name, 0), unfound


@_each([each for each in EVERY if each.nothing])
def test_where_is_no_ai_none_is_found(project: Project) -> None:
    assert _scored(project).extra == []


def test_every_rule_has_a_family() -> None:
    known = set().union(*FAMILIES.values())
    assert rules() - known == set()
    assert known - rules() == set()


def test_labels_name_what_is_there() -> None:
    assert [f"{each.name}: {spot}" for each in EVERY for spot in each.spots if not (each.folder / spot.path).exists()] == []
    families = {family for each in EVERY for hazard in each.hazards if hazard.must for family in hazard.families[:1]}
    assert families - set(FAMILIES) == set()


def test_every_project_has_a_label() -> None:
    folders = {each.relative_to(DATA).as_posix() for half in HALVES for each in (DATA / half).iterdir() if each.is_dir()}
    assert folders == {f"{each.half}/{each.name}" for each in EVERY}


def test_an_empty_answer_finds_nothing_and_misses_all() -> None:
    scores = [score(each, {"found": [], "findings": []}) for each in EVERY]
    assert recall(scores) == (0, sum(len(each.required) for each in EVERY))
    assert sum(len(each.unfound) for each in scores) == sum(hazard.must for each in EVERY for hazard in each.hazards)


def test_what_is_not_in_a_label_is_false() -> None:
    project = next(each for each in EVERY if each.nothing)
    rule = min(set().union(*FAMILIES.values()))
    made_up = {"rule": rule, "severity": "low", "at": "nowhere.py:3"}
    found = {"kind": "model", "id": "made/up", "at": "nowhere.py:3", "how": ""}
    wrong = score(project, {"found": [found], "findings": [made_up, {**made_up, "severity": "info"}]})
    assert wrong.false == [f"{rule} nowhere.py:3"]
    assert wrong.extra == ["model `made/up` nowhere.py"]


def test_one_thing_found_is_not_two_parts() -> None:
    project = next(each for each in EVERY if sum(not part.named and part.kinds[0] == "prompt" for part in each.required) > 1)
    spot = next(part.spots[0] for part in project.required if not part.named and part.kinds[0] == "prompt")
    once = {"kind": "prompt", "id": "made up", "at": spot.path, "how": ""}
    assert by_kind([score(project, {"found": [once], "findings": []})])["prompt"][0] == 1


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    # Published: Clopper and Pearson's limits as in textbooks, for 0 of 10, 1 of 10, 5 of 10, 10 of 10.
    [(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0)],
)
def test_intervals_are_exact(hits: int, trials: int, low: float, high: float) -> None:
    assert interval(hits, trials) == pytest.approx((low, high), abs=1e-4)
