"""What is printed cannot move a cursor or mark anything up, and what is exported has the form that others read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tetrapylon.design.threats.compare import difference, kept_of
from tetrapylon.design.threats.coverage import sensitivity_scored, uncovered
from tetrapylon.design.threats.model import ThreatModel, threat_model
from tetrapylon.design.threats.otm import as_otm
from tetrapylon.design.threats.output import as_json
from tetrapylon.design.threats.picture import dot, mermaid
from tetrapylon.design.threats.summary import plain, summary, summary_digest
from tetrapylon.design.threats.text import lines
from tetrapylon.design.threats.triggers import basis_of
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.repository.text import Artefact
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.assets import Asset

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "schemas" / "json-threats.json"
HOSTILE = 'x\x1b[2J"]|<b>`\n#end;\u202e'
FACTS: dict[str, Any] = {
    "system": {"id": HOSTILE, "release": HOSTILE, "criticality": "mission"},
    "model": [{"id": HOSTILE, "endpoint": "http://x"}, {"id": "reader", "path": "models/reader.joblib"}],
    "tool": [{"id": HOSTILE, "effect": "irreversible"}],
    "store": [{"id": "files", "sensitivity": "restricted", "personal": True}],
    "flow": [
        {"from": HOSTILE, "to": "gateway", "carries": [HOSTILE], "crosses": HOSTILE},
        {"from": "files", "to": "gateway", "carries": ["files"]},
    ],
}


@pytest.fixture(scope="module")
def model() -> ThreatModel:
    return threat_model(FACTS, day="2026-01-01")


def test_text_holds_nothing_that_does_not_print(model: ThreatModel) -> None:
    other = difference({}, kept_of(model))
    text = "\n".join(lines(model, [HOSTILE] * 20, [HOSTILE], (HOSTILE, other), everything=True))
    assert [each for each in text if not each.isprintable() and each != "\n"] == []
    assert "\\u001b[2J" in text


def test_text_is_short_unless_all_is_asked_for(model: ThreatModel) -> None:
    short, whole = (list(lines(model, (), (), None, everything=each)) for each in (False, True))
    assert len(short) < 45 < len(model.threats) + len(model.closed) < len(whole)
    assert short[0].startswith(f"{len(model.threats)} threats to ")
    assert short[3].split()[0] in {"critical", "high"}


def test_a_comparison_is_told(model: ThreatModel) -> None:
    kept = kept_of(model)
    first = min(kept)
    changed = difference({**{key: value for key, value in kept.items() if key != first}, "gone@x": "low"}, kept)
    told = "\n".join(lines(model, (), (), ("before", changed)))
    assert "against before: 1 added, 1 removed, 0 changed" in told
    assert "no threat differs from before" in "\n".join(lines(model, (), (), ("before", difference(kept, kept))))


def test_json_has_its_schema(model: ThreatModel) -> None:
    found = as_json(model, basis_of(model.graph.topology, model.rules, ()), ["x"], ["y"], ("before", difference({}, kept_of(model))))
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
    assert [each.message for each in validator.iter_errors({**found, "exit": 1})] == []
    assert not validator.is_valid(found)


def test_otm_has_what_its_schema_demands(model: ThreatModel) -> None:
    found = as_otm(model)
    assert found["otmVersion"] == "0.2.0"
    zones, threats = {each["id"] for each in found["trustZones"]}, {each["id"] for each in found["threats"]}
    components, mitigations = {each["id"] for each in found["components"]}, {each["id"] for each in found["mitigations"]}
    assert all(isinstance(each["risk"]["trustRating"], int) for each in found["trustZones"])
    assert all(each["name"] and each["type"] and each["parent"]["trustZone"] in zones for each in found["components"])
    assert all(each["name"] and {each["source"], each["destination"]} <= components for each in found["dataflows"])
    instances = [each for part in (*found["components"], *found["dataflows"]) for each in part["threats"]]
    assert {each["threat"] for each in instances} == threats
    assert {each["mitigation"] for instance in instances for each in instance["mitigations"]} == mitigations
    assert all(0 <= each["risk"]["likelihood"] <= 100 and 0 <= each["risk"]["impact"] <= 100 for each in found["threats"])


def test_pictures_quote_what_they_show(model: ThreatModel) -> None:
    for text in ("\n".join(mermaid(model)), "\n".join(dot(model))):
        assert [each for each in text if not each.isprintable() and each != "\n"] == []
        assert "<b>" not in text or text.startswith("digraph")
    for line in dot(model):
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0, line
    for line in mermaid(model):
        assert line.count('"') in {0, 2}, line


def test_the_summary_is_the_same_twice_and_marks_nothing_up(model: ThreatModel) -> None:
    assert summary(model) == summary(threat_model(FACTS, day="2026-01-01"))
    assert summary_digest(model) == sha256(summary(model).encode())
    assert "<b>" not in summary(model).replace("\\<b\\>", "")
    assert "\x1b" not in summary(model)
    assert plain("a|b\n<") == "a\\|b\\\\u000a\\<"
    assert "live evidence shows it" in summary(ThreatModel(model.graph, (), (), model.rules))


def test_what_nothing_declares_is_not_covered(model: ThreatModel) -> None:
    repository = Repository.of_texts({"models/shadow.pkl": "x", "models/reader.joblib": "x", "notes.txt": "x"})
    repository = Repository(repository.files, (), (Artefact("weights/a.onnx", 1, b""), Artefact("picture.png", 1, b"")))
    known = Asset("model-file", "reader", sha256(b""), "models/reader.joblib")
    assert uncovered(model, [known], Repository(()), []) == []
    said = uncovered(model, [known, Asset("model-file", "other", sha256(b""))], repository, [{"unknown": 3}])
    assert said == [
        "3 things that the inventory found and nothing declares",
        "model file `models/shadow.pkl`, which nothing declares",
        "model file `weights/a.onnx`, which nothing declares",
        "model-file `other`",
    ]


def test_what_is_recorded_names_no_person() -> None:
    found = threat_model({"person": [{"id": "ada-muster", "roles": ["owner"]}]})
    assert [each.about for each in found.threats if each.rule.id == "stolen-key"] == ["person:ada-muster"]
    assert "ada" not in " ".join(kept_of(found))
    assert len(kept_of(found)) == len(found.threats)


def test_that_classes_of_data_count_is_tried() -> None:
    assert sensitivity_scored(threat_model({})) is None
    for sensitivity in ("public", "internal", "restricted"):
        assert sensitivity_scored(threat_model({"store": [{"id": "files", "sensitivity": sensitivity}]})) is True
