"""Playbooks, canaries, contacts, report drafts and plans of an end: what is accepted, and what is not."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.acting import ACTS
from tetrapylon.app.detectors import __name__ as detectors
from tetrapylon.deploy.incidents.article14 import OPEN, clocks, draft, lacking, markdown
from tetrapylon.deploy.incidents.canary import canaries_in
from tetrapylon.deploy.incidents.contacts import invalid, is_contact
from tetrapylon.deploy.incidents.playbook import decode_playbook, playbooks, uncovered
from tetrapylon.develop.debt.retirement import Retirement, problems_of
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf, package_text
from tetrapylon.outside.injecting import INJECTORS

MARK = "CANARY0f3a9c7be1d2"
NOW = "2026-06-01T00:00:00Z"


def test_every_playbook_names_acts_detectors_and_injectors_that_exist() -> None:
    plans = playbooks()
    assert set(plans) == {"poisoned-model", "canary-leaves", "supplier-gone", "exposed-key"}
    for each in plans.values():
        assert {step.act for step in each.playbook.step} <= set(ACTS)
        assert each.playbook.drill.detector in Shelf(detectors)
        assert each.playbook.drill.injector in INJECTORS
        for step in each.playbook.step:
            assert set(step.arguments) <= set(ACTS[step.act].ARGUMENTS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('phase = "contain"', 'phase = "recover"'),
        ('act = "quarantine"', 'act = "quarantine"\ncommand = "rm -rf /"'),
        ("detect = 60", "detect = 0"),
        ("[clocks]", "[clock]"),
        ('schema = "tetrapylon/playbook/1"', 'schema = "tetrapylon/playbook/2"'),
        ('id = "poisoned-model"', 'id = "other"'),
    ],
)
def test_a_playbook_is_read_strictly(old: str, new: str) -> None:
    text = package_text("tetrapylon.deploy.incidents.playbooks", "poisoned-model.toml")
    decode_playbook(text.encode(), "poisoned-model.toml")
    assert old in text
    with pytest.raises(UsageError):
        decode_playbook(text.replace(old, new).encode(), "poisoned-model.toml")


def test_a_high_threat_that_no_playbook_answers_is_named() -> None:
    kept = {
        "direct-injection@hosted-model:a": "high",
        "tired-approval@tool:refund": "high",
        "drift@model:r": "medium",
        "T-1234": "critical",
    }
    assert uncovered(kept, playbooks()) == ["T-1234", "tired-approval"]


@pytest.mark.parametrize(
    "text",
    [
        f"it says {MARK}.",
        MARK.lower(),
        " ".join(MARK),
        "\u200b".join(MARK),
        "-".join(MARK),
        MARK[::-1],
        "".join(chr(ord(each) + 0xFEE0) for each in MARK),
        base64.b64encode(f"the note says {MARK}, again".encode()).decode(),
        base64.urlsafe_b64encode(f"x{MARK}".encode()).decode().rstrip("="),
        f"ab{base64.b64encode(MARK.encode()).decode()}",
        MARK.encode().hex(),
    ],
)
def test_a_canary_is_found_in_disguise(text: str) -> None:
    assert canaries_in(text, [MARK]) == [MARK]


@given(st.text(max_size=300))
def test_no_text_without_it_holds_a_canary(text: str) -> None:
    assert canaries_in(text, [MARK]) == []


def test_a_mark_that_is_too_short_is_never_found() -> None:
    assert canaries_in("the abc of it", ["abc"]) == []


def test_contacts() -> None:
    assert all(is_contact(each) for each in ("mailto:a@b.example.org", "tel:+4930123456", "https://example.org/report"))
    assert not any(
        is_contact(each) for each in ("", "a@b.example.org", "mailto:nobody", "http://example.org", "tel:123", "mailto:a@b.example.org\n")
    )
    facts = {"person": [{"id": "r", "roles": ["responder"], "contact": "nowhere"}]}
    said = invalid(facts, ["responder", "owner"], None)
    assert len(said) == 3
    assert any("nobody is declared as `owner`" in each for each in said)


def test_the_clocks_of_article_14() -> None:
    aware = "2026-01-30T12:00:00Z"
    due = {each["what"]: each["due"] for each in clocks("incident", aware)}
    assert due == {"early warning": "2026-01-31T12:00:00Z", "notification": "2026-02-02T12:00:00Z", "final report": "2026-03-02T12:00:00Z"}
    assert clocks("incident", aware, notified="2026-01-31T00:00:00Z")[-1]["due"] == "2026-02-28T00:00:00Z"
    assert "14 days" in clocks("vulnerability", aware)[-1]["due"]
    assert clocks("vulnerability", aware, fixed="2026-02-01T00:00:00Z")[-1]["due"] == "2026-02-15T00:00:00Z"


@pytest.mark.parametrize("track", ["incident", "vulnerability"])
def test_a_draft_says_what_it_lacks_until_it_is_filled_in(track: str) -> None:
    report = draft(track, {"id": "i", "at": NOW, "what": "a leak", "system": "desk", "release": "1", "authority": "mailto:a@b.example.org"})
    assert any(each.startswith("early warning") for each in lacking(report))
    assert OPEN in markdown(report)
    for fields in report["reports"].values():
        fields.update(dict.fromkeys(fields, "said"))
    assert lacking(report) == []
    report["reports"]["notification"]["nature"] = " "
    assert lacking(report) == ["notification: nature"]
    with pytest.raises(UsageError):
        lacking({"schema": "another"})


def _plan(**changes: object) -> Retirement:
    import msgspec

    value = {
        "schema": "tetrapylon/decommission/1",
        "trigger": "2030",
        "owner": "o",
        "successor": "none",
        "archive": {"where": "office", "until": "2040-01-01", "owner": "o"},
        "notice": [{"to": "users", "days": 90, "text": "it ends"}],
        "disposal": [{"asset": "m", "method": "delete", "reason": "r"}, {"asset": "e", "method": "close", "reason": "r"}],
    }
    return msgspec.convert({**value, **changes}, Retirement)


FACTS = {"model": [{"id": "m", "path": "m.onnx"}, {"id": "e", "endpoint": "http://127.0.0.1:1/v1"}]}


def test_a_plan_of_an_end_names_every_part_once_and_rightly() -> None:
    assert problems_of(_plan(), FACTS, NOW) == []
    one = {"asset": "m", "method": "delete", "reason": "r"}
    assert problems_of(_plan(disposal=[one]), FACTS, NOW) == ["nothing says what becomes of `e`"]
    assert len(problems_of(_plan(disposal=[one, one, {"asset": "e", "method": "delete", "reason": "r"}]), FACTS, NOW)) == 2
    assert problems_of(_plan(notice=[]), FACTS, NOW) == ["nobody is told"]
    assert problems_of(_plan(archive={"where": "x", "until": "2020-01-01", "owner": "o"}), FACTS, NOW) == ["the archive ends in the past"]
