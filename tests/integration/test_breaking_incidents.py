"""Incidents, backups and the end of the system on the example: each practice holds, and stops to hold when the real thing breaks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Desk, flip
from tetrapylon.app import backups, restoring
from tetrapylon.app.guidance import policy
from tetrapylon.app.incidents import drilling, opening, state
from tetrapylon.app.incidents.listing import planned, status
from tetrapylon.app.incidents.steps import Desk as Steps
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.retiring import executing, tombstones
from tetrapylon.app.view import project_view
from tetrapylon.deploy.incidents import work
from tetrapylon.deploy.incidents.playbook import playbooks
from tetrapylon.design.threats import work as threats
from tetrapylon.develop.debt import ending
from tetrapylon.evidence.observation import Observation
from tetrapylon.kernel.errors import ConflictError, IntegrityError, RefusedError, StorageError, TetrapylonError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import hash_file

NOBODY = "65534"


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _measure(desk: Desk) -> dict[str, dict[str, Any]]:
    project = open_project(desk.root)
    core = policy(project, "core")
    recorder, view = Recorder(project, core, None, now=SystemClock().now()), project_view(project, core)
    for module in (threats, work, ending):
        recorder.file(list(module.observe(view)))
    return desk.rows("core")


def _states(desk: Desk, *names: str) -> list[tuple[str, str]]:
    rows = _measure(desk)
    return [(rows[name]["state"], rows[name]["reason"]) for name in names]


@pytest.fixture(scope="module")
def drilled_desk(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Path]]:
    """The example with every playbook drilled, its end rehearsed, and a backup out of its reach."""
    root = tmp_path_factory.mktemp("drilled") / "cheque-desk"
    shutil.copytree(_assessed, root)
    for old in ("8600", "8601"):
        port = str(_free())
        for name in ("tetrapylon.toml", "incidents.toml"):
            (root / name).write_text((root / name).read_text().replace(old, port))
    store = Path(tempfile.mkdtemp(prefix="tetrapylon-backups-"))
    backups.make_key(str(root), str(root.parent / "id.age"))
    for name in playbooks():
        drilling.drill(name, drilling.Wanted(participants=("operator-1",)), drilling.desk_of(str(root), None))
    executing.rehearse(str(root), None)
    backups.create(str(root), str(store), None, None)
    yield root, store, root.parent / "id.age"
    shutil.rmtree(store)


@pytest.fixture
def desk(drilled_desk: tuple[Path, Path, Path], tmp_path: Path) -> Desk:
    shutil.copytree(drilled_desk[0], tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def _drills(desk: Desk) -> list[state.State]:
    return state.states(open_project(desk.root))


def test_every_playbook_was_noticed_contained_and_restored_in_the_provable_order(desk: Desk) -> None:
    found = _drills(desk)
    assert {each.playbook for each in found} == set(playbooks())
    for each in found:
        assert each.stage == "closed"
        assert each.gaps == []
        assert each.alarm is not None
        assert each.sealed is not None
        assert each.alarm < each.sealed < min(step.record for step in each.steps if step.record is not None)
        assert (
            0 < (each.seconds(each.detected_at) or 0) < (each.seconds(each.contained_at) or 0) < (each.seconds(each.recovered_at) or 0) < 60
        )
    assert not (desk.root / ".tetrapylon" / "canaries").exists()
    assert json.loads((desk.root / ".tetrapylon" / "closed.json").read_text()) == {"all": None, "routes": {}}


def test_what_was_measured_holds(desk: Desk) -> None:
    rows = _measure(desk)
    assert {name: rows[name]["state"] for name in ("SP3.2", "SP3.5", "SO4.9")} == dict.fromkeys(("SP3.2", "SP3.5", "SO4.9"), "PASS")
    # The measured half holds; a person's word is missing.
    assert {name: rows[name]["reason"] for name in ("SP3.1", "SP3.4", "SV4.5")} == dict.fromkeys(
        ("SP3.1", "SP3.4", "SV4.5"), "no evidence about `manifest`"
    )
    assert "the system runs" in rows["SV4.8"]["reason"]
    assert "no result of a training" in rows["SP3.7"]["reason"]


def test_with_the_detector_off_nothing_stops_the_clock(desk: Desk) -> None:
    before = hash_file(desk.weights)
    found = drilling.drill("poisoned-model", drilling.Wanted(control=True), drilling.desk_of(str(desk.root), None))
    assert found.detected_at is None
    assert found.sealed is None
    assert hash_file(desk.weights) == before
    assert len(_drills(desk)) == len(playbooks()) + 1


def _drill_process(desk: Desk, name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tetrapylon.cli.__main__", "deploy", "incident", "drill", name, "--json"]
    return subprocess.Popen(command, cwd=desk.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("reached", "end"),
    [
        ("injected", drilling.resume),
        pytest.param("sealed", drilling.abort, marks=pytest.mark.soak),
        pytest.param("contained", drilling.resume, marks=pytest.mark.soak),
    ],
)
def test_a_drill_that_is_killed_says_where_it_stands_and_can_be_ended(
    desk: Desk, reached: str, end: Callable[[Steps, state.State], state.State]
) -> None:
    before = hash_file(desk.weights)
    order = ["prepared", "injecting", "injected", "detected", "sealed", "contained", "recovered", "closed"]
    process = _drill_process(desk, "poisoned-model")
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(
        order.index(each.stage) >= order.index(reached) for each in _drills(desk)[len(playbooks()) :]
    ):
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    said = status(str(desk.root))["drills"]
    assert len(said) == 1
    assert said[0]["means"]
    with pytest.raises(ConflictError):
        state.refuse_second(open_project(desk.root))
    end(drilling.desk_of(str(desk.root), None), state.active(open_project(desk.root)))
    assert hash_file(desk.weights) == before
    assert json.loads((desk.root / ".tetrapylon" / "closed.json").read_text())["routes"] == {}
    assert status(str(desk.root))["drills"] == []


def _unanswered_threat(desk: Desk) -> None:
    project = open_project(desk.root)
    recorder, view = Recorder(project, policy(project), None, now=SystemClock().now()), project_view(project)
    found = next(iter(threats.observe(view)))
    kept = {**found.payload["kept"], "tired-approval@tool:refund": "high"}
    recorder.file(
        [Observation(found.predicate, found.subjects, {**found.payload, "kept": kept}, found.observed_from, found.observed_to, found.role)]
    )
    recorder.file(list(work.observe(project_view(project))))


def test_a_high_threat_without_a_playbook_fails(desk: Desk) -> None:
    _measure(desk)
    _unanswered_threat(desk)
    row = desk.rows("core")["SP3.2"]
    assert (row["state"], "tired-approval" in row["reason"]) == ("FAIL", True)


def _edit(desk: Desk, name: str, old: str, new: str) -> None:
    text = (desk.root / name).read_text()
    assert old in text
    (desk.root / name).write_text(text.replace(old, new))


def test_a_step_that_cannot_be_run_fails(desk: Desk) -> None:
    _edit(desk, "tetrapylon.toml", 'alternate = "assistant-b"\n', "")
    assert planned(str(desk.root), None, "supplier-gone", None)["exit"] == 1
    found = drilling.drill("supplier-gone", drilling.Wanted(), drilling.desk_of(str(desk.root), None))
    assert found.steps_failed == 1
    (state_now, why), (drilled, _) = _states(desk, "SP3.5", "SP3.4")
    assert (state_now, drilled) == ("FAIL", "FAIL"), why


def test_an_address_that_is_none_fails(desk: Desk) -> None:
    _edit(desk, "incidents.toml", "mailto:csirt@authority.example.org", "somebody")
    assert _states(desk, "SP3.1") == [("FAIL", "`manifest`: contactsInvalid is 1, must be == 0 (the authority's address is none)")]


def test_a_gap_that_no_later_drill_closed_fails(desk: Desk) -> None:
    gap = '\n[[gap]]\nid = "g"\nplaybook = "poisoned-model"\nwhat = "nobody was called"\nowner = "owner-1"\n'
    gap += 'reason = "it was night"\ndue = "2039-01-01"\n'
    (desk.root / "incidents.toml").write_text((desk.root / "incidents.toml").read_text() + gap)
    assert _states(desk, "SP3.4")[0][0] == "FAIL"
    (desk.root / "incidents.toml").write_text((desk.root / "incidents.toml").read_text() + f'fixed = "{SystemClock().now()[:10]}"\n')
    assert _states(desk, "SP3.4")[0][0] == "UNKNOWN"


def test_an_incident_is_closed_by_what_it_changed_and_the_lesson_must_stay(desk: Desk) -> None:
    found = opening.open_incident(
        str(desk.root), None, playbook="poisoned-model", what="bits of the reader changed", asset=None, exploited=False
    )
    assert [each["what"] for each in found["clocks"]] == ["early warning", "notification", "final report"]
    assert (desk.root / found["draft"]).with_suffix(".md").read_text().startswith("# Draft")
    for lesson, error in (("none", UsageError), ("regression:no.py", TetrapylonError), ("regression:train.py", RefusedError)):
        os.utime(desk.root / "train.py", (1, 1))
        with pytest.raises(error):
            opening.close_incident(str(desk.root), None, found["id"], lesson, None)
    (desk.root / "regress.py").write_text("assert True\n")
    os.utime(desk.root / "regress.py", (time.time() + 2, time.time() + 2))
    closed = opening.close_incident(str(desk.root), None, found["id"], "regression:regress.py", None)
    assert closed["lacking"]
    with pytest.raises(RefusedError):
        opening.close_incident(str(desk.root), None, found["id"], "regression:regress.py", None)
    assert _states(desk, "SO4.9")[0][0] == "PASS"
    (desk.root / "regress.py").unlink()
    assert _states(desk, "SO4.9")[0][0] == "FAIL"


def test_a_backup_out_of_reach_restores_the_release(desk: Desk, drilled_desk: tuple[Path, Path, Path]) -> None:
    _, store, identity = drilled_desk
    store.chmod(0o700)
    found = restoring.drill(str(desk.root), str(store), str(identity), NOBODY, None)
    assert (found["exit"], found["restored"], found["mismatched"], found["offline"]) == (0, True, 0, True), found
    rows = desk.rows("core")
    assert rows["SV2.8"]["state"] == "PASS"
    assert rows["SP3.6"]["reason"] == "no evidence about `manifest`"


def test_a_backup_that_the_system_can_reach_or_that_lacks_the_release_fails(desk: Desk, drilled_desk: tuple[Path, Path, Path]) -> None:
    _, store, identity = drilled_desk
    store.chmod(0o777)
    found = restoring.drill(str(desk.root), str(store), str(identity), NOBODY, None)
    store.chmod(0o700)
    assert (found["exit"], found["offline"]) == (1, False)
    assert desk.rows("core")["SP3.6"]["state"] == "FAIL"
    flip(desk.weights)
    assert restoring.drill(str(desk.root), str(store), str(identity), NOBODY, None)["mismatched"] == 1
    assert desk.rows("core")["SV2.8"]["state"] == "FAIL"
    assert restoring.drill(str(desk.root), str(store), str(identity), None, None)["exit"] == 1


def test_a_backup_that_was_changed_anywhere_is_refused(desk: Desk, drilled_desk: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _, store, identity = drilled_desk
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    path = backups.newest(copy)
    whole = path.read_bytes()
    assert backups.verify(str(desk.root), str(path), str(identity), None)["exit"] == 0
    for place in (0, 100, len(whole) // 2, len(whole) - 1):
        flip(path, place)
        with pytest.raises(IntegrityError):
            backups.verify(str(desk.root), str(path), str(identity), None)
        path.write_bytes(whole)
    path.write_bytes(whole[:-1000])
    with pytest.raises(IntegrityError):
        backups.restore(str(desk.root), str(path), str(identity), str(tmp_path / "out"), None)
    assert not (tmp_path / "out").exists()
    path.write_bytes(whole)
    flip(path.with_name(f"{path.name}.sig.json"), 200)
    with pytest.raises(IntegrityError):
        backups.verify(str(desk.root), str(path), str(identity), None)


def test_a_full_disk_leaves_no_backup(desk: Desk, tmp_path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(StorageError):
            backups.create(str(desk.root), str(tmp_path / "full"), None, None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "full").iterdir()) == []


def no_plan(desk: Desk) -> None:
    (desk.root / "decommission.toml").unlink()


def part_without_disposal(desk: Desk) -> None:
    _edit(
        desk,
        "decommission.toml",
        'asset = "cheques"\nmethod = "delete"\nreason = "confidential, and of no use without the desk"\n\n[[disposal]]\n',
        "",
    )


def nobody_owns_it(desk: Desk) -> None:
    _edit(desk, "decommission.toml", 'owner = "owner-1"', 'owner = "nobody"')


@pytest.mark.parametrize("broken", [no_plan, part_without_disposal, nobody_owns_it])
def test_an_end_that_is_not_planned_fails(desk: Desk, broken: Callable[[Desk], None]) -> None:
    broken(desk)
    assert _states(desk, "SV4.5")[0][0] == "FAIL"


def test_a_rehearsal_ends_nothing_and_an_execution_that_was_killed_goes_on(desk: Desk, tmp_path: Path) -> None:
    shutil.copyfile(desk.weights, desk.root.parent / "kept.onnx")
    assert executing.read_state(open_project(desk.root)) is None
    command = [sys.executable, "-m", "tetrapylon.cli.__main__", "develop", "decommission", "execute", "--yes"]
    process = subprocess.Popen(command, cwd=desk.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(each.gone for each in (executing.read_state(open_project(desk.root)) or _NONE).steps):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert desk.run("develop", "decommission", "status").code == 3
    assert executing.remaining(executing.resume(str(desk.root), None)) == 0
    assert not desk.weights.exists()
    # A successor that brings back one retired file is refused; one that does not is not.
    stones = desk.root / ".tetrapylon" / "decommission" / "tombstones.json"
    _successor_is_held_against(desk, stones, tmp_path)


_NONE = executing.Ending(plan="", manifest="", manifest_id="", steps=[])


def _successor_is_held_against(desk: Desk, stones: Path, tmp_path: Path) -> None:
    heir = tmp_path / "heir"
    heir.mkdir()
    (heir / "model.onnx").write_bytes(b"new")
    text = 'schema = "tetrapylon/manifest/1"\n[system]\nid = "heir"\nrelease = "1"\nrole = "provider"\ncriticality = "low"\npurpose = "p"\n'
    text += '[[model]]\nid = "m"\npath = "model.onnx"\n'
    (heir / "tetrapylon.toml").write_text(text)
    root = str(desk.root / ".tetrapylon" / "trust" / "1.root.json")
    assert tombstones.compare(open_project(heir), stones, root).what == ()
    shutil.copyfile(desk.root.parent / "kept.onnx", heir / "model.onnx")
    assert tombstones.compare(open_project(heir), stones, root).what == ("model-file `m` is the retired model-file:digit-reader",)
    flip(stones, 300)
    with pytest.raises(TetrapylonError):
        tombstones.compare(open_project(heir), stones, root)
