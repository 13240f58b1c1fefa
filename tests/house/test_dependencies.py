"""What an installation pulls in, read from the lock file: a small core, and nothing that must not be there."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest

from tests.house.source import ROOT

MOST_CORE_PACKAGES = 15

# Torch weighs gigabytes; the others are refused for their licence, or for what they do with what they are given.
NEVER = {"torch", "tensorflow", "triton", "pymerkle", "alibi-detect", "rnet", "mermaid-py", "cacao", "llm-guard", "mlcroissant"}


@cache
def locked() -> dict[str, dict[str, Any]]:
    """Return the packages of the lock by name; of several versions any one."""
    return {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]}


def tree(names: list[str]) -> set[str]:
    """Return these packages and all that they need, on any platform and Python."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names += [each["name"] for each in locked()[name].get("dependencies", ())]
    return found


def project() -> dict[str, Any]:
    """Return what `pyproject.toml` says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_core_is_small() -> None:
    core = tree(["tetrapylon"]) - {"tetrapylon"}
    assert len(core) > 6
    assert len(core) <= MOST_CORE_PACKAGES, sorted(core)


def test_nothing_is_locked_that_must_not_be() -> None:
    assert sorted(NEVER & set(locked())) == []
    assert [name for name in locked() if name.startswith("nvidia")] == []


@pytest.mark.parametrize("extra", project()["project"]["optional-dependencies"])
def test_every_extra_is_locked(extra: str) -> None:
    # A package stands there once for each of its versions, where Pythons differ.
    found = {each["name"] for each in locked()["tetrapylon"]["optional-dependencies"][extra]}
    wanted = {re.split(r"[\[>]", each)[0].lower() for each in project()["project"]["optional-dependencies"][extra]}
    assert found == wanted
    assert tree(sorted(found)) >= wanted


def test_every_locked_file_has_its_hash() -> None:
    files = [file for each in locked().values() for file in [*each.get("wheels", ()), *([each["sdist"]] if "sdist" in each else [])]]
    assert len(files) > 1000
    assert [file["url"] for file in files if not file["hash"].startswith("sha256:")] == []


def test_every_requirement_has_a_floor() -> None:
    data = project()
    groups = [data["project"]["dependencies"], *data["project"]["optional-dependencies"].values(), *data["dependency-groups"].values()]
    assert [each for group in groups for each in group if ">=" not in each] == []
