from __future__ import annotations

import json
import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from river.drift import ADWIN

from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.operate.monitor.adwin import GROUPS, Adwin
from tetrapylon.operate.monitor.baseline import Baseline, learn, read_baseline
from tetrapylon.operate.monitor.event import Event, read_event
from tetrapylon.operate.monitor.ood import fit, from_bytes, to_bytes
from tetrapylon.operate.monitor.watch import EVENTS, EventLog
from tetrapylon.operate.monitor.watching import Watcher


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5, 1.0])
def test_adwin_says_what_another_implementation_says(shift: float) -> None:
    values = np.random.default_rng(3).normal(size=2400)
    values[1200:] += shift
    ours, theirs = Adwin(), ADWIN(grace_period=10)
    alarms: tuple[list[int], list[int]] = ([], [])
    for number, value in enumerate(values):
        if ours.add(float(value)):
            alarms[0].append(number)
        theirs.update(float(value))
        if theirs.drift_detected:
            alarms[1].append(number)
    # After an alarm the two forget differently: theirs drops one group at a time.
    assert alarms[0][:1] == alarms[1][:1]
    assert bool(alarms[0]) == (shift > 0)


def test_the_memory_of_a_window_grows_with_the_logarithm_of_the_stream() -> None:
    window = Adwin()
    for number in range(30_000):
        window.add(number % 2)
    assert window.count == 30_000
    assert window.groups <= GROUPS * 16


def events(count: int, seed: int = 1, users: int = 12) -> list[Event]:
    chance = random.Random(seed)
    return [
        Event(
            f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
            "desk",
            f"user-{chance.randrange(users)}",
            "assistant",
            200,
            chance.lognormvariate(-5, 0.4),
            chance.randrange(3, 20),
            chance.choice([0, 9, 12, 20]),
            "allow",
            chance.choice(["", "lookup"]),
            ood=False,
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def base() -> Baseline:
    return learn(events(800), "sha256:" + "0" * 64, {"model-file:reader": "sha256:1"})


def test_a_baseline_is_a_file_that_reads_back(base: Baseline) -> None:
    assert read_baseline(json.loads(base.to_bytes())).to_bytes() == base.to_bytes()
    with pytest.raises(IntegrityError):
        read_baseline({"normal": []})


def alarms(base: Baseline, found: list[Event], **extra: Any) -> list[Any]:
    watcher = Watcher(read_baseline(json.loads(base.to_bytes())), **extra)
    return [alarm for each in found for alarm in watcher.add(each)]


def test_what_is_as_before_raises_no_alarm(base: Baseline) -> None:
    assert alarms(base, events(2000, seed=9)) == []


def test_what_concerns_everybody_is_drift(base: Baseline) -> None:
    found = alarms(base, [replace(each, seconds=each.seconds * 4) for each in events(400, seed=2)])
    assert {(each.metric, each.cause) for each in found} == {("latency", "drift")}


def test_what_comes_from_one_user_is_an_attack(base: Baseline) -> None:
    hit = [
        replace(each, verdict="block", principal="user-3") if number % 4 == 0 else each for number, each in enumerate(events(400, seed=2))
    ]
    found = alarms(base, hit)
    assert {"refused", "guards"} <= {each.metric for each in found}
    assert {each.cause for each in found if each.metric != "volume"} == {"attack"}


def test_a_changed_release_and_a_tampered_one_are_told(base: Baseline) -> None:
    slow = [replace(each, seconds=each.seconds * 4) for each in events(200, seed=2)]
    assert {each.cause for each in alarms(base, slow, changed=("prompt:system",))} == {"change"}
    assert {each.cause for each in alarms(base, slow, tampered=True)} == {"tampering"}


def test_a_tool_that_was_never_called_and_one_user_who_floods_are_alarms(base: Baseline) -> None:
    assert alarms(base, [replace(events(1)[0], tool="refund")])[0].metric == "tool"
    flood = [replace(each, principal="user-1") if number % 2 else each for number, each in enumerate(events(500, seed=4))]
    assert "volume" in {each.metric for each in alarms(base, flood)}


@given(
    st.dictionaries(
        st.sampled_from(["time", "tenant", "principal", "model", "status", "seconds", "tokensIn", "tool", "ood"]),
        st.none() | st.floats() | st.text(max_size=9) | st.lists(st.integers()),
    )
)
def test_any_object_is_an_event_or_is_refused(value: dict[str, Any]) -> None:
    with suppress(UsageError):
        read_event({"time": "2026-01-01T00:00:00Z", **value}).metrics()


def test_the_watch_port_names_nobody_and_never_fails(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "monitor", together=2)
    event = {"time": "2026-01-01T00:00:00Z", "tenant": "desk", "principal": "Ada", "model": "assistant", "status": 200, "seconds": 0.1}
    log.observe({**event, "text": "a secret question"})
    log.observe(event)
    written = (tmp_path / "monitor" / EVENTS).read_text()
    lines = [json.loads(each) for each in written.splitlines()]
    assert "Ada" not in written
    assert "secret" not in written
    assert lines[0]["principal"] == lines[1]["principal"]
    assert read_event(lines[0]).model == "assistant"
    (tmp_path / "monitor" / EVENTS).unlink()
    (tmp_path / "monitor" / EVENTS).mkdir()
    for _ in range(4):
        log.observe(event)
    assert log.lost == 4


def test_what_is_unfamiliar_is_told_from_what_is_not_and_fits_into_a_file() -> None:
    chance = np.random.default_rng(2)
    labels = chance.integers(0, 3, 900)
    centres = chance.normal(size=(3, 20)) * 3
    known = centres[labels] + chance.normal(size=(900, 20)) * 0.3
    sure = np.ones(300)
    found = from_bytes(to_bytes(fit(known[:600], labels[:600], known[600:], sure)))
    assert found.strange(known[600:], sure).mean() < 0.05
    assert found.strange(chance.normal(size=(300, 20)) * 3, sure).mean() > 0.9
    with pytest.raises(IntegrityError):
        from_bytes(b"PK\x03\x04 not arrays")
