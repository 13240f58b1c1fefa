"""The door attacked: broken HTTP from callers, and upstreams that lie, die and never end."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.door import END, SECRET, STREAM, chunk, event, said
from tests.integration.test_gateway_door import World, _fresh, world  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _well(world: World, _fresh: None) -> Iterator[None]:  # noqa: F811
    yield
    world.recover()


def raw(world: World, data: bytes, wait: float = 4.0) -> bytes:  # noqa: F811 - a fixture
    """Send bytes, and return everything that comes until the other side closes or falls silent."""
    with socket.create_connection(("127.0.0.1", world.gateway.port)) as connection:
        connection.settimeout(wait)
        found = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65536):
                found += part
        except TimeoutError:
            return found
        except ConnectionError:
            return found + b"<closed>"
    return found + b"<closed>"


def head(world: World, *lines: str, method: str = "POST", path: str = "/v1/chat/completions") -> bytes:  # noqa: F811
    own = [
        f"{method} {path} HTTP/1.1",
        "host: gateway",
        f"authorization: Bearer {world.keys['teller']}",
        "content-type: application/json",
        *lines,
    ]
    return "\r\n".join([*own, "", ""]).encode()


BODY = b'{"model":"assistant","messages":[{"role":"user","content":"x"}]}'
HIDDEN = b"GET /v1/models HTTP/1.1\r\nhost: gateway\r\n\r\n"


def statuses(answer: bytes) -> list[bytes]:
    return [each[:3] for each in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "lines",
    [
        ["content-length: 64", "transfer-encoding: chunked"],
        ["transfer-encoding: chunked", "content-length: 4"],
        ["content-length: 64", "content-length: 65"],
        ["content-length: 64, 64"],
        ["content-length: +64"],
        ["content-length: 0x40"],
        ["content-length: 64 "],
        ["content-length : 64"],
        ["content-length: -1"],
        ["transfer-encoding: identity", "content-length: 64"],
        ["transfer-encoding: xchunked"],
        ["transfer-encoding: chunked", "transfer-encoding: identity"],
        ["transfer-encoding: gzip, chunked"],
        ["transfer-encoding : chunked"],
        ["transfer-encoding:\x0bchunked"],
        ["x-fold: a", " b", "content-length: 64"],
        ["content-encoding: gzip", "content-length: 64"],
        ["x-nul: a\x00b", "content-length: 64"],
        ["x-cr: a\rb", "content-length: 64"],
        ["host: other", "content-length: 64"],
        ["authorization: Bearer x", "content-length: 64"],
    ],
)
def test_smuggling_gets_one_answer_and_the_hidden_request_none(world: World, lines: list[str]) -> None:  # noqa: F811
    whole = chunk(BODY) + END
    for body in (BODY, whole, END):
        answer = raw(world, head(world, *lines) + body + HIDDEN, 0.1)
        found = statuses(answer)
        # The hidden request has no key: if it is read as one at all it may only be refused.
        assert set(found) <= {b"400", b"401", b"431", b"500", b"200"}, answer
        assert found.count(b"200") <= 1
        if b"200" in found:
            assert world.asked[-1].count(b'"role":"user"') == 1
        assert b'"object":"list"' not in answer


def test_framing_that_is_not_plain_is_refused_outright(world: World) -> None:  # noqa: F811
    for lines in (
        ["content-length: 64", "content-length: 65"],
        ["transfer-encoding: gzip, chunked"],
        ["host: other", "content-length: 64"],
    ):
        assert statuses(raw(world, head(world, *lines) + BODY, 0.2)) == [b"400"], lines
    assert world.asked == []


@pytest.mark.parametrize("ending", [b"\r\n", b";name=value\r\n", b";\r\n", b"\n", b";a\n", b" \r\n"])
def test_chunks_however_written_make_one_request_or_none(world: World, ending: bytes) -> None:  # noqa: F811
    data = b"%x" % len(BODY) + ending + BODY + b"\r\n0\r\n\r\n"
    found = statuses(raw(world, head(world, "transfer-encoding: chunked") + data, 0.2))
    assert len(found) == 1
    assert found[0] in {b"200", b"400", b"503", b"500"}
    assert len(world.asked) == (found[0] == b"200")


def test_chunks_with_impossible_lengths_are_refused(world: World) -> None:  # noqa: F811
    for size in (b"FFFFFFFFFFFFFFFF1", b"-1", b"0x40", b"", b"g"):
        found = statuses(raw(world, head(world, "transfer-encoding: chunked") + size + b"\r\n" + BODY + b"\r\n0\r\n\r\n", 0.2))
        assert b"200" not in found, size
    assert world.asked == []


def test_bare_line_feeds_make_no_second_request(world: World) -> None:  # noqa: F811
    answer = raw(world, head(world, f"content-length: {len(BODY)}").replace(b"\r\n", b"\n") + BODY, 0.2)
    assert len(statuses(answer)) <= 1
    assert len(world.asked) <= 1


def test_floods_of_headers_are_refused(world: World) -> None:  # noqa: F811
    many = head(world, *(f"x-{number}: 1" for number in range(5000)), "content-length: 0")
    long = head(world, "x-long: " + "a" * 1_000_000, "content-length: 0")
    line = b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n"
    for data in (many, long, line):
        assert b"200" not in statuses(raw(world, data, 1.0))
    assert world.chat("still here").status == 200


def test_fifty_megabytes_are_refused_before_they_are_read(world: World) -> None:  # noqa: F811
    before = _memory(world)
    assert statuses(raw(world, head(world, f"content-length: {50 << 20}") + b"x" * 65536, 1.0)) == [b"413"]
    parts = chunk(b"x" * (1 << 20)) * 50
    assert statuses(raw(world, head(world, "transfer-encoding: chunked") + parts + END, 2.0)) in ([b"413"], [])
    assert _memory(world) - before < 60 << 20
    assert world.chat("still here").status == 200
    assert len(world.asked) == 1


def _memory(world: World) -> int:  # noqa: F811
    with open(f"/proc/{world.gateway.process.pid}/status", encoding="utf-8") as file:  # noqa: PTH123 - a place of Linux
        return int(file.read().partition("VmRSS:")[2].split()[0]) << 10


@pytest.mark.parametrize("deep", [b"[" * 10_000, b'{"a":' * 10_000, b"[" * 10_000 + b"]" * 10_000])
def test_ten_thousand_deep_is_refused(world: World, deep: bytes) -> None:  # noqa: F811
    for data in (deep, BODY[:-1] + b',"response_format":{"type":"json_schema","json_schema":{"x":' + deep + b"}}}"):
        assert world.ask("POST", "/v1/chat/completions", data).status == 400
        assert world.ask("POST", "/terms/acknowledge", data).status == 400
    assert world.asked == []


def test_wrong_types_and_bodies_where_none_belong_are_refused(world: World) -> None:  # noqa: F811
    assert world.ask("POST", "/v1/chat/completions", BODY, **{"content-type": "text/plain"}).status == 415
    assert world.ask("POST", "/v1/chat/completions", BODY, **{"content-type": "application/json; charset=utf-8"}).status == 200
    assert world.ask("GET", "/v1/models", b"{}").status == 400
    assert world.ask("GET", "/v1/models?x=1").status == 400
    for path in (
        "/v1/../v1/models",
        "//v1/models",
        "/v1/models/",
        "/v1/models%00",
        "/V1/models",
        "/v1/holds/..%2f..%2fkeys",
        "http://x/v1/models",
    ):
        assert world.ask("GET", path).status in {404, 400} or path.startswith("http"), path
    assert world.ask("GET", "/v1/models", upgrade="websocket", connection="upgrade").status in {200, 400}


def test_slow_callers_are_cut_off(world: World) -> None:  # noqa: F811
    began = time.monotonic()
    assert raw(world, b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: ", 6.0).endswith(b"<closed>")
    assert time.monotonic() - began < 4
    began = time.monotonic()
    assert statuses(raw(world, head(world, "content-length: 1000") + b"{", 6.0)) == [b"408"]
    assert time.monotonic() - began < 4
    assert world.asked == []


def test_many_slow_callers_leave_room_for_the_others(world: World) -> None:  # noqa: F811
    slow = [socket.create_connection(("127.0.0.1", world.gateway.port)) for _ in range(200)]
    for each in slow:
        each.sendall(head(world, "content-length: 1000"))
    assert world.chat("still here").status == 200
    for each in slow:
        each.close()


JUNK: dict[str, list[bytes | float]] = {
    "no HTTP": [b"hello there\r\n\r\n"],
    "binary": [bytes(range(256)) * 10],
    "silent": [3.0],
    "closed at once": [-1],
    "half a head": [b"HTTP/1.1 200 OK\r\ncontent-le", -1],
    "too short": [b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{}", -1],
    "too short and silent": [b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{}", 3.0],
    "two lengths": [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
    "length and chunks": [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n" + chunk(b"{}") + END],
    "endless head": [b"HTTP/1.1 200 OK\r\n", *[b"x-a: " + b"y" * 1000 + b"\r\n"] * 200],
    "many headers": [b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 5000 + b"\r\n"],
    "one long header": [b"HTTP/1.1 200 OK\r\nx: " + b"y" * 500_000],
    "not JSON": [b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"],
    "other JSON": [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"],
    "deep JSON": [b"HTTP/1.1 200 OK\r\ncontent-length: 20000\r\n\r\n" + b"[" * 20000],
    "no choices": [b'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"choices":[]}'],
    "content is a list": [said(["x"])],  # type: ignore[arg-type]  # what an upstream must not say
    "huge": [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", *[chunk(b"x" * (1 << 20))] * 14],
    "switching": [b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"],
    "endless interim": [b"HTTP/1.1 100 Continue\r\n\r\n" * 3000],
    "fault": [b"HTTP/1.1 500 No\r\ncontent-length: 6\r\n\r\nsecret"],
    "elsewhere": [b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"],
    "refused": [b"HTTP/1.1 401 No\r\ncontent-length: 14\r\n\r\nsk-internal-key"],
    "NaN": [b'HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{"choices":NaN}'],
}


@pytest.mark.parametrize("case", JUNK)
def test_an_upstream_that_talks_nonsense_is_an_outage(world: World, case: str) -> None:  # noqa: F811
    world.first.script["go"] = world.second.script["go"] = JUNK[case]
    answer = world.chat("go")
    assert (answer.status, answer.code) == (502, "upstream_unavailable")
    assert b"secret" not in answer.body
    assert b"internal" not in answer.body


def test_a_second_answer_behind_the_first_is_nobodys(world: World) -> None:  # noqa: F811
    world.second.script["go"] = [said("first") + said("SECOND")]
    answer = world.chat("go", model="assistant-b")
    assert b"SECOND" not in answer.body
    following = world.chat("hello", model="assistant-b")
    assert (following.status, b"SECOND" in following.body) == (200, False)


@pytest.mark.parametrize(
    "parts",
    [
        [STREAM, event({"content": "a beginning that is long enough to leave"}), -1],
        [STREAM, event({"content": "a beginning that is long enough to leave"}), END],
        [STREAM, event({"content": "a beginning that is long enough to leave"}), 3.0],
        [STREAM, event({"content": "a beginning that is long enough to leave"}), chunk(b"data: {]\n\n"), END],
        [STREAM, event({"content": "a beginning that is long enough to leave"}), b"zz\r\n"],
        [
            STREAM,
            event({"content": "a beginning that is long enough to leave"}),
            chunk(b'data: {"choices":[{"index":99,"delta":{}}]}\n\n'),
            END,
        ],
        [STREAM, event({"content": "a beginning that is long enough to leave"}), *[chunk(b"data: " + b"x" * (1 << 18))] * 8],
    ],
)
def test_a_stream_that_breaks_off_says_so_and_holds_back_the_rest(world: World, parts: list[Any]) -> None:  # noqa: F811
    world.first.script["go"] = parts
    answer = world.chat("go", stream=True)
    assert answer.status == 200
    assert world.events(answer)[-1]["error"]["code"].startswith("upstream_")
    assert b"[DONE]" not in answer.body
    assert world.streamed(answer) in {"", "a beginning that is long enough to leave"[:16]}


def test_an_endless_stream_is_ended(world: World) -> None:  # noqa: F811
    big = event({"content": "all work and no play " * 2000})
    world.first.script["go"] = [STREAM, *[big] * 400]
    answer = world.chat("go", stream=True)
    assert world.events(answer)[-1]["error"]["code"] == "upstream_too-large"
    assert world.chat("still here").status == 200


def test_a_caller_who_leaves_ends_the_upstream_too(world: World) -> None:  # noqa: F811
    world.first.script["go"] = [STREAM, *[each for _ in range(100) for each in (event({"content": "more and more " * 100}), 0.02)]]
    asked = json.dumps({"model": "assistant", "stream": True, "messages": [{"role": "user", "content": "go"}]}).encode()
    with socket.create_connection(("127.0.0.1", world.gateway.port)) as connection:
        connection.sendall(head(world, f"content-length: {len(asked)}") + asked)
        assert connection.recv(100)
    until = time.monotonic() + 3
    status = 0
    while status != 499 and time.monotonic() < until:
        status = json.loads((world.gateway.root / "seen.jsonl").read_text("utf-8").splitlines()[-1])["status"]
        time.sleep(0.02)
    assert status == 499


def test_failover_on_outage_and_back(world: World) -> None:  # noqa: F811
    for _ in range(50):
        world.chat("hello")  # fills the budget for second tries
    world.first.script["go"] = [-1]
    assert [world.chat("go").status for _ in range(5)] == [200] * 5
    assert len(world.second.asked) == 5
    world.recover()
    assert world.first.asked


def test_a_kept_connection_that_was_closed_meanwhile_is_no_outage(world: World) -> None:  # noqa: F811
    world.second.script["bye"] = [said("bye"), -1]
    for _ in range(6):
        assert world.chat("bye", model="assistant-b").status == 200
        time.sleep(0.05)
        assert world.chat("hello", model="assistant-b").status == 200


def test_many_at_once_get_each_their_own_answer(world: World) -> None:  # noqa: F811
    for number in range(40):
        world.first.script[f"number {number}."] = [0.01, said(f"answer {number}.")]
    wrong: list[int] = []

    def ask(number: int) -> None:
        for _ in range(5):
            answer = world.chat(f"number {number}.")
            if answer.status != 200 or answer.json["choices"][0]["message"]["content"] != f"answer {number}.":
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []


def test_a_secret_split_over_every_pair_of_network_reads_never_leaves(world: World) -> None:  # noqa: F811
    text = f"it is {SECRET} and so on and on"
    for cut in range(6, 6 + len(SECRET) + 1, 3):
        world.first.script["go"] = [
            STREAM,
            event({"content": text[:cut]}),
            0.01,
            event({"content": text[cut:]}),
            event({}, "stop"),
            chunk(b"data: [DONE]\n\n"),
            END,
        ]
        assert world.streamed(world.chat("go", stream=True)) == "it is [key] and so on and on"
