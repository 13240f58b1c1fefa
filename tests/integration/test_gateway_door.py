"""The door from outside, over real sockets: one pipeline, deny by default, receipts that lead into the journal."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.door import (
    END,
    SECRET,
    STOP,
    STREAM,
    WAIT,
    Running,
    Upstream,
    chunk,
    declare,
    event,
    free_port,
    make_key,
    running,
    said,
    stream,
)
from tetrapylon.gateway.routes import ROUTES

PNG = "data:image/png;base64,iVBORw0KGgoAAAAAAAAAAA=="


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class World:
    gateway: Running
    first: Upstream
    second: Upstream
    keys: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = "teller", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=20)
        if key is not None:
            headers["authorization"] = f"Bearer {self.keys.get(key, key)}"
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if data is not None:
            headers.setdefault("content-type", "application/json")
        connection.request(method, path, data, headers)
        got = connection.getresponse()
        answer = Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        connection.close()
        return answer

    def chat(self, text: Any, *, key: str = "teller", data_class: str = "internal", **more: Any) -> Answer:
        asked = {"model": "assistant", "messages": [{"role": "user", "content": text}], **more}
        return self.ask("POST", "/v1/chat/completions", asked, key=key, **{"tetrapylon-data-class": data_class})

    def events(self, answer: Answer) -> list[Any]:
        return [json.loads(each) for each in re.findall(r"^data: (\{.*)$", answer.body.decode(), re.MULTILINE)]

    def streamed(self, answer: Answer) -> str:
        return "".join(choice["delta"].get("content") or "" for each in self.events(answer) for choice in each.get("choices", ()))

    def recover(self) -> None:
        """Ask until both upstreams are taken for well again."""
        self.first.script.clear()
        self.second.script.clear()
        until = time.monotonic() + 5
        for model, upstream in (("assistant", self.first), ("assistant-b", self.second)):
            upstream.asked.clear()
            while not upstream.asked:
                self.chat("hello", model=model)
                assert time.monotonic() < until

    @property
    def asked(self) -> list[bytes]:
        return self.first.asked


LIMITS = {
    "body_seconds": 0.6,
    "idle_seconds": 0.4,
    "first_byte_seconds": 0.4,
    "answer_seconds": 0.6,
    "connect_seconds": 1.0,
    "head_milliseconds": 800,
    "outage_seconds": 0.1,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("door") / "desk"
    first, second = Upstream(free_port()), Upstream(free_port())
    declare(root, first.port, second.port)
    loop = asyncio.new_event_loop()
    servers = [loop.run_until_complete(each.serve()) for each in (first, second)]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with running(root, LIMITS) as gateway:
        found = World(gateway, first, second)
        for name in ("teller", "guest", "robot", "operator-1"):
            found.keys[name] = make_key(root, name)
        found.keys["new"] = make_key(root, "teller", terms=False)
        found.keys["other-tenant"] = make_key(root, "teller", tenant="other")
        time.sleep(0.15)
        yield found
    for each in servers:
        loop.call_soon_threadsafe(each.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture(autouse=True)
def _fresh(world: World) -> None:
    for each in (world.first, world.second):
        each.script.clear()
        each.asked.clear()
        each.heads.clear()


def test_each_route_but_health_is_closed_to_who_has_no_key(world: World) -> None:
    for route in ROUTES:
        path = route.path.replace("{}", "assistant")
        for key in (None, "", "tp-000000000000-" + "A" * 43, world.keys["teller"][:-1] + "!", world.keys["teller"][:-2]):
            answer = world.ask(route.method, path, {} if route.body else None, key=key)
            assert answer.status == (401 if route.key else 200), (route, key)
            if route.key:
                assert b"tp-" not in answer.body
    assert world.ask("GET", "/nothing", key=None).status == 401
    assert world.ask("GET", "/nothing").status == 404
    assert world.ask("DELETE", "/v1/models").status == 405
    assert world.asked == []


def test_without_acknowledged_terms_there_is_nothing_but_the_terms(world: World) -> None:
    for route in ROUTES:
        if route.terms:
            answer = world.ask(route.method, route.path.replace("{}", "assistant"), {} if route.body else None, key="new")
            assert (answer.status, "/terms" in answer.body.decode()) == (403, True), route
    terms = world.ask("GET", "/terms", key="new").json
    assert not terms["acknowledged"]
    assert "refund" in terms["text"]
    assert world.ask("POST", "/terms/acknowledge", {"digest": "sha256:" + "0" * 64}, key="new").status == 409
    kept = world.ask("POST", "/terms/acknowledge", {"digest": terms["digest"]}, key="new")
    assert (kept.status, "tetrapylon-receipt" in kept.headers) == (200, True)
    time.sleep(0.15)
    assert world.chat("hello", key="new").status == 200


def test_an_answer_has_a_receipt_that_leads_into_the_journal(world: World) -> None:
    answer = world.chat("hello there", user="customer-7")
    assert answer.status == 200
    assert answer.json["choices"][0]["message"]["content"] == "Hello."
    assert (answer.json["model"], answer.json["choices"][0]["logprobs"]) == ("assistant", None)
    assert b"secret-trace" not in answer.body
    entries = {f"{place}:{digest}": entry for place, digest, entry in _journal(world)}
    asked, answered = entries[answer.headers["tetrapylon-request-receipt"]], entries[answer.headers["tetrapylon-receipt"]]
    assert (asked.kind, asked.body, asked.subject, asked.tenant) == ("request", world.asked[0], "customer-7", "default")
    assert (answered.kind, answered.body) == ("answer", answer.body)
    assert asked.labels["sequence"] == answered.labels["sequence"]


def _journal(world: World) -> list[Any]:
    from tetrapylon.journal.place import journal_folder, open_ring
    from tetrapylon.journal.searching import Query, search

    root = world.gateway.root
    found = search(journal_folder(root), open_ring(root, None), Query(limit=10_000))
    return [(f"{each.segment}:{each.index}", each.digest, each.entry) for each in found.found]


def test_the_prompt_of_the_release_goes_first(world: World) -> None:
    world.chat("hello")
    sent = json.loads(world.asked[0])
    assert sent["messages"][0] == {"role": "system", "content": "You answer questions about cheques.\n"}
    assert sent["model"] == "there"
    assert b"authorization" not in world.first.heads[0].lower()


def test_authorisation_is_by_grant(world: World) -> None:
    assert world.chat("x", key="robot").status == 403
    assert world.chat("x", data_class="restricted").status == 403
    assert world.chat("x", data_class="secret").status == 400
    assert world.chat("x", model="nothing").code == "model_not_found"
    assert world.chat("x", model="other").status == 403
    assert [each["id"] for each in world.ask("GET", "/v1/models").json["data"]] == ["assistant", "assistant-b"]
    assert [each["id"] for each in world.ask("GET", "/v1/models", key="robot").json["data"]] == ["other"]
    assert world.ask("GET", "/metrics").status == 403
    assert b"gen_ai_server_request_duration" in world.ask("GET", "/metrics", key="operator-1").body
    assert world.asked == []


def test_a_quota_holds_for_each_key(world: World) -> None:
    assert [world.chat("x", key="guest").status for _ in range(4)] == [200, 200, 200, 429]
    assert int(world.chat("x", key="guest").headers["retry-after"]) > 0
    assert world.chat("x").status == 200


PLACES: list[Any] = [
    lambda text: {"messages": [{"role": "user", "content": text}]},
    lambda text: {"messages": [{"role": "system", "content": text}]},
    lambda text: {"messages": [{"role": "user", "content": [{"type": "text", "text": text[:9]}, {"type": "text", "text": text[9:]}]}]},
    lambda text: {"messages": [{"role": "tool", "content": text, "tool_call_id": "c"}]},
    lambda text: {"messages": [{"role": "user", "content": "x", "name": text}]},
    lambda text: {
        "messages": [
            {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "lookup", "arguments": text}}]}
        ]
    },
    lambda text: {"tools": [{"type": "function", "function": {"name": "lookup", "description": text}}]},
    lambda text: {"tools": [{"type": "function", "function": {"name": "lookup", "parameters": {"a": [{"b": "x" * 100 + " " + text}]}}}]},
    lambda text: {"tools": [{"type": "function", "function": {"name": "lookup", "parameters": {text: 1}}}]},
    lambda text: {"user": text},
    lambda text: {"stop": [text]},
    lambda text: {"response_format": {"type": "json_schema", "json_schema": {"name": text}}},
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wrong", [STOP, WAIT])
def test_what_is_stopped_goes_in_nowhere(world: World, place: Any, wrong: str) -> None:
    answer = world.chat("x", **place(wrong))
    assert (answer.status, answer.code) == (400, "content_filter")
    assert world.asked == []


@pytest.mark.parametrize("place", PLACES)
def test_what_is_redacted_never_reaches_the_upstream(world: World, place: Any) -> None:
    answer = world.chat("x", **place(SECRET))
    assert answer.status in {200, 400}
    assert SECRET.encode() not in b"".join(world.asked)
    if answer.status == 200:
        assert b"[key]" in world.asked[0]


def test_images_are_looked_at_and_never_fetched(world: World) -> None:
    def with_image(url: str) -> Answer:
        return world.chat([{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": url}}])

    assert with_image(PNG).status == 200
    assert PNG.encode() in world.asked[0]
    assert with_image("http://127.0.0.1:1/a.png").code == "image_url_refused"
    evil = "data:image/png;base64,iVBORw0KGgpFVklM"
    assert with_image(evil).code == "content_filter"
    assert len(world.asked) == 1


@pytest.mark.parametrize("asked", [False, True])
def test_answers_are_guarded(world: World, asked: bool) -> None:
    world.first.script["whole"] = [said(f"the key is {SECRET}.")]
    world.first.script["stop"] = [said(f"it is {STOP}.")]
    world.first.script["wait"] = [said(f"it is {WAIT}.")]
    for word, text in (
        ("part", f"the key is {SECRET}."),
        ("halt", f"it is {STOP}, and much more text follows after it."),
        ("hold", f"it is {WAIT}."),
    ):
        world.first.script[word] = stream(*text)
    if asked:
        assert world.streamed(world.chat("part", stream=True)) == "the key is [key]."
        halted = world.chat("halt", stream=True)
        assert STOP not in halted.body.decode()
        assert world.events(halted)[-1]["choices"][0]["finish_reason"] == "content_filter"
        held = world.chat("hold", stream=True)
        assert WAIT not in held.body.decode()
        assert "held for a named person" in world.streamed(held)
        assert world.events(held)[-1]["tetrapylon"]["held"][0]["kind"] == "answer"
    else:
        assert world.chat("whole").json["choices"][0]["message"]["content"] == "the key is [key]."
        stopped = world.chat("stop").json["choices"][0]
        assert (stopped["message"]["content"], stopped["finish_reason"]) == (None, "content_filter")
        held = world.chat("wait")
        assert WAIT not in held.body.decode()
        assert held.json["tetrapylon"]["held"][0]["kind"] == "answer"
    assert all(SECRET.encode() not in entry.body for _, _, entry in _journal(world))


def call(name: str, arguments: str) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


TOOLS = [{"type": "function", "function": {"name": "lookup"}}]


@pytest.mark.parametrize("streamed", [False, True])
def test_tool_calls_are_authorised_and_held(world: World, streamed: bool) -> None:
    def answer(*calls: Any) -> tuple[Any, str, str | None]:
        whole = said(None, tool_calls=list(calls))
        deltas = [event({"tool_calls": [{"index": number, **each}]}) for number, each in enumerate(calls)]
        world.first.script["go"] = [STREAM, *deltas, event({}, "tool_calls"), chunk(b"data: [DONE]\n\n"), END] if streamed else [whole]
        got = world.chat("go", tools=TOOLS, stream=streamed)
        assert got.status == 200
        if not streamed:
            choice = got.json["choices"][0]
            return choice["message"].get("tool_calls"), choice["message"]["content"] or "", choice["finish_reason"]
        events = world.events(got)
        found = [call for each in events for choice in each["choices"] for call in choice["delta"].get("tool_calls", ())]
        return (
            [{key: value for key, value in each.items() if key != "index"} for each in found] or None,
            world.streamed(got),
            events[-1]["choices"][0]["finish_reason"],
        )

    good = call("lookup", '{"cheque": "C-0001"}')
    assert answer(good) == ([good], "", "tool_calls")
    for wrong in (
        call("lookup", '{"cheque": "x"}'),
        call("wire", '{"cheque": "C-1"}'),
        call("nothing", "{}"),
        call("lookup", "not json C-"),
        call("lookup", STOP),
    ):
        calls, text, reason = answer(wrong)
        assert (calls, reason) == (None, "stop"), wrong
        assert "refused" in text
    calls, text, reason = answer(good, call("refund", '{"cheque": "C-0001"}'))
    assert (calls, reason) == ([good], "tool_calls")
    assert "held for a named person" in text
    calls, text, reason = answer(call("refund", '{"cheque": "C-0001", "note": "' + SECRET + '"}'))
    name = re.findall(r"hold-[0-9a-f]{16}", text)[0]
    state = world.ask("GET", f"/v1/holds/{name}")
    assert (state.json["state"], state.json["tool"], "output" in state.json) == ("held", "refund", False)
    assert world.ask("GET", f"/v1/holds/{name}", key="other-tenant").status == 404
    kept = json.loads((world.gateway.root / ".tetrapylon" / "holds" / f"{name}.json").read_text("utf-8"))
    assert SECRET not in json.dumps(kept)
    assert kept["output"]["function"]["name"] == "refund"


def test_undeclared_tools_cannot_be_offered(world: World) -> None:
    assert world.chat("x", tools=[{"type": "function", "function": {"name": "shell"}}]).code == "unknown_tool"


def test_a_guard_that_fails_lets_nothing_through(world: World) -> None:
    world.first.script["go"] = [said("RAISE")]
    world.first.script["slow"] = stream("a good beginning that is long enough to leave", "RAISE", " and more and more and more")
    assert world.chat("RAISE").status == 503
    assert world.asked == []
    answer = world.chat("go")
    assert (answer.status, answer.code) == (503, "unavailable")
    broken = world.chat("slow", stream=True)
    assert "RAISE" not in world.streamed(broken)
    assert world.events(broken)[-1]["error"]["code"] == "unavailable"
    assert b"[DONE]" not in broken.body


def test_the_switch_closes_within_a_second_and_opens_again(world: World) -> None:
    from tetrapylon.outside.switch import Closing, close, reopen

    path = world.gateway.root / ".tetrapylon" / "closed.json"
    closing = Closing("a drill", "operator-1", "2026-01-01T00:00:00Z")
    for route in ("chat:assistant", None):
        close(path, route, closing)
        began = time.monotonic()
        while world.chat("x").status != 503:
            assert time.monotonic() - began < 1
        assert (world.chat("x").code, "a drill" in world.chat("x").body.decode()) == ("closed", True)
        assert world.chat("x", model="assistant-b").status == (503 if route is None else 200)
        assert world.ask("GET", "/v2/health/ready", key=None).status == (503 if route is None else 200)
        assert world.ask("GET", "/healthz", key=None).status == 200
        reopen(path, route)
        time.sleep(0.15)
        assert world.chat("x").status == 200
    path.write_text("{", "utf-8")
    time.sleep(0.15)
    assert world.chat("x").status == 503
    path.unlink()
    time.sleep(0.15)
    assert world.chat("x").status == 200


def test_a_closed_upstream_is_gone_round(world: World) -> None:
    from tetrapylon.outside.switch import Closing, close, reopen

    path = world.gateway.root / ".tetrapylon" / "closed.json"
    close(path, "upstream:assistant", Closing("the supplier failed", "operator-1", "2026-01-01T00:00:00Z"))
    time.sleep(0.15)
    assert world.chat("x").status == 200
    assert (len(world.first.asked), len(world.second.asked)) == (0, 1)
    reopen(path, "upstream:assistant")
    time.sleep(0.15)


def test_a_revoked_or_expired_key_is_refused_within_a_second(world: World) -> None:
    from tetrapylon.app import access

    key = make_key(world.gateway.root, "teller")
    world.keys["leaving"] = key
    time.sleep(0.15)
    assert world.chat("x", key="leaving").status == 200
    access.revoke(str(world.gateway.root), key.split("-")[1])
    began = time.monotonic()
    while world.chat("x", key="leaving").status != 401:
        assert time.monotonic() - began < 1


def test_whoever_watches_is_told(world: World) -> None:
    world.chat("hm-1234")
    until = time.monotonic() + 2
    line: dict[str, Any] = {}
    while line.get("rules") != ["hm"] and time.monotonic() < until:
        line = json.loads((world.gateway.root / "seen.jsonl").read_text("utf-8").splitlines()[-1])
    assert (line["principal"], line["model"], line["status"], line["verdict"]) == ("teller", "assistant", 200, "advise")
    assert line["tokensIn"] == 7


def test_usage_and_a_receipt_end_a_stream(world: World) -> None:
    world.first.script["go"] = [
        STREAM,
        event({"content": "Hi"}),
        event({}, "stop"),
        event({}, None, usage={"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}),
        chunk(b"data: [DONE]\n\n"),
        END,
    ]
    answer = world.chat("go", stream=True, stream_options={"include_usage": True})
    assert world.events(answer)[-1]["usage"]["total_tokens"] == 4
    found = re.findall(r"^: tetrapylon-receipt (\S+)$", answer.body.decode(), re.MULTILINE)
    entries = {f"{place}:{digest}": entry for place, digest, entry in _journal(world)}
    assert json.loads(entries[found[0]].body)["choices"][0]["content"] == "Hi"


def test_what_was_counted_is_left_for_others(world: World, tmp_path: Path) -> None:
    found = json.loads((world.gateway.root / ".tetrapylon" / "gateway.json").read_text("utf-8"))
    assert (found["schema"], found["running"], found["models"]) == ("tetrapylon/gateway/1", True, ["assistant", "assistant-b", "other"])
