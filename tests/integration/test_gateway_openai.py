"""The official `openai` client works unchanged: whole answers, streams, tools, images, models, holds and errors."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.door import END, STOP, STREAM, chunk, event, said, stream
from tests.integration.test_gateway_door import World, _fresh, call, world  # noqa: F401 - fixtures

PEER = Path(__file__).parents[2] / ".peers" / "openai" / "bin" / "python"

pytestmark = pytest.mark.skipif(not PEER.is_file(), reason="needs the openai client, from `make test-setup`")

BEFORE = """
import asyncio, json, os, sys
import openai
from openai import AsyncOpenAI, OpenAI
URL, KEY, NEW = sys.argv[1:]
client = OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0)
said = {}
def ask(text, **more):
    return client.chat.completions.create(model=more.pop("model", "assistant"), messages=[{"role": "user", "content": text}], **more)
"""

PROGRAM = """
whole = client.chat.completions.with_raw_response.create(model="assistant", messages=[{"role": "user", "content": "hello"}])
said["receipt"] = whole.headers["tetrapylon-receipt"]
said["whole"] = whole.parse().choices[0].message.content
said["usage"] = whole.parse().usage.total_tokens

said["stream"] = "".join(each.choices[0].delta.content or "" for each in ask("parts", stream=True) if each.choices)
last = list(ask("parts", stream=True, stream_options={"include_usage": True}))[-1]
said["stream-usage"] = last.usage is not None

tools = [{"type": "function", "function": {"name": "lookup", "description": "Look up", "parameters": {"type": "object", "properties": {}}}}]
first = ask("tool", tools=tools).choices[0]
again = client.chat.completions.create(
    model="assistant", tools=tools,
    messages=[
        {"role": "user", "content": "please"}, first.message,
        {"role": "tool", "tool_call_id": first.message.tool_calls[0].id, "content": "it is over 12.50"},
    ],
)
said["tool"] = [first.finish_reason, first.message.tool_calls[0].function.name, again.choices[0].message.content]
calls = [call for each in ask("tooled", tools=tools, stream=True) for call in (each.choices[0].delta.tool_calls or [])]
said["tool-stream"] = [calls[0].function.name, calls[0].function.arguments]

held = ask("refund", tools=tools)
said["held"] = [held.choices[0].message.content, held.model_extra["tetrapylon"]["held"][0]["id"]]

image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAAAAAAAAA=="}}
said["image"] = ask([{"type": "text", "text": "look"}, image]).choices[0].message.content
said["models"] = [each.id for each in client.models.list()]

async def later():
    async with AsyncOpenAI(base_url=URL + "/v1", api_key=KEY) as other:
        found = await other.chat.completions.create(model="assistant", messages=[{"role": "user", "content": "parts"}], stream=True)
        return "".join([each.choices[0].delta.content or "" async for each in found if each.choices])
said["async"] = asyncio.run(later())

def error(work):
    try:
        work()
    except openai.APIStatusError as found:
        return [type(found).__name__, found.status_code, found.code]
    except openai.APIError as found:
        return [type(found).__name__, None, found.code]
said["errors"] = [
    error(lambda: OpenAI(base_url=URL + "/v1", api_key="wrong", max_retries=0).models.list()),
    error(lambda: OpenAI(base_url=URL + "/v1", api_key=NEW, max_retries=0).models.list()),
    error(lambda: ask("x", model="nothing")),
    error(lambda: ask("STOP-12345678")),
    error(lambda: ask("x", logprobs=True)),
    error(lambda: ask([{"type": "image_url", "image_url": {"url": "http://elsewhere.example/a.png"}}])),
    error(lambda: ask("RAISE")),
    error(lambda: list(ask("breaks", stream=True))),
]
stopped = ask("stopped").choices[0]
said["stopped"] = [stopped.finish_reason, stopped.message.content]
print(json.dumps(said))
"""


@pytest.fixture
def client(world: World) -> dict[str, Any]:  # noqa: F811 - a fixture
    script = world.first.script
    script["elsewhere"] = [said("no")]
    script["parts"] = stream("Hello ", "in ", "parts.")
    script["tooled"] = [
        STREAM,
        event(
            {
                "role": "assistant",
                "tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "lookup", "arguments": ""}}],
            }
        ),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '{"cheque": '}}]}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '"C-0001"}'}}]}),
        event({}, "tool_calls"),
        chunk(b"data: [DONE]\n\n"),
        END,
    ]
    script["over 12.50"] = [said("It is over 12.50.")]
    script['"tool"'] = [said(None, tool_calls=[call("lookup", '{"cheque": "C-0001"}')])]
    script["refund"] = [said(None, tool_calls=[call("refund", '{"cheque": "C-0001"}')])]
    script["breaks"] = [STREAM, event({"content": "a"}), -1]
    script["stopped"] = [said(STOP)]
    new = world.keys["unread"] = _unread(world)
    command = [str(PEER), "-I", "-c", BEFORE + PROGRAM, world.gateway.url, world.keys["teller"], new]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert isinstance(found, dict)
    return found


def _unread(world: World) -> str:  # noqa: F811
    from tests.integration.door import make_key

    return make_key(world.gateway.root, "teller", terms=False)


def test_the_official_client_works_unchanged(client: dict[str, Any]) -> None:
    assert client["receipt"].startswith("main/")
    assert (client["whole"], client["usage"]) == ("Hello.", 12)
    assert (client["stream"], client["stream-usage"], client["async"]) == ("Hello in parts.", True, "Hello in parts.")
    assert client["tool"] == ["tool_calls", "lookup", "It is over 12.50."]
    assert client["tool-stream"] == ["lookup", '{"cheque": "C-0001"}']
    assert client["held"][1] in client["held"][0]
    assert client["image"] == "Hello."
    assert client["models"] == ["assistant", "assistant-b"]
    assert client["stopped"] == ["content_filter", None]
    assert client["errors"] == [
        ["AuthenticationError", 401, "invalid_api_key"],
        ["PermissionDeniedError", 403, "terms_not_acknowledged"],
        ["NotFoundError", 404, "model_not_found"],
        ["BadRequestError", 400, "content_filter"],
        ["BadRequestError", 400, "invalid_request"],
        ["BadRequestError", 400, "image_url_refused"],
        ["InternalServerError", 503, "unavailable"],
        ["APIError", None, "upstream_cut"],
    ]
