"""`check` writes nothing and connects nowhere, shown in two ways.

Where the kernel allows it, the command runs where everything is mounted read-only and there is no network. Everywhere, it runs
under Python's own audit events. Each way is first shown to see what it is there to see.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.stranger import add_hostile, write

COMMAND = [sys.executable, "-B", "-m", "tetrapylon.cli.__main__", "check"]

READ_ONLY = """
set -e
mount --make-rprivate /
tree="$1"; home="$2"; shift 2
for each in "$tree" "$home" /tmp; do
  mount --bind "$each" "$each"
  mount -o remount,bind,ro "$each"
done
# The rest as well, where the kernel lets us.
mount -o remount,bind,ro / 2>/dev/null || true
cd "$tree"
for each in "$tree" "$home" /tmp; do
  if touch "$each/probe" 2>/dev/null; then echo "$each can be written to" >&2; exit 99; fi
done
export HOME="$home" TMPDIR=/tmp
exec "$@"
"""


def unshared() -> list[str]:
    """Return what stands before a command to give it mounts and a network of its own."""
    for flags in ("-mn", "-rmn"):
        argv = ["unshare", flags]
        try:
            tried = [*argv, "sh", "-c", "mount --make-rprivate / && mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp"]
            if subprocess.run(tried, capture_output=True, timeout=20, check=False).returncode == 0:
                return argv
        except FileNotFoundError:
            break
    pytest.skip("needs `unshare` and the right to mount")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    write(tmp_path / "repo")
    add_hostile(tmp_path / "repo")
    (tmp_path / "home").mkdir()
    return tmp_path / "repo"


def state(root: Path) -> dict[str, tuple[int, int, int]]:
    """Return everything below a folder with size, mode and time of the last change."""
    found = {}
    for folder, folders, names in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *names)):
            info = path.lstat()
            found[str(path)] = (info.st_size, info.st_mode, info.st_mtime_ns)
    return found


def read_only(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    before = [*unshared(), "sh", "-c", READ_ONLY, "sh", str(repo), str(repo.parent / "home")]
    return subprocess.run([*before, *COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_it_works_where_nothing_can_be_written_and_nobody_can_be_asked(repo: Path) -> None:
    before = state(repo.parent)
    ended = read_only(repo, "--json")
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr == ""
    assert json.loads(ended.stdout)["findings"]
    assert state(repo.parent) == before
    here = subprocess.run([*COMMAND, "--json"], cwd=repo, capture_output=True, text=True, check=False)
    assert here.stdout == ended.stdout
    assert state(repo.parent) == before


def test_where_nothing_can_be_written_a_report_is_refused_with_a_sentence(repo: Path) -> None:
    ended = read_only(repo, "--sarif", "report.sarif")
    assert ended.returncode == 3, ended.stderr
    assert "read-only" in ended.stderr
    assert "Traceback" not in ended.stderr


AUDITED = """
import json, os, sys

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime",
    "os.setxattr", "os.removexattr", "os.chflags", "tempfile.mkstemp", "tempfile.mkdtemp", "os.mkfifo", "os.mknod",
}
RUNNING = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn", "os.startfile"}
seen = []


def hook(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if (isinstance(flags, int) and flags & WRITING) or (isinstance(mode, str) and set(mode) & set("wax+")):
            seen.append(["write", repr(path)])
    elif event in CHANGING or event.startswith("shutil."):
        seen.append(["write", event])
    elif event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
        seen.append(["network", event])
    elif event in RUNNING:
        seen.append(["process", event])


sys.addaudithook(hook)
commands = json.loads(sys.argv[1])
answers = []
for each in commands:
    seen.clear()
    if each == ["control"]:
        import socket, subprocess

        socket.socket().close()
        subprocess.run([sys.executable, "-c", ""], check=True)
        code = 0
    else:
        from tetrapylon.cli.__main__ import main

        code = main(each)
    answers.append({"code": code, "seen": list(seen)})
sys.stderr.write("\\n" + json.dumps(answers))
"""


def audited(repo: Path, *commands: list[str]) -> list[dict[str, Any]]:
    """Run the commands in one process and return for each its exit code, and what it wrote, asked and ran."""
    argv = [sys.executable, "-B", "-c", AUDITED, json.dumps(commands)]
    ended = subprocess.run(argv, cwd=repo, capture_output=True, text=True, timeout=120, check=False)
    found = json.loads(ended.stderr.strip().splitlines()[-1])
    assert isinstance(found, list)
    return found


def test_the_audit_sees_networks_processes_and_files(repo: Path) -> None:
    control, written = audited(repo, ["control"], ["check", "--write-baseline", "b.json", "--sarif", "s.sarif"])
    assert {"network", "process"} <= {each[0] for each in control["seen"]}
    assert written["code"] == 0
    assert {each[0] for each in written["seen"]} == {"write"}
    assert {path.name for path in repo.iterdir() if path.name in {"b.json", "s.sarif"}} == {"b.json", "s.sarif"}


def test_no_file_is_written_nobody_is_asked_and_nothing_is_run(repo: Path) -> None:
    options: tuple[list[str], ...] = ([], ["--json"], ["--ci"], ["--junit", "-"], ["--markdown", "-"], ["src/answers/app.py"])
    commands = [["check", *each] for each in options]
    assert audited(repo, *commands) == [{"code": 1, "seen": []}] * len(commands)


def test_a_dry_run_of_init_writes_nothing_either(repo: Path) -> None:
    assert audited(repo, ["init", "--dry-run"]) == [{"code": 0, "seen": []}]
