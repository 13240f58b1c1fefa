"""SV1.8 on the example: UNKNOWN before a drill and PASS after one; break the real thing, and see it leave PASS for that reason."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import EXAMPLE, Desk
from tests.integration.door import free_port
from tetrapylon.outside.clock import SystemClock

PRACTICE = "SV1.8"


def started(desk: Desk) -> list[str]:
    """Return how the assistants are started, at the ports that the manifest names."""
    ports = [each.partition("/v1")[0] for each in (desk.root / "tetrapylon.toml").read_text("utf-8").split("127.0.0.1:")[1:]]
    program = f"{sys.executable} {EXAMPLE / 'assistant.py'}"
    first = f"assistant={program} --port {ports[0]}"
    return ["--start", first, "--start", f"assistant-b={program} --port {ports[1]} --variant b"]


@pytest.fixture(scope="module", autouse=True)
def _unexamined() -> Iterator[None]:
    """Suppliers are examined elsewhere: here all of them may be sent to, so that what is drilled is failing over alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TETRAPYLON_UNEXAMINED_SUPPLIERS", "warn")
        yield


@pytest.fixture(scope="module")
def drilled(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("failover") / "cheque-desk"
    shutil.copytree(_assessed, root)
    desk, manifest = Desk(root), root / "tetrapylon.toml"
    text = manifest.read_text("utf-8")
    for port in ("8600", "8601"):
        text = text.replace(port, str(free_port()))
    manifest.write_text(text, "utf-8")
    assert desk.rows("core")[PRACTICE]["state"] == "UNKNOWN"
    ended = desk.run("develop", "failover", "drill", *started(desk), "--json")
    assert ended.code == 0, ended.out + ended.err
    rows = ended.json["drills"]
    assert [each["trigger"] for each in rows] == ["security-status", "outage"]
    assert all(each["switched"] and each["guardsHeld"] and each["seconds"] < 60 for each in rows)
    return desk


@pytest.fixture
def broken(drilled: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(drilled.root, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def rewritten(desk: Desk, old: str, new: str) -> None:
    manifest = desk.root / "tetrapylon.toml"
    text = manifest.read_text("utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), "utf-8")


def drill(desk: Desk, **more: Any) -> Any:
    from tetrapylon.app.failover.drilling import Wanted
    from tetrapylon.app.failover.drilling import drill as run
    from tetrapylon.app.project import open_project

    return run(open_project(desk.root), Wanted({}, **more), None)


def test_a_drill_makes_it_pass_and_leaves_nothing_switched(drilled: Desk) -> None:
    row = drilled.rows("core")[PRACTICE]
    assert (row["state"], row["reason"]) == ("PASS", "holds")
    assert drilled.run("develop", "failover", "status").code == 0
    assert "due-diligence" not in {each["predicate"] for each in _log(drilled)}  # nothing false about a supplier is in the log


def _log(desk: Desk) -> list[dict[str, Any]]:
    from tetrapylon.app import wiring
    from tetrapylon.app.project import open_project

    leaves = wiring.open_ledger(open_project(desk.root)).leaves()
    return [{"predicate": each.predicate_type.rpartition("/predicate/")[2].partition("/")[0]} for each in leaves]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('alternate = "assistant-b"\n', "", "nothing may take over from it|has no alternate"),
        ('endpoint = "http://127.0.0.1:{second}/v1"', 'endpoint = "http://models.example.org/v1"', "is weaker than `assistant`"),
    ],
    ids=["removed", "weaker"],
)
def test_without_an_alternate_that_is_held_to_as_much_there_is_no_switch(broken: Desk, old: str, new: str, reason: str) -> None:
    second = (broken.root / "tetrapylon.toml").read_text("utf-8").split("127.0.0.1:")[2].partition("/v1")[0]
    rewritten(broken, old.format(second=second), new)
    assert broken.rows("core")[PRACTICE]["state"] == "STALE"
    assert drill(broken).exit == 1
    row = broken.rows("core")[PRACTICE]
    assert (row["state"], any(each in row["reason"] for each in reason.split("|"))) == ("FAIL", True), row["reason"]


def test_a_weaker_alternate_needs_a_signed_exception(broken: Desk) -> None:
    from tetrapylon.app import declaring
    from tetrapylon.app.acting import run_act
    from tetrapylon.app.failover.planning import planned
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder, admit, pending
    from tetrapylon.kernel.errors import RefusedError

    rewritten(broken, "127.0.0.1:" + (broken.root / "tetrapylon.toml").read_text("utf-8").split("127.0.0.1:")[2][:5], "10.0.0.1:8601")
    project, now = open_project(broken.root), SystemClock().now()
    with pytest.raises(RefusedError, match="is weaker"):
        run_act("switch-supplier", {"model": "assistant"}, str(broken.root), None, plan_only=True)
    with pytest.raises(RefusedError, match="is weaker"):
        run_act("use-alternate", {"asset": "assistant"}, str(broken.root), None, plan_only=True)
    declaring.waive(
        project, declaring.Waiver(PRACTICE, ["assistant-b"], "for a week", "owner-1", "2039-01-01"), declaring.Signing(None), now
    )
    admit(Recorder(project, policy(project, "core"), None, now=now), pending(project))
    pair = planned(project)[0]
    assert (pair.equivalent, pair.usable(now), pair.usable("2039-01-02T00:00:00Z")) == (False, True, False)
    assert run_act("switch-supplier", {"model": "assistant"}, str(broken.root), None, plan_only=False).done
    assert run_act("switch-supplier", {"model": "assistant"}, str(broken.root), None, plan_only=False, undo=True).done


READER = 'id = "digit-reader"\npath = "models/digit-reader.onnx"\n'
SECOND = """[[model]]
id = "digit-reader-b"
path = "models/digit-reader-b.onnx"
trained-from = ["digits"]
preprocess = [{ op = "resize", size = [16, 16], library = "pil", kernel = "bilinear" }]

[[prompt]]
"""


def test_a_model_file_has_an_alternate_too(broken: Desk) -> None:
    """Once its file is taken away, and once it is not what was signed: another signed file answers, and the first one again."""
    second = broken.root / "models" / "digit-reader-b.onnx"
    shutil.copyfile(broken.weights, second)
    assert broken.run("sign", str(second), "--private-key", ".tetrapylon/keys/build-demo.pem").code == 0
    rewritten(broken, READER, READER + 'alternate = "digit-reader-b"\n')
    rewritten(broken, "[[prompt]]\n", SECOND)
    rewritten(broken, '"infer:digit-reader", "call:lookup"', '"infer:digit-reader", "infer:digit-reader-b", "call:lookup"')
    before = broken.weights.read_bytes()
    ended = broken.run("develop", "failover", "drill", *started(broken), "--json")
    rows = {(each["model"], each["trigger"]): each for each in ended.json["drills"]}
    found = [rows["digit-reader", trigger] for trigger in ("outage", "security-status")]
    assert [(each["alternate"], each["switched"], each["guardsHeld"]) for each in found] == [("digit-reader-b", True, True)] * 2, found
    assert all(each["seconds"] < 60 for each in found)
    assert (ended.code, broken.weights.read_bytes()) == (0, before), ended.err


def left(desk: Desk, **changed: Any) -> None:
    """Leave the statement of a drill that went otherwise."""
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.view import project_view
    from tetrapylon.evidence.observation import Observation
    from tetrapylon.evidence.statement import Subject

    project, now = open_project(desk.root), SystemClock().now()
    view = project_view(project, policy(project, "core"))
    held = next(each for each in view.evidence("failover-drill") if each.payload["trigger"] == "outage")
    payload = {key: value for key, value in {**held.payload, **changed}.items() if key not in {"observedFrom", "observedTo", "demo"}}
    subject = tuple(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    Recorder(project, view.policy, None, now=now).file([Observation("failover-drill", subject, payload, now, now, "responder")])


CHANGED: list[tuple[dict[str, Any], str, str]] = [
    ({"seconds": 61.0}, "FAIL", "seconds is 61.0, must be <= 60"),
    ({"switched": False}, "FAIL", "switched is false"),
    ({"guardsHeld": False}, "FAIL", "guardsHeld is false"),
    ({"uncovered": 1}, "FAIL", "uncovered is 1"),
    ({"guardsHeld": None}, "UNKNOWN", "guardsHeld is not known"),
]


def test_a_slow_switch_or_guards_that_do_not_hold_fail(broken: Desk) -> None:
    for changed, state, reason in CHANGED:
        left(broken, **changed)
        row = broken.rows("core")[PRACTICE]
        assert (row["state"], reason in row["reason"]) == (state, True), row["reason"]
    left(broken)
    assert broken.rows("core")[PRACTICE]["state"] == "PASS"


def test_a_drill_that_is_older_than_ninety_days_is_stale(drilled: Desk) -> None:
    from datetime import timedelta

    from tetrapylon.app.decide import assess_now
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import format_time, parse_time

    project = open_project(drilled.root)
    later: Callable[[int], str] = lambda days: format_time(parse_time(SystemClock().now()) + timedelta(days=days))  # noqa: E731
    for days, state in ((89, "PASS"), (91, "STALE")):
        rows = assess_now(project, policy(project, "core"), later(days)).decision["practices"]
        assert next(each["state"] for each in rows if each["id"] == PRACTICE) == state


def test_a_drill_with_the_trigger_off_says_not_switched(broken: Desk) -> None:
    ended = broken.run("develop", "failover", "drill", *started(broken), "--no-failover", "--wait", "0.3", "--json")
    assert ended.code == 1, ended.err
    assert [each["switched"] for each in ended.json["drills"]] == [False, False]
    assert all("not switched" in each["detail"][0] for each in ended.json["drills"])
    row = broken.rows("core")[PRACTICE]
    assert (row["state"], "not switched" in row["reason"]) == ("FAIL", True), row["reason"]


def test_a_drill_ends_only_what_it_started_itself(broken: Desk) -> None:
    ended = broken.run("develop", "failover", "drill")
    assert (ended.code, "--start MODEL=COMMAND" in ended.err) == (3, True), ended.err
