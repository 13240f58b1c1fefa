"""Files of other tools become pieces of a manifest; hostile ones become less, never a fault."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.drafting.part import Pieces
from tetrapylon.app.drafting.writing import draft
from tetrapylon.app.importing import IMPORTERS, imported
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.manifest import Manifest

SYSTEM = b'[system]\nid = "s"\nrelease = "1"\nrole = "user"\ncriticality = "low"\n'


def manifest(pieces: Pieces) -> Manifest:
    text = draft(pieces).text().encode()
    purpose = b"" if "purpose" in pieces.system else b'purpose = "p"\n'
    return decode_manifest(text.replace(b"[system]\n", SYSTEM + purpose, 1))


def write(path: Path, document: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path.name


def cell(shape: str, name: str, **more: Any) -> dict[str, Any]:
    data = {"type": f"tm.{shape.capitalize()}", "name": name, "description": "", "outOfScope": False, "threats": [], **more.pop("data", {})}
    return {"shape": shape, "id": f"id-{name}", "zIndex": 1, "attrs": {"text": {"text": name}}, "data": data, **more}


DRAGON = {
    "version": "2.3.0",
    "summary": {"title": "Cheque desk", "owner": "A team", "description": "", "id": 0},
    "detail": {
        "contributors": [{"name": "somebody"}],
        "diagrams": [
            {
                "id": 0,
                "title": "Main",
                "diagramType": "STRIDE",
                "version": "2.3.0",
                "cells": [
                    {
                        "shape": "trust-boundary-box",
                        "id": "b",
                        "data": {"type": "tm.BoundaryBox", "name": "Internet", "isTrustBoundary": True},
                    },
                    cell("actor", "Customer"),
                    cell("process", "Web server"),
                    cell("store", "Vault", data={"storesCredentials": True}),
                    cell("store", "Old store", data={"outOfScope": True}),
                    cell("flow", "asks", source={"cell": "id-Customer"}, target={"cell": "id-Web server"}, data={"isPublicNetwork": True}),
                    cell("flow", "reads", source={"cell": "id-Web server"}, target={"cell": "id-Vault"}),
                    cell("flow", "nowhere", source={"x": 10, "y": 20}, target={"cell": "id-Vault"}),
                ],
            }
        ],
        "reviewer": "",
        "diagramTop": 1,
        "threatTop": 1,
    },
}


def test_threat_dragon(tmp_path: Path) -> None:
    found = manifest(imported(tmp_path, write(tmp_path / "model.json", DRAGON)))
    assert found.system.actors == ("customer",)
    assert [each.id for each in found.services] == ["web-server"]
    assert [(each.id, each.sensitivity) for each in found.stores] == [("vault", "restricted")]
    assert [(each.source, each.to, each.crosses) for each in found.flows] == [
        ("customer", "web-server", "internet"),
        ("web-server", "vault", None),
    ]


OTM = {
    "otmVersion": "0.2.0",
    "project": {"name": "Answers", "id": "answers", "description": "Answers questions about cheques"},
    "trustZones": [
        {"id": "z1", "name": "Internet", "risk": {"trustRating": 1}},
        {"id": "z2", "name": "Private Secured", "risk": {"trustRating": 100}},
    ],
    "assets": [{"id": "a1", "name": "Cheque images", "risk": {"confidentiality": 100, "integrity": 50, "availability": 50}}],
    "components": [
        {"id": "user", "name": "User", "type": "generic-client", "parent": {"trustZone": "z1"}},
        {"id": "cluster", "name": "Cluster", "type": "vpc", "parent": {"trustZone": "z2"}},
        {"id": "web", "name": "Web server", "type": "web-application-server-side", "parent": {"component": "cluster"}},
        {"id": "db", "name": "Database", "type": "postgresql", "parent": {"component": "cluster"}},
    ],
    "dataflows": [
        {"id": "f1", "name": "Asks", "source": "user", "destination": "web", "assets": ["a1"], "bidirectional": True},
        {"id": "f2", "name": "Reads", "source": "web", "destination": "db"},
    ],
}


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_otm(kind: str, tmp_path: Path) -> None:
    import yaml

    document = json.dumps(OTM) if kind == "json" else yaml.safe_dump(OTM)
    found = manifest(imported(tmp_path, write(tmp_path / f"model.{kind}", document)))
    assert found.system.purpose == "Answers questions about cheques"
    assert found.system.actors == ("user",)
    assert [each.id for each in found.stores] == ["database"]
    flows = [(each.source, each.to, each.carries, each.crosses) for each in found.flows]
    assert flows == [
        ("user", "web-server", ("cheque-images",), "internet"),
        ("web-server", "user", ("cheque-images",), "internet"),
        ("web-server", "database", ("data",), None),
    ]


REGISTRY = {
    "registered_models": [
        {
            "name": "digit reader",
            "creation_timestamp": 1700000000000,
            "latest_versions": [
                {
                    "name": "digit reader",
                    "version": "3",
                    "current_stage": "Staging",
                    "source": "models/new",
                    "run_id": "a" * 32,
                    "status": "READY",
                },
                {"name": "digit reader", "version": "2", "current_stage": "Production", "source": "models/reader", "run_id": "b" * 32},
            ],
        },
        {"name": "elsewhere", "latest_versions": [{"version": "1", "current_stage": "None", "source": "s3://bucket/7/artifacts/model"}]},
    ],
    "next_page_token": "",
}


def test_mlflow_registry(tmp_path: Path) -> None:
    write(tmp_path / "models" / "reader" / "MLmodel", "flavors: {}\n")
    pieces = imported(tmp_path, write(tmp_path / "registry.json", REGISTRY))
    found = manifest(pieces)
    assert [(each.id, each.path) for each in found.models] == [("digit-reader", "models/reader")]
    assert any("elsewhere" in each and "s3://bucket" in each for each in pieces.todos)


MLMODEL = """\
artifact_path: model
flavors:
  python_function:
    env: {conda: conda.yaml, virtualenv: python_env.yaml}
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.12.3
  sklearn: {code: null, pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.6.0}
mlflow_version: 3.1.0
model_uuid: 9fb2b2f0b3f44f0fb7ab8f5b1f9a4f01
run_id: 7c1f
utc_time_created: '2026-01-02 03:04:05.000000'
"""


@pytest.mark.parametrize("source", ["mlruns/1/7c1f/artifacts/model/MLmodel", "mlruns/1/7c1f/artifacts/model", "mlruns"])
def test_mlflow_folders(source: str, tmp_path: Path) -> None:
    write(tmp_path / "mlruns" / "1" / "7c1f" / "artifacts" / "model" / "MLmodel", MLMODEL)
    write(tmp_path / "mlruns" / "1" / "7c1f" / "meta.yaml", "artifact_uri: x\nrun_id: 7c1f\nname: run\n")
    found = manifest(imported(tmp_path, source))
    assert [(each.id, each.path) for each in found.models] == [("model", "mlruns/1/7c1f/artifacts/model")]


def test_mlflow_versions_on_disk(tmp_path: Path) -> None:
    write(tmp_path / "models" / "reader" / "MLmodel", MLMODEL)
    for number, stage in (("1", "Production"), ("2", "None")):
        text = f"name: reader\nversion: '{number}'\nsource: models/reader\ncurrent_stage: {stage}\nrun_id: x\n"
        write(tmp_path / "mlruns" / "models" / "reader" / f"version-{number}" / "meta.yaml", text)
    found = manifest(imported(tmp_path, "mlruns"))
    assert [(each.id, each.path) for each in found.models] == [("reader", "models/reader")]


PROMPTFOO = """\
# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json
description: Answers about cheques
prompts:
  - file://prompts/system.txt
  - 'Summarise this: {{text}}'
  - file://make.py:create
providers:
  - openai:chat:gpt-4o-mini
  - id: anthropic:messages:claude-sonnet-4-5
    config: {temperature: 0.2, max_tokens: 500}
  - openai:gpt-4o:
      config: {apiBaseUrl: 'https://llm.example.org/v1'}
  - file://provider.py
  - azure:chat:deployment
tests: file://tests.csv
"""


def test_promptfoo(tmp_path: Path) -> None:
    write(tmp_path / "eval" / "prompts" / "system.txt", "You are kind.")
    write(tmp_path / "eval" / "tests.csv", "text\nhello\n")
    write(tmp_path / "eval" / "promptfooconfig.yaml", PROMPTFOO)
    pieces = imported(tmp_path, "eval/promptfooconfig.yaml")
    found = manifest(pieces)
    assert [(each.model, each.endpoint) for each in found.models] == [
        ("gpt-4o-mini", "https://api.openai.com/v1"),
        ("claude-sonnet-4-5", "https://api.anthropic.com"),
        ("gpt-4o", "https://llm.example.org/v1"),
    ]
    assert found.models[1].decoding == {"temperature": 0.2, "max_tokens": 500}
    assert [each.id for each in found.suppliers] == ["openai", "anthropic"]
    assert [each.path for each in found.prompts] == ["eval/prompts/system.txt"]
    assert [each.path for each in found.datasets] == ["eval/tests.csv"]
    assert len(pieces.todos) == 4


def test_without_pyyaml_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    write(tmp_path / "c.yaml", PROMPTFOO)
    with pytest.raises(MissingError) as error:
        imported(tmp_path, "c.yaml")
    assert "tetrapylon[scan]" in error.value.hint
    assert imported(tmp_path, write(tmp_path / "m.json", DRAGON)).parts


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("x.json", "{", "not-json"),
        ("x.json", "[" * 100_000, "not-json"),
        ("x.yaml", "a: [", "not-yaml"),
        ("x.yaml", "!!python/object/apply:os.system ['true']", "not-yaml"),
        ("x.yaml", "{" * 2_000, "not-yaml"),
        ("x.json", "{}", "unknown-source"),
        ("x.json", "3", "unknown-source"),
        ("x.yaml", "\x00", "not-yaml"),
    ],
)
def test_what_is_not_a_model_is_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    write(tmp_path / name, text)
    with pytest.raises(UsageError) as error:
        imported(tmp_path, name)
    assert error.value.code == code


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        imported(tmp_path, "nothing.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingError):
        imported(tmp_path, "empty")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
SAMPLES: list[tuple[str, Any]] = [
    ("threat-dragon", DRAGON),
    ("otm", OTM),
    ("mlflow", REGISTRY),
    ("promptfoo", {"prompts": ["x"], "providers": ["openai:gpt"], "tests": "t"}),
]


def replaced(document: Any, path: list[int], value: Any) -> Any:
    """Return the document with one thing in it exchanged."""
    if not path or not isinstance(document, dict | list) or not document:
        return value
    if isinstance(document, list):
        at = path[0] % len(document)
        return [replaced(each, path[1:], value) if number == at else each for number, each in enumerate(document)]
    key = list(document)[path[0] % len(document)]
    return {**document, key: replaced(document[key], path[1:], value)}


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
@given(path=st.lists(st.integers(0, 9), min_size=1, max_size=9), value=JSON)
def test_one_thing_of_another_shape_never_is_a_fault(name: str, sample: Any, path: list[int], value: Any) -> None:
    documents = {"x.json": replaced(sample, path, value)}
    importer = IMPORTERS[name]
    if importer.recognises(documents):
        manifest(importer.pieces(documents, "x.json", lambda _: True))


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_importer_says_what_it_does(name: str) -> None:
    text = IMPORTERS[name].__doc__ or ""
    assert "What it does" in text
    assert "Why it matters" in text
