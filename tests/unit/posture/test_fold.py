"""The verdict follows from the evidence, and from nothing else."""

from __future__ import annotations

import pytest

from tests.unit.posture.world import DATA, LOCK, MODEL, NOW, OTHER, Evidence, question
from tetrapylon.kernel.digest import sha256
from tetrapylon.posture.fold import AssetRef, assess_practices
from tetrapylon.posture.state import PracticeState, State


def state_of(name: str, evidence: Evidence, **extra: object) -> PracticeState:
    return assess_practices(question(name, **extra), evidence.records)[0]  # type: ignore[arg-type]


def test_no_evidence_is_unknown() -> None:
    found = state_of("P1", Evidence())
    assert (found.state, found.reason) == (State.UNKNOWN, "no evidence about `reader`")


def test_evidence_that_holds_passes() -> None:
    evidence = Evidence()
    evidence.check()
    found = state_of("P1", evidence)
    assert (found.state, found.evidence) == (State.PASS, (0,))


def test_evidence_that_does_not_hold_fails_and_says_why() -> None:
    evidence = Evidence()
    evidence.check(1)
    found = state_of("P1", evidence)
    assert found.state is State.FAIL
    assert "mismatched is 1, must be == 0" in found.reason


def test_the_latest_statement_decides() -> None:
    evidence = Evidence()
    evidence.check(1)
    evidence.check(0)
    assert state_of("P1", evidence).state is State.PASS
    evidence.check(2)
    assert state_of("P1", evidence).state is State.FAIL


@pytest.mark.parametrize("value", ["unknown", None])
def test_a_checker_that_could_not_check_leaves_it_unknown(value: object) -> None:
    evidence = Evidence()
    evidence.check(value)
    assert state_of("P1", evidence).state is State.UNKNOWN


def test_another_event_does_not_count() -> None:
    evidence = Evidence()
    evidence.check(event="load")
    assert state_of("P1", evidence).state is State.UNKNOWN


def test_a_role_that_may_not_say_it_does_not_count() -> None:
    evidence = Evidence()
    evidence.check(roles=["reviewer"])
    assert state_of("P1", evidence).state is State.UNKNOWN


def test_a_failure_cannot_be_hidden_by_a_stranger() -> None:
    evidence = Evidence()
    evidence.check(1)
    evidence.check(0, roles=[])
    assert state_of("P1", evidence).state is State.FAIL


def test_a_name_proves_nothing() -> None:
    evidence = Evidence()
    evidence.add("check", [("reader", OTHER)], {"event": "rehash", "mismatched": 0})
    found = state_of("P1", evidence)
    assert (found.state, found.reason) == (State.STALE, "`reader` has changed since the evidence was taken")


def test_evidence_grows_old() -> None:
    evidence = Evidence()
    evidence.check(at="2026-04-01T00:00:00Z")
    found = state_of("P1", evidence)
    assert found.state is State.STALE
    assert "older than 30.0 days" in found.reason


@pytest.mark.parametrize(
    ("expires", "state"),
    [("2026-06-01T12:00:01Z", State.PASS), (NOW, State.STALE), ("2026-05-31T00:00:00Z", State.STALE), (None, State.PASS)],
)
def test_a_statement_that_ends_holds_until_then(expires: str | None, state: State) -> None:
    evidence = Evidence()
    evidence.add(
        "check", [(MODEL.id, MODEL.digest)], {"event": "rehash", "mismatched": 0, "expires": expires, "detail": ["expires: because"]}
    )
    found = state_of("P1", evidence)
    assert found.state is state
    if state is State.STALE:
        assert found.reason == f"the evidence about `reader` held until {str(expires)[:10]} (because)"


def test_what_is_wrong_is_said_rather_than_that_it_ended() -> None:
    evidence = Evidence()
    evidence.add("check", [(MODEL.id, MODEL.digest)], {"event": "rehash", "mismatched": 1, "expires": "2026-05-31T00:00:00Z"})
    assert state_of("P1", evidence).state is State.FAIL


def test_evidence_from_the_future_proves_nothing() -> None:
    evidence = Evidence()
    evidence.check(at="2026-06-02T00:00:00Z")
    assert state_of("P1", evidence).state is State.UNKNOWN


def test_all_assets_must_be_covered() -> None:
    evidence = Evidence()
    evidence.check()
    assert state_of("P10", evidence).state is State.UNKNOWN
    evidence.check(asset=DATA)
    assert state_of("P10", evidence).state is State.PASS
    evidence.check(1, asset=DATA)
    assert state_of("P10", evidence).state is State.FAIL


def test_nothing_declared_is_unknown() -> None:
    assert "no prompt is declared" in state_of("P9", Evidence()).reason


def test_a_practice_that_nothing_measures_is_unknown() -> None:
    assert state_of("P8", Evidence()).state is State.UNKNOWN


def test_not_applicable_has_its_reason() -> None:
    found = state_of("P7", Evidence())
    assert found.state is State.NOT_APPLICABLE
    assert found.reason


def test_materials_must_be_the_current_ones() -> None:
    evidence = Evidence()
    made_of = [{"digest": {"sha256": each.digest.removeprefix("sha256:")}} for each in (DATA, LOCK)]
    evidence.add("made", [(MODEL.id, MODEL.digest)], {"madeOf": made_of})
    assert state_of("P2", evidence).state is State.PASS
    changed = AssetRef("lock", "requirements.lock", sha256(b"one line more"))
    found = state_of("P2", evidence, assets=(MODEL, DATA, changed))
    assert (found.state, found.reason) == (State.STALE, "`reader` was made before lock `requirements.lock` changed")


def test_superseded_by_one_who_may() -> None:
    evidence = Evidence()
    first = evidence.check(0)
    evidence.check(0, event="load", supersedes=first.leaf.envelope)
    assert state_of("P1", evidence).state is State.UNKNOWN


@pytest.mark.parametrize(("roles", "predicate"), [(["reviewer"], "check"), (["risk-owner"], "waiver")])
def test_superseding_needs_the_right_to_make_the_same_claim(roles: list[str], predicate: str) -> None:
    evidence = Evidence()
    first = evidence.check(1)
    evidence.add(predicate, [(MODEL.id, MODEL.digest)], {"event": "x"}, roles=roles, supersedes=first.leaf.envelope)
    assert state_of("P1", evidence).state is State.FAIL


def test_withheld_evidence_leaves_it_open() -> None:
    evidence = Evidence()
    evidence.check(withheld=True)
    found = state_of("P1", evidence)
    assert (found.state, found.withheld) == (State.UNKNOWN, True)


def test_a_later_withheld_statement_undoes_what_is_shown() -> None:
    evidence = Evidence()
    evidence.check()
    evidence.check(withheld=True)
    found = state_of("P1", evidence)
    assert (found.state, found.withheld) == (State.UNKNOWN, True)


def waive(evidence: Evidence, practice: str = "P1", expires: str = "2026-12-31T00:00:00Z", **extra: object) -> None:
    content = {"practice": practice, "owner": "ann", "expires": expires, "reason": "r"}
    evidence.add("waiver", [(MODEL.id, MODEL.digest)], content, **extra)  # type: ignore[arg-type]


def test_a_valid_waiver_waives() -> None:
    evidence = Evidence()
    evidence.check(1)
    waive(evidence)
    found = state_of("P1", evidence)
    assert found.state is State.WAIVED
    assert found.reason.startswith("waived until 2026-12-31 by ann: ")
    assert found.evidence == (0, 1)


def test_an_expired_waiver_does_not_and_is_told() -> None:
    evidence = Evidence()
    evidence.check(1)
    waive(evidence, expires=NOW)
    found = state_of("P1", evidence)
    assert (found.state, found.waiver_expired) == (State.FAIL, True)


@pytest.mark.parametrize("extra", [{"practice": "P2"}, {"roles": ["build"]}, {"withheld": True}])
def test_waivers_of_something_else_or_by_somebody_else_do_not_count(extra: dict[str, object]) -> None:
    evidence = Evidence()
    evidence.check(1)
    waive(evidence, **extra)  # type: ignore[arg-type]
    assert state_of("P1", evidence).state is State.FAIL


def test_a_waiver_of_one_asset_does_not_cover_another() -> None:
    evidence = Evidence()
    evidence.check(1)
    evidence.check(1, asset=DATA)
    waive(evidence, practice="P10")
    assert state_of("P10", evidence).state is State.FAIL


def test_waivers_sound() -> None:
    evidence = Evidence()
    assert state_of("P3", evidence).state is State.PASS
    waive(evidence)
    assert state_of("P3", evidence).state is State.PASS
    waive(evidence, practice="*")
    assert state_of("P3", evidence).state is State.FAIL


def test_an_expired_waiver_is_not_sound() -> None:
    evidence = Evidence()
    waive(evidence, expires="2026-01-01T00:00:00Z")
    assert state_of("P3", evidence).reason == "the waiver of P1 has expired"


def test_a_strangers_waiver_is_nobodys_business() -> None:
    evidence = Evidence()
    waive(evidence, expires="2026-01-01T00:00:00Z", roles=[])
    assert state_of("P3", evidence).state is State.PASS


def test_waivers_about_other_digests_are_nobodys_business() -> None:
    evidence = Evidence()
    evidence.add("waiver", [("old", OTHER)], {"practice": "*", "expires": "2026-01-01T00:00:00Z"})
    assert state_of("P3", evidence).state is State.PASS


def test_nothing_stale_looks_at_the_others() -> None:
    evidence = Evidence()
    assert assess_practices(question("P4", "P1"), evidence.records)[0].state is State.UNKNOWN
    evidence.check(at="2026-04-01T00:00:00Z")
    states = assess_practices(question("P4", "P1"), evidence.records)
    assert [each.id for each in states] == ["P4", "P1"]
    assert states[0].state is State.STALE
    evidence.check()
    assert assess_practices(question("P4", "P1"), evidence.records)[0].state is State.PASS


@pytest.mark.parametrize(("identical", "state"), [(True, State.PASS), (False, State.FAIL), (None, State.FAIL)])
def test_decision_replayed(identical: object, state: State) -> None:
    evidence = Evidence()
    assert state_of("P5", evidence).state is State.UNKNOWN
    evidence.add("decision-replay", [(MODEL.id, MODEL.digest)], {"identical": identical})
    assert state_of("P5", evidence).state is state


def test_a_withheld_replay_leaves_it_open() -> None:
    evidence = Evidence()
    evidence.add("decision-replay", [(MODEL.id, MODEL.digest)], {"identical": True}, withheld=True)
    found = state_of("P5", evidence)
    assert (found.state, found.withheld) == (State.UNKNOWN, True)
    evidence.add("decision-replay", [(MODEL.id, MODEL.digest)], {"identical": False})
    assert state_of("P5", evidence).state is State.FAIL
    evidence.add("decision-replay", [(MODEL.id, MODEL.digest)], {"identical": True}, withheld=True)
    assert (state_of("P5", evidence).state, state_of("P5", evidence).withheld) == (State.UNKNOWN, True)


def test_a_persons_practice_needs_the_persons_signature() -> None:
    evidence = Evidence()
    evidence.add("attestation", [(MODEL.id, MODEL.digest)], {"practice": "P6"}, roles=["build"])
    assert state_of("P6", evidence).state is State.UNKNOWN
    evidence.add("attestation", [(MODEL.id, MODEL.digest)], {"practice": "P6"})
    assert state_of("P6", evidence).state is State.PASS


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (["changed: a", "unknown: b"], " (b)"),
        (["changed: a", "something else"], " (changed: a)"),
        ([3, "unknown: b"], " (b)"),
        ([3], ""),
        ([], ""),
        ("unknown: b", ""),
        (None, ""),
    ],
)
def test_the_reason_gives_the_sentence_about_its_own_condition(detail: object, said: str) -> None:
    from tetrapylon.posture import fold

    assert fold._detail({"detail": detail}, "unknown") == said
