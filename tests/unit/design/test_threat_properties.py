"""Whatever a system looks like, and whatever its parts are called, its threats are the same twice and each has a reason."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.design.threats.decisions import SCHEMA, decode_decisions
from tetrapylon.design.threats.model import threat_model
from tetrapylon.design.threats.otm import as_otm
from tetrapylon.design.threats.output import as_json
from tetrapylon.design.threats.picture import dot, mermaid
from tetrapylon.design.threats.summary import summary
from tetrapylon.design.threats.text import lines
from tetrapylon.design.threats.triggers import basis_of
from tetrapylon.design.threats.writing import draft
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.errors import UsageError

NAMES = ("a", "b", "c", "gateway", "journal", "x" * 70, "<script>", "a->b@c", "\x1b[31m", "\n", "\u202e", '"];', "{it}", "|", "`")
SENSITIVITY = ("public", "internal", "confidential", "restricted")

names = st.sampled_from(NAMES)
ids = st.lists(names, unique=True, max_size=4)
grants = st.lists(st.builds("{}:{}".format, st.sampled_from(("chat", "infer", "call", "read", "write")), names), max_size=3)
flows = st.lists(
    st.fixed_dictionaries({"from": names, "to": names, "carries": ids}, optional={"crosses": names}),
    max_size=12,
)


def rows(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return tables whose ids are unique, each column there or not."""
    row = st.fixed_dictionaries({"id": names}, optional=columns)
    return st.lists(row, unique_by=lambda each: str(each["id"]), max_size=4)


systems = st.fixed_dictionaries(
    {"system": st.fixed_dictionaries({"id": names, "actors": ids}, optional={"code": st.just(["src"]), "guards": st.just(["g.toml"])})},
    optional={
        "flow": flows,
        "person": rows(roles=st.lists(st.sampled_from(("owner", "developer", "operator")), unique=True)),
        "service": rows(may=grants),
        "group": rows(may=grants),
        "model": rows(endpoint=st.just("http://x"), **{"trained-from": ids, "alternate": names, "supplier": names}),
        "dataset": rows(sensitivity=st.sampled_from(SENSITIVITY), personal=st.booleans(), supplier=names),
        "store": rows(sensitivity=st.sampled_from(SENSITIVITY), personal=st.booleans(), location=names),
        "prompt": rows(model=names),
        "tool": rows(effect=st.sampled_from(("read", "write", "irreversible")), approval=st.just("human"), budget=st.just(1)),
        "supplier": rows(),
        "environment": rows(stage=st.sampled_from(("production", "test")), sensitive=st.booleans(), holds=ids, location=names),
        "location": rows(operator=names),
    },
)


def shuffled(facts: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        key: chance.sample(rows, len(rows)) if isinstance(rows, list) else rows
        for key, rows in chance.sample(sorted(facts.items()), len(facts))
    }


@settings(max_examples=40)
@given(systems, st.integers(0, 9))
def test_any_system_has_its_threats(facts: dict[str, Any], seed: int) -> None:
    model = threat_model(facts, day="2026-01-01")
    data = as_json(model, basis_of(model.graph.topology, model.rules, ()), (), (), None)
    again = threat_model(shuffled(facts, random.Random(seed)), day="2026-01-01")
    assert canonical_json(as_json(again, basis_of(again.graph.topology, again.rules, ()), (), (), None)) == canonical_json(data)
    assert all(each.reason and each.title and each.decided.reason for each in model.threats)
    assert all(each.reason for each in model.closed)
    found = [each.id for each in model.threats] + [each.id for each in model.closed]
    assert len(found) == len(set(found))
    assert {key for each in model.flows for key in (each.source, each.target)} <= set(model.graph.elements)


@settings(max_examples=40)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80), st.text(max_size=60).map(f'schema = "{SCHEMA}"\n'.__add__)))
def test_any_bytes_are_decisions_or_a_usage_error(text: str | bytes) -> None:
    try:
        found = decode_decisions(text, {})
    except UsageError:
        return
    # Nobody is declared, so nobody can have decided anything.
    assert found.decisions == ()


@settings(max_examples=20)
@given(systems)
def test_any_system_can_be_shown(facts: dict[str, Any]) -> None:
    model = threat_model(facts, day="2026-01-01")
    printed = [
        *lines(model, NAMES, NAMES, None, everything=True),
        *mermaid(model),
        *dot(model),
        *draft(model),
        *summary(model).splitlines(),
    ]
    assert [each for each in printed if not each.isprintable()] == []
    assert as_otm(model)["threats"] is not None
