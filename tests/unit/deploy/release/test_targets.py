"""What targets read from answers, and what they make of those that are none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.bounded_http import Response
from tetrapylon.outside.pacing import run_async
from tetrapylon.outside.target import Ask
from tetrapylon.outside.targets.function import FunctionTarget
from tetrapylon.outside.targets.openai import read_chat
from tetrapylon.outside.targets.template import fill, follow, steps_of

TARGETS = Shelf("tetrapylon.outside.targets")


@pytest.mark.parametrize("name", list(TARGETS))
def test_every_target_opens_its_example_and_says_what_it_is(name: str) -> None:
    target = TARGETS[name].open_target(TARGETS[name].EXAMPLE)
    assert target.identity["kind"] == TARGETS[name].KIND
    assert "key" not in target.identity


def _answer(body: object, status: int = 200, **headers: str) -> Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {each.replace("_", "-"): value for each, value in headers.items()}, data)


def _message(**message: object) -> dict:
    return {"choices": [{"message": {"role": "assistant", **message}, "finish_reason": "stop"}], "usage": {"completion_tokens": 3}}


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (_answer(_message(content="yes")), ""),
        (_answer(_message(content=[{"type": "text", "text": "yes"}])), ""),
        (_answer(_message(content=None, tool_calls=[{"id": "1", "function": {"name": "f", "arguments": "{}"}}])), ""),
        (_answer(_message(content="  ")), "empty"),
        (_answer(b"<html>"), "not-json"),
        (_answer(b"[" * 100_000), "not-json"),
        (_answer(b"oops", 500), "status"),
        (_answer({"error": {"code": "content_filter"}}, 400), "filtered"),
        (_answer({"error": {"code": "bad"}}, 400), "status"),
        (_answer({"error": "x"}, 401), "status"),
        (_answer({"choices": []}), "shape"),
        (_answer({"choices": [{"message": 4}]}), "shape"),
        (_answer([]), "shape"),
        (_answer({}, 429, retry_after="3"), "throttled"),
        (
            _answer(b'data: {"choices":[{"delta":{"content":"ye"}}]}\n\ndata: {"choices":[{"delta":{"content":"s"}}]}\n\ndata: [DONE]\n\n'),
            "",
        ),
        (_answer(b'data: {"choices":[{"delta":{"content":"ye"}}]}\n\n'), "transport"),
        (_answer(b"data: nonsense\n\n"), "not-json"),
    ],
)
def test_answers_and_failures_are_told_apart(response: Response, error: str) -> None:
    found = read_chat(response)
    assert found.error == error
    if error == "" and not found.calls:
        assert found.text == "yes"


@given(st.binary(max_size=200), st.integers(100, 599))
def test_no_body_makes_reading_fail(body: bytes, status: int) -> None:
    read_chat(Response(status, {"content-type": "text/event-stream"} if len(body) % 2 else {}, body))


def test_retry_after_that_is_nonsense_asks_for_nothing() -> None:
    assert read_chat(_answer({}, 429, retry_after="soon")).retry_after is None
    assert read_chat(_answer({}, 429, retry_after="-5")).retry_after == 0
    assert read_chat(_answer({}, 429, retry_after="1e99")).retry_after == 3600


def test_a_template_escapes_what_it_is_filled_with() -> None:
    said = ({"role": "user", "content": 'a "quoted"\nline'},)
    assert json.loads(fill('{"message":"{{prompt}}"}', said, as_json=True)) == {"message": 'a "quoted"\nline'}
    assert fill("/ask?q={{prompt}}", said, as_json=False, in_url=True) == "/ask?q=a%20%22quoted%22%0Aline"


def test_a_path_finds_what_stands_there() -> None:
    value = {"choices": [{"text": "yes"}], "a-b": {"c d": 1}}
    assert follow(value, steps_of("$.choices[0].text")) == "yes"
    assert follow(value, steps_of("$.choices[*].text")) == "yes"
    assert follow(value, steps_of("$['a-b']['c d']")) == 1
    assert follow(value, steps_of("$.none[3].x")) is None
    for bad in ("choices", "$..x", "$.a b", "$["):
        with pytest.raises(UsageError):
            steps_of(bad)


def test_a_function_is_asked_and_what_it_raises_is_a_failure() -> None:
    async def answers(messages: list) -> str:
        return str(messages[-1]["content"]).upper()

    def fails(text: str) -> str:
        raise RuntimeError(text)

    ask = Ask(({"role": "user", "content": "yes"},))
    assert run_async(FunctionTarget(answers).ask(ask)).text == "YES"
    assert run_async(FunctionTarget(str).ask(ask)).text == "yes"
    assert run_async(FunctionTarget(fails).ask(ask)).error == "transport"
    assert run_async(FunctionTarget(lambda _: None).ask(ask)).error == "empty"
