"""Every check of a supplier says what its own cases say, and answers stand in only where nothing was measured."""

from __future__ import annotations

from typing import cast

import pytest

from tetrapylon.design.suppliers.check import CHECKS, Case, Check, Verdict
from tetrapylon.design.suppliers.questions import questions
from tetrapylon.design.suppliers.sample import case_of
from tetrapylon.design.suppliers.securitytxt import read_security_txt
from tetrapylon.design.suppliers.weigh import Weighed, weigh
from tetrapylon.kernel.canonical import Json

CASES = [
    (name, case, verdict)
    for name, part in CHECKS.items()
    for verdict, cases in ((Verdict.GOOD, part.GOOD), (Verdict.BAD, part.BAD), (Verdict.OPEN, part.OPEN))
    for case in cases
]


@pytest.mark.parametrize(("name", "case", "verdict"), CASES)
def test_each_check_says_what_its_cases_say(name: str, case: str, verdict: Verdict) -> None:
    part = CHECKS[name]
    found = part.look(case_of({**part.GOOD, **part.BAD, **part.OPEN}[case]))
    assert found is not None
    assert (found.verdict, bool(found.why), found.why.endswith(".")) == (verdict, True, False), found


def test_there_are_enough_checks_and_each_can_fail() -> None:
    assert len(CHECKS) >= 14
    for name, part in CHECKS.items():
        check = cast("Check", part)
        assert part.GOOD, name
        assert part.BAD, name
        assert not set(part.GOOD) & set(part.BAD) | set(part.GOOD) & set(part.OPEN) | set(part.BAD) & set(part.OPEN)
        assert 1 <= check.WEIGHT <= 3
        assert check.ABOUT.issubset(("lock", "model-hosted", "model-file", "supplier"))


def test_questions_and_checks_name_each_other() -> None:
    asked = {each.check: each.id for each in questions().all if each.check}
    assert asked == {name: part.QUESTION for name, part in CHECKS.items() if part.QUESTION}
    assert len({each.id for each in questions().all}) == len(questions().all) >= 10
    assert any(each.mandatory for each in questions().all)


HOSTED: dict[str, Json] = {
    "kind": "model-hosted",
    "facts": {"endpoint": "https://llm.example.org/v1", "snapshot": "2026-01-15", "alternate": "b"},
    "vendor": {"contact": "mailto:a@b.example"},
    "known": {"end-of-life": "2030-01-01", "terms-digest": "sha256:aa", "retention-days": 3, "trains-on-inputs": False},
    "seen": {"key": "aa"},
}
YES = {each.id: "yes" for each in questions().all}


def hosted(answers: dict[str, str] | None, **changed: Json) -> Weighed:
    sheet = None if answers is None else {"counts": True, "why": "", "answers": answers}
    return weigh(case_of({**HOSTED, **changed, "sheet": sheet}), questions())


def test_a_sheet_full_of_yes_is_not_enough_and_measurements_alone_are_not_either() -> None:
    nothing = hosted(YES, facts={"endpoint": "http://llm.example.org/v1"}, vendor={}, known={}, seen={}, critical=True)
    assert nothing.score < 0.7
    assert hosted(None).score < 0.7
    assert hosted(YES).score > 0.8


def test_what_was_measured_stands_against_every_answer() -> None:
    for said in ("yes", "no", "not-applicable"):
        found = hosted({**YES, "retention": said}, known={**HOSTED["known"], "trains-on-inputs": True})
        row = found.row("terms")
        assert row is not None
        assert (row.verdict, row.by) == (Verdict.BAD, "measured")
        assert bool(row.contradicted) == (said == "yes")
    good = hosted({**YES, "support": "no"})
    assert [each.partition(":")[0] for each in good.contradicted] == ["end-of-life"]
    assert good.failed == []


def test_an_answer_stands_in_where_nothing_was_measured() -> None:
    found = hosted(YES, known={})
    assert {"terms", "end-of-life", "security-contact"} <= set(found.answered)
    assert hosted({**YES, "retention": "no"}, known={}).failed == ["terms"]
    assert hosted({**YES, "retention": "not-applicable"}, known={}).failed == ["terms"]
    assert hosted({**YES, "incident-notice": "not-applicable"}).failed == ["incident-notice"]
    assert hosted({**YES, "deletion": "not-applicable"}).failed == []
    measured, answered = hosted(YES).score, found.score
    assert answered < measured


def test_answers_that_do_not_count_are_as_if_never_given() -> None:
    without = weigh(case_of({**HOSTED, "sheet": {"counts": False, "why": "it has expired", "answers": {}}}), questions())
    assert without.failed == ["answers-signed"]
    assert without.answered == []
    assert without.score < 0.7


def test_of_a_supplier_only_signals_are_asked() -> None:
    case: Case = case_of({"kind": "supplier", "known": {"hosted": True, "end-of-life": "2030-01-01"}, "seen": {"key": "a"}})
    assert {each.name for each in weigh(case, questions()).rows} == {"same-owner", "end-of-life", "answers-signed"}


@pytest.mark.parametrize(
    ("text", "contact", "expires"),
    [
        (b"Contact: mailto:a@b.example\nExpires: 2027-01-01T00:00:00Z\n", "mailto:a@b.example", "2027-01-01T00:00:00Z"),
        (b"# c\r\nCONTACT: https://b.example/x\r\nexpires: 2027-01-01T02:00:00+02:00", "https://b.example/x", "2027-01-01T00:00:00Z"),
        (b"Contact: javascript:alert(1)\nExpires: never\n", None, "0001-01-01T00:00:00Z"),
        (b"Contact: mailto:a\x1b[2J@b.example\n", None, None),
        (b"Expires: 2099-01-01T00:00:00Z\nExpires: 2026-01-01T00:00:00Z\n", None, "2026-01-01T00:00:00Z"),
        (b"Expires: 2027-01-01T00:00:00\n", None, "0001-01-01T00:00:00Z"),
        (b"<html>not found</html>", None, None),
        (b"\xff\xfe\x00" * 1000, None, None),
    ],
)
def test_a_security_txt_is_read_and_not_believed(text: bytes, contact: str | None, expires: str | None) -> None:
    assert read_security_txt(text) == (contact, expires)
