"""Whichever part of the gateway fails, nothing leaves: no answer, no tail of a stream, no request to the upstream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.integration.door import END, STREAM, SmallGuards, Upstream, call_of, chunk, event, free_port, said
from tetrapylon.gateway.door import Door
from tetrapylon.gateway.holds import Holds
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.outlet import GoneError
from tetrapylon.gateway.ports import Caller, Entry, Sealed
from tetrapylon.gateway.quota import Quotas
from tetrapylon.gateway.upstream.client import Client
from tetrapylon.gateway.upstream.target import target_of
from tetrapylon.gateway.upstream.targets import Alone, ManifestTargets
from tetrapylon.gateway.wired import Wired
from tetrapylon.kernel.errors import StorageError

CALLER = Caller("k", "teller", "group", "default", "sha256:terms")
LONG = "a beginning that is long enough to leave, and an end"


class Works:
    """Every port that is not under test: lets everything pass."""

    digest = "sha256:0"

    def find(self, token: str) -> Caller | None:
        return CALLER if token == "good" else None

    def may(self, *_: Any) -> tuple[bool, str]:
        return True, ""

    def observe(self, event: Mapping[str, Any]) -> None: ...

    def flush(self) -> None: ...

    def closed(self, route: str) -> str | None:
        return None


@dataclass
class Pages:
    """A journal in memory that fails at the entries that it is told."""

    fails: tuple[int, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    error: type[Exception] = StorageError

    async def append(self, entry: Entry) -> Sealed:
        self.entries.append(entry)
        if len(self.entries) in self.fails:
            raise self.error("the disk is full")
        return Sealed("main/00000001", len(self.entries), "sha256:1")


class Fails(Works):
    """Fails at whatever is asked."""

    def find(self, token: str) -> Caller | None:
        raise RuntimeError

    may = closed = observe = find  # type: ignore[assignment]  # each of them fails


class Odd(Works):
    """Says neither yes nor no."""

    def may(self, *_: Any) -> Any:
        return "no", "this is true only for whoever does not look"


class FailingGuards(SmallGuards):
    """Fails at images and tool calls, too."""

    def image(self, data: bytes, *, model: str) -> Any:
        raise RuntimeError

    def tool_call(self, caller: Caller, tool: str, arguments: str) -> Any:
        raise RuntimeError


@dataclass
class Heads:
    pairs: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        return self.pairs


@dataclass
class Asked:
    """A request, as the server hands it over."""

    body: bytes
    path: str = "/v1/chat/completions"
    method: str = "POST"
    proto: str = "http"
    query_string: str = ""
    status: int = 0
    out: bytes = b""
    leaves_after: int = 1000

    @property
    def headers(self) -> Heads:
        return Heads([("authorization", "Bearer good"), ("content-type", "application/json"), ("content-length", str(len(self.body)))])

    async def __call__(self) -> bytes:
        return self.body

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise NotImplementedError

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.out = status, body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Asked:
        self.status = status
        return self

    async def send_bytes(self, data: bytes) -> None:
        self.leaves_after -= 1
        if self.leaves_after < 0:
            raise GoneError
        self.out += data


@dataclass
class Tried:
    asked: Asked
    upstream: Upstream
    wired: Wired
    journal: Pages


def attempt(
    tmp_path: Path, text: str, journal: Pages | None = None, *, leaves_after: int = 1000, stream: bool = False, **parts: Any
) -> Tried:
    """Send one request through a door of which some parts were exchanged."""
    upstream = Upstream(free_port())
    upstream.script = {
        "in parts": [STREAM, event({"content": LONG}), 0.02, event({}, "stop"), chunk(b"data: [DONE]\n\n"), END],
        "tool": [said(None, tool_calls=[call_of("lookup", '{"cheque": "C-0001"}')])],
        "refund": [said(None, tool_calls=[call_of("refund", '{"cheque": "C-0001"}')])],
    }
    pages = journal or Pages()
    works = Works()
    limits = Limits()
    content: Any = json.loads(text) if text.startswith("[") else text
    body = json.dumps({"model": "m", "stream": stream, "messages": [{"role": "user", "content": content}]}).encode()
    asked = Asked(body, leaves_after=leaves_after)

    async def run() -> Wired:
        server = await upstream.serve()
        client = Client(ManifestTargets({"m": target_of("m", f"http://127.0.0.1:{upstream.port}/v1", "m")}, Alone(), works), limits)

        async def acknowledge(key: str, digest: str) -> None: ...

        wired = Wired(
            keys=works, authoriser=works, guards=SmallGuards(), journal=pages, watch=works, switch=works, client=client, quotas=Quotas({}),
            holds=Holds(tmp_path / "holds"), acknowledge=acknowledge, terms="", terms_digest="sha256:terms", chat_models=frozenset({"m"}),
            tools=frozenset({"lookup", "refund"}), limits=limits,
        )  # fmt: skip
        wired = replace(wired, **parts)
        await Door(wired)(asked, asked)
        client.close()
        await upstream.end(server)
        return wired

    return Tried(asked, upstream, asyncio.run(run()), pages)


def code(tried: Tried) -> str:
    return str(json.loads(tried.asked.out)["error"]["code"])


def test_all_parts_at_work_answer(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "hello")
    assert (tried.asked.status, b"Hello." in tried.asked.out) == (200, True)
    assert [each.kind for each in tried.journal.entries] == ["request", "answer"]
    streamed = attempt(tmp_path, "in parts", stream=True).asked
    assert streamed.out.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("part", ["keys", "authoriser", "switch"])
def test_a_part_that_fails_closes_the_door(tmp_path: Path, part: str) -> None:
    tried = attempt(tmp_path, "hello", None, **cast("Any", {part: Fails()}))
    assert (tried.asked.status, code(tried), tried.upstream.asked) == (503, "unavailable", [])
    assert sum(tried.wired.counters.faults.values()) == 1


def test_an_answer_that_is_not_yes_is_no(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "hello", authoriser=Odd())
    assert (tried.asked.status, tried.upstream.asked) == (403, [])


@pytest.mark.parametrize("text", ["RAISE", '[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]', "tool"])
def test_a_guard_that_fails_lets_nothing_out(tmp_path: Path, text: str) -> None:
    tried = attempt(tmp_path, text, guards=FailingGuards())
    assert (tried.asked.status, code(tried)) == (503, "unavailable")
    assert b"lookup" not in tried.asked.out
    assert bool(tried.upstream.asked) == (text == "tool")


def test_a_request_that_cannot_be_recorded_goes_nowhere(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "hello", Pages((1,)))
    assert (tried.asked.status, code(tried), tried.upstream.asked) == (503, "journal_unavailable", [])


@pytest.mark.parametrize("error", [StorageError, OSError, RuntimeError])
def test_an_answer_that_cannot_be_recorded_stays(tmp_path: Path, error: type[Exception]) -> None:
    tried = attempt(tmp_path, "hello", Pages((2,), error=error))
    assert (tried.asked.status, b"Hello." in tried.asked.out) == (503, False)


def test_a_refusal_that_cannot_be_recorded_is_still_one(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "STOP-12345678", Pages((1,)))
    assert (tried.asked.status, tried.upstream.asked) == (503, [])


def test_the_tail_of_a_stream_that_cannot_be_recorded_stays(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "in parts", Pages((2,)), stream=True)
    assert b"long enough" not in tried.asked.out
    assert b"and an end" not in tried.asked.out
    assert b"[DONE]" not in tried.asked.out
    assert b"journal_unavailable" in tried.asked.out


def test_what_cannot_be_held_does_not_leave(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    tried = attempt(tmp_path, "refund", holds=Holds(tmp_path / "file"))
    assert (tried.asked.status, b"refund" in tried.asked.out) == (503, False)


def test_a_caller_who_leaves_leaves_a_record(tmp_path: Path) -> None:
    for after in (0, 1, 2):
        tried = attempt(tmp_path, "in parts", leaves_after=after, stream=True)
        assert tried.journal.entries[-1].kind == "stream"
        assert tried.journal.entries[-1].labels["ended"] in {"caller-gone", "whole"}


def test_whoever_watches_may_fail_and_it_is_counted(tmp_path: Path) -> None:
    tried = attempt(tmp_path, "hello", watch=Fails())
    assert tried.asked.status == 200
    assert list(tried.wired.counters.faults) == ["watch RuntimeError"]
