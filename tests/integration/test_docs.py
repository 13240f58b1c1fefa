"""What the documentation says is what the software does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from tests.integration.conftest import ROOT, Desk, tetrapylon

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "guides").glob("*.md"))]


def blocks(kind: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for page in PAGES:
        found += [(page.name, text) for text in re.findall(rf"^ *```{kind}\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)]
    return found


def schema(name: str) -> dict[str, object]:
    import json

    found = json.loads((ROOT / "docs" / "reference" / "schemas" / f"json-{name}.json").read_text())
    assert isinstance(found, dict)
    return found


def test_the_reference_is_up_to_date_and_links_lead_somewhere() -> None:
    found = subprocess.run([sys.executable, "tools/make_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("page", "text"), blocks("python"))
def test_python_in_the_documentation_compiles(page: str, text: str) -> None:
    import textwrap

    ast.parse(textwrap.dedent(text))


def test_commands_in_the_documentation_exist() -> None:
    """Every `tetrapylon COMMAND` and option that a page names is known to the command line."""
    known = (ROOT / "docs" / "reference" / "commands.md").read_text()
    for page in PAGES:
        for words in re.findall(
            r"tetrapylon ((?:[a-z-]+ ?)+)", " ".join(re.findall(r"`tetrapylon [^`]*`|^\$ tetrapylon .*$", page.read_text(), re.MULTILINE))
        ):
            first = words.split()[0]
            assert re.search(rf"^## `?tetrapylon {first}\b", known, re.MULTILINE), (page.name, first)
        for option in re.findall(r"(?<![\w-])--[a-z-]{3,}", page.read_text()):
            assert option in known or option in {"--trust", "--artefact"}, (page.name, option)


def test_outputs_fit_their_schemas(desk: Desk, tmp_path: Path) -> None:
    assert jsonschema_rs.validator_for(schema("posture")).is_valid(desk.run("assess", "--json").json)
    assert jsonschema_rs.validator_for(schema("decision")).is_valid(desk.run("gate", "--json").json)
    assert desk.run("passport", "--out", tmp_path / "passport").code == 0
    assert jsonschema_rs.validator_for(schema("verify")).is_valid(tetrapylon("verify", tmp_path / "passport", "--json").json)
    assert jsonschema_rs.validator_for(schema("error")).is_valid(tetrapylon("gate", "--json", cwd=tmp_path).json)
    assert not jsonschema_rs.validator_for(schema("verify")).is_valid({"schema": "tetrapylon/verify/1"})


def test_the_readmes_first_steps_work(desk: Desk) -> None:
    """The python block of the README, on the example: train inside the hook, load verified."""
    program = (
        "import tetrapylon, shutil\n"
        "with tetrapylon.training('digit-reader'):\n"
        "    data = open('models/digit-reader.onnx','rb').read(); open('models/digit-reader.onnx','wb').write(data)\n"
        "session = tetrapylon.load_verified('models/digit-reader.onnx')\n"
        "print(session.get_inputs()[0].shape)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=desk.root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "256" in ended.stdout
