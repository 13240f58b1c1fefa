"""A working day at the guarded door: fictitious tellers and a service ask, over HTTP, and each answer is shown in a line.

Ends with 1 if an answer is not what the desk was set up to give: a question answered, a look-up called, a refund held for a
person, a secret stopped and a card's number taken out on their way, digits read, and nothing at all for a caller without a key.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

HERE = Path(__file__).parent
TOOLS = [{"type": "function", "function": {"name": name}} for name in ("lookup", "refund")]
SECRET = "sk-" + "proj-" + "Zx81" * 12
"""Looks like a key of a hosted model; it is nobody's."""
CARD = "4111 1111 1111 1111"
"""A number for tests: no card has it."""

_LOCAL = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What the door answered."""

    status: int
    body: Any
    receipt: str | None


@dataclass(frozen=True)
class Door:
    """The gateway, as one caller sees it."""

    url: str
    key: str | None

    def ask(self, path: str, body: Any) -> Answer:
        """Return the answer to a request."""
        head = {"content-type": "application/json"} | ({"authorization": f"Bearer {self.key}"} if self.key else {})
        request = Request(self.url + path, json.dumps(body).encode(), head)  # noqa: S310 - the address is given by who runs this
        try:
            with _LOCAL.open(request, timeout=30) as got:
                return Answer(got.status, json.loads(got.read()), got.headers.get("tetrapylon-receipt"))
        except HTTPError as error:
            with error:
                return Answer(error.code, json.loads(error.read() or b"{}"), None)

    def chat(self, text: str, tools: list[dict[str, Any]] | None = None) -> Answer:
        """Return what the assistant answers."""
        asked = {"model": "assistant", "messages": [{"role": "user", "content": text}]}
        return self.ask("/v1/chat/completions", asked | ({"tools": tools} if tools else {}))

    def read(self, pixels: list[float]) -> Answer:
        """Return which digit the reader sees."""
        tensor = {"name": "X", "shape": [1, len(pixels)], "datatype": "FP32", "data": pixels}
        return self.ask("/v2/models/digit-reader/infer", {"inputs": [tensor]})


def day(teller: Door, service: Door, pixels: list[float]) -> Iterator[tuple[str, Answer, bool]]:
    """Yield what was asked, what came back, and whether that is as it should be."""
    found = teller.chat("What about cheque C-0001?")
    yield "a question", found, found.status == HTTPStatus.OK and "C-0001" in _text(found)
    found = teller.chat("Look up C-0002, please", TOOLS)
    yield "a question that needs the records", found, "lookup" in json.dumps(found.body)
    found = teller.chat("Please refund C-0003", TOOLS)
    yield "a refund", found, bool(_held(found))
    found = teller.chat(f"My key is {SECRET}, is C-0001 paid?")
    yield "a secret on its way out", found, found.status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST} and SECRET not in json.dumps(found.body)
    found = teller.chat(f"My card is {CARD}, is C-0001 paid?")
    yield "a card's number", found, found.status == HTTPStatus.OK and CARD not in json.dumps(found.body)
    found = teller.read(pixels)
    yield "a digit", found, found.status == HTTPStatus.OK
    found = service.read(pixels)
    yield "a digit, for the service", found, found.status == HTTPStatus.OK
    found = service.chat("Look up C-0004", TOOLS)
    yield "a look-up, for the service", found, "lookup" in json.dumps(found.body)
    found = service.chat("Refund C-0004", TOOLS)
    yield "a refund that the service may not ask for", found, not _held(found) and '"refund"' not in json.dumps(found.body.get("choices"))
    found = Door(teller.url, None).chat("Good morning!")
    yield "somebody without a key", found, found.status == HTTPStatus.UNAUTHORIZED


def _text(found: Answer) -> str:
    return str(found.body["choices"][0]["message"]["content"]) if "choices" in found.body else ""


def _held(found: Answer) -> list[dict[str, Any]]:
    return list(found.body.get("tetrapylon", {}).get("held", ()))


def _shown(found: Answer) -> str:
    if held := _held(found):
        return f"held for a person as {held[0]['id']}"
    if "choices" in found.body:
        message = found.body["choices"][0]["message"]
        calls = [each["function"]["name"] for each in message.get("tool_calls") or ()]
        return f"calls {', '.join(calls)}" if calls else str(message["content"])
    if "outputs" in found.body:
        return f"reads {found.body['outputs'][0]['data'][0]}"
    error = found.body.get("error", "")
    return str(error.get("message", error) if isinstance(error, dict) else error)


def main() -> int:
    """Ask everything, and print what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8700")
    parser.add_argument("--teller-key-env", default="TELLER_KEY", metavar="NAME")
    parser.add_argument("--service-key-env", default="SERVICE_KEY", metavar="NAME")
    options = parser.parse_args()
    with (HERE / "data" / "digits.csv").open(encoding="utf-8") as file:
        row = [next(file), next(file)][1].split(",")
    teller, service = (Door(options.url, os.environ[name]) for name in (options.teller_key_env, options.service_key_env))
    wrong = 0
    for what, found, good in day(teller, service, [int(each) / 255 for each in row[2:]]):
        wrong += not good
        receipt = f" [receipt {found.receipt}]" if found.receipt else ""
        print(f"{'' if good else 'WRONG '}{what}: {found.status:d} {_shown(found)}{receipt}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
