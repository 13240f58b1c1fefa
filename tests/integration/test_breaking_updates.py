"""Updates on the example: what is PASS, and that breaking the real thing is seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Desk
from tetrapylon.app import updating
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.digest import Digest
from tetrapylon.operate.updates import client, work
from tetrapylon.outside import channel
from tetrapylon.outside.clock import SystemClock

DRILLED = ("SO3.1", "SO3.2", "SO3.9")


def recorder(desk: Desk) -> Recorder:
    project = open_project(desk.root)
    return Recorder(project, policy(project, "core"), None, now=SystemClock().now())


def look(desk: Desk) -> dict[str, dict[str, Any]]:
    """Do this part's work of an assessment, and return the rows."""
    held = recorder(desk)
    held.file(list(work.observe(project_view(held.project, held.policy))))
    return desk.rows("core")


def evaluate(desk: Desk) -> None:
    """File a test result about every model and prompt, as an evaluation leaves it."""
    held = recorder(desk)
    view = project_view(held.project, held.policy)
    about = tuple(Subject(each.id, Digest(each.digest)) for each in view.assets if each.kind in {"model-file", "model-hosted", "prompt"})
    now = SystemClock().now()
    payload = {"result": "PASSED", "configuration": [], "suite": "smoke", "kind": "benchmark"}
    held.file([Observation("test-result", about, payload, now, now, "red-team")])


@pytest.fixture(scope="module")
def drilled(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("drilled") / "cheque-desk"
    shutil.copytree(_assessed, root)
    desk = Desk(root)
    evaluate(desk)
    found = updating.hold_drill(open_project(root), recorder(desk))
    assert all(found.held.values()), found.sentences
    assert found.refusals == {
        "tamperRefused": "mismatch",
        "rollbackRefused": "rollback",
        "freezeRefused": "expired",
        "expiryRefused": "expired",
        "mixRefused": "rollback",
        "fastForwardRefused": "signature",
    }
    look(desk)
    return desk


@pytest.fixture
def wrecked(drilled: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(drilled.root, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def test_updates_are_pass_on_the_example(drilled: Desk) -> None:
    rows = drilled.rows("core")
    assert {each: rows[each]["state"] for each in (*DRILLED, "SO3.4", "SO3.5")} == dict.fromkeys((*DRILLED, "SO3.4", "SO3.5"), "PASS")


@contextmanager
def replaced(where: object, name: str, new: object) -> Iterator[None]:
    old = getattr(where, name)
    setattr(where, name, new)
    try:
        yield
    finally:
        setattr(where, name, old)


def believing_anything(source: str, root: bytes, trusted: object) -> Any:
    """A client that forgets what it saw before, so that it can be sent back."""
    del trusted
    return channel.open_channel(source, root, {})


@pytest.mark.parametrize("practice", ["SO3.1", "SO3.2", "SO3.9"])
def test_a_broken_client_fails_the_drill(wrecked: Desk, practice: str) -> None:
    reason = {"SO3.1": "automatic is false", "SO3.2": "rollbackRefused is false", "SO3.9": "rolledBack is false"}[practice]
    if practice == "SO3.1":
        (wrecked.root / "updates.toml").write_text('schema = "tetrapylon/updates/1"\nautomatic = false\n')
        updating.hold_drill(open_project(wrecked.root), recorder(wrecked))
    elif practice == "SO3.2":
        with replaced(updating, "_opened", believing_anything):
            updating.hold_drill(open_project(wrecked.root), recorder(wrecked))
    else:
        with replaced(client, "_moved", forgetful):
            updating.hold_drill(open_project(wrecked.root), recorder(wrecked))
    row = wrecked.rows("core")[practice]
    assert (row["state"], reason in row["reason"]) == ("FAIL", True), row


def forgetful(state: Any, slot: Any, served: Any, now: str) -> Any:
    """An installation that keeps only the newest version."""
    del served, now
    from dataclasses import replace

    return replace(state, current=slot, previous=())


def test_another_model_needs_an_evaluation_and_a_major_version(wrecked: Desk) -> None:
    from tests.integration.conftest import flip
    from tetrapylon.app.decide import gate

    held = recorder(wrecked)
    decided = gate(Recorder(held.project, policy(held.project, "start"), None, now=SystemClock().now()))
    flip(wrecked.root / "prompts" / "assistant.md", 3)
    rows = look(wrecked)
    assert (rows["SO3.4"]["state"], "evaluated is false" in rows["SO3.4"]["reason"]) == ("FAIL", True), rows["SO3.4"]
    expected = "FAIL" if decided.decision["verdict"] == "released" else "PASS"
    assert rows["SO3.5"]["state"] == expected, json.dumps(rows["SO3.5"])
