"""Fetch what the tests need beside the locked environment: programs of the system, and peers in environments of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".peers"

PROGRAMS = {"ssh-keygen": "openssh-client", "openssl": "openssl", "git": "git", "unshare": "util-linux", "ip": "iproute2"}
"""A program that tests run, and the Debian package that has it."""

# The reference tool does not declare pyOpenSSL, without which it cannot be imported.
PEER_PACKAGES = {"model-signing": ["model-signing==1.1.1", "pyOpenSSL==25.3.0"]}


def fetch_programs() -> None:
    """Install missing programs where this is Debian and we may; otherwise say which tests will be skipped."""
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        sys.stdout.write(f"not installed, and tests that need them are skipped: {', '.join(missing)}\n")


def fetch_peers() -> None:
    """Make one environment for each peer."""
    for name, packages in PEER_PACKAGES.items():
        done = PEERS / name / ".done"
        if done.is_file() and done.read_text() == "\n".join(packages):
            continue
        venv.create(PEERS / name, with_pip=True, clear=True)
        pip = [str(PEERS / name / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        if subprocess.run(pip, check=False).returncode == 0:
            done.write_text("\n".join(packages))
        else:
            sys.stdout.write(f"the peer {name} could not be fetched; its tests are skipped\n")


if __name__ == "__main__":
    fetch_programs()
    fetch_peers()
