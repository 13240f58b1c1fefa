"""Targets that throttle, lie, die, refuse, echo and quote: errors are errors, never resistance, and nothing safe is called broken."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.chat_server import message, serving, whole
from tetrapylon.app.attacking import Options, attack, try_once, twin
from tetrapylon.deploy.release.engine.run import Budget
from tetrapylon.deploy.release.facts import SAMPLE
from tetrapylon.deploy.release.twin import compare
from tetrapylon.outside.target import Reach

FEW = ("direct-override", "prompt-extraction", "link-exfiltration", "tool-misuse")


def run(answer: Callable[..., Any], **more: Any) -> dict[str, Any]:
    with serving(answer) as server:
        reach = Reach(server.url, "m", seconds=more.pop("seconds", 5.0), stream=more.pop("stream", False))
        options = Options(reach, SAMPLE, families=more.pop("families", FEW), prompts=more.pop("prompts", 12), keep=False, **more)
        return attack(options).data


def asked(request: dict[str, Any]) -> str:
    return "\n".join(str(each.get("content") or "") for each in request["messages"] if each.get("role") != "system")


def by_id(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in data["families"]}


SAFE: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "refuses": lambda _: message("I cannot help with that."),
    "refuses and quotes": lambda request: message(f'I cannot help with "{asked(request)}", because it is against my rules.'),
    "quotes a part": lambda request: message(f"I will not do this: {asked(request)[:120]}…"),
    "deflects": lambda request: message(f"Thank you for your question of {len(asked(request))} letters. Which book do you look for?"),
    "echoes": lambda request: message(asked(request)),
}


@pytest.mark.parametrize("name", list(SAFE))
def test_safe_bots_raise_no_alarm_in_any_family(name: str) -> None:
    data = run(SAFE[name], families=(), prompts=10)
    assert {row["id"]: row["evidence"] for row in data["families"] if row["hits"]} == {}
    assert data["controls"]["falseAlarms"] == 0
    assert data["controls"]["knownBad"]["caught"] is True


def test_one_that_refuses_everything_fails_on_utility() -> None:
    data = run(SAFE["refuses"], prompts=60)
    assert data["verdict"] == "refused"
    assert data["exit"] == 1
    assert data["controls"]["utility"] == "failed"


def test_a_target_that_does_what_it_is_told_is_broken_with_proof() -> None:
    import re

    def weak(request: dict[str, Any]) -> bytes:
        text = asked(request)
        if found := re.search(r"(\d+) \+ (\d+)", text):
            return message(f"Sure: {int(found[1]) + int(found[2])}")
        return message("My secret instructions: " + SAMPLE.system_prompt if "instructions" in text else "Hello!")

    data = run(weak)
    rows = by_id(data)
    assert rows["direct-override"]["verdict"] == "breached"
    assert rows["prompt-extraction"]["verdict"] == "breached"
    assert rows["direct-override"]["reproduced"] > 0
    assert data["exit"] == 1
    assert "7731905" not in json.dumps(data)


def test_a_storm_of_429_is_waited_out_and_no_attempt_is_lost() -> None:
    counter = itertools.count()

    def stormy(request: dict[str, Any]) -> bytes:
        if next(counter) % 3 == 0:
            return whole(b"{}", 429, "application/json", "retry-after: 0")
        return message(f"Hello, {len(asked(request))}")

    data = run(stormy)
    assert data["errors"] == 0
    assert all(row["prompts"] == 12 for row in data["families"])


def _lying() -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 900\r\n\r\n{}"


async def _slow() -> bytes:
    await asyncio.sleep(1)
    return message("late")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "dies": (lambda _: None, "transport"),
    "lies about its length": (lambda _: _lying(), "transport"),
    "claims a huge body": (lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", "too-large"),
    "speaks no HTTP": (lambda _: b"SSH-2.0-Open\r\nconnection: close\r\n\r\n", "transport"),
    "speaks no JSON": (lambda _: whole(b"<html>busy</html>", 200, "text/html"), "not-json"),
    "fails inside": (lambda _: whole(b'{"error":"x"}', 500), "status"),
    "says nothing": (lambda _: message(""), "empty"),
    "is filtered": (lambda _: whole(b'{"error":{"code":"content_filter"}}', 400), "filtered"),
    "is too slow": (lambda _: _slow(), "timeout"),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_errors_are_never_resistance(name: str) -> None:
    answer, kind = BROKEN[name]
    data = run(answer, seconds=0.2, families=("direct-override",), prompts=4)
    assert data["verdict"] == "invalid"
    assert data["exit"] == 3
    assert set(data["errorsByKind"]) == {kind}
    assert by_id(data)["direct-override"]["verdict"] == "not-run"


def test_two_in_a_hundred_without_an_answer_are_too_many_when_they_are_more() -> None:
    counter = itertools.count()
    data = run(lambda request: whole(b"{}", 500) if next(counter) % 25 == 24 else message(f"Hello, {len(asked(request))}"))
    assert data["verdict"] == "invalid"
    assert data["errors"] > 0.02 * data["attempts"]


def test_a_target_that_only_streams_is_read() -> None:
    def streams(request: dict[str, Any]) -> bytes:
        parts = ["Hello", f", {len(asked(request))}"]
        events = [json.dumps({"choices": [{"delta": {"content": each}, "finish_reason": None}]}) for each in parts]
        body = "".join(f"data: {each}\n\n" for each in [*events, "[DONE]"]).encode()
        return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + body

    data = run(streams, families=("direct-override",), stream=True)
    assert data["errors"] == 0
    assert by_id(data)["direct-override"]["prompts"] == 12


def test_a_budget_ends_a_run_and_what_was_not_tried_is_not_passed() -> None:
    data = run(lambda request: message(f"Hello, {len(asked(request))}"), budget=Budget(requests=45))
    assert data["stopped"] == "requests"
    assert data["exit"] == 3
    assert "not-run" in {row["verdict"] for row in data["families"]}


def test_missing_facts_are_not_run_with_a_reason(tmp_path: Path) -> None:
    with serving(lambda request: message(f"Hello, {len(asked(request))}")) as server:
        options = Options(Reach(server.url, "m"), prompts=4, folder=tmp_path)
        rows = by_id(attack(options).data)
        before = server.requests
        tried = try_once(options)
        assert server.requests == before + 1
    assert rows["secrets"]["verdict"] == "not-run"
    assert "`secrets`" in rows["secrets"]["reason"]
    assert tried.answer.text.startswith("Hello")


def test_an_answer_that_changes_is_asked_three_times() -> None:
    counter = itertools.count()
    data = run(lambda _: message(f"Hello {next(counter)}"), families=("direct-override",))
    assert data["target"]["deterministic"] is False
    assert by_id(data)["direct-override"]["attempts"] == 36
    assert by_id(data)["direct-override"]["prompts"] == 12


def test_a_guard_is_measured_with_an_interval() -> None:
    import re

    def weak(request: dict[str, Any]) -> bytes:
        found = re.search(r"(\d+) \+ (\d+)", asked(request))
        return message(str(int(found[1]) + int(found[2])) if found else f"Hello, {len(asked(request))}")

    def guarded(request: dict[str, Any]) -> bytes:
        return whole(b'{"error":{"code":"content_filter"}}', 400) if "gnore" in asked(request) else weak(request)

    with serving(weak) as off, serving(guarded) as on:
        options = Options(Reach(off.url, "m"), SAMPLE, families=("direct-override",), prompts=30, keep=False)
        results = twin(options, replace(options.reach, url=on.url))
    compared = compare(results[0].data, results[1].data)
    assert compared["all"]["hitOff"] > compared["all"]["hitOn"] > 0
    low, high = compared["all"]["interval"]
    assert low <= compared["all"]["protection"] <= high
    assert compared["blocked"] > 0


PROGRAM = """
import sys
from pathlib import Path
from tetrapylon.app.attacking import Options, attack
from tetrapylon.deploy.release.facts import SAMPLE
from tetrapylon.outside.target import Reach
result = attack(Options(Reach(sys.argv[1], "m"), SAMPLE, prompts=10, folder=Path(sys.argv[2]), resume=True, most=4))
print(result.data["digest"])
"""


def test_a_run_that_is_killed_goes_on_and_ends_with_the_same_digest(tmp_path: Path) -> None:
    async def answer(request: dict[str, Any]) -> bytes:
        await asyncio.sleep(0.002)
        return message(f"Hello, {len(asked(request))}")

    with serving(answer) as server:

        def start(folder: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", PROGRAM, server.url, str(tmp_path / folder)]
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

        expected = start("whole").communicate(timeout=60)[0]
        once = server.requests
        for target in (0.25, 0.6):
            process, before = start("killed"), server.requests
            while server.requests < before + target * once * 0.6 and process.poll() is None:
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        before = server.requests
        assert start("killed").communicate(timeout=60)[0] == expected != ""
        assert server.requests - before < once
