"""Terms, acknowledgements and decisions: what counts, what does not, and one decision for each output."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.app.deciding import Decided, Signing, Wanted, decide_hold, listing, record
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.trusting import TrustPlan, init_trust
from tetrapylon.gateway.parts import decisions as decisions_in
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.responsibility.user.acknowledged import SCHEMA, acknowledged
from tetrapylon.responsibility.user.decisions import read_hold, tally
from tetrapylon.responsibility.user.terms import terms_digest, terms_text

MANIFEST = """
schema = "tetrapylon/manifest/1"
[system]
id = "desk"
release = "1.0.0"
role = "provider"
criticality = "low"
purpose = "Reads cheques"
demo = DEMO
[[person]]
id = "operator-1"
roles = ["operator", "responder"]
key = "operator-1.pub"
[[person]]
id = "developer-1"
roles = ["developer"]
key = "developer-1.pub"
[[tool]]
id = "refund"
effect = "irreversible"
approval = "human"
"""
OUTPUT = {"name": "refund", "arguments": {"cheque": "C-0001"}}
DIGEST = sha256(canonical_json(OUTPUT))
APPROVE = {"person": "operator-1", "action": "approve", "reason": "paid in twice"}


def now() -> str:
    return SystemClock().now()


def made(root: Path, *, demo: bool) -> Project:
    root.mkdir(parents=True, exist_ok=True)
    (root / "tetrapylon.toml").write_text(MANIFEST.replace("DEMO", str(demo).lower()))
    project = open_project(root)
    init_trust(project, TrustPlan(2, 3, 30, None), now())
    hold(project, "hold-1")
    return project


def hold(project: Project, name: str, output: Any = OUTPUT) -> None:
    folder = project.state("holds")
    folder.mkdir(exist_ok=True)
    held = {"schema": "tetrapylon/hold/1", "id": name, "at": now(), "tool": "refund", "principal": "teller", "output": output}
    (folder / f"{name}.json").write_text(json.dumps({**held, "outputDigest": sha256(canonical_json(output))}))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "desk", demo=True)


def approve(project: Project, name: str = "hold-1") -> Decided:
    return decide_hold(project, name, APPROVE, Signing(None), now())


def test_a_decision_binds_output_person_action_and_reason(project: Project) -> None:
    done = approve(project)
    assert done.decision.output == DIGEST
    assert (done.decision.person, done.decision.action, done.decision.reason, done.decision.hold) == (
        "operator-1",
        "approve",
        "paid in twice",
        "hold-1",
    )
    (row,) = listing(project)
    assert (row["state"], row["person"], row["tool"]) == ("approve", "operator-1", "refund")
    released = decisions_in(project.state(), project.facts)("hold-1", DIGEST)
    assert released is not None
    assert (released.action, released.person) == ("release", "operator-1")


def test_nothing_is_decided_before_somebody_decides(project: Project) -> None:
    assert decisions_in(project.state(), project.facts)("hold-1", DIGEST) is None
    assert [each["state"] for each in listing(project)] == ["waiting"]
    found = tally(project.state(), project.facts)
    assert found is not None
    assert (found.decisions, found.undecided, found.without_person) == (0, 1, 0)


def test_two_people_who_decide_at_once_make_one_decision(project: Project) -> None:
    ended: list[object] = []
    start = threading.Barrier(6)

    def decide(action: str) -> None:
        start.wait()
        try:
            ended.append(decide_hold(project, "hold-1", {**APPROVE, "action": action}, Signing(None), now()))
        except TetrapylonError as error:
            ended.append(error)

    threads = [threading.Thread(target=decide, args=(each,)) for each in ("approve", "reject") * 3]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    won = [each for each in ended if isinstance(each, Decided)]
    assert len(won) == 1
    assert all(isinstance(each, ConflictError) and "operator-1" in each.message for each in ended if each not in won)
    assert [each["state"] for each in listing(project)] == [won[0].decision.action]


def test_a_decision_on_any_other_output(project: Project) -> None:
    wanted = Wanted(sha256(b"an answer"), "operator-1", "reject", "the amount is wrong")
    record(project, wanted, Signing(None), now())
    with pytest.raises(ConflictError):
        record(project, replace(wanted, action="approve"), Signing(None), now())
    found = tally(project.state(), project.facts)
    assert found is not None
    assert (found.decisions, found.without_person, found.undecided) == (1, 0, 1)
    with pytest.raises(UsageError):
        record(project, replace(wanted, output="the answer"), Signing(None), now())


def test_who_and_why_must_be_said(project: Project) -> None:
    for change, error in (
        ({"person": "nobody"}, UsageError),
        ({"reason": " "}, UsageError),
        ({"reason": "x" * 3000}, UsageError),
        ({"person": "developer-1"}, MissingError),
    ):
        with pytest.raises(error):
            decide_hold(project, "hold-1", {**APPROVE, **change}, Signing(None), now())
    for name in ("hold-2", "../hold-1", "", "hold-1.decision", "x" * 200):
        with pytest.raises(TetrapylonError):
            approve(project, name)


def test_outside_a_demonstration_a_role_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no key here is that of"):
        approve(made(tmp_path / "real", demo=False))


@pytest.mark.parametrize("place", range(0, 900, 45))
def test_a_changed_decision_does_not_count(project: Project, place: int) -> None:
    path = approve(project).path
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(TetrapylonError):
        decisions_in(project.state(), project.facts)("hold-1", DIGEST)
    found = tally(project.state(), project.facts)
    assert found is not None
    assert found.without_person == 1


def test_a_decision_on_another_output_releases_nothing(project: Project) -> None:
    hold(project, "hold-2", {"name": "refund", "arguments": {"cheque": "C-9999"}})
    approve(project)
    project.state("holds", "hold-2.decision.json").write_bytes(project.state("holds", "hold-1.decision.json").read_bytes())
    with pytest.raises(IntegrityError):
        decisions_in(project.state(), project.facts)("hold-2", read_hold(project.state(), "hold-2").output)
    found = tally(project.state(), project.facts)
    assert found is not None
    assert found.without_person == 1


def test_a_hold_that_was_changed_cannot_be_approved(project: Project) -> None:
    path = project.state("holds", "hold-1.json")
    path.write_text(path.read_text().replace("C-0001", "C-0002"))
    with pytest.raises(IntegrityError):
        approve(project)
    assert listing(project)[0]["state"] == "damaged"


def test_a_person_who_is_no_longer_declared_decided_nothing(project: Project) -> None:
    approve(project)
    facts = {**project.facts, "person": []}
    found = tally(project.state(), facts)
    assert found is not None
    assert found.without_person == 1


def test_nothing_held_and_nothing_decided_is_unknown(tmp_path: Path) -> None:
    assert tally(tmp_path, {"system": {}}) is None


def key(**changes: Any) -> dict[str, Any]:
    found = {"id": "1", "hash": "0" * 64, "principal": "teller", "kind": "group", "tenant": "t", "expires": "2099-01-01T00:00:00Z"}
    return {**found, "revoked": None, "acknowledged": "d", **changes}


@pytest.mark.parametrize(
    ("keys", "counts"),
    [
        ([key()], (1, 1)),
        ([key(), key(acknowledged=None)], (2, 1)),
        ([key(), key(acknowledged="older terms")], (2, 1)),
        ([key(), key(acknowledged=None, revoked="2026-01-01T00:00:00Z")], (1, 1)),
        ([key(), key(acknowledged=None, expires="2020-01-01T00:00:00Z")], (1, 1)),
        ([key(revoked="2026-01-01T00:00:00Z")], None),
        ([], None),
    ],
)
def test_the_rate_counts_keys_in_force(tmp_path: Path, keys: list[dict[str, Any]], counts: tuple[int, int] | None) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "keys.json").write_text(json.dumps({"schema": SCHEMA, "keys": keys}))
    found = acknowledged(tmp_path, "d", "2026-06-01T00:00:00Z")
    assert (None if found is None else (found.users, found.acknowledged)) == counts


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "other", "keys": []}', '{"schema": "tetrapylon/access-keys/1", "keys": [7]}'])
def test_a_file_of_keys_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "keys.json").write_text(text)
    with pytest.raises(IntegrityError):
        acknowledged(tmp_path, "d", "2026-06-01T00:00:00Z")


def test_no_file_of_keys_is_unknown(tmp_path: Path) -> None:
    assert acknowledged(tmp_path, "d", "2026-06-01T00:00:00Z") is None


def test_terms_follow_from_the_manifest_and_the_measured_limits(project: Project) -> None:
    text = terms_text(project.facts, project.root)
    assert "`refund`" in text
    assert "No limits were measured" in text
    (project.root / "disclosure").mkdir()
    (project.root / "disclosure" / "known-limits.md").write_text("# Known limits\n\n* It gives in to flattery in 3 of 100 tries.\n")
    new = terms_text(project.facts, project.root)
    assert "flattery" in new
    assert terms_digest(new) != terms_digest(text)
