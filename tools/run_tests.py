"""Run pytest once, in a network namespace with nothing but loopback where the kernel allows it, and then the coverage gate.

Arguments are handed on to pytest; naming tests leaves the coverage gate out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GATED = ("kernel", "evidence", "posture")
"""Packages whose branches are all to be covered; stores and signers are held by contract tests."""

PYTEST = ("-m", "pytest", "-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal", "-m", "not soak and not fuzz")

EGRESS = "EGRESS_IS_CUT"
"""Tells `tests/house/test_egress.py` that it must find nothing but loopback."""


def isolated() -> list[str]:
    """Return what stands before a command to cut it off from the network; nothing where the kernel refuses."""
    # Root keeps its users if it may: some tests become somebody else to be refused something.
    for flags in ("-n", "-rn") if os.geteuid() == 0 else ("-rn",):
        before = ["unshare", flags, sys.executable, str(ROOT / "tools" / "loopback.py")]
        if shutil.which("unshare") and subprocess.run([*before, "true"], check=False, capture_output=True).returncode == 0:
            return before
    return []


def main(given: list[str]) -> int:
    """Run the tests and then the coverage gate."""
    before = isolated()
    print("egress: cut off, loopback only" if before else "egress: NOT PROVED, the kernel allows no network namespace here", flush=True)
    measured = [] if given else [*(f"--cov=tetrapylon.{each}" for each in GATED), "--cov-branch", "--cov-report="]
    environment = {**os.environ, EGRESS: "1" if before else "0"}
    ended = subprocess.run([*before, sys.executable, *PYTEST, *measured, *given], cwd=ROOT, check=False, env=environment).returncode
    if ended or not measured:
        return ended
    return subprocess.run([sys.executable, "tools/check_coverage.py"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
