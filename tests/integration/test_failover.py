"""The gateway switches: on an outage, on what a person or the evidence says, for an endpoint and for a model file; and never more."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Desk, flip
from tests.integration.door import STREAM, event, make_key, running
from tests.integration.test_gateway_door import World, _fresh, _journal, world  # noqa: F401 - fixtures
from tests.integration.test_gateway_infer import ask, pictures, tensor
from tetrapylon.outside.switch import Closing, close, reopen
from tetrapylon.outside.switchover import Switched, change

NOW = "2026-06-01T00:00:00Z"


def events(world: World) -> list[Any]:  # noqa: F811
    """Return the switches, the oldest first."""
    return [json.loads(entry.body) for _, _, entry in reversed(_journal(world)) if entry.labels.get("event") == "failover"]


def test_an_outage_is_answered_by_the_alternate_and_the_record_says_so(world: World) -> None:  # noqa: F811
    assert world.chat("hello").headers["tetrapylon-served-by"] == "assistant"
    world.first.script["go"] = [-1]
    answer = world.chat("go")
    assert (answer.status, answer.headers["tetrapylon-served-by"]) == (200, "assistant-b")
    entries = {f"{place}:{digest}": entry for place, digest, entry in _journal(world)}
    kept = entries[answer.headers["tetrapylon-receipt"]]
    assert (kept.labels["served-by"], kept.model) == ("assistant-b", "assistant")
    streamed = world.chat("go", stream=True)
    assert (streamed.status, streamed.headers["tetrapylon-served-by"]) == (200, "assistant-b")
    world.recover()
    said = events(world)
    assert (said[0]["from"], said[0]["to"], said[0]["why"][:6]) == ("assistant", "assistant-b", "outage")
    assert (said[-1]["to"], said[-1]["why"]) == ("assistant", "it answers again")


def test_a_stream_that_has_begun_is_not_gone_on_with_by_another(world: World) -> None:  # noqa: F811
    world.first.script["go"] = [STREAM, event({"content": "all work and no play makes "}), -1]
    answer = world.chat("go", stream=True)
    assert world.events(answer)[-1]["error"]["code"].startswith("upstream_")
    assert "Hello" not in world.streamed(answer)
    assert not any(b"go" in each for each in world.second.asked)
    world.recover()


def test_what_was_switched_away_from_is_asked_no_more_and_the_kill_switch_wins(world: World) -> None:  # noqa: F811
    state = world.gateway.root / ".tetrapylon"
    change(state / "switched.json", lambda taken: taken.models.update(assistant=Switched("assistant-b", "why", "me", NOW, "by-hand")))
    time.sleep(0.15)
    assert world.chat("hello").headers["tetrapylon-served-by"] == "assistant-b"
    assert world.first.asked == []
    world.second.script["go"] = [-1]
    assert world.chat("go").status == 502  # its alternate is out, and the model itself stays out of service
    assert world.first.asked == []
    world.second.asked.clear()
    close(state / "closed.json", None, Closing("stop", "me", NOW))
    time.sleep(0.15)
    assert world.chat("hello").status == 503
    assert world.second.asked == []
    reopen(state / "closed.json", None)
    (state / "switched.json").write_text("{")
    time.sleep(0.15)
    assert world.chat("hello").status == 502  # nobody knows what was switched
    (state / "switched.json").unlink()
    time.sleep(0.15)
    world.recover()
    assert "by-hand: why" in [each["why"] for each in events(world)]


def add_file_alternate(desk: Desk) -> Path:
    """Declare a second reader, signed by the build key, that takes over from the first."""
    second = desk.weights.with_name("digit-reader-b.onnx")
    shutil.copyfile(desk.weights, second)
    assert desk.run("sign", second, "--private-key", desk.root / ".tetrapylon" / "keys" / "build-demo.pem").code == 0
    manifest = desk.root / "tetrapylon.toml"
    text = manifest.read_text("utf-8")
    first, rest = text.split('[[model]]\nid = "digit-reader-weights"', 1)
    own = first[first.index('[[model]]\nid = "digit-reader"') :]
    twin = own.replace('"digit-reader"', '"digit-reader-b"').replace("digit-reader.onnx", "digit-reader-b.onnx")
    named = first.rstrip() + '\nalternate = "digit-reader-b"\n\n'
    manifest.write_text(f'{named}{twin}[[model]]\nid = "digit-reader-weights"{rest}', "utf-8")
    return second


def _asking(gateway: Any, key: str, body: Any) -> Callable[[], tuple[int, str | None]]:
    def asked() -> tuple[int, str | None]:
        time.sleep(0.12)
        status, _, headers = ask(gateway, key, "POST", "/v2/models/digit-reader/infer", body)
        return status, headers.get("tetrapylon-served-by")

    return asked


def test_a_model_file_that_is_withdrawn_or_changed_stops_answering_at_once(desk: Desk) -> None:
    second = add_file_alternate(desk)
    key, body, whole = make_key(desk.root, "teller"), tensor([pictures(desk, 1)[0][1]]), desk.weights.read_bytes()
    with running(desk.root) as gateway:
        served = _asking(gateway, key, body)
        assert served() == (200, "digit-reader")
        desk.weights.rename(desk.weights.with_suffix(".away"))  # as in quarantine
        assert served() == (200, "digit-reader-b")
        flip(desk.weights.with_suffix(".away"))
        desk.weights.with_suffix(".away").rename(desk.weights)
        assert served() == (200, "digit-reader-b")
        second.unlink()
        assert served() == (503, None)
        desk.weights.write_bytes(whole)
        assert served() == (200, "digit-reader")
        desk.weights.unlink()
        described = ask(gateway, key, "GET", "/v2/models/digit-reader/ready")
        assert served() == (503, None)
        assert described[0] in {200, 503}
    second.write_bytes(whole)
    desk.weights.write_bytes(b"not what was signed")
    with running(desk.root) as gateway:  # it starts although the first cannot be relied on
        assert _asking(gateway, key, body)() == (200, "digit-reader-b")


KILLED = """
import sys, time
from tetrapylon.app import access
from tetrapylon.app.failover.exercise import evidence_path, exercising
from tetrapylon.app.project import open_project
from tetrapylon.outside.children import start
from tetrapylon.outside.switchover import Switched, change
project = open_project(sys.argv[1])
with exercising(project) as exercise:
    child = start(["{python}", "-c", "import time; time.sleep(60)"], project.root)
    exercise.started.append([child.pid, child.started])
    exercise.keys.append(access.create(sys.argv[1], "teller", "drill", None, accept_terms=True)[0]["id"])
    path = project.root / "models" / "digit-reader.onnx"
    exercise.files.append([str(path), str(path.with_name(".away")), ""])
    exercise.save()
    path.rename(path.with_name(".away"))
    evidence_path(project).write_text("{}")
    change(project.state("switched.json"), lambda taken: taken.models.update(
        assistant=Switched("assistant-b", "drill", "", "2026-06-01T00:00:00Z", "security-status", True)))
    print(child.pid, flush=True)
    time.sleep(60)
"""


def test_a_drill_that_is_killed_half_way_is_put_right_by_the_next_command(desk: Desk) -> None:
    from tetrapylon.app import access
    from tetrapylon.app.failover.exercise import restore, under_way
    from tetrapylon.app.project import open_project

    project, whole = open_project(desk.root), desk.weights.read_bytes()
    with subprocess.Popen([sys.executable, "-c", KILLED, str(desk.root)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert under_way(project)
        assert restore(project) == []  # never under the feet of one that is being held
        assert not desk.weights.exists()
        process.send_signal(signal.SIGKILL)
    ended = desk.run("develop", "failover", "plan", "--json")
    assert (ended.code, "killed half-way" in ended.err, "answers again" in ended.err) == (0, True, True)
    assert desk.weights.read_bytes() == whole
    assert json.loads((desk.root / ".tetrapylon" / "switched.json").read_text())["models"] == {}
    assert [each["standing"] for each in access.listing(str(desk.root))] == ["revoked"]
    assert not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text()
    assert restore(project) == []


@pytest.mark.parametrize("wrong", ["assistant", "=python3", "assistant='"])
def test_a_start_that_says_nothing_is_a_mistake(wrong: str) -> None:
    from click.testing import CliRunner

    from tetrapylon.cli.pillars.develop.failover import command
    from tetrapylon.kernel.errors import UsageError

    found = CliRunner().invoke(command, ["drill", "--start", wrong])
    assert isinstance(found.exception, UsageError)
