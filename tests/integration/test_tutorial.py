"""The tutorial, step by step as it stands: every command runs, ends as the page says, and says what the page shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.conftest import ONE_THREAD, ROOT

PAGE = ROOT / "docs" / "tutorial.md"
FILES = ROOT / "docs" / "tutorial"


@dataclass
class Step:
    """One command of the page, how it is to end, and lines that it is to say."""

    command: str
    code: int = 0
    said: list[str] = field(default_factory=list)


def steps(text: str) -> Iterator[Step]:
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        step: Step | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if step:
                    yield step
                command, _, ends = line[2:].partition("        # ends with ")
                step = Step(command, int(ends or 0))
            elif step:
                step.said.append(line.strip())
        if step:
            yield step


def test_the_tutorial_is_what_happens(tmp_path: Path) -> None:
    desk = tmp_path / "ticket-desk"
    shutil.copytree(FILES / "before", desk)
    (desk / "models").mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=desk, check=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **ONE_THREAD, "PATH": path, "NO_COLOR": "1"}
    done = list(steps(PAGE.read_text("utf-8")))
    assert len(done) > 12  # otherwise this read the wrong page
    for step in done:
        if step.command == "tetrapylon trust init":
            shutil.copytree(FILES / "after", desk, dirs_exist_ok=True)
        ended = subprocess.run(shlex.split(step.command), cwd=desk, env=environment, capture_output=True, text=True, check=False)
        told = ended.stdout + ended.stderr
        assert ended.returncode == step.code, f"{step.command}\n{told}"
        assert [each for each in step.said if each not in told] == [], f"{step.command}\n{told}"
