"""`tetrapylon serve` on the example, with everything that is really built from its manifest."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import EXAMPLE, Desk, tetrapylon
from tests.integration.door import Upstream, free_port, make_key, said, stream
from tests.integration.test_gateway_infer import pictures, png, tensor
from tetrapylon.evidence.signer import Signer

KEY = "sk-" + "proj-" + "Zx81" * 12
"""Looks like a key of a hosted model; it is nobody's."""


class Served:
    """The example, served."""

    def __init__(self, desk: Desk, port: int, key: str) -> None:
        self.desk, self.port, self.key = desk, port, key

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"authorization": f"Bearer {key or self.key}", "content-type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        got = connection.getresponse()
        found = got.status, got.read(), {name.lower(): value for name, value in got.getheaders()}
        connection.close()
        return found

    def chat(self, text: str, **more: Any) -> tuple[int, Any]:
        status, body, _ = self.ask(
            "POST", "/v1/chat/completions", {"model": "assistant", "messages": [{"role": "user", "content": text}], **more}
        )
        return status, body.decode() if more.get("stream") else json.loads(body)


@contextlib.contextmanager
def served(desk: Desk, *more: str, suppliers: str = "warn") -> Iterator[Served]:
    """Serve a copy of the example as a user does."""
    key = make_key(desk.root, "teller")
    command = [sys.executable, "-m", "tetrapylon.cli.__main__", "serve", "--listen", "127.0.0.1:0", *more]
    # Suppliers are examined elsewhere; here their places were changed to free ports.
    environment = {**os.environ, "TETRAPYLON_UNEXAMINED_SUPPLIERS": suppliers}
    with subprocess.Popen(command, cwd=desk.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        try:
            yield Served(desk, int(json.loads(line)["url"].rpartition(":")[2]), key)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0


@pytest.fixture
def ported(desk: Desk) -> Desk:
    """The example, its assistants at ports that are free."""
    path = desk.root / "tetrapylon.toml"
    text = path.read_text("utf-8")
    for port in ("8600", "8601"):
        text = text.replace(port, str(free_port()))
    path.write_text(text, "utf-8")
    return desk


def address(desk: Desk, number: int) -> int:
    return int(re.findall(r"127\.0\.0\.1:(\d+)", (desk.root / "tetrapylon.toml").read_text("utf-8"))[number])


def test_the_example_is_served(ported: Desk) -> None:
    program = [sys.executable, str(EXAMPLE / "assistant.py"), "--port", str(address(ported, 0))]
    with subprocess.Popen(program, cwd=ported.root, stdout=subprocess.PIPE, text=True) as assistant:
        assert assistant.stdout is not None
        assert assistant.stdout.readline()
        try:
            with served(ported) as gateway:
                _talk(gateway)
        finally:
            assistant.kill()
    assert tetrapylon("operate", "journal", "verify", cwd=ported.root).code in {0, 3}
    events = (ported.root / ".tetrapylon" / "monitor" / "events.jsonl").read_text("utf-8").splitlines()
    assert len(events) > 5
    assert "teller" not in "".join(events)


def test_the_same_attacks_without_and_with_the_front_door(ported: Desk) -> None:
    program = [sys.executable, str(EXAMPLE / "assistant.py"), "--port", str(address(ported, 0))]
    attacks = ["redteam", "--model", "assistant", "--families", "tool-misuse,cross-tenant", "--prompts", "20", "--json"]
    with subprocess.Popen(program, cwd=ported.root, stdout=subprocess.PIPE, text=True) as assistant:
        assert assistant.stdout is not None
        assert assistant.stdout.readline()
        try:
            with served(ported) as gateway:
                door = ["--twin", f"http://127.0.0.1:{gateway.port}/v1", "--twin-key-env", "TELLER"]
                ended = ported.run(*attacks, *door, env={"TELLER": gateway.key})
        finally:
            assistant.kill()
    assert ended.code == 1, ended.err
    rows = {each["id"]: each for each in ended.json["twins"]["assistant"]["families"]}
    # Refunds that a note asks for are held for a person; who may know which cheque is nothing that a guard can see.
    assert rows["tool-misuse"]["hitOff"] > rows["tool-misuse"]["hitOn"] == 0
    assert rows["cross-tenant"]["hitOn"] == rows["cross-tenant"]["hitOff"] > 0
    assert {each["promptsOn"] for each in rows.values()} == {20}


def _talk(gateway: Served) -> None:
    status, answer = gateway.chat("What about cheque C-0001?")
    assert (status, "C-0001" in answer["choices"][0]["message"]["content"]) == (200, True)
    tools = [{"type": "function", "function": {"name": name}} for name in ("lookup", "refund")]
    called = gateway.chat("Look up C-0001", tools=tools)[1]["choices"][0]
    assert called["message"]["tool_calls"][0]["function"] == {"name": "lookup", "arguments": '{"cheque": "C-0001"}'}
    text = gateway.chat("What about cheque C-0002?", stream=True)[1]
    assert "C-0002" in "".join(json.loads(f'"{each}"') for each in re.findall(r'"content":"((?:[^"\\]|\\.)*)"', text))
    assert gateway.chat(f"my key is {KEY}")[0] in {200, 400}
    status, answer = gateway.chat("Refund cheque C-0001", tools=tools)
    held = answer["tetrapylon"]["held"][0]
    assert (held["kind"], held["tool"]) == ("tool-call", "refund")
    _decide(gateway, held["id"], held["outputDigest"])
    known = pictures(gateway.desk, 2)
    assert gateway.ask("POST", "/v2/models/digit-reader/infer", tensor([known[0][1]]))[0] == 200
    drawn = {"inputs": [{"name": "X", "shape": [1], "datatype": "BYTES", "data": [png(known[0][1])]}]}
    assert gateway.ask("POST", "/v2/models/digit-reader/infer", drawn)[0] == 200


def _decide(gateway: Served, name: str, output: str) -> None:
    """Have a person release a held call, and see that a decision on another output, or by nobody, counts for nothing."""
    state = gateway.desk.root / ".tetrapylon"
    path = state / "holds" / f"{name}.decision.json"
    assert json.loads(gateway.ask("GET", f"/v1/holds/{name}")[1])["state"] == "held"
    for wrong in (_decision(gateway.desk, name, "sha256:" + "0" * 64), _decision(gateway.desk, "hold-other", output), b"{}"):
        path.write_bytes(wrong)
        assert gateway.ask("GET", f"/v1/holds/{name}")[0] == 503
    path.write_bytes(_decision(gateway.desk, name, output))
    released = json.loads(gateway.ask("GET", f"/v1/holds/{name}")[1])
    assert (released["state"], released["decision"]["person"]) == ("released", "operator-1")
    assert released["output"]["function"]["name"] == "refund"


def _decision(desk: Desk, name: str, output: str) -> bytes:
    from tetrapylon.app import wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.evidence.predicate import predicate_type
    from tetrapylon.evidence.signer import sign_statement
    from tetrapylon.evidence.statement import Statement, Subject
    from tetrapylon.kernel.digest import Digest
    from tetrapylon.outside.clock import SystemClock

    project, now = open_project(desk.root), SystemClock().now()
    signer: Signer = wiring.signer_for(project, ["responder", "operator"], None)
    said = {"decisions": 1, "withoutPerson": 0, "undecided": 0, "outputDigest": output, "person": "operator-1", "action": "approve"}
    predicate = {**said, "reason": "the drawer asked", "hold": name, "observedFrom": now, "observedTo": now, "demo": True}
    return sign_statement(
        Statement((Subject("output", Digest(output)),), predicate_type("output-decision"), predicate), [signer]
    ).to_bytes()


def test_answers_of_a_model_that_was_talked_into_something_are_guarded(ported: Desk) -> None:
    import asyncio

    upstream = Upstream(address(ported, 0))
    upstream.script = {"whole": [said(f"Here: {KEY} it is.")], "parts": stream(*f"Here: {KEY} it is, and here is more to read.")}
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(upstream.serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with served(ported) as gateway:
        assert KEY not in json.dumps(gateway.chat("whole")[1])
        text = gateway.chat("parts", stream=True)[1]
        assert KEY not in "".join(re.findall(r'"content":"([^"]*)"', text))
        assert "[DONE]" in text
    asyncio.run_coroutine_threadsafe(upstream.end(server), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_what_cannot_be_served_says_why(ported: Desk) -> None:
    env = {"ACME": ""}
    assert ported.run("serve", "--listen", "nowhere").code == 2
    assert ported.run("serve", "--api-key-env", "digit-reader=ACME").code == 2
    assert ported.run("serve", "--api-key-env", "assistant=ACME", env=env).code == 2
    (ported.root / "models" / "digit-reader.onnx.sig").unlink()
    ended = ported.run("serve", "--listen", "127.0.0.1:0")
    assert ended.code in {3, 4}
    assert "ready" not in ended.out
    (ported.root / "prompts" / "assistant.md").unlink()
    assert ported.run("serve", "--listen", "127.0.0.1:0").code != 0
    assert os.environ.get("ACME") is None
