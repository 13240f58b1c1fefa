"""Fetch what the tests need beside the locked environment: programs of the system, and peers in environments of their own.

A peer is another implementation that must agree with ours. `tools/peers/NAME.in` says what is wanted of it, and
`tools/peers/NAME.txt`, made from it by `make lock`, holds every version and hash.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "tools" / "peers"
PEERS = ROOT / ".peers"
UV = ROOT / ".venv-tools" / "bin" / "uv"

PROGRAMS = {"ssh-keygen": "openssh-client", "openssl": "openssl", "git": "git", "unshare": "util-linux", "chromium": "chromium"}
"""A program that tests run, and the Debian package that has it."""


def fetch_programs() -> None:
    """Install missing programs where this is Debian and we may; otherwise say which tests will be skipped."""
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing and not (_apt("update") and _apt("install", "-y", "--no-install-recommends", *missing)):
        print(f"not installed, and tests that need them are skipped: {', '.join(missing)}")


def _apt(*arguments: str) -> bool:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", "-qq", *arguments], check=False, capture_output=True, env=environment).returncode == 0


def fetch_peers() -> None:
    """Make one environment for each peer, exactly as locked; one that is there already is left alone."""
    for lock in sorted(LOCKS.glob("*.txt")):
        done = PEERS / lock.stem / ".done"
        if done.is_file() and done.read_bytes() == lock.read_bytes():
            continue
        if _made(PEERS / lock.stem, lock):
            done.write_bytes(lock.read_bytes())
        else:
            print(f"the peer {lock.stem} could not be fetched; its tests are skipped")


def _made(folder: Path, lock: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    steps = (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "sync", "--require-hashes", "--python", str(folder / "bin" / "python"), str(lock)],
    )
    return all(subprocess.run([str(UV), "--quiet", *step], cwd=ROOT, check=False).returncode == 0 for step in steps)


if __name__ == "__main__":
    fetch_programs()
    fetch_peers()
