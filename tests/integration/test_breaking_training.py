"""Training on the example: who passed, what makes it PASS, and that breaking the real thing is seen."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.integration.conftest import EXAMPLE, ROOT, Desk, Ended
from tetrapylon.app import plan
from tetrapylon.app.decide import assess_now
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import open_project
from tetrapylon.cli.__main__ import main

SCHEMA = jsonschema_rs.validator_for(json.loads((ROOT / "docs" / "reference" / "schemas" / "json-training.json").read_text("utf-8")))
WORKER = "tetrapylon.design.threats.training.work"
ANSWERS = EXAMPLE / "training"


def run(root: Path, *arguments: str) -> Ended:
    """Run a command on the example, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["-C", str(root), *arguments])
    assert "fault in Tetrapylon" not in err.getvalue(), err.getvalue()
    return Ended(code, out.getvalue(), err.getvalue())


def training(root: Path, *arguments: str) -> Ended:
    ended = run(root, "design", "training", *arguments, "--json")
    if "error" not in ended.json:
        assert SCHEMA.is_valid(ended.json), ended.out
        assert ended.json["exit"] == ended.code
    return ended


def take(root: Path, module: str, person: str, attempt: str = "") -> Ended:
    return training(root, "take", module, "--by", person, "--answers", str(ANSWERS / f"{person}.{module}{attempt}.answers.toml"))


@pytest.fixture(scope="module")
def _one_worker() -> Iterator[None]:
    """What others measure is measured in their tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "WORKERS", (WORKER,))
        yield


@pytest.fixture(scope="module")
def _trained(_assessed: Path, _one_worker: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained") / "cheque-desk"
    shutil.copytree(_assessed, root)
    failed = take(root, "secure-coding", "developer-1", ".1")
    assert (failed.code, failed.json["passed"], failed.json["practical"]) == (1, False, "wrong")
    assert take(root, "secure-coding", "developer-1", ".2").code == 0
    assert take(root, "digest", "developer-1").code == 0
    assert take(root, "ai-incidents", "operator-1").code == 0
    news = training(root, "show", "digest").json["digest"]
    assert training(root, "acknowledge", "news", "--by", "developer-1", "--digest", news).code == 0
    read = run(root, "design", "threats", "--summary", "--json").json["digest"]
    assert training(root, "acknowledge", "threats", "--by", "leader-1", "--digest", read).code == 0
    run(root, "assess", "--profile", "core", "--json")
    return root


@pytest.fixture
def trained(_trained: Path, tmp_path: Path) -> Desk:
    """The example after its persons were trained."""
    shutil.copytree(_trained, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def states(desk: Desk, *, at: str | None = None) -> dict[str, tuple[str, str]]:
    """Measure, or where a time is given look at what was measured, and return state and reason."""
    if at is None:
        run(desk.root, "assess", "--profile", "core", "--json")
        rows: Any = desk.rows("core").values()
    else:
        project = open_project(desk.root)
        rows = assess_now(project, policy(project, "core"), at).decision["practices"]
    return {each["id"]: (each["state"], each["reason"]) for each in rows}


def test_what_passes_and_how_it_ends_with_time(trained: Desk) -> None:
    rows = trained.rows("core")
    assert {each: rows[each]["state"] for each in ("SD1.2", "SD1.3", "SD1.5")} == dict.fromkeys(("SD1.2", "SD1.3", "SD1.5"), "PASS")
    status = training(trained.root, "status")
    assert (status.code, {each["state"] for each in status.json["standings"]}) == (1, {"holds", "missing"})
    assert training(trained.root, "list").code == 0
    until = max(each["until"] for each in status.json["standings"] if each["until"])
    later = states(trained, at=until)
    assert later["SD1.5"][0] == "STALE"
    assert {later[each][0] for each in ("SD1.2", "SD1.3")} == {"STALE"}
    days = next(str(each["until"]) for each in status.json["standings"] if each["module"] == "digest")
    soon = states(trained, at=days)
    assert soon["SD1.3"][0] == "STALE"
    assert f"held until {days[:10]}" in soon["SD1.3"][1]
    assert soon["SD1.5"][0] == "PASS"


def test_no_statement_names_anybody(trained: Desk) -> None:
    log = trained.root / ".tetrapylon" / "ledger"
    payloads = [base64.b64decode(each) for path in log.rglob("*") if path.is_file() for each in _payloads(path.read_bytes())]
    about = [json.loads(each) for each in payloads if b"predicate/training/v1" in each]
    assert {each["predicate"]["module"] for each in about} >= {"secure-coding", "digest", "ai-incidents"}
    assert all(b"developer-1" not in each for each in payloads if b"predicate/training/v1" in each)
    assert not any(b"predicate/training-result/v1" in each for each in payloads)


def _payloads(data: bytes) -> list[bytes]:
    return re.findall(rb'"payload":"([A-Za-z0-9+/=]+)"', data)


def result_of(desk: Desk, module: str) -> Path:
    """Return the file of the last result that was passed."""
    for path in (desk.root / ".tetrapylon" / "training").glob("*.json"):
        said = json.loads(base64.b64decode(json.loads(path.read_bytes())["payload"]))["predicate"]
        if said["module"] == module and said["passed"]:
            return path
    raise AssertionError(module)


def test_a_changed_module_makes_results_stale(trained: Desk) -> None:
    (trained.root / "training").mkdir(exist_ok=True)
    (trained.root / "training" / "incident.toml").write_text(
        'schema = "tetrapylon/training-module/1"\nextends = "secure-coding"\nreason = "incident 1"\n[[question]]\nid = "incident-1"\n'
        'text = "A tool is called with another number. What now?"\nright = "Refuse it"\nwrong = ["Log it", "Ask"]\nwhy = "w"\n'
    )
    found = states(trained)
    assert found["SD1.5"][0] == "STALE"
    assert "the module has changed since" in found["SD1.5"][1]
    assert found["SD1.3"][0] == "PASS"
    assert training(trained.root, "status").code == 1


def test_a_result_that_was_improved_or_removed_does_not_count(trained: Desk) -> None:
    path = result_of(trained, "secure-coding")
    envelope = json.loads(path.read_bytes())
    payload = base64.b64decode(envelope["payload"]).replace(b'"score":0.9', b'"score":1.0')
    path.write_text(json.dumps({**envelope, "payload": base64.b64encode(payload).decode()}, separators=(",", ":"), sort_keys=True))
    result_of(trained, "digest").unlink()
    found = states(trained)
    assert found["SD1.5"][0] == "FAIL"
    assert "`secure-coding` was not passed by 1 of 1" in found["SD1.5"][1]
    assert found["SD1.3"][0] == "FAIL"
    assert "`digest` has not been taken by 1 of 1" in found["SD1.3"][1]
    assert path.name in training(trained.root, "status").json["refused"]


def test_a_new_kind_of_threat_makes_results_stale(trained: Desk) -> None:
    manifest = trained.root / "tetrapylon.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('arguments = "tools/lookup.schema.json"\n', ""), "utf-8")
    before = trained.rows("core")
    assert {before[each]["state"] for each in ("SD1.2", "SD1.3", "SD1.5")} == {"STALE"}
    found = states(trained)
    assert found["SD1.5"][0] == "STALE"
    assert "new since: open-arguments" in found["SD1.5"][1]
    assert found["SD1.3"][0] == "STALE"
    # Nobody has signed for the system as it is now.
    assert found["SD1.2"] == ("STALE", "`manifest` has changed since the evidence was taken")


def test_somebody_new_has_to_be_trained(trained: Desk) -> None:
    manifest = trained.root / "tetrapylon.toml"
    text = manifest.read_text("utf-8")
    person = '[[person]]\nid = "developer-2"\nroles = ["developer"]\nkey = ".tetrapylon/people/developer-2.pub"\n\n[[service]]'
    manifest.write_text(text.replace("[[service]]", person, 1), "utf-8")
    found = states(trained)
    assert found["SD1.5"][0] == "FAIL"
    assert "personsMissing is 1" in found["SD1.5"][1]


def test_modules_that_nobody_can_read_train_nobody(trained: Desk) -> None:
    (trained.root / "training").mkdir(exist_ok=True)
    (trained.root / "training" / "broken.toml").write_text("schema = 1\n")
    found = states(trained)
    assert found["SD1.5"][0] == "FAIL"
    assert "training/broken.toml" in found["SD1.5"][1]
    assert training(trained.root, "status").code == 2


def test_the_commands_around_a_quiz(trained: Desk, tmp_path: Path) -> None:
    items = training(trained.root, "take", "users-guidance", "--by", "teller-1", "--items")
    assert (items.code, items.json["attempt"]) == (0, 1)
    assert sum(each["practical"] for each in items.json["items"]) == 2
    # Nobody is at the terminal, so nobody is asked.
    assert training(trained.root, "take", "users-guidance", "--by", "teller-1").json["error"]["code"] == "no-terminal"
    packed = training(trained.root, "export", "users-guidance", "--scorm", "2004", "--out", str(tmp_path / "u.zip"))
    assert packed.code == 0
    assert training(trained.root, "export", "users-guidance", "--out", str(tmp_path / "u.zip")).code == 3
    today = training(trained.root, "due").json
    assert {each["person"] for each in today["standings"]} >= {"teller-1", "owner-1"}
    row = f"teller@cheque-desk.example.org,{packed.json['course']},88"
    day = json.loads(base64.b64decode(json.loads(result_of(trained, "digest").read_bytes())["payload"]))["predicate"]["observedTo"][:10]
    (tmp_path / "lms.csv").write_text(f"person,module,score,completed\n{row},{day}\n{row},2999-01-01\n")
    taken = training(trained.root, "import", str(tmp_path / "lms.csv"))
    assert (taken.code, [each["line"] for each in taken.json["refused"]]) == (1, [3])
    rows = training(trained.root, "status").json["standings"]
    assert [(each["state"], each["how"]) for each in rows if each["person"] == "teller-1"] == [("holds", "imported")]
