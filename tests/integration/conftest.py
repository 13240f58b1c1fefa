"""A trained and assessed copy of the example, made once and copied for each test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "cheque-desk"
VERIFIER = ROOT / "verifier" / "tetrapylon_verify.py"


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Two test processes that each train with two threads on two cores wait for each other most of the time."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def tetrapylon(*arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> Ended:
    """Run the command as a user does; a traceback fails the test whatever else is expected."""
    command = [sys.executable, "-m", "tetrapylon.cli", *map(str, arguments)]
    command[1:3] = ["-m", "tetrapylon.cli.__main__"]
    found = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})})
    assert "Traceback" not in found.stdout + found.stderr, found.stderr
    assert "fault in Tetrapylon" not in found.stdout + found.stderr, found.stderr
    return Ended(found.returncode, found.stdout, found.stderr)


@dataclass(frozen=True)
class Desk:
    """A copy of the example that a test may break."""

    root: Path

    def run(self, *arguments: str | Path, **extra: Any) -> Ended:
        return tetrapylon(*arguments, cwd=self.root, **extra)

    def assess(self) -> dict[str, str]:
        """Measure, and return each practice's state."""
        self.run("assess", "--json")
        return self.states()

    def states(self, profile: str = "start") -> dict[str, str]:
        """Return each practice's state on the evidence that there is, measuring nothing."""
        return {name: row["state"] for name, row in self.rows(profile).items()}

    def rows(self, profile: str = "start") -> dict[str, dict[str, Any]]:
        """Return each practice's row on the evidence that there is."""
        from tetrapylon.app.decide import assess_now
        from tetrapylon.app.guidance import policy
        from tetrapylon.app.project import open_project
        from tetrapylon.outside.clock import SystemClock

        project = open_project(self.root)
        return {each["id"]: each for each in assess_now(project, policy(project, profile), SystemClock().now()).decision["practices"]}

    @property
    def weights(self) -> Path:
        return self.root / "models" / "digit-reader.onnx"


def flip(path: Path, place: int | None = None) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if place is None else place] ^= 1
    path.write_bytes(data)


@pytest.fixture(scope="session")
def _assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("desk") / "cheque-desk"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "*.safetensors", "metrics.json", ".tetrapylon"))
    for command in (["make_data.py"], ["-m", "tetrapylon.cli.__main__", "trust", "init"], ["train.py"]):
        subprocess.run([sys.executable, *command], cwd=root, check=True, capture_output=True, env={**os.environ, **ONE_THREAD})
    for arguments in (("operate", "disclosure"), ("develop", "record"), ("assess",)):
        ended = tetrapylon(*arguments, cwd=root)
        assert ended.code == 0, ended.out + ended.err
    return root


@pytest.fixture
def desk(_assessed: Path, tmp_path: Path) -> Desk:
    shutil.copytree(_assessed, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")
