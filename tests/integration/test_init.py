"""`tetrapylon init`: a stranger's folder becomes a declared system that can be assessed and decided."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from tests.integration.conftest import EXAMPLE, ROOT, tetrapylon
from tests.integration.stranger import add_hostile, here, write
from tetrapylon.system.decode import decode_manifest

SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "json-init.json").read_text())


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write(tmp_path / "repo")


def test_what_is_found_is_declared_and_marked(repo: Path) -> None:
    ended = here(repo, "init")
    assert ended.code == 0
    text = (repo / "tetrapylon.toml").read_text()
    manifest = decode_manifest(text)
    assert (manifest.system.id, manifest.system.release) == ("cheque-answers", "0.3.1")
    assert manifest.system.code == ("src/**/*.py",)
    assert manifest.system.locks == ("requirements.txt",)
    hosted = {each.model: each for each in manifest.models}
    assert hosted["gpt-4o"].endpoint == "https://api.openai.com/v1"
    assert hosted["gpt-4o"].supplier == "openai"
    assert hosted["bert-base-uncased"].endpoint == "https://huggingface.co"
    assert 'model = "gpt-4o"' in text
    assert re.search(r"# found: src/answers/app\.py:\d+$", text, re.MULTILINE)
    assert manifest.flows
    for line in text.splitlines():
        if " = " in line and not line.startswith(("#", "schema")):
            assert re.search(r"  # (found|guessed|to do)\b", line), line


def test_a_manifest_is_never_overwritten(repo: Path) -> None:
    (repo / "tetrapylon.toml").write_text("mine")
    ended = here(repo, "init")
    assert (ended.code, "--force" in ended.err) == (2, True)
    assert (repo / "tetrapylon.toml").read_text() == "mine"
    assert here(repo, "init", "--dry-run").code == 0
    assert (repo / "tetrapylon.toml").read_text() == "mine"
    assert here(repo, "init", "--force").code == 0
    assert decode_manifest((repo / "tetrapylon.toml").read_text())


def test_a_dry_run_prints_what_would_be_written(repo: Path) -> None:
    dry = here(repo, "init", "--dry-run")
    assert not (repo / "tetrapylon.toml").exists()
    as_json = here(repo, "init", "--json", "--dry-run").json
    assert jsonschema_rs.validator_for(SCHEMA).is_valid(as_json)
    assert as_json["written"] is False
    assert here(repo, "init").code == 0
    assert dry.out == (repo / "tetrapylon.toml").read_text() == as_json["manifest"]
    # The manifest is no part of what it is made from.
    assert here(repo, "init", "--dry-run").out == dry.out


def test_hostile_folders_are_declared_too(repo: Path) -> None:
    add_hostile(repo)
    ended = here(repo, "init", "--dry-run")
    assert ended.code == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", ended.out + ended.err)
    assert decode_manifest(ended.out)


def test_an_empty_folder_gives_a_manifest_that_says_so(tmp_path: Path) -> None:
    ended = here(tmp_path, "init")
    assert ended.code == 0
    assert "no part of an AI system was found" in ended.out or "environment" in ended.out
    assert decode_manifest((tmp_path / "tetrapylon.toml").read_text()).models == ()


def test_what_another_tool_knows_is_taken_over(repo: Path) -> None:
    model = {
        "otmVersion": "0.2.0",
        "project": {"name": "x", "id": "x", "description": "Answers"},
        "trustZones": [],
        "components": [{"id": "u", "name": "Teller", "type": "generic-client"}, {"id": "w", "name": "Desk", "type": "web-ui"}],
        "dataflows": [{"id": "f", "name": "asks", "source": "u", "destination": "w"}],
    }
    (repo / "model.otm").write_text(json.dumps(model))
    assert here(repo, "init", "--from", "model.otm").code == 0
    manifest = decode_manifest((repo / "tetrapylon.toml").read_text())
    assert [(each.source, each.to) for each in manifest.flows] == [("teller", "desk")]
    assert manifest.system.purpose == "Answers"
    assert {each.model for each in manifest.models} == {"gpt-4o", "bert-base-uncased"}
    assert here(repo, "init", "--force", "--from", "README.md").code == 2
    assert here(repo, "init", "--force", "--from", "nothing.json").code == 3


def test_what_is_drafted_for_the_example_names_what_its_manifest_names(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(EXAMPLE, tmp_path / "desk", ignore=shutil.ignore_patterns("tetrapylon.toml", "__pycache__"))
    ended = here(tmp_path / "desk", "init", "--dry-run")
    assert ended.code == 0
    assert "requirements.lock" in decode_manifest(ended.out).system.locks


def test_a_stranger_gets_from_nothing_to_a_release(repo: Path) -> None:
    """Four commands to a verdict, which names the model that nobody signed; the hook signs it, and two more to a release."""
    import numpy as np
    from safetensors.numpy import save_file

    (repo / "models").mkdir()
    save_file({"weights": np.zeros((2, 2), dtype=np.float32)}, repo / "models" / "reader.safetensors")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=repo, check=True)
    assert here(repo, "init").code == 0
    assert here(repo, "trust", "init").code == 0
    assert here(repo, "develop", "record").code == 0
    assert tetrapylon("assess", cwd=repo).code == 1
    refused = tetrapylon("gate", "--json", cwd=repo)
    assert refused.json["verdict"] == "refused"
    assert [each["reason"] for each in refused.json["practices"] if each["state"] == "FAIL" and "`reader`" not in each["reason"]] == []
    trained = (
        "import tetrapylon\nwith tetrapylon.training('reader'):\n"
        "    p = 'models/reader.safetensors'\n    d = open(p, 'rb').read()\n    open(p, 'wb').write(d)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", trained], cwd=repo, check=True, capture_output=True)
    assert here(repo, "develop", "record").code == 0
    assert tetrapylon("assess", cwd=repo).code == 0
    released = tetrapylon("gate", "--json", cwd=repo)
    assert (released.code, released.json["verdict"]) == (0, "released")
    assert not [each for each in released.json["practices"] if each["state"] == "UNKNOWN"]
