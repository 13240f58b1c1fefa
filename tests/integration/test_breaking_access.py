"""Access on the example: what passes, and that breaking the real thing is seen; gateways that lack one check each are told apart."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.bent_door import VARIANTS
from tests.integration.conftest import EXAMPLE, ROOT, Desk
from tests.integration.door import declare, free_port
from tetrapylon.app import probing
from tetrapylon.app.probing import OnStage, Probed, probe
from tetrapylon.app.project import Project, open_project
from tetrapylon.deploy.access.judging import Tried, compared, counts, judge
from tetrapylon.deploy.access.targets import plain_targets
from tetrapylon.kernel.errors import MissingError, UndecidedError
from tetrapylon.kernel.shelf import Shelf


@contextlib.contextmanager
def started(*command: str, cwd: Path) -> Iterator[str]:
    """Run a server, and yield the line with which it says that it is ready."""
    with subprocess.Popen([sys.executable, *command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line
            yield line
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module", autouse=True)
def _unexamined() -> Iterator[None]:
    """Suppliers are examined elsewhere: here all of them may be sent to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TETRAPYLON_UNEXAMINED_SUPPLIERS", "warn")
        yield


@pytest.fixture(scope="module")
def assistant() -> Iterator[int]:
    with started(str(EXAMPLE / "assistant.py"), "--port", "0", cwd=EXAMPLE) as line:
        yield int(json.loads(line)["url"].rpartition(":")[2].removesuffix("/v1"))


@dataclass
class Served:
    desk: Desk
    found: Probed


@pytest.fixture(scope="module")
def served(_assessed: Path, assistant: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example, served as a user does, and probed."""
    root = tmp_path_factory.mktemp("served") / "cheque-desk"
    shutil.copytree(_assessed, root)
    manifest = root / "tetrapylon.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("8600", str(assistant)).replace("8601", str(free_port())), "utf-8")
    with started("-m", "tetrapylon.cli.__main__", "serve", "--listen", "127.0.0.1:0", cwd=root):
        yield Served(Desk(root), probe(open_project(root), None, None))


def measured(desk: Desk) -> dict[str, tuple[str, str]]:
    """Let the worker of access do its part of an assessment; return states and reasons."""
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.view import project_view
    from tetrapylon.deploy.access import work
    from tetrapylon.outside.clock import SystemClock

    project = open_project(desk.root)
    recorder = Recorder(project, policy(project, "core"), None, now=SystemClock().now())
    recorder.file(list(work.observe(project_view(project, recorder.policy))))
    return states(desk)


def states(desk: Desk) -> dict[str, tuple[str, str]]:
    rows = desk.rows("core")
    return {each: (rows[each]["state"], rows[each]["reason"]) for each in ("SP1.2", "SP1.4", "SP1.5")}


def test_nobody_is_let_in_at_the_example(served: Served) -> None:
    found = served.found
    assert (found.exit, found.counts["wrong"], found.counts["undecided"]) == (0, 0, 0), found.sentences()
    assert found.counts["probes"] > 200
    assert found.counts["bypasses"] == 1
    routes = {each.route for each in found.rows}
    assert {"chat:assistant", "infer:digit-reader", "models", "metrics", "terms", "holds", "/docs"} <= routes
    assert {each.probe for each in found.rows} == set(Shelf("tetrapylon.deploy.access.probes"))
    keys = json.loads((served.desk.root / ".tetrapylon/access/keys.json").read_text("utf-8"))["keys"]
    assert [each for each in keys if each["tenant"].startswith("tetrapylon-probe")] == []
    assert list((served.desk.root / ".tetrapylon/holds").iterdir()) == []


def test_the_example_passes_where_it_is_sound_and_says_where_it_is_not(served: Served) -> None:
    found = measured(served.desk)
    assert {each: state for each, (state, _) in found.items()} == {"SP1.2": "PASS", "SP1.4": "PASS", "SP1.5": "FAIL"}, found
    assert "one account of this machine" in found["SP1.5"][1]
    assert states(served.desk)["SP1.2"][0] == "PASS"  # what looks at places does not replace what the gateway answered


@pytest.fixture
def copied(served: Served, tmp_path: Path) -> Desk:
    shutil.copytree(served.desk.root, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def test_modes_and_shared_secrets_are_seen(copied: Desk) -> None:
    root = copied.root
    key = root / ".tetrapylon/keys/scanner-demo.pem"
    key.chmod(0o644)
    state, reason = measured(copied)["SP1.4"]
    assert (state, "scanner-demo.pem" in reason) == ("FAIL", True), reason
    key.chmod(0o600)
    (root / "models").chmod(0o777)
    assert measured(copied)["SP1.4"][0] == "FAIL"
    (root / "models").chmod(0o755)
    assert measured(copied)["SP1.4"][0] == "PASS"
    shutil.copy(root / ".tetrapylon/keys/build-demo.pem", root / ".tetrapylon/keys/responder-demo.pem")
    from tetrapylon.app.access import look_at_places

    data, lines = look_at_places(str(root))
    assert data["exit"] == 1
    assert any("share a secret" in each for each in lines)
    (root / "access.toml").unlink()
    assert measured(copied)["SP1.5"][0] == "UNKNOWN"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to somebody else")
def test_environments_of_their_own_accounts_pass_until_they_share_a_secret(copied: Desk) -> None:
    root = copied.root
    for name in ("keys/journal.key", "keys/responder-demo.pem", "access/keys.json"):
        os.chown(root / ".tetrapylon" / name, 65001, 65001)
    os.chown(root / "data/cheques.csv", 65001, 65001)
    assert measured(copied)["SP1.5"][0] == "PASS"
    (root / ".tetrapylon/keys/responder-demo.pem").write_bytes((root / ".tetrapylon/keys/build-demo.pem").read_bytes())
    state, reason = measured(copied)["SP1.5"]
    assert (state, "share a secret" in reason) == ("FAIL", True), reason


def test_a_changed_manifest_was_not_probed(copied: Desk) -> None:
    path = copied.root / "tetrapylon.toml"
    path.write_text(
        path.read_text("utf-8").replace('"call:refund"]\n\n[[flow]]', '"call:refund", "chat:assistant-b"]\n\n[[flow]]', 1), "utf-8"
    )
    measured(copied)
    assert {each: state for each, (state, _) in states(copied).items()} == {"SP1.2": "STALE", "SP1.4": "PASS", "SP1.5": "FAIL"}


@pytest.fixture(scope="module")
def small(assistant: int, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("small") / "desk"
    declare(root, assistant, assistant)
    (root / ".tetrapylon").mkdir()
    return open_project(root)


@pytest.fixture(scope="module")
def bent(small: Project) -> Iterator[dict[str, str]]:
    with started("-m", "tests.integration.bent_door", str(small.root), cwd=ROOT) as line:
        yield json.loads(line)


def run(project: Project, url: str, parts: tuple[str, ...]) -> list[Tried]:
    """Run some probes against a gateway."""
    from tetrapylon.app.terms import terms_of

    stage = OnStage(project, url, frozenset({"operator-1"}), str(terms_of(project).digest), addresses=[])
    stage.targets = [*plain_targets(project.facts, stage.operators, stage.terms)]
    stage.prepare()
    shelf = Shelf("tetrapylon.deploy.access.probes")
    try:
        return list(compared([judge(each, tried, stage.send(tried)) for each in parts for tried in shelf[each].tries(stage)], alive=True))
    finally:
        stage.leave()


CHECKS = tuple(each for each in VARIANTS if each not in {"sound", "metrics"})
"""Named after the probe that must find it."""


def test_a_sound_gateway_lets_nobody_in(small: Project, bent: dict[str, str]) -> None:
    found = counts(run(small, bent["sound"], CHECKS))
    assert (found["wrong"], found["undecided"]) == (0, 0)
    assert found["probes"] > 50


@pytest.mark.parametrize("check", CHECKS)
def test_a_gateway_without_a_check_is_found(check: str, small: Project, bent: dict[str, str]) -> None:
    found = run(small, bent[check], (check,))
    assert counts(found)["wrong"] > 0, [each for each in found if each.outcome == "undecided"][:3]


def test_open_figures_are_found(small: Project, bent: dict[str, str]) -> None:
    wrong = {each.route for each in run(small, bent["metrics"], ("wrong-role",)) if each.outcome == "let in"}
    assert wrong == {"metrics"}


class Always(http.server.BaseHTTPRequestHandler):
    """Answers everybody in the same way."""

    status = 200

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        self.send_response(200 if self.path == "/healthz" else self.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.mark.parametrize(("status", "exit_code"), [(200, 1), (401, 3)])
def test_who_answers_everybody_or_nobody_is_no_gateway(status: int, exit_code: int, copied: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "KNOWN_AFTER", 0.0)  # nobody there looks at keys
    monkeypatch.setattr(probing, "ENDING", 1)
    handler = type("Handler", (Always,), {"status": status})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = probe(open_project(copied.root), f"http://127.0.0.1:{server.server_address[1]}", None)
        server.shutdown()
    assert found.exit == exit_code
    state, reason = states(copied)["SP1.2"]
    assert state == ("FAIL" if status == 200 else "UNKNOWN"), reason


def test_without_a_gateway_nothing_is_recorded(small: Project) -> None:
    with pytest.raises(MissingError):
        probe(small, None, None)
    with pytest.raises(UndecidedError):
        probe(small, f"http://127.0.0.1:{free_port()}", None)
