"""Decisions are read strictly, hold while they hold, and are never made by the machine where a person must make them."""

from __future__ import annotations

from typing import Any

import pytest

from tetrapylon.design.threats.decisions import SCHEMA, Decisions, decode_decisions
from tetrapylon.design.threats.model import Threat, ThreatModel, threat_model
from tetrapylon.design.threats.output import counts
from tetrapylon.design.threats.writing import draft
from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.problem import ManifestError

FACTS: dict[str, Any] = {
    "system": {"id": "sample", "release": "1", "role": "provider", "criticality": "moderate", "purpose": "A sample"},
    "person": [{"id": "owner-1", "roles": ["owner"]}, {"id": "developer-1", "roles": ["developer"]}],
    "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
    "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
}
INJECTION = "direct-injection@hosted-model:talker"
DRIFT = "drift@hosted-model:talker"
EVASION = "evasion@hosted-model:talker"


def written(text: str) -> Decisions:
    return decode_decisions(f'schema = "{SCHEMA}"\n{text}', FACTS)


def decision(threat: str = INJECTION, choice: str = "accepted", **more: str) -> str:
    lines = {"decision": choice, "by": "owner-1", "reason": "because", "date": "2026-01-01", **more}
    return f'[[decision]]\nthreats = ["{threat}"]\n' + "".join(f'{key} = "{value}"\n' for key, value in lines.items())


def model(text: str = "", states: dict[str, str] | None = None, day: str = "2026-06-01") -> ThreatModel:
    return threat_model(FACTS, states, written(text), day)


def one(found: ThreatModel, name: str = INJECTION) -> Threat:
    return next(each for each in found.threats if each.name == name)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (decision(by="owner"), "no-such-id", "decision[0].by"),
        (decision(adviser="developer"), "no-such-id", "decision[0].adviser"),
        (decision(choice="ignored"), "bad-value", "decision[0].decision"),
        (decision(date="2026-02-30"), "bad-date", "decision[0].date"),
        (decision(expires="soon"), "bad-value", "decision[0].expires"),
        (decision(why="x"), "unknown-key", "decision[0].why"),
        ('[[decision]]\nthreats = ["x"]\n', "missing-key", "decision[0].decision"),
        ('[[review]]\nby = "nobody"\ndate = "2026-01-01"\nbasis = "sha256:' + "0" * 64 + '"\n', "no-such-id", "review[0].by"),
        ('[[review]]\nby = "owner-1"\ndate = "2026-01-01"\nbasis = "it"\n', "bad-value", "review[0].basis"),
        (decision() + decision(choice="avoided"), "duplicate-decision", "decision[1].threats[0]"),
        ("decisions = 1\n", "unknown-key", "decisions"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(ManifestError) as error:
        written(text)
    assert (error.value.code, place in error.value.message, "threats.toml" in error.value.message) == (code, True, True)


def test_another_schema_and_no_toml_are_refused() -> None:
    for text, code in (("", "schema"), ('schema = "x"', "schema"), ("[[", "toml-syntax"), (b"\xff", "not-text")):
        with pytest.raises(UsageError) as error:
            decode_decisions(text, FACTS)
        assert error.value.code == code


def test_a_threat_that_is_not_there_is_refused_with_the_closest() -> None:
    with pytest.raises(ManifestError) as error:
        model(decision("direct-injection@hosted-model:talkre"))
    assert error.value.code == "no-such-threat"
    assert error.value.hint == f"did you mean `{INJECTION}`?"
    with pytest.raises(ManifestError) as error:
        model(decision("zzz"))
    assert "--all" in error.value.hint


def test_a_threat_may_be_named_by_its_id_and_a_closed_one_too() -> None:
    by_id = model(decision(one(model()).id))
    assert one(by_id).decided.choice == "accepted"
    assert EVASION in {each.name for each in model(decision(EVASION)).closed}


def test_a_high_threat_is_not_called_mitigated_on_a_claim() -> None:
    found = one(model())
    assert (found.severity, found.decided.choice) == ("critical", "undecided")
    assert "is not proven" in found.decided.reason
    proven = dict.fromkeys(found.rule.practices, "PASS")
    assert (one(model(states=proven)).decided.choice, one(model(states=proven)).decided.proven) == ("mitigated", True)
    for state in ("FAIL", "STALE", "UNKNOWN", "WAIVED"):
        assert one(model(states={**proven, "SP4.2": state})).decided.choice == "undecided"


def test_below_that_a_claim_counts_as_decided_and_as_a_claim() -> None:
    found = model()
    drift = one(found, DRIFT)
    assert drift.severity in {"medium", "high"}
    facts = {**FACTS, "flow": []}
    low = next(each for each in threat_model(facts).threats if each.name == DRIFT)
    assert (low.severity, low.decided.choice, low.decided.by, low.decided.proven) == ("low", "mitigated", "rule", False)
    assert len(low.decided.claimed) == len(low.rule.practices)


def test_practices_that_do_not_apply_answer_nothing() -> None:
    facts = {**FACTS, "flow": []}
    states = dict.fromkeys(("SO1.1", "SO1.3", "SO1.5"), "NOT APPLICABLE")
    drift = next(each for each in threat_model(facts, states).threats if each.name == DRIFT)
    assert (drift.decided.choice, drift.decided.mitigations) == ("undecided", ())


def test_accepting_holds_until_it_expires() -> None:
    text = decision(expires="2026-06-02", adviser="developer-1")
    assert one(model(text)).decided.choice == "accepted"
    later = one(model(text, day="2026-06-02")).decided
    assert (later.choice, "has expired on 2026-06-02" in later.reason) == ("undecided", True)
    early = one(model(decision(date="2026-06-02"))).decided
    assert (early.choice, "holds from 2026-06-02 on" in early.reason) == ("undecided", True)


def test_what_is_accepted_for_ever_or_unadvised_is_counted() -> None:
    numbers = counts(model(decision()))
    assert (numbers["acceptedWithoutExpiry"], numbers["acceptedWithoutAdviser"]) == (1, 1)
    numbers = counts(model(decision(expires="2027-01-01", adviser="developer-1")))
    assert (numbers["acceptedWithoutExpiry"], numbers["acceptedWithoutAdviser"], numbers["decidedByPeople"]) == (0, 0, 1)


def test_the_later_of_two_decisions_holds() -> None:
    text = decision(choice="avoided", date="2026-03-01") + decision(expires="2027-01-01")
    assert one(model(text)).decided.choice == "avoided"


def test_a_risk_that_nobody_bears_was_not_transferred() -> None:
    assert one(model(decision(choice="transferred"))).decided.choice == "undecided"
    assert one(model(decision(choice="transferred", to="an insurer"))).decided.to == "an insurer"


def test_a_person_may_call_it_mitigated_and_add_practices_which_stay_claims() -> None:
    found = one(model(decision(choice="mitigated") + 'practices = ["SP5.5"]\n')).decided
    assert (found.choice, found.by, found.proven) == ("mitigated", "owner-1", False)
    assert found.claimed[-1].practice == "SP5.5"
    none = dict.fromkeys(("SD3.15", "SO2.5", "SP4.2"), "NOT APPLICABLE")
    assert one(model(decision(choice="mitigated"), none)).decided.choice == "undecided"


def test_what_people_say_of_the_impact_is_added() -> None:
    found = one(model(decision() + '[decision.impact]\nsociety = "Much"\n'))
    assert found.impact["society"] == "Much"
    assert set(found.impact) == {"system", "users", "society"}


def test_a_draft_names_what_is_undecided_and_leaves_open_what_only_people_know() -> None:
    text = "\n".join(draft(model()))
    assert f'threats = ["{INJECTION}"' in text
    with pytest.raises(ManifestError) as error:
        decode_decisions(text, FACTS)
    assert "decision[0].decision" in error.value.message
    filled = text.replace('decision = ""', 'decision = "avoided"').replace('by = ""', 'by = "owner-1"')
    filled = filled.replace('reason = ""', 'reason = "x"').replace('date = ""', 'date = "2026-01-01"')
    assert threat_model(FACTS, {}, decode_decisions(filled, FACTS), "2026-06-01").undecided == ()
