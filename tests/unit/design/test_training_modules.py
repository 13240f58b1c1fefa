"""Every module that ships says what it must, and a project's own are read strictly."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tetrapylon.design.threats.model import ThreatModel, threat_model
from tetrapylon.design.threats.training.module import Module, decode_module, modules, shipped
from tetrapylon.design.threats.training.practical import classes, practical_items
from tetrapylon.design.threats.training.quiz import Marked, bank, draw, items_digest, mark, ordered, read_answers, seed_of
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import package_text
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.manifest import manifest_facts

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cheque-desk"
MODULES = shipped()
TITLES = {each["id"]: each["title"] for each in catalogue_object(package_text("tetrapylon.guidelines", "catalogue.toml"))["practice"]}
every = pytest.mark.parametrize("module", list(MODULES.values()), ids=list(MODULES))


@pytest.fixture(scope="module")
def model() -> ThreatModel:
    return threat_model(manifest_facts(decode_manifest((EXAMPLE / "tetrapylon.toml").read_bytes())))


@every
def test_it_is_a_few_screens_of_plain_text(module: Module) -> None:
    assert 3 <= len(module.screens) <= 6
    text = " ".join(each.text for each in module.screens)
    assert 150 <= len(text.split()) <= 700
    assert module.roles
    assert module.threats


@every
def test_the_bank_is_large_and_explains_itself(module: Module) -> None:
    assert len(module.questions) >= module.draw + 3
    for each in module.questions:
        assert len(each.wrong) >= 3
        assert len(each.why.split()) >= 8
        assert not re.search(r"(?i)\b(all|none) of (the|these)\b", " ".join((each.right, *each.wrong)))
        # No wrong answer is a joke of three words beside a right one of thirty.
        assert max(map(len, each.wrong)) >= len(each.right) / 4


@every
def test_the_example_gives_practical_items(module: Module, model: ThreatModel) -> None:
    assert classes(model, module)
    items = practical_items(model, module, TITLES, "seed", 2)
    assert len(items) == 2
    # One item does not give away the other.
    assert len({each.id.partition(":")[2] for each in items}) == 2
    for each in items:
        assert each.practical
        assert each.right in each.options
        assert 3 <= len(each.options) == len(set(each.options)) <= 4


def test_right_answers_are_what_the_model_says(model: ThreatModel) -> None:
    kept = {each.name: each for each in model.threats}
    closed = {(each.about, each.rule) for each in model.closed}
    module = msgspec.structs.replace(MODULES["secure-coding"], practical=("threat",))
    items = practical_items(model, module, TITLES, "x", 30)
    assert len(items) > 5
    for item in items:
        threat = kept[item.id.removeprefix("threat:")]
        assert item.right == threat.title
        titles = {each.title for each in model.threats if each.about == threat.about}
        assert titles.isdisjoint(set(item.options) - {item.right})
        assert any(about == threat.about for about, _ in closed)


def test_answers_name_a_practice_of_the_rule_and_no_close_one(model: ThreatModel) -> None:
    kept = {each.name: each for each in model.threats}
    module = msgspec.structs.replace(MODULES["secure-coding"], practical=("answer",))
    for item in practical_items(model, module, TITLES, "x", 30):
        rule = kept[item.id.removeprefix("answer:")].rule
        assert item.right.split()[0] in rule.practices
        assert {each.split()[0] for each in item.options} & set(rule.practices) == {item.right.split()[0]}


def test_the_same_attempt_is_the_same_quiz_and_the_next_is_not(model: ThreatModel) -> None:
    module = MODULES["secure-coding"]
    seeds = [seed_of("desk", module, person, attempt) for person in ("ada", "bo") for attempt in (1, 2)]
    quizzes = [draw(module, each, practical_items(model, module, TITLES, each, 2)) for each in seeds]
    again = draw(module, seeds[0], practical_items(model, module, TITLES, seeds[0], 2))
    assert items_digest(again) == items_digest(quizzes[0])
    assert len({items_digest(each) for each in quizzes}) == 4
    # The right answer stands in no place of its own.
    places = [each.options.index(each.right) for number in range(40) for each in draw(module, str(number), ())]
    assert all(places.count(place) > len(places) / 8 for place in range(4))


def test_marking_counts_what_is_missing_as_wrong(model: ThreatModel) -> None:
    module = MODULES["users-guidance"]
    items = draw(module, "seed", practical_items(model, module, TITLES, "seed", 2))
    right = {each.id: each.right for each in items}
    assert mark(items, right) == Marked(1.0, "correct", (), ())
    first, practical = items[0], items[-1]
    missing = mark(items, {key: value for key, value in right.items() if key != first.id})
    assert (missing.score, missing.unanswered, missing.practical) == (0.875, (first.id,), "correct")
    assert missing.passed(0.8)
    slip = mark(items, {**right, practical.id: next(each for each in practical.options if each != practical.right)})
    assert (slip.score, slip.practical, slip.passed(0.8)) == (0.875, "wrong", False)
    assert mark(items, {each.id: "something else" for each in items}).score == 0.0
    # Without a practical item skill is not known, and that is not enough.
    assert not mark(draw(module, "seed", ()), right).passed(0.8)
    assert mark((), {}).score == 0.0


def test_the_bank_holds_each_question_once() -> None:
    for module in MODULES.values():
        assert {each.id for each in bank(module)} == {each.id for each in module.questions}
    assert ordered("a", ["x", "y", "z"]) == ordered("a", ["z", "y", "x"])


GOOD = """schema = "tetrapylon/training-module/1"
id = "own"
title = "Our own"
version = "1"
reviewed = "2026-01-01"
roles = ["developer"]
threats = ["direct-injection"]
draw = 1
[[screen]]
title = "One"
text = "Text"
[[question]]
id = "q"
text = "?"
right = "r"
wrong = ["a", "b"]
why = "because"
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('schema = "tetrapylon/training-module/1"', "", "schema"),
        ('roles = ["developer"]', 'roles = ["wizard"]', "roles[0]"),
        ('threats = ["direct-injection"]', 'threats = ["gremlins"]', "threats[0]"),
        ("draw = 1", "draw = 2", "draw"),
        ('wrong = ["a", "b"]', 'wrong = ["a"]', "question[0].wrong"),
        ('wrong = ["a", "b"]', 'wrong = ["a", "r"]', "question[0].wrong"),
        ("draw = 1", "draw = 1\ngenerated = true", "generated"),
        ("draw = 1", "draw = 1\nsurprise = true", "surprise"),
        ('text = "Text"', 'text = "\\u202etxet"', "screen[0].text"),
    ],
)
def test_a_module_is_read_strictly(before: str, after: str, said: str) -> None:
    assert isinstance(decode_module(GOOD, "own.toml"), Module)
    with pytest.raises(UsageError, match=re.escape(said)):
        decode_module(GOOD.replace(before, after), "own.toml")


def test_a_project_adds_modules_and_questions(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    folder.mkdir()
    (folder / "own.toml").write_text(GOOD)
    addition = GOOD.replace('id = "own"', "").replace(
        'title = "Our own"\nversion = "1"\nreviewed = "2026-01-01"\nroles = ["developer"]', ""
    )
    addition = addition.replace("draw = 1", 'extends = "secure-coding"\nreason = "incident 1"').replace('"q"', '"from-incident"')
    (folder / "incident.toml").write_text(addition)
    (folder / "ada.answers.toml").write_text("not a module")
    found = modules(tmp_path)
    assert found["own"].title == "Our own"
    assert found["secure-coding"].questions[-1].id == "from-incident"
    assert found["secure-coding"].digest != MODULES["secure-coding"].digest
    assert found["secure-coding"].draw == MODULES["secure-coding"].draw + 1
    assert found["responsible-ai"] == MODULES["responsible-ai"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace('"own"', '"secure-coding"'), "exists"),
        (GOOD.replace('"own"', '"digest"'), "exists"),
        ('schema = "tetrapylon/training-module/1"\nextends = "nothing"\nreason = "r"\n', "no-such-id"),
    ],
)
def test_a_project_replaces_nothing(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "x.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        modules(tmp_path)
    assert caught.value.code == code


def test_answers_are_to_the_module_that_is_taken() -> None:
    text = b'schema = "tetrapylon/training-answers/1"\nmodule = "own"\n[[answer]]\nitem = "q"\nchosen = "r"\n'
    assert read_answers(text, "own", "a.toml") == {"q": "r"}
    for data, module in ((text, "other"), (b"module = 1", "own"), (b"\xff", "own")):
        with pytest.raises(UsageError):
            read_answers(data, module, "a.toml")
