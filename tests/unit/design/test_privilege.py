"""The real Cedar engine against the manifest: generated systems, no wrong answer, and everything else denied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.design.privilege import cedar
from tetrapylon.design.privilege.authorise import SECONDS, CedarAuthoriser
from tetrapylon.design.privilege.cedar import ACTIONS, DATA_CLASSES, Policies
from tetrapylon.design.privilege.matrix import probes, restrictions
from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.system.caller import Caller

FACTS: dict[str, Any] = {
    "system": {"id": "desk"},
    "group": [{"id": "teller", "may": ["chat:assistant", "infer:reader", "call:lookup", "read:cheques"]}, {"id": "guest"}],
    "service": [{"id": "assistant-service", "may": ["call:lookup", "write:cheques"]}],
    "person": [{"id": "owner-1", "roles": ["owner"]}],
    "model": [{"id": "assistant", "endpoint": "https://m.example/v1"}, {"id": "reader", "path": "reader.onnx"}],
    "tool": [{"id": "lookup", "effect": "read"}, {"id": "refund", "effect": "irreversible"}],
    "dataset": [{"id": "cheques", "sensitivity": "confidential"}],
}
TELLER = Caller("k", "teller", "group", "t", None)
SERVICE = Caller("k", "assistant-service", "service", "t", None)


def test_every_probe_is_answered_as_the_manifest_says() -> None:
    found = list(probes(FACTS))
    assert len(found) == 7 * len(ACTIONS) * 6 * len(DATA_CLASSES)
    assert [each.sentence for each in found if not each.right] == []
    granted = [each.sentence for each in found if each.found]
    assert "group `teller` may chat `assistant` with confidential data" in granted
    assert "group `teller` may chat `assistant` with restricted data" not in granted
    assert "group `teller` may read `cheques` with confidential data" in granted
    assert "group `teller` may read `cheques` with internal data" not in granted
    assert "service `assistant-service` may write `cheques` with restricted data" not in granted


NAMES = st.sampled_from(["a", "b", "c"])


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Any]:
    tables = {
        "model": draw(st.lists(NAMES, unique=True)),
        "tool": draw(st.lists(NAMES.map(lambda each: f"t{each}"), unique=True)),
        "dataset": draw(st.lists(NAMES.map(lambda each: f"d{each}"), unique=True)),
    }
    can = [f"{action}:{name}" for name in tables["model"] for action in ("chat", "infer")]
    can += [f"call:{name}" for name in tables["tool"]] + [f"{action}:{name}" for name in tables["dataset"] for action in ("read", "write")]
    grants = st.lists(st.sampled_from(can), unique=True) if can else st.just([])
    return {
        "system": {"id": "s"},
        "group": [{"id": each, "may": draw(grants)} for each in draw(st.lists(NAMES, unique=True))],
        "service": [{"id": each, "may": draw(grants)} for each in draw(st.lists(NAMES, unique=True))],
        "model": [
            {"id": each, **({"endpoint": "https://x.example"} if draw(st.booleans()) else {"path": "x"})} for each in tables["model"]
        ],
        "tool": [{"id": each, "effect": "read"} for each in tables["tool"]],
        "dataset": [{"id": each, "sensitivity": draw(st.sampled_from(DATA_CLASSES))} for each in tables["dataset"]],
    }


@settings(max_examples=15)
@given(systems())
def test_generated_systems_are_decided_as_declared(facts: dict[str, Any]) -> None:
    Policies(facts).check()
    assert [each.sentence for each in probes(facts) if not each.right] == []


def test_a_wrong_policy_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle does not follow the policies: one that grants too much is found by the probes."""
    real = cedar._permits
    monkeypatch.setattr(
        cedar, "_permits", lambda facts: [*real(facts), '@id("too much") permit (principal, action == Action::"call", resource);']
    )
    wrong = [each for each in probes(FACTS) if not each.right]
    assert wrong
    assert all(each.found and not each.wanted for each in wrong)


def test_policies_that_do_not_fit_their_schema_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cedar, "_permits", lambda facts: ['permit (principal, action == Action::"fly", resource);'])
    with pytest.raises(UndecidedError):
        CedarAuthoriser(FACTS)


def test_the_authoriser_says_why() -> None:
    authoriser = CedarAuthoriser(FACTS)
    assert authoriser.may(TELLER, "chat", "assistant") == (True, "group teller may chat:assistant")
    assert authoriser.may(TELLER, "chat", "assistant", "restricted") == (False, "restricted-data-stays")
    assert authoriser.may(TELLER, "call", "refund") == (False, "no policy permits it")
    assert authoriser.may(SERVICE, "chat", "assistant")[0] is False
    assert authoriser.may(Caller("k", "owner-1", "person", "t", None), "chat", "assistant")[0] is False
    assert authoriser.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("principal", "resource", "data_class"),
    [
        ('teller" || true || "', "assistant", "internal"),
        ("teller", 'assistant" ) ; permit(principal,action,resource);', "internal"),
        ("teller", "assistant", "public "),
        ("", "", ""),
        ("teller\n", "assistant\0", "internal"),
        ("\ud800", "assistant", "internal"),
        ("teller", "x" * 100_000, "internal"),
    ],
)
def test_odd_names_are_denied(principal: str, resource: str, data_class: str) -> None:
    found = CedarAuthoriser(FACTS).may(Caller("k", principal, "group", "t", None), "chat", resource, data_class)
    assert found[0] is False


def test_a_decision_is_remembered_for_a_second_and_not_across_policies() -> None:
    now = [0.0]
    authoriser = CedarAuthoriser(FACTS, lambda: now[0])
    asked: list[Any] = []
    real = authoriser._policies.decide

    def counted(*args: Any) -> tuple[bool, str]:
        asked.append(args)
        return real(*args)

    object.__setattr__(authoriser._policies, "decide", counted)
    assert [authoriser.may(TELLER, "call", "lookup")[0] for _ in range(5)] == [True] * 5
    assert len(asked) == 1
    now[0] = SECONDS
    assert authoriser.may(TELLER, "call", "lookup")[0]
    assert len(asked) == 2
    authoriser.use({**FACTS, "group": [{"id": "teller"}]})
    assert not authoriser.may(TELLER, "call", "lookup")[0]


GOOD = b'{"type":"object","properties":{"cheque":{"type":"string"}},"required":["cheque"],"additionalProperties":false}'


OPEN = b'{"type":"object","properties":{"cheque":{"type":"string","pattern":"^C-[0-9]{4}$"}},"required":["cheque"]}'
"""No probe fits the pattern, and still any member may be added."""


@pytest.mark.parametrize(
    ("tool", "schema", "missing"),
    [
        ({"effect": "read", "budget": 3, "arguments": "s"}, GOOD, []),
        ({"effect": "read", "budget": 3}, None, ["has no schema"]),
        ({"effect": "read", "arguments": "s"}, GOOD, ["has no budget"]),
        ({"effect": "irreversible", "budget": 1, "arguments": "s"}, GOOD, ["cannot be undone and nobody approves"]),
        ({"effect": "irreversible", "approval": "human", "budget": 1, "arguments": "s"}, GOOD, []),
        ({"effect": "read", "budget": 3, "arguments": "s"}, b"{}", ["takes arguments that it does not know"]),
        ({"effect": "read", "budget": 3, "arguments": "s"}, b'{"type":"object"}', ["takes arguments that it does not know"]),
        ({"effect": "read", "budget": 3, "arguments": "s"}, b"nonsense", ["cannot be used"]),
        ({"effect": "read", "budget": 3, "arguments": "s"}, OPEN, ["takes arguments that it does not know"]),
    ],
)
def test_tools_have_all_five_restrictions_or_it_is_said(tool: dict[str, Any], schema: bytes | None, missing: list[str]) -> None:
    (found,) = restrictions({**FACTS, "tool": [{"id": "lookup", **tool}]}, {} if schema is None else {"s": schema})
    assert found.callers == ("teller", "assistant-service")
    assert len(found.missing) == len(missing)
    assert all(part in sentence for part, sentence in zip(missing, found.missing, strict=True))
