"""Measuring again and again: what nothing changed for stands, and whatever did change is seen."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests.integration.conftest import Desk, flip
from tetrapylon.app.scheduling import SCHEDULES, schedule
from tetrapylon.outside.clock import format_time, parse_time


def test_a_second_look_leaves_nothing_new(desk: Desk) -> None:
    before = desk.run("log", "show", "--limit", "0", "--json").json["records"]
    again = desk.run("assess", "--json").json
    assert again["evidence"] == []
    assert {"deploy/integrity", "responsibility/provider", "develop/records", "design/threats"} <= set(again["kept"])
    assert desk.run("log", "show", "--limit", "0", "--json").json["records"] == before
    assert desk.run("assess", "--due", "--json").json["evidence"] == []


def test_everything_is_measured_again_on_demand(desk: Desk) -> None:
    assert len(desk.run("assess", "--all", "--json").json["evidence"]) >= 10


def test_what_is_no_asset_but_was_read_counts_as_a_change(desk: Desk) -> None:
    signature = desk.root / "models" / "digit-reader.onnx.sig"
    whole = signature.read_bytes()
    signature.unlink()
    assert desk.assess()["SP2.5"] == "FAIL"
    signature.write_bytes(whole)
    assert desk.assess()["SP2.5"] == "PASS"  # the same inputs as the first time, but not as the last time


def test_a_new_release_is_due_at_once(desk: Desk) -> None:
    flip(desk.weights)
    assert "deploy/integrity" not in desk.run("assess", "--due", "--json").json["kept"]
    assert desk.states()["SV3.7"] == "FAIL"


def test_evidence_is_due_at_half_of_its_age(desk: Desk) -> None:
    from tetrapylon.app import due, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.records import read_records

    project = open_project(desk.root)
    records = read_records(wiring.open_ledger(project), wiring.load_trust(project), demo=True)
    run = due.last_runs(records, policy(project))["responsibility/provider"]
    observed = parse_time(records[-1].leaf.observed_to)
    assert run.expires is not None
    assert abs(parse_time(run.expires) - observed - timedelta(days=15)) < timedelta(minutes=5)
    assert run.holds(format_time(observed + timedelta(days=14)))
    assert not run.holds(format_time(observed + timedelta(days=16)))


def test_a_stranger_cannot_say_that_something_was_measured(desk: Desk) -> None:
    from tetrapylon.app import due, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.records import read_records

    project = open_project(desk.root)
    records = read_records(wiring.open_ledger(project), wiring.load_trust(project), demo=True)
    nobody = {**policy(project), "roles": {}}
    assert due.last_runs(records, nobody) == {}


@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_run_what_is_due(desk: Desk, kind: str) -> None:
    found = desk.run("assess", "--schedule", kind, "--json").json
    text = "".join(found["files"].values())
    assert found["files"] == schedule(kind, "cheque-desk")
    assert "tetrapylon assess --due" in text
    assert not re.search(r"uses: \S+@(?![0-9a-f]{40}\b)", text)
    assert desk.run("assess", "--schedule", "sundial").code == 2
    assert json.dumps(found)
