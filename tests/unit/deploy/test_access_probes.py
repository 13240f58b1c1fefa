"""Probes of access: what each asks, what answers mean, and that nothing which the gateway offers is forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tetrapylon.deploy.access.judging import Tried, compared, counts, judge
from tetrapylon.deploy.access.probe import Target, Try
from tetrapylon.deploy.access.targets import infer_target, plain_targets
from tetrapylon.gateway.routes import ROUTES
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.asking import Answer

FACTS: dict[str, Any] = {
    "system": {"id": "desk"},
    "model": [
        {"id": "assistant", "endpoint": "http://127.0.0.1:1/v1"},
        {"id": "hosted", "endpoint": "https://models.example.org/v1"},
        {"id": "reader", "path": "models/reader.onnx"},
    ],
    "group": [{"id": "teller", "may": ["chat:assistant", "infer:reader"]}, {"id": "guest"}],
    "service": [{"id": "robot", "may": ["chat:hosted"]}],
    "person": [{"id": "operator-1", "roles": ["operator"]}],
}
OPERATORS = frozenset({"operator-1"})
PARTS = Shelf("tetrapylon.deploy.access.probes")
DESCRIBED = b'{"name": "reader", "inputs": [{"name": "X", "datatype": "FP32", "shape": [-1, 4]}]}'


@dataclass
class Stage:
    """Hands out keys that say whose they are; nothing is sent anywhere."""

    facts: Mapping[str, Any] = field(default_factory=lambda: FACTS)
    targets: Sequence[Target] = ()
    operators: frozenset[str] = OPERATORS
    addresses: Sequence[str] = ("192.0.2.9", "2001:db8::9")
    said: list[str] = field(default_factory=list)

    def key(self, principal: str, tenant: str = "", *, terms: bool = True) -> str:
        return f"key-{principal}-{tenant}-{terms}"

    def revoke(self, key: str) -> None:
        self.said.append(f"revoked {key}")

    def ending(self, principal: str) -> str:
        return f"ending-{principal}"

    def wait_for_end(self) -> None:
        self.said.append("waited")

    def held(self, principal: str, tenant: str) -> str:
        return f"hold-{principal}-{tenant}"


def stage() -> Stage:
    targets = [*plain_targets(FACTS, OPERATORS, "sha256:0"), infer_target(FACTS, "reader", DESCRIBED)]
    return Stage(targets=targets)


def run(name: str, status: int, control: int = 200) -> list[Tried]:
    tries = list(PARTS[name].tries(stage()))
    found = [judge(name, each, Answer(control if each.control else status, f'"{each.hidden}"'.encode())) for each in tries]
    # What an upstream is compared with stands outside the part: the gateway answered somebody.
    return list(compared([*found, Tried("", "models", "", True, "models", 200, "answered")], alive=True))


@pytest.mark.parametrize("name", PARTS)
def test_a_part_says_what_it_does_and_why(name: str) -> None:
    text = str(PARTS[name].__doc__)
    assert "*What it does*: " in text
    assert "*Why it matters*: " in text
    assert PARTS[name].GOOD
    assert PARTS[name].BAD


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in PARTS for case in PARTS[name].GOOD])
def test_refusals_are_no_fault(name: str, case: str) -> None:
    found = counts(run(name, PARTS[name].GOOD[case]))
    assert found["probes"] > 0
    assert (found["wrong"], found["undecided"], found["bypasses"]) == (0, 0, 0)


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in PARTS for case in PARTS[name].BAD])
def test_whoever_is_let_in_is_found(name: str, case: str) -> None:
    found = [each for each in run(name, PARTS[name].BAD[case]) if not each.control]
    assert {each.outcome for each in found} <= {"let in", "open here"}
    assert counts(found)["wrong"] > 0


@pytest.mark.parametrize("name", [each for each in PARTS if each != "open-upstream"])
@pytest.mark.parametrize("status", [401, 500, 503, 429])
def test_a_refusal_says_nothing_where_the_right_caller_is_refused_too(name: str, status: int) -> None:
    tries = list(PARTS[name].tries(stage()))
    found = list(compared([judge(name, each, Answer(status, b"")) for each in tries], alive=True))
    assert {each.outcome for each in found} == {"undecided"}
    assert any(each.control for each in found)


@pytest.mark.parametrize("name", [each for each in PARTS if each != "open-upstream"])
def test_a_dead_server_refuses_nobody(name: str) -> None:
    tries = list(PARTS[name].tries(stage()))
    assert {judge(name, each, None).outcome for each in tries} == {"undecided"}
    died = [judge(name, each, Answer(200 if each.control else 401, b"")) for each in tries]
    assert "refused" not in {each.outcome for each in compared(died, alive=False)}


def test_everything_that_the_gateway_offers_for_a_key_is_asked_for() -> None:
    """A route that is added to the gateway and to no probe fails here."""
    asked = {(each.method, each.path) for each in stage().targets} | {
        (each.target.method, each.target.path) for each in PARTS["wrong-tenant"].tries(stage())
    }
    missing = [
        f"{route.method} {route.path}"
        for route in ROUTES
        if route.key and not any(method == route.method and re.fullmatch(route.path.replace("{}", "[^/]+"), path) for method, path in asked)
    ]
    assert missing == []
    assert [route.path for route in ROUTES if not route.key] == ["/healthz", "/v2/health/live", "/v2/health/ready"]


def test_keys_are_asked_with_before_and_after_they_end() -> None:
    there = stage()
    for name, said in (("expired-key", "waited"), ("revoked-key", "revoked key-teller--True")):
        before: list[bool] = []
        for each in PARTS[name].tries(there):
            before.append(said not in there.said)
            assert each.control is before[-1] or (name == "revoked-key" and said not in there.said)
        assert {True, False} == set(before)


def test_the_matrix_is_what_the_manifest_grants() -> None:
    denied = {(each.headers["authorization"].split("-")[1], each.route) for each in PARTS["wrong-role"].tries(stage()) if not each.control}
    assert ("guest", "chat:assistant") in denied
    assert ("robot", "chat:assistant") in denied
    assert ("teller", "chat:hosted") in denied
    assert ("teller", "metrics") in denied
    assert ("operator", "chat:assistant") in denied  # who runs a system may not therefore use it
    assert not denied & {("teller", "chat:assistant"), ("teller", "infer:reader"), ("robot", "chat:hosted"), ("operator", "metrics")}


def test_a_list_may_be_answered_and_must_not_name_what_was_not_granted() -> None:
    target = Target("models", "GET", "/v1/models")
    tried = Try("models", "", target, hidden='"hosted"')
    assert judge("wrong-role", tried, Answer(200, b'{"data": [{"id": "assistant"}]}')).outcome == "refused"
    assert judge("wrong-role", tried, Answer(200, b'{"data": [{"id": "hosted"}]}')).outcome == "let in"


@pytest.mark.parametrize(("upstream", "outcome"), [("http://127.0.0.1:8600/v1", "open here"), ("http://192.0.2.7:8600/v1", "let in")])
def test_an_open_upstream_is_said_and_beyond_this_machine_it_counts(upstream: str, outcome: str) -> None:
    tried = Try("upstream:a", "", Target("upstream:a", "GET", "/v1/models"), upstream=upstream, compared="*")
    assert judge("open-upstream", tried, Answer(200, b"")).outcome == outcome
    assert judge("open-upstream", tried, None).outcome == "refused"
    assert judge("open-upstream", tried, Answer(401, b"")).outcome == "refused"


@pytest.mark.parametrize("described", [b"", b"[]", b"{}", b'{"inputs": 3}', b'{"inputs": [{"name": "X"}]}', b"[" * 100_000])
def test_a_model_that_describes_itself_badly_is_asked_with_nothing(described: bytes) -> None:
    assert infer_target(FACTS, "reader", described).body == b'{"inputs": []}'
