"""The steps of the example's runs: commands that you could type yourself, how each ended, and what went wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"
DESK = BUILD / "cheque-desk"
CUSTOMER = BUILD / "customer"
"""What the customer holds: a verifier and a trust root that did not come with the passport."""

REPORT = BUILD / "report.html"
TETRAPYLON = str(Path(sys.executable).with_name("tetrapylon"))
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One thread is enough for so small a model, and gives the same bytes on machines with more cores."""

VERDICTS = {0: "released", 1: "refused", 3: "could not decide", 4: "integrity broken"}
KEPT = ("pycache", "bench")
"""What in `BUILD` is not of a run: bytecode, and the programs of benchmarks."""

PATIENCE = 20
"""Seconds in which a server must be ready, and in which it must end."""


@dataclass
class Run:
    """The steps so far."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    said: str = ""
    """What the last command wrote on stdout."""

    def chapter(self, title: str) -> None:
        """Say what the next steps are about."""
        print(f"\n\033[1;4m{title}\033[0m" if sys.stdout.isatty() else f"\n== {title}", flush=True)

    def step(
        self, why: str, *command: str, expect: tuple[int, ...] = (0,), quiet: bool = False, env: Mapping[str, str] = MappingProxyType({})
    ) -> int:
        """Run one command and return its exit code; an unexpected one is a complaint."""
        shown = " ".join(_short(each) for each in command)
        print(f"\n\033[1m{why}\033[0m\n  $ {shown}" if sys.stdout.isatty() else f"\n{why}\n  $ {shown}", flush=True)
        began = time.monotonic()
        ended = subprocess.run(command, cwd=DESK, check=False, capture_output=True, text=True, env={**ENVIRONMENT, **env})
        seconds = round(time.monotonic() - began, 2)
        wrong = ended.returncode not in expect
        for line in (ended.stdout + ended.stderr).splitlines() if wrong or not quiet else []:
            print(f"  {line}")
        verdict = f"{VERDICTS.get(ended.returncode, '')}, " if ended.returncode in (1, 3, 4) else ""
        print(f"  ({verdict}exit {ended.returncode}, {seconds} s)", flush=True)
        self.steps.append({"command": shown, "exit": ended.returncode, "seconds": seconds})
        if wrong:
            self.complaints.append(f"`{shown}` ended with {ended.returncode}, not {' or '.join(map(str, expect))}")
        self.said = ended.stdout
        return ended.returncode

    @contextmanager
    def beside(self, why: str, *command: str) -> Iterator[str]:
        """Run a server until the block ends, and give the first line that it prints once it is ready."""
        print(f"\n{why}\n  $ {' '.join(_short(each) for each in command)} &", flush=True)
        with subprocess.Popen(command, cwd=DESK, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
            try:
                line = server.stdout.readline() if server.stdout else ""
                if not line:
                    self.complaints.append(f"`{_short(' '.join(command))}` did not start")
                yield line
            finally:
                server.terminate()
                server.wait(PATIENCE)


def _short(text: str) -> str:
    for path, name in (
        (TETRAPYLON, "tetrapylon"),
        (sys.executable, "python3"),
        (f"{DESK}/", ""),
        (f"{BUILD}/", "../"),
        (f"{ROOT}/", "../../"),
    ):
        text = text.replace(path, name)
    return text


def begin(run: Run) -> None:
    """Copy the example, make its data, keys, model and records, and give the root of trust to the customer."""
    _clear()
    shutil.copytree(HERE, DESK, ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "*.safetensors", "metrics.json", ".tetrapylon"))
    CUSTOMER.mkdir()
    _own_repository()
    run.step("Make the training data", sys.executable, "make_data.py")
    run.step("Make the keys and the root of trust (demonstration keys)", TETRAPYLON, "trust", "init")
    run.step("Train the reader; it is hashed and signed when training ends", sys.executable, "train.py")
    run.step("Write cards of models, data and prompts, and the bill of materials", TETRAPYLON, "develop", "record")
    shutil.copyfile(ROOT / "verifier" / "tetrapylon_verify.py", CUSTOMER / "tetrapylon_verify.py")
    run.step("Give the root of trust to the customer, by another way", TETRAPYLON, "trust", "export", str(CUSTOMER / "root.json"))
    run.step("Tell users and researchers: use, limits, duties, safe harbour, contact", TETRAPYLON, "operate", "disclosure")


def _clear() -> None:
    """Remove what the last run left, but not the bytecode: making that anew takes a third of a run."""
    BUILD.mkdir(exist_ok=True)
    for each in BUILD.iterdir():
        if each.name in KEPT:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink()


def _own_repository() -> None:
    """Make the copy a repository of its own: which branch this one is on has nothing to do with the example."""
    if shutil.which("git"):
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=DESK, check=True)


def crossing(run: Run, expect: int, *options: str) -> None:
    """Assess, decide, write the passport, and let the customer verify it; all must agree."""
    run.step("Measure, and leave signed evidence", TETRAPYLON, "assess", *options, expect=(expect,), quiet=True)
    decided = run.step("Decide the release from the evidence", TETRAPYLON, "gate", *options, expect=(expect,))
    run.step("Write the passport", TETRAPYLON, "passport", "--out", str(BUILD / "passport"))
    verifier = [sys.executable, "-I", "-S", str(CUSTOMER / "tetrapylon_verify.py"), str(BUILD / "passport")]
    held = ["--trust", str(CUSTOMER / "root.json"), "--artefact", str(DESK / "models" / "digit-reader.onnx")]
    verified = run.step("The customer verifies, with one file and no network", *verifier, *held, expect=(expect,))
    if verified != decided:
        run.complaints.append(f"the gate said {decided} and the customer's verifier {verified}")


def finish(run: Run, seconds: float) -> int:
    """Write `build/run.json` and say how it went."""
    verdict_file = subprocess.run(
        [TETRAPYLON, "gate", "--at", "9999-12-31T23:59:59Z", "--json"], cwd=DESK, check=False, capture_output=True, text=True
    )
    decision = json.loads(verdict_file.stdout) if verdict_file.returncode in VERDICTS else {"verdict": "could not decide", "exit": 3}
    decision = {"verdict": "could not decide", **decision}
    found = {
        "schema": "tetrapylon/run/1",
        "verdict": decision["verdict"],
        "exit": decision["exit"],
        "trust": "build/customer/root.json",
        "passport": "build/passport",
        "report": f"build/{REPORT.name}" if REPORT.is_file() else None,
        "ledger": "build/cheque-desk/.tetrapylon/ledger",
        "steps": run.steps,
    }
    (BUILD / "run.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    for each in run.complaints:
        print(f"WRONG: {each}")
    agreed = "disagreed" if run.complaints else "agreed each time"
    print(f"\n{decision['verdict']}: {len(run.steps)} steps in {seconds:.1f} s, the independent verifier {agreed}")
    return 1 if run.complaints else 0
