"""A gateway with small true parts of its own, run as a process of its own: what tests of the door talk to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tetrapylon.gateway.guards.stream import StreamGuard
from tetrapylon.gateway.ports import Caller, Look, Verdict

ROOT = Path(__file__).resolve().parent.parent.parent

_RULES = (
    (re.compile(r"AKIA[0-9A-Z]{16}"), Verdict.REDACT, "key"),
    (re.compile(r"STOP-[0-9]{8}"), Verdict.BLOCK, "stop"),
    (re.compile(r"WAIT-[0-9]{8}"), Verdict.HOLD, "wait"),
    (re.compile(r"hm-[0-9]{4}"), Verdict.ADVISE, "hm"),
)
SECRET = "AKIA" + "Q7X3" * 4
STOP = "STOP-12345678"
WAIT = "WAIT-12345678"


class SmallGuards:
    """Four rules, one for each verdict, none matching more than twenty characters."""

    hold_back = 24

    def text(self, text: str, *, direction: Literal["in", "out"], data_class: str) -> tuple[Look, ...]:
        return self._look(text, 0)

    def _look(self, text: str, start: int) -> tuple[Look, ...]:
        """Return what begins at `start` or later: what stands before has left, and a match that begins there was judged then."""
        if "RAISE" in text:
            raise RuntimeError("this guard fails")
        return tuple(
            Look(verdict, name, f"the rule {name}", each.start(), each.end(), f"[{name}]")
            for pattern, verdict, name in _RULES
            for each in pattern.finditer(text, start)
        )

    def stream(self) -> StreamGuard:
        return StreamGuard(self._look, lambda text: len(text) - self.hold_back, self.apply)

    def image(self, data: bytes, *, model: str) -> tuple[Look, ...]:
        return (Look(Verdict.BLOCK, "picture", "a bad picture"),) if b"EVIL" in data else ()

    def tool_call(self, caller: Caller, tool: str, arguments: str) -> Look:
        if tool == "refund":
            return Look(Verdict.HOLD, "approval", "a named person decides on refunds")
        return Look(Verdict.BLOCK, "schema", "bad arguments") if "C-" not in arguments else Look(Verdict.ALLOW)

    def apply(self, text: str, looks: Sequence[Look]) -> str:
        for each in sorted((each for each in looks if each.verdict is Verdict.REDACT), key=lambda each: each.start, reverse=True):
            text = text[: each.start] + each.replacement + text[each.end :]
        return text


class Grants:
    """What the manifest grants, and nothing else."""

    digest = "sha256:" + "0" * 64

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._may = {each["id"]: set(each.get("may", ())) for kind in ("group", "service") for each in facts.get(kind, ())}

    def may(self, caller: Caller, action: str, resource: str, data_class: str = "internal") -> tuple[bool, str]:
        granted = f"{action}:{resource}" in self._may.get(caller.principal, ()) and data_class != "restricted"
        return granted, "granted" if granted else "the manifest does not grant it"


class Lines:
    """Writes what it sees to a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def observe(self, event: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(event) + "\n")
        self._file.flush()

    def flush(self) -> None: ...


def main(directory: str, listen: str, limits: Mapping[str, Any], tokens: Mapping[str, str]) -> None:
    """Serve."""
    import uvloop

    from tetrapylon.app.serving import open_serving
    from tetrapylon.gateway.limits import Limits
    from tetrapylon.gateway.start import Parts, listen_at, serve

    serving = open_serving(directory, None)
    parts = Parts(SmallGuards(), Grants(serving.project.facts), Lines(Path(directory) / "seen.jsonl"))

    def ready(url: str) -> None:
        sys.stdout.write(json.dumps({"event": "ready", "url": url}) + "\n")
        sys.stdout.flush()

    uvloop.run(serve(serving, parts, listen_at(listen), tokens, ready, Limits(**limits)))


@dataclass
class Running:
    """A gateway that runs."""

    root: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def running(root: Path, limits: Mapping[str, Any] | None = None, tokens: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run a gateway for the system in a folder."""
    command = [
        sys.executable,
        "-m",
        "tests.integration.door",
        str(root),
        "127.0.0.1:0",
        json.dumps(dict(limits or {})),
        json.dumps(dict(tokens or {})),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Running(root, int(json.loads(line)["url"].rpartition(":")[2]), process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert process.returncode == 0


MANIFEST = """
schema = "tetrapylon/manifest/1"
[system]
id = "desk"
release = "1.0.0"
role = "provider"
criticality = "low"
purpose = "Answers questions about cheques"
demo = true
[[person]]
id = "operator-1"
roles = ["operator"]
key = "operator.pub"
[[model]]
id = "assistant"
endpoint = "http://127.0.0.1:{first}/v1"
model = "there"
alternate = "assistant-b"
[[model]]
id = "assistant-b"
endpoint = "http://127.0.0.1:{second}/v1"
[[model]]
id = "other"
endpoint = "http://127.0.0.1:{first}/v1"
[[prompt]]
id = "system"
path = "prompt.md"
model = "assistant"
[[tool]]
id = "lookup"
effect = "read"
[[tool]]
id = "refund"
effect = "irreversible"
approval = "human"
[[tool]]
id = "wire"
effect = "irreversible"
[[group]]
id = "teller"
may = ["chat:assistant", "chat:assistant-b", "call:lookup", "call:refund"]
requests-per-minute = 100000
tokens-per-minute = 100000000
[[group]]
id = "guest"
may = ["chat:assistant"]
requests-per-minute = 3
[[service]]
id = "robot"
may = ["chat:other"]
"""


def declare(root: Path, first: int, second: int) -> None:
    """Write a small system into a folder."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "tetrapylon.toml").write_text(MANIFEST.format(first=first, second=second), "utf-8")
    (root / "prompt.md").write_text("You answer questions about cheques.\n", "utf-8")


def make_key(root: Path, principal: str, *, terms: bool = True, tenant: str = "default") -> str:
    """Make a key."""
    from tetrapylon.app import access

    return access.create(str(root), principal, tenant, None, accept_terms=terms)[1]


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Upstream:
    """An upstream whose every answer the test has written out, byte for byte, by the words in the request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[bytes] = []
        self.heads: list[bytes] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self.script: dict[str, Sequence[bytes | float]] = {}
        """By a word in the body: parts of bytes, and pauses in seconds; -1 ends the connection."""

    async def serve(self) -> asyncio.Server:
        """Listen."""
        return await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def end(self, server: asyncio.Server) -> None:
        """Listen no more, and close what is open."""
        server.close()
        for each in self._writers:
            each.close()
        await asyncio.sleep(0.05)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = re.search(rb"content-length: (\d+)", head)
                body = await reader.readexactly(int(found[1])) if found else b""
                self.heads.append(head)
                self.asked.append(body)
                for each in self._answer(body):
                    if isinstance(each, bytes):
                        writer.write(each)
                        await writer.drain()
                    elif each < 0:
                        raise ConnectionResetError
                    else:
                        await asyncio.sleep(each)
        writer.close()

    def _answer(self, body: bytes) -> Sequence[bytes | float]:
        for word, parts in self.script.items():
            if word.encode() in body:
                return parts
        return [said("Hello.")]


def said(content: str | None, **message: Any) -> bytes:
    """Return a whole answer."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": "stop",
        "logprobs": {"content": []},
    }
    usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    body = json.dumps(
        {"id": "x", "object": "chat.completion", "created": 1, "model": "there", "choices": [choice], "usage": usage, "secret-trace": 1}
    )
    return f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def call_of(name: str, arguments: str) -> dict[str, Any]:
    """Return a tool call."""
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """Return a chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(delta: Mapping[str, Any], reason: str | None = None, **more: Any) -> bytes:
    """Return a chunk that is one event of a stream."""
    value = {"id": "x", "choices": [{"index": 0, "delta": dict(delta), "finish_reason": reason}], **more}
    return chunk(b"data: " + json.dumps(value).encode() + b"\n\n")


def stream(*texts: str) -> list[bytes | float]:
    """Return a whole stream of texts, each in a write of its own."""
    middle: list[bytes | float] = [STREAM]
    for each in texts:
        middle += [event({"content": each}), 0.0]
    return [*middle, event({}, "stop"), chunk(b"data: [DONE]\n\n"), END]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4]))
