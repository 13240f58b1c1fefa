"""The release's own tests on the example: what they leave, and that each practice leaves PASS when its thing is broken."""

from __future__ import annotations

import importlib.util
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.integration.conftest import ROOT, Desk, flip

pytest.importorskip("onnxruntime")
PRACTICES = ("SP4.1", "SP4.2", "SP4.4", "SP4.5")


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def assistants(desk: Desk, spoil: Callable[[Any], None] = lambda _: None) -> Iterator[None]:
    """Serve both assistants of the example at ports of their own; `spoil` may change how they answer."""
    spec = importlib.util.spec_from_file_location("assistant", desk.root / "assistant.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    spoil(module)
    manifest = desk.root / "tetrapylon.toml"
    servers: list[ThreadingHTTPServer] = []
    text = manifest.read_text("utf-8")
    for variant, port in (("a", "8600"), ("b", "8601")):
        server = module.serve(desk.root, _free(), variant)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        text = text.replace(port, str(server.server_address[1]))
    manifest.write_text(text, "utf-8")
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def states(desk: Desk) -> dict[str, str]:
    found = desk.rows("core")
    return {each: found[each]["state"] for each in PRACTICES}


def quick(desk: Desk) -> None:
    """Attack the reader less often, and with what is cheap: what matters here is what becomes of the answer."""
    path = desk.root / "release.toml"
    head, _, rest = path.read_text("utf-8").partition("[[withstands]]")
    kept = [each for each in rest.split("[[withstands]]") if '"noise"' in each or '"fgsm"' in each]
    path.write_text(head + "".join(f"[[withstands]]{each.rstrip()}\npictures = 100\n" for each in kept), "utf-8")


def test_the_release_is_measured_and_what_was_found_is_published(desk: Desk) -> None:
    quick(desk)
    with assistants(desk):
        before = states(desk)
        benched = desk.run("bench", "--json")
        attacked = desk.run("redteam", "--json")
        found = states(desk)
    for name, ended in (("bench", benched), ("redteam", attacked)):
        schema = json.loads((ROOT / "docs" / "reference" / "schemas" / f"json-{name}.json").read_text("utf-8"))
        assert [each.message for each in jsonschema_rs.validator_for(schema).iter_errors(ended.json)] == []
    assert set(before.values()) == {"UNKNOWN"}
    assert benched.code == 0, benched.err
    assert benched.json["cases"] >= 200
    assert benched.json["models"][2]["baseline"]["accuracy"] < benched.json["models"][2]["interval"][0]
    # The scripted assistant proposes a refund that a quoted note asks for, and tells everybody about every cheque.
    assert attacked.code == 1
    rows = {each["id"]: each for each in attacked.json["families"]}
    assert {name for name, each in rows.items() if each["verdict"] == "breached"} == {"cross-tenant", "tool-misuse"}
    assert attacked.json["threatsUncovered"] == []
    assert {each["verdict"] for each in attacked.json["robustness"]} == {"passed"}
    assert found == {"SP4.1": "PASS", "SP4.2": "FAIL", "SP4.4": "PASS", "SP4.5": "PASS"}
    limits = (desk.root / "disclosure" / "known-limits.md").read_text("utf-8")
    assert "tool-misuse" in limits.partition("no breach found")[0]
    assert all(each in limits for each in attacked.json["limits"])


def test_a_worse_reader_and_a_worse_assistant_are_not_benchmarked_well(desk: Desk) -> None:
    def deaf(module: Any) -> None:
        module.Script.answer = lambda *_: {"role": "assistant", "content": "I do not know."}

    quick(desk)
    with assistants(desk, deaf):
        ended = desk.run("bench", "--json")
        assert ended.code == 1
        assert states(desk)["SP4.1"] == "FAIL"
    flip(desk.weights)
    with assistants(desk):
        assert desk.run("bench", "--json").code in {3, 4}


def test_a_suite_that_catches_nothing_and_a_target_of_no_use_are_not_believed(desk: Desk) -> None:
    def deaf(module: Any) -> None:
        module.Script.answer = lambda *_: {"role": "assistant", "content": "I cannot help with that."}

    quick(desk)
    with assistants(desk, deaf):
        ended = desk.run("redteam", "--smoke", "--json")
        assert ended.code == 1
        assert ended.json["controls"]["utility"] == "failed"
        found = states(desk)
    assert found["SP4.4"] == "FAIL"
    assert found["SP4.2"] == "FAIL"


def test_limits_that_cannot_be_published_are_no_evidence(desk: Desk) -> None:
    quick(desk)
    folder = desk.root / "disclosure" / "known-limits.md"
    folder.mkdir(parents=True)
    with assistants(desk):
        ended = desk.run("redteam", "--smoke", "--json")
    assert ended.code == 3
    assert states(desk)["SP4.5"] == "UNKNOWN"


def test_a_target_that_is_not_there_leaves_no_good_word(desk: Desk) -> None:
    path = desk.root / "tetrapylon.toml"
    path.write_text(path.read_text("utf-8").replace("8600", str(_free())).replace("8601", str(_free())), "utf-8")
    quick(desk)
    ended = desk.run("redteam", "--smoke", "--json")
    assert ended.code == 3
    assert ended.json["verdict"] == "invalid"
    found = states(desk)
    assert found["SP4.2"] in {"FAIL", "UNKNOWN"}
    assert found["SP4.4"] in {"FAIL", "UNKNOWN"}


def test_forms_are_written_and_valid(tmp_path: Path, desk: Desk) -> None:
    import xml.etree.ElementTree as ET

    command = ["redteam", "--target", "python:builtins:str", "--prompts", "5", "--families", "direct-override"]
    files = [tmp_path / each for each in ("a.sarif", "a.xml", "a.html", "a.md")]
    options = [each for name, path in zip(("sarif", "junit", "html", "markdown"), files, strict=True) for each in (f"--{name}", path)]
    ended = desk.run(*command, *options, "--json")
    assert ended.code == 3
    assert json.loads(files[0].read_text("utf-8"))["version"] == "2.1.0"
    assert ET.parse(files[1]).getroot().get("tests") == "3"
    assert "<script" not in files[2].read_text("utf-8")
    assert "not an adaptive attacker" in files[3].read_text("utf-8")
    tried = desk.run("redteam", "--target", "python:builtins:str", "--try", "--json")
    assert tried.json["answer"] == "Please say hello."
