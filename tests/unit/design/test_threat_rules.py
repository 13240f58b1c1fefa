"""Every kind of threat says what it must, is kept where its examples say so, and is closed with a reason where they say so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.design.threats.element import KINDS
from tetrapylon.design.threats.model import ThreatModel, threat_model
from tetrapylon.design.threats.rule import LEVELS_OF_IMPACT, RULES, Rule, rules, rules_digest
from tetrapylon.kernel.shelf import package_text
from tetrapylon.system.decode import manifest_of
from tetrapylon.system.manifest import manifest_facts

SYSTEM = {"id": "sample", "release": "1", "role": "provider", "criticality": "moderate", "purpose": "A sample"}
OWASP = re.compile(r"LLM(0[1-9]|10):202[56]")
ATLAS = re.compile(r"AML\.T\d{4}(\.\d{3})?")


def modelled(fragment: Mapping[str, Any]) -> ThreatModel:
    """Return the model of a sample, which must be a manifest that would be accepted."""
    table = {"schema": "tetrapylon/manifest/1", **fragment, "system": {**SYSTEM, **fragment.get("system", {})}}
    return threat_model(manifest_facts(manifest_of(table)))


def samples(kind: str) -> Iterator[Any]:
    for name, part in RULES.items():
        yield from (pytest.param(part.RULE, case, id=f"{name}-{words}") for words, case in getattr(part, kind).items())


@pytest.mark.parametrize(("rule", "fragment"), list(samples("KEPT")))
def test_it_is_kept_where_its_example_says_so(rule: Rule, fragment: dict[str, Any]) -> None:
    found = [each for each in modelled(fragment).threats if each.rule is rule]
    assert found
    assert all(each.reason and each.title and each.severity and each.impact for each in found)


@pytest.mark.parametrize(("rule", "fragment"), list(samples("CLOSED")))
def test_it_is_closed_with_a_reason_where_its_example_says_so(rule: Rule, fragment: dict[str, Any]) -> None:
    model = modelled(fragment)
    assert [each.name for each in model.threats if each.rule is rule] == []
    closed = [each for each in model.closed if each.rule == rule.id]
    assert closed
    assert all(each.reason for each in closed)


@pytest.mark.parametrize("name", list(RULES))
def test_it_says_what_it_must(name: str) -> None:
    part = RULES[name]
    rule: Rule = part.RULE
    assert rule.id == name
    said = str(part.__doc__)
    assert "What it does: " in said
    assert "Why it matters: " in said
    assert "{it}" in rule.title
    assert rule.stride
    assert set(rule.stride) <= set("STRIDE")
    assert bool(rule.looks_at) != bool(rule.when_flow)
    assert set(rule.looks_at) <= set(KINDS)
    assert all(ATLAS.fullmatch(each) for each in rule.atlas)
    assert all(OWASP.fullmatch(each) for each in rule.owasp)
    # A number means another thing in each edition, so both are named.
    assert len([each for each in rule.owasp if each.endswith("2025")]) == len([each for each in rule.owasp if each.endswith("2026")])
    assert set(rule.impact) <= set(LEVELS_OF_IMPACT)
    assert part.KEPT
    # What has a precondition shows where it does not hold; what has none is never closed.
    assert bool(part.CLOSED) == bool(rule.when or rule.when_flow)


def test_the_practices_that_answer_threats_are_measured_ones() -> None:
    catalogue = tomllib.loads(package_text("tetrapylon.guidelines", "catalogue.toml"))
    core = {each["id"] for each in catalogue["practice"] if each["status"] == "core"}
    assert {each.id: sorted(set(each.practices) - core) for each in rules() if not each.practices or set(each.practices) - core} == {}


def test_techniques_are_those_of_the_data(shared: Path) -> None:
    text = (shared / "data" / "atlas" / "ATLAS.yaml").read_text("utf-8")
    known = set(re.findall(r"^\s*(?:- )?id: (AML\.T\d{4}(?:\.\d{3})?)$", text, re.MULTILINE))
    assert len(known) > 100
    assert {each.id: sorted(set(each.atlas) - known) for each in rules() if set(each.atlas) - known} == {}


def test_what_the_guidance_names_is_there() -> None:
    known = set(RULES)
    named = {"data-poisoning", "evasion", "model-extraction", "model-inversion", "direct-injection", "indirect-injection", "tool-misuse"}
    assert named | {"weight-theft", "malicious-dependency", "image-scaling", "crop-attack", "changed-model"} <= known
    assert {each.cause for each in rules()} == {"compromise", "unexpected-behaviour"}
    assert {each.scenario for each in rules()} == {"", "weight-theft", "automated-attack"}
    assert len({each.title for each in rules()}) == len(known) > 50


def test_the_digest_of_the_rules_is_the_same_twice_and_changes_with_them() -> None:
    known = rules()
    assert rules_digest(known) == rules_digest(rules())
    assert rules_digest(known) != rules_digest(known[1:])


def row(name: str) -> str:
    """Return how the documentation names a rule."""
    rule: Rule = RULES[name].RULE
    when = "; ".join(each.words for each in rule.when) or ("it crosses a boundary of trust" if rule.when_flow else "always")
    techniques = ", ".join(each.removeprefix("AML.") for each in rule.atlas)
    cells = (f"`{rule.id}`", RULES.summary(name).rstrip("."), ", ".join(rule.looks_at) or "flows", when, techniques)
    return "| " + " | ".join((*cells, ", ".join(rule.owasp), ", ".join(rule.practices))) + " |"


def test_the_documentation_lists_the_rules_as_they_are() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "practices" / "threats.md").read_text("utf-8")
    section = page.partition("\n## Rules\n")[2].partition("\n## ")[0]
    assert [each for each in section.splitlines() if each.startswith("| `")] == [row(name) for name in RULES]
