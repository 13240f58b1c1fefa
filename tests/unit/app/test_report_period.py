"""A period is judged as each of its points was: from what the log held then, and nothing of the future is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.posture.world import CATALOGUE, DATA, MODEL, NOW, OTHER, PREDICATES, Evidence, question
from tetrapylon.app.report.essence import Essence, replaced_by_any
from tetrapylon.app.report.period.gather import Asked, check_period
from tetrapylon.app.report.period.points import NOT_KNOWN, Decided, points, spans, times
from tetrapylon.app.report.period.samples import default_seed, drawn
from tetrapylon.app.report.period.sheet import cell
from tetrapylon.evidence.note import Checkpoint
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.posture.decision import Basis
from tetrapylon.posture.fold import AssetRef, Record, assess_practices

PRACTICES = ("P1", "P2", "P3", "P4", "P5", "P6", "P10")
WHEN = [(datetime.fromisoformat(NOW) + timedelta(days=10 * number)).strftime("%Y-%m-%dT%H:%M:%SZ") for number in range(-8, 1)]


def logs() -> st.SearchStrategy[list[Record]]:
    statement = st.tuples(
        st.sampled_from(["check", "made", "waiver", "decision-replay", "attestation"]),
        st.sampled_from([MODEL, DATA, AssetRef("model-file", "reader", OTHER)]),
        st.sampled_from(
            [{}, {"event": "rehash", "mismatched": 0}, {"event": "rehash", "mismatched": 1}, {"event": "other", "mismatched": 0}]
        ),
        st.sampled_from(["P1", "P6", "P10"]),
        st.sampled_from([None, (), ("build",)]),
        st.booleans(),
        st.integers(0, 9),
    )
    return st.lists(st.tuples(statement, st.integers(0, 3)), max_size=30).map(built)


def built(entries: Sequence[Any]) -> list[Record]:
    evidence, moment = Evidence(), 0
    for (name, asset, content, practice, roles, withheld, replaces), later in entries:
        moment = min(moment + later, len(WHEN) - 1)
        found = {"practice": practice, "expires": WHEN[(moment + 2) % len(WHEN)], "owner": "o", **content}
        before = evidence.records[replaces].leaf.envelope if replaces < len(evidence.records) and replaces % 3 == 0 else None
        evidence.add(name, [(asset.id, asset.digest)], found, roles=roles, at=WHEN[moment], supersedes=before, withheld=withheld)
    return evidence.records


@given(logs())
def test_what_is_left_out_decides_nothing(records: list[Record]) -> None:
    asked = question(*PRACTICES)
    essence = Essence(CATALOGUE, PREDICATES, replaced_by_any(records))
    essence.add(records)
    assert assess_practices(asked, essence.records()) == assess_practices(asked, records)


def test_much_is_left_out() -> None:
    evidence = Evidence()
    for _ in range(50):
        evidence.check()
    essence = Essence(CATALOGUE, PREDICATES, frozenset())
    essence.add(evidence.records)
    assert [each.index for each in essence.records()] == [49]


def decided(at: str, records: list[Record], index: int = 0) -> Decided:
    asked = question(*PRACTICES)
    basis = Basis(CATALOGUE, asked.policy, asked.facts, asked.assets, sha256(b"release"), Checkpoint("o", len(records), b"r"))
    return Decided(index, at, f"sha256:{index:064x}", {"basis": {"catalogue": "c"}}, basis)


@given(logs(), st.lists(st.sampled_from(WHEN), min_size=1, max_size=3))
def test_each_point_is_judged_as_if_it_were_now(records: list[Record], made: list[str]) -> None:
    decisions = [decided(at, records, number) for number, at in enumerate(sorted(made))]
    moments = times(date.fromisoformat(WHEN[0][:10]), NOW, decisions)
    for point in points(moments, records, decisions):
        known = [each for each in decisions if each.recorded_at <= point.time]
        held = [each for each in records if each.leaf.recorded_at <= point.time]
        wanted = assess_practices(known[-1].basis.question(point.time), held) if known else ()
        assert tuple(point.states.values()) == wanted


def test_the_points_are_the_beginning_each_decision_and_each_end_of_a_day() -> None:
    found = times(date(2026, 5, 30), "2026-06-01T12:00:00Z", [decided("2026-05-31T08:00:00Z", [])])
    assert found == [
        "2026-05-30T00:00:00Z",
        "2026-05-30T23:59:59Z",
        "2026-05-31T08:00:00Z",
        "2026-05-31T23:59:59Z",
        "2026-06-01T12:00:00Z",
    ]


def test_before_the_first_decision_nothing_is_known() -> None:
    evidence = Evidence()
    evidence.check(at="2026-05-01T20:00:00Z")
    made = [decided("2026-05-31T08:00:00Z", [])]
    found = list(points(times(date(2026, 5, 30), "2026-06-01T12:00:00Z", made), evidence.records, made))
    rows = spans(found, ["P1"], lambda one, other: one.state == other.state)["P1"]
    assert [(each.state, each.since[:13]) for each in rows] == [
        (NOT_KNOWN, "2026-05-30T00"),
        ("PASS", "2026-05-31T08"),
        ("STALE", "2026-05-31T23"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 5, 1), date(2026, 6, 2), "future"),
        (date(2026, 6, 3), date(2026, 6, 4), "future"),
        (date(2026, 6, 1), date(2026, 5, 1), "backwards"),
        (date(2006, 6, 1), date(2026, 5, 1), "too-long"),
    ],
)
def test_a_period_that_cannot_be_told_of_is_refused(first: date, last: date, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_period(Asked(first, last), NOW)
    assert caught.value.code == code
    assert caught.value.hint


def test_today_can_be_told_of() -> None:
    check_period(Asked(date(2026, 6, 1), date(2026, 6, 1)), NOW)


def test_a_sample_is_the_same_for_everybody_and_another_for_another_seed() -> None:
    evidence = Evidence()
    for _ in range(40):
        evidence.check()
    names = {uri: name for name, uri in PREDICATES.items()}
    one, same, other = (drawn(evidence.records, names, seed, 10) for seed in ("s", "s", "t"))
    assert one == same
    assert one != other
    assert len(one) == 10
    assert [each.index for each in one] == sorted(each.index for each in one)
    assert default_seed(b"root", "p") == default_seed(b"root", "p") != default_seed(b"root", "q")


def test_decisions_are_no_evidence_to_draw_from() -> None:
    evidence = Evidence()
    evidence.add("decision-replay", [("d", OTHER)], {"identical": True})
    names = {uri: name for name, uri in PREDICATES.items()}
    assert drawn(evidence.records, names, "s", 10) == []


@given(st.text(st.characters(codec=None), max_size=40))
def test_a_cell_is_never_a_formula(text: str) -> None:
    found = cell(text)
    assert found.lstrip()[:1] not in set("=+-@|%\uff1d\uff0b\uff0d\uff20")
    sheet = io.StringIO()
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerow([found])
    assert next(csv.reader(io.StringIO(sheet.getvalue()))) == [found]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "|x", "\uff1d1"])
def test_formulas_are_told_to_be_texts(text: str) -> None:
    assert cell(text).startswith("'")
