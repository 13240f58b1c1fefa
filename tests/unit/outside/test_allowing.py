"""A comment allows one rule on one line, and only with a reason."""

from __future__ import annotations

import pytest

from tetrapylon.outside.repository.allowing import Allowed, split_allowed
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule, is_aside, lowered

RULE = Rule("pickle-load", "high", "a pickle is loaded", "It runs.", "do not")


def _split(text: str, line: int = 1, path: str = "a.py", cell: int = 0) -> list[Finding | Allowed]:
    return list(split_allowed(Repository.of_texts({path: text}), [RULE.at(Place(path, line, cell))]))


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("a.py", "load(f)  # tetrapylon: allow pickle-load we wrote the file ourselves\n", "we wrote the file ourselves"),
        ("a.ts", "load(f); // tetrapylon: allow pickle-load our own cache\n", "our own cache"),
        ("a.ts", "load(f); /* tetrapylon: allow pickle-load our own cache */\n", "our own cache"),
        ("a.html", "<p>{{ x|safe }}</p> <!-- tetrapylon: allow pickle-load cleaned before -->\n", "cleaned before"),
        ("Dockerfile", "FROM x  # tetrapylon: allow pickle-load the base of this course\n", "the base of this course"),
    ],
)
def test_a_reason_allows(path: str, text: str, reason: str) -> None:
    [each] = _split(text, path=path)
    assert isinstance(each, Allowed)
    assert each.reason == reason


def test_a_comment_alone_speaks_of_the_next_line() -> None:
    text = "x = 1\n# tetrapylon: allow pickle-load we wrote it\nload(f)\n"
    assert [isinstance(_split(text, line)[0], Allowed) for line in (1, 2, 3)] == [False, False, True]


def test_cells_are_kept_apart() -> None:
    cell = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": "load(f)  # tetrapylon: allow pickle-load ours"}'
    other = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": "load(f)"}'
    text = f'{{"cells": [{other}, {cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
    assert [isinstance(_split(text, 1, "a.ipynb", number)[0], Allowed) for number in (1, 2)] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "load(f)  # tetrapylon: allow pickle-load\n",
        "load(f)  # tetrapylon: allow pickle-load   \n",
        "load(f)  # tetrapylon: allow yaml-load another rule\n",
        "load(f)  # tetrapylon: allow all of it\n",
        "load('tetrapylon: allow pickle-load we wrote it')\n",
        "load(f)\n",
    ],
)
def test_without_rule_or_reason_nothing_is_allowed(text: str) -> None:
    assert _split(text) == [RULE.at(Place("a.py", 1))]


@pytest.mark.parametrize(
    "path", ["tests/a.py", "src/x/tests/b.py", "docs/a.md", "examples/a.py", "test_a.py", "x/a_test.py", "web/a.spec.ts", "conftest.py"]
)
def test_tests_documents_and_examples_lie_aside(path: str) -> None:
    assert is_aside(path)
    assert RULE.at(Place(path, 1)).severity == "medium"


@pytest.mark.parametrize("path", ["a.py", "src/contest/a.py", "latest/a.py", "src/testament.py", "documents/a.py"])
def test_what_only_sounds_like_them_does_not(path: str) -> None:
    assert not is_aside(path)
    assert RULE.at(Place(path, 1)).severity == "high"


def test_nothing_is_lower_than_the_lowest() -> None:
    assert [lowered(each) for each in ("critical", "low", "info")] == ["high", "info", "info"]
