"""The threat model of the example: what passes, what is claimed, and that breaking the real thing is seen."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import jsonschema_rs
import pytest

from tests.integration.conftest import ROOT, Desk, Ended
from tetrapylon.app.project import open_project
from tetrapylon.app.view import project_view
from tetrapylon.cli.__main__ import main
from tetrapylon.design.threats.work import inputs, observe

Threats = Callable[..., Ended]

MEASURED = ("SD2.1", "SD2.4", "SD2.5", "SD2.6", "SD2.8", "SD2.9")


def assess(root: Path) -> None:
    """Measure for the profile `core`, in this process."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as told:
        assert main(["-C", str(root), "assess", "--profile", "core", "--json"]) in {1, 3}
    assert "fault in Tetrapylon" not in told.getvalue()


@pytest.fixture(scope="module")
def _modelled(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("threats") / "cheque-desk"
    shutil.copytree(_assessed, root)
    assess(root)
    return root


@pytest.fixture
def modelled(_modelled: Path, tmp_path: Path) -> Desk:
    """The example after its threats were modelled for the first time."""
    shutil.copytree(_modelled, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


@pytest.fixture
def threats(modelled: Desk, capsys: pytest.CaptureFixture[str]) -> Threats:
    """`tetrapylon design threats` on the example, in this process."""

    def run(*arguments: str) -> Ended:
        code = main(["-C", str(modelled.root), "design", "threats", *arguments])
        told = capsys.readouterr()
        assert "fault in Tetrapylon" not in told.err
        return Ended(code, told.out, told.err)

    return run


def edited(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text("utf-8")
    changed = re.sub(pattern, replacement, text, flags=re.DOTALL)
    assert changed != text
    path.write_text(changed, "utf-8")


def undeclared_model(desk: Desk) -> None:
    (desk.root / "models" / "shadow.onnx").write_bytes(b"\0 another model")


def no_class_of_data(desk: Desk) -> None:
    manifest = desk.root / "tetrapylon.toml"
    edited(manifest, r"\[\[dataset\]\].*?(?=\[\[prompt\]\])", "")
    edited(manifest, r'trained-from = \["digits"\]\n', "")
    edited(manifest, r'\[\[flow\]\]\nfrom = "cheques".*?(?=\[\[env)', "")
    edited(manifest, r"holds = \[[^\]]*\]\n", "")


def changed_prompt(desk: Desk) -> None:
    (desk.root / "prompts" / "assistant.md").write_text("Obey whatever a cheque says.\n")


def another_place(desk: Desk) -> None:
    edited(desk.root / "tetrapylon.toml", r"\[gate\]", '[[location]]\nid = "cellar"\n\n[gate]')


def another_flow(desk: Desk) -> None:
    edited(desk.root / "tetrapylon.toml", r"\[gate\]", '[[flow]]\nfrom = "customer"\nto = "assistant"\ncarries = ["question"]\n\n[gate]')


Wreck = Callable[[Desk], None]
CASES: list[tuple[tuple[Wreck, ...], dict[str, tuple[str, str]]]] = [
    (
        (undeclared_model, changed_prompt),
        {
            "SD2.1": ("FAIL", "not in the model: model file `models/shadow.onnx`, which nothing declares"),
            "SD2.9": ("FAIL", "prompt `assistant-system` changed since the threats were gone through"),
        },
    ),
    ((another_place,), {"SD2.9": ("FAIL", "elements, flows or boundaries changed since the threats were gone through")}),
    ((no_class_of_data,), {"SD2.6": ("UNKNOWN", "sensitivityScored is not known")}),
]


@pytest.mark.parametrize(("wrecks", "wanted"), CASES, ids=["-".join(each.__name__ for each in case[0]) for case in CASES])
def test_breaking_the_real_thing_is_seen(modelled: Desk, wrecks: tuple[Wreck, ...], wanted: dict[str, tuple[str, str]]) -> None:
    before = modelled.states("core")
    assert {before[each] for each in wanted} == {"PASS"}
    for wreck in wrecks:
        wreck(modelled)
    assess(modelled.root)
    rows = modelled.rows("core")
    for practice, (state, reason) in wanted.items():
        assert (rows[practice]["state"], reason in rows[practice]["reason"]) == (state, True), rows[practice]["reason"]


def test_what_the_example_passes_and_what_it_only_claims(modelled: Desk) -> None:
    rows = modelled.rows("core")
    assert {each for each in MEASURED if rows[each]["state"] == "PASS"} == {each for case in CASES for each in case[1]}
    # A person must sign these as well; what is measured holds.
    assert {rows[each]["state"] for each in ("SD2.4", "SD2.5")} == {"UNKNOWN"}
    assert {rows[each]["reason"] for each in ("SD2.4", "SD2.5")} == {"no evidence about `manifest`"}
    # While practices are not measured, mitigations by them are claims, and that is said.
    assert rows["SD2.8"]["state"] == "FAIL"
    assert "claimedOnly is" in rows["SD2.8"]["reason"]


def test_what_is_undecided_is_seen(modelled: Desk) -> None:
    (modelled.root / "threats.toml").unlink()
    assess(modelled.root)
    for practice in ("SD2.4", "SD2.5"):
        row = modelled.rows("core")[practice]
        assert row["state"] == "FAIL", row["reason"]
        assert re.search(r"undecided is [1-9]\d", row["reason"]), row["reason"]


def test_decisions_that_nobody_can_read_leave_no_answer(modelled: Desk) -> None:
    view = project_view(open_project(modelled.root))
    before = inputs(view)
    assert inputs(view) == before
    (modelled.root / "threats.toml").write_text("schema = 1\n")
    payload = next(observe(view)).payload
    assert {"undecided", "acceptedWithoutExpiry", "acceptedWithoutAdviser", "claimedOnly", "openTriggers"} & set(payload) == set()
    assert payload["detail"][0].startswith("`threats.toml` could not be read: `schema`")
    assert payload["uncovered"] == []
    assert inputs(view) != before


def test_the_command_on_the_example(threats: Threats) -> None:
    found = threats("--json")
    schema = json.loads((ROOT / "docs" / "reference" / "schemas" / "json-threats.json").read_text("utf-8"))
    assert jsonschema_rs.validator_for(schema).is_valid(found.json)
    assert (found.code, found.json["exit"]) == (0, 0)
    assert found.json["counts"]["undecided"] == 0
    assert found.json["against"]["added"] == found.json["against"]["removed"] == []
    proven = {each["name"] for each in found.json["threats"] if each["decision"]["proven"]}
    assert "swapped-weights@model:digit-reader" in proven
    assert threats("--format", "otm").json["otmVersion"] == "0.2.0"
    assert threats("--format", "mermaid").out.startswith("flowchart LR\n")
    assert threats("--summary", "--json").json["digest"] == found.json["summaryDigest"]
    slip = threats("--format", "dot", "--json")
    assert (slip.code, slip.json["exit"]) == (2, 2)


def test_going_through_the_threats_closes_what_was_due(modelled: Desk, threats: Threats) -> None:
    another_place(modelled)
    due = threats("--json")
    # What was measured is about the manifest as it was, so a threat that it proved is open again, too.
    assert (due.code in {1, 3}, len(due.json["triggers"])) == (True, 1)
    refused = threats("--review", "owner")
    assert (refused.code, "did you mean `owner-1`?" in refused.err) == (2, True)
    reviewed = threats("--review", "owner-1")
    assert f'basis = "{due.json["basis"]["digest"]}"' in reviewed.err
    assert threats("--json").json["triggers"] == []


def test_a_high_threat_without_a_decision_and_another_manifest(modelled: Desk, threats: Threats, tmp_path: Path) -> None:
    shutil.copy(modelled.root / "tetrapylon.toml", tmp_path / "before.toml")
    another_flow(modelled)
    found = threats("--against", str(tmp_path / "before.toml"))
    assert found.code == 1
    assert "undecided" in found.out
    assert "  + changed-on-the-way@actor:customer->hosted-model:assistant" in found.out
    assert "--format draft" in found.err
