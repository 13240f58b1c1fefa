"""Every finder: what its examples show is found exactly, and nothing else."""

from __future__ import annotations

import pytest

from tetrapylon.develop.assets.components import FINDERS, find_components
from tetrapylon.outside.repository.view import Repository

CASES = [(name, case) for name in FINDERS for case in FINDERS[name].EXAMPLES]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_an_example_shows_is_found_exactly(name: str, case: str) -> None:
    files, expected = FINDERS[name].EXAMPLES[case]
    repository = Repository.of_texts(files)
    found = {(each.kind, each.id) for each in FINDERS[name].find(repository)}
    assert found == expected


@pytest.mark.parametrize("name", list(FINDERS))
def test_every_finder_has_an_example_and_one_where_nothing_is(name: str) -> None:
    expected = [each for _, each in FINDERS[name].EXAMPLES.values()]
    assert any(expected)
    assert set() in expected


@pytest.mark.parametrize("name", list(FINDERS))
def test_the_docstring_says_what_and_why(name: str) -> None:
    text = FINDERS[name].__doc__ or ""
    assert "*What it does*" in text
    assert "*Why it matters*" in text
    assert FINDERS.summary(name) == text.partition("\n")[0]


@pytest.mark.parametrize("case", ["", "x = 1\n", "x = (\n"])
def test_nothing_is_found_where_nothing_is(case: str) -> None:
    assert find_components(Repository.of_texts({"a.py": case, "README.md": "we use gpt-4o and a tool"})) == ()
