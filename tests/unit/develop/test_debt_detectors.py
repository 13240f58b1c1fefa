"""Every detector of debt: good samples give nothing, bad ones give something that people can decide about."""

from __future__ import annotations

import pytest

from tetrapylon.develop.debt.detector import DETECTORS, Debt, look_of
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.kernel.shelf import package_text
from tetrapylon.system.finding import SEVERITIES

every = pytest.mark.parametrize("name", list(DETECTORS))
PRACTICES = {each["id"] for each in catalogue_object(package_text("tetrapylon.guidelines", "catalogue.toml"))["practice"]}


def found(name: str, sample: dict[str, object]) -> list[Debt]:
    return list(DETECTORS[name].detect(look_of(**sample)))  # type: ignore[arg-type]  # samples are keyword arguments


@every
def test_good_samples_give_nothing(name: str) -> None:
    assert DETECTORS[name].GOOD
    assert {case: found(name, sample) for case, sample in DETECTORS[name].GOOD.items() if found(name, sample)} == {}


@every
def test_bad_samples_give_debt_with_a_risk(name: str) -> None:
    part = DETECTORS[name]
    assert part.BAD
    for case, sample in part.BAD.items():
        debts = found(name, sample)
        assert debts, case
        for each in debts:
            assert each.severity in SEVERITIES
            assert each.risk
            assert set(each.risk) <= PRACTICES
            assert each.what
            assert each.where
            assert ":" not in each.subject or not each.subject.rpartition(":")[2].isdigit()


@every
def test_ids_do_not_depend_on_lines(name: str) -> None:
    for sample in DETECTORS[name].BAD.values():
        files = {path: ("\n\n" + text if path.endswith(".py") else text) for path, text in sample.get("files", {}).items()}
        moved = {**sample, "files": files}
        assert {each.id_of(name) for each in found(name, sample)} == {each.id_of(name) for each in found(name, moved)}


@every
def test_the_docstring_says_what_and_why(name: str) -> None:
    text = DETECTORS[name].__doc__ or ""
    assert "What it does:" in text
    assert "Why it matters:" in text


def test_nothing_fails_on_an_empty_system() -> None:
    assert len(DETECTORS) >= 15
    assert [name for name in DETECTORS if found(name, {})] == []
