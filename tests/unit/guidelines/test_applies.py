"""Preconditions: decided by what the manifest declares, each with its reason, and never without anything to look at."""

from __future__ import annotations

from typing import Any

import pytest

from tetrapylon.guidelines.applies import PRECONDITIONS
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.shelf import package_text
from tetrapylon.system.assets import declared
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.manifest import manifest_facts

SYSTEM = """\
schema = "tetrapylon/manifest/1"

[system]
id = "small"
release = "1.0.0"
role = "provider"
criticality = "mission"
purpose = "Shows what the least of each kind asks for"
"""

TABLES = {
    "nothing more": "",
    "a model file": '[[model]]\nid = "m"\npath = "m.onnx"\n',
    "an image model": '[[model]]\nid = "m"\npath = "m.onnx"\npreprocess = [{ op = "greyscale" }]\n',
    "a hosted model": '[[model]]\nid = "m"\nendpoint = "https://model.example.org/v1"\n',
    "a dataset": '[[dataset]]\nid = "d"\npath = "d.csv"\nsensitivity = "internal"\n',
    "a prompt": '[[prompt]]\nid = "p"\npath = "p.md"\n',
    "a tool": '[[tool]]\nid = "t"\neffect = "read"\n',
    "a person": '[[person]]\nid = "owner-1"\nroles = ["owner"]\nkey = "keys/owner-1.pub"\n',
    "a supplier": '[[supplier]]\nid = "s"\nname = "Supplier"\n',
    "a group": '[[group]]\nid = "g"\nmay = []\n',
}

HOLDS = {
    "a model file": {"has-model", "has-model-file"},
    "an image model": {"has-model", "has-model-file", "has-image-model"},
    "a hosted model": {"has-model", "has-model-hosted", "has-endpoint"},
    "a dataset": {"has-dataset"},
    "a prompt": {"has-prompt"},
    "a tool": {"has-tool"},
    "a person": {"has-people"},
    "a supplier": {"has-supplier"},
    "a group": {"has-gateway"},
    "nothing more": set(),
}
"""Which preconditions hold besides those of every system."""

OPEN = {
    "SD3.5": "without a lock file nobody can say which libraries load a model",
    "SP1.8": "without a lock file nobody can say what is installed",
    "SV1.7": "what was downloaded is recorded for model files only",
}
"""Practices that stay unknown where what they look at is not declared, and why that is meant."""

each_table = pytest.mark.parametrize("table", TABLES)


def facts(table: str) -> dict[str, Any]:
    return manifest_facts(decode_manifest(SYSTEM + TABLES[table]))


@each_table
def test_the_manifest_decides(table: str) -> None:
    found = {name for name, precondition in PRECONDITIONS.items() if precondition(facts(table))[0]}
    assert found == HOLDS[table] | {"always", "is-provider", "is-mission-critical"}


@each_table
def test_every_answer_has_its_reason(table: str) -> None:
    for precondition in PRECONDITIONS.values():
        assert precondition(facts(table))[1]


def test_the_reason_names_what_was_found() -> None:
    assert PRECONDITIONS["has-model-file"](facts("a model file")) == (True, "model file: m")
    assert PRECONDITIONS["has-tool"](facts("a tool"))[1] == "the manifest declares 1 tool"


@pytest.mark.parametrize(
    ("name", "change"), [("is-provider", ('role = "provider"', 'role = "user"')), ("is-mission-critical", ('"mission"', '"low"'))]
)
def test_the_system_itself_decides(name: str, change: tuple[str, str]) -> None:
    found, reason = PRECONDITIONS[name](manifest_facts(decode_manifest(SYSTEM.replace(*change))))
    assert not found
    assert reason.endswith(f"`{change[1].split()[-1].strip(chr(34))}`")


@each_table
def test_what_applies_has_something_to_look_at(table: str) -> None:
    """A practice that applies but looks at what is not declared could never be more than unknown."""
    manifest = decode_manifest(SYSTEM + TABLES[table])
    kinds = {"release", *(each.kind for each in declared(manifest, settings={}, policy=sha256(b"policy")))}
    blind = {
        practice["id"]
        for practice in catalogue_object(package_text("tetrapylon.guidelines", "catalogue.toml"))["practice"]
        if practice["status"] == "core" and PRECONDITIONS[practice["applies"]](manifest_facts(manifest))[0]
        for part in practice["part"]
        if "inputs" in part and kinds.isdisjoint(part["inputs"])
    }
    assert blind <= set(OPEN)
