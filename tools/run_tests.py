"""Run pytest once, in a network namespace with nothing but loopback where the kernel allows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GATED = ("kernel", "evidence", "posture")
"""Packages whose branches are all to be covered; stores and signers are held by contract tests."""


def isolated() -> list[str]:
    """Return what stands before a command to cut it off from the network; nothing where the kernel refuses."""
    if shutil.which("unshare") is None:
        return []
    # Root keeps its users: some tests become somebody else to be refused something.
    flags = "-n" if os.geteuid() == 0 else "-rn"
    probe = subprocess.run(["unshare", flags, "true"], check=False, capture_output=True)
    with_loopback = 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null; exec "$0" "$@"'
    return ["unshare", flags, "sh", "-c", with_loopback] if probe.returncode == 0 else []


def main() -> int:
    """Run the tests and then the coverage gate."""
    before = isolated()
    sys.stdout.write("egress: cut off, loopback only\n" if before else "egress: NOT PROVED, the kernel allows no network namespace here\n")
    sys.stdout.flush()
    sources = [f"--cov=tetrapylon.{each}" for each in GATED]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
        "--dist",
        "worksteal",
        "-m",
        "not soak and not fuzz",
        *sources,
    ]
    command += ["--cov-branch", "--cov-report=", *sys.argv[1:]]
    environment = {**os.environ, "TETRAPYLON_EGRESS": "cut" if before else "open"}
    ended = subprocess.run([*before, *command], cwd=ROOT, check=False, env=environment).returncode
    return ended or subprocess.run([sys.executable, "tools/check_coverage.py"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
