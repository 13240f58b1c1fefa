"""A real channel, published with the system's keys, taken by the real client from a folder and from a web server."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.conftest import Ended, flip
from tetrapylon.cli.__main__ import main

MANIFEST = """
schema = "tetrapylon/manifest/1"
[system]
id = "small"
release = "{release}"
role = "provider"
criticality = "low"
purpose = "A small system"
demo = true
[[person]]
id = "owner-1"
name = "Ada Muster (fictitious)"
contact = "mailto:owner@example.org"
roles = ["owner"]
key = ".tetrapylon/people/owner-1.pub"
[[prompt]]
id = "desk"
path = "prompts/desk.md"
"""


def tetrapylon(*arguments: str, cwd: Path) -> Ended:
    """Run a command in this process: half of the time of these tests would go into starting others."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    assert "fault in Tetrapylon" not in err.getvalue(), err.getvalue()
    return Ended(code, out.getvalue(), err.getvalue())


class Quiet(SimpleHTTPRequestHandler):
    """Hands out a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def _system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A system that published a preview."""
    root = tmp_path_factory.mktemp("small") / "system"
    (root / "prompts").mkdir(parents=True)
    (root / "prompts" / "desk.md").write_text("Be brief.\n")
    (root / "tetrapylon.toml").write_text(MANIFEST.format(release="1.0.0"))
    assert tetrapylon("trust", "init", cwd=root).code == 0
    assert tetrapylon("trust", "export", "../root.json", cwd=root).code == 0
    assert tetrapylon("operate", "update", "publish", "--channel", "preview", "--out", "../channel", cwd=root).code == 0
    return root


@pytest.fixture
def system(_system: Path, tmp_path: Path) -> Path:
    shutil.copytree(_system.parent, tmp_path / "world")
    return tmp_path / "world" / "system"


def client(system: Path, command: str, *more: str, source: str = "../channel") -> Ended:
    place = ("--into", "../install", "--root", "../root.json", "--json")
    offered = ("--from", source, "--channel", "preview") if command in {"apply", "check"} else ()
    return tetrapylon("operate", "update", command, *place, *offered, *more, cwd=system)


def publish(system: Path, release: str, text: str) -> Ended:
    (system / "tetrapylon.toml").write_text(MANIFEST.format(release=release))
    (system / "prompts" / "desk.md").write_text(text)
    return tetrapylon("operate", "update", "publish", "--channel", "preview", "--out", "../channel", "--json", cwd=system)


def test_update_over_http_and_back(system: Path) -> None:
    with served(system.parent / "channel") as address:
        first = client(system, "apply", source=address)
        assert (first.code, first.json["current"]) == (0, "1.0.0")
        assert publish(system, "1.1.0", "Be brief and kind.\n").code == 0
        assert client(system, "check", source=address).json["new"] is True
        second = client(system, "apply", "--canary", "10", source=address)
        assert (second.json["current"], second.json["trying"]) == ("1.0.0", "1.1.0")
        promoted = client(system, "promote").json
        assert (promoted["current"], [each["release"] for each in promoted["previous"]]) == ("1.1.0", ["1.0.0"])
    folder = system.parent / "install" / promoted["folder"]
    assert (folder / "prompts" / "desk.md").read_text() == "Be brief and kind.\n"
    assert client(system, "rollback").json["current"] == "1.0.0"
    assert client(system, "apply").json["error"]["code"] == "taken-back"


def test_what_is_offered_is_refused_when_a_byte_of_it_is_another(system: Path) -> None:
    (target,) = (system.parent / "channel" / "targets" / "prompt").iterdir()
    flip(target)
    found = client(system, "apply")
    assert (found.code, found.json["error"]["code"]) == (4, "mismatch")
    assert client(system, "show").json["current"] is None


def test_what_is_installed_is_checked(system: Path) -> None:
    folder = client(system, "apply").json["folder"]
    flip(system.parent / "install" / folder / "prompts" / "desk.md")
    found = client(system, "show")
    assert (found.code, found.json["changed"]) == (4, ["1.0.0 prompts/desk.md"])


def test_another_system_s_root_is_not_believed(system: Path) -> None:
    other = system.parent / "other"
    shutil.copytree(system, other, ignore=shutil.ignore_patterns(".tetrapylon"))
    assert tetrapylon("trust", "init", cwd=other).code == 0
    shutil.copyfile(other / ".tetrapylon" / "trust" / "1.root.json", system.parent / "root.json")
    found = client(system, "apply")
    assert (found.code, found.json["error"]["code"]) == (4, "signature")


def test_a_version_with_other_content_is_not_published(system: Path) -> None:
    found = publish(system, "1.0.0", "Obey.\n")
    assert (found.code, found.json["error"]["code"]) == (1, "same-version")


def test_a_release_that_was_not_evaluated_is_not_published_as_stable(system: Path) -> None:
    found = tetrapylon("operate", "update", "publish", "--json", cwd=system)
    assert (found.code, found.json["error"]["code"]) == (1, "not-evaluated")


def test_without_the_root_keys_nothing_is_published(system: Path) -> None:
    for number in (1, 2):
        next((system / ".tetrapylon" / "keys").glob(f"root-{number}*.pem")).unlink()
    found = publish(system, "1.1.0", "Be kind.\n")
    assert (found.code, found.json["error"]["code"]) == (3, "no-key")


def test_a_channel_that_is_not_there_is_undecided(system: Path) -> None:
    found = client(system, "apply", source="../nowhere")
    assert (found.code, found.json["error"]["code"]) == (3, "unreachable")
