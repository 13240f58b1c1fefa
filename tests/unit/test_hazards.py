"""Every look for hazards finds what it must, where it is, and nothing in what is good."""

from __future__ import annotations

from types import ModuleType

import pytest

from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding

FOLDERS = (
    "tetrapylon.develop.supply.hazards",
    "tetrapylon.operate.monitor.hazards",
    "tetrapylon.design.privilege.hazards",
    "tetrapylon.deploy.access.hazards",
    "tetrapylon.responsibility.provider.hazards",
)
PARTS: dict[str, ModuleType] = {f"{folder}.{name}": part for folder in FOLDERS for name, part in Shelf(folder).items()}
BAD = [(name, case) for name, part in PARTS.items() for case in part.BAD]
GOOD = [(name, case) for name, part in PARTS.items() for case in part.GOOD]


def _found(part: ModuleType, files: dict[str, str]) -> list[Finding]:
    return list(part.look(Repository.of_texts(files)))


@pytest.mark.parametrize(("name", "case"), BAD)
def test_what_is_bad_is_found(name: str, case: str) -> None:
    part = PARTS[name]
    rule = case.partition(":")[0]
    found = _found(part, part.BAD[case])
    assert [each for each in found if each.rule == rule and each.at.line > 0 and each.at.path in part.BAD[case]]


@pytest.mark.parametrize(("name", "case"), GOOD)
def test_what_is_good_is_not_found_by_any(name: str, case: str) -> None:
    files = PARTS[name].GOOD[case]
    repository = Repository.of_texts(files)
    assert [each for part in PARTS.values() for each in part.look(repository)] == []
