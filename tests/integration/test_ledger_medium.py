"""Full, read-only and forbidden media: a clear error, nothing half written, and the log works again afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

COMMON = """
import errno, json, os, resource, sys
from pathlib import Path
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.kernel.errors import StorageError

folder = Path(sys.argv[1]) / "log"
entries = lambda start, stop: [b"%d " % each + b"x" * 400 for each in range(start, stop)]
seen = {}

def refusal(call):
    before = state()
    try:
        call()
    except StorageError as error:
        return {"code": error.code, "message": error.message, "hint": error.hint, "unchanged": state() == before}
    return {"code": "none"}

def state():
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}

def fill(store, most):
    done = 0
    while done < most:
        store.append(entries(done, done + 7))
        done += 7
        seen["size"] = done
"""

FULL = (
    COMMON
    + """
store = open_store(str(folder))
try:
    fill(store, 10_000)
except StorageError as error:
    seen["error"] = [error.code, error.hint]
more = lambda: open_store(str(folder)).append(entries(seen["size"], seen["size"] + 7))
seen["again"] = refusal(more)
seen["object"] = refusal(lambda: store.put(os.urandom(60_000)))
seen["intact"] = all(list(each.entries()) == entries(0, seen["size"]) for each in (store, open_store(str(folder))))
{room}
seen["then"] = store.append(entries(seen["size"], seen["size"] + 7))
seen["whole"] = list(open_store(str(folder)).entries()) == entries(0, seen["size"] + 7)
print(json.dumps(seen))
"""
)

READ_ONLY = (
    COMMON
    + """
store = open_store(str(folder))
seen["append"] = refusal(lambda: store.append(entries(0, 1)))
seen["put"] = refusal(lambda: store.put(b"more"))
seen["publish"] = refusal(lambda: store.publish(b"o\\n20\\n" + b"A" * 43 + b"=\\n", 20))
seen["intact"] = list(store.entries()) == entries(0, 21)
print(json.dumps(seen))
"""
)

FILL = COMMON + "fill(open_store(str(folder)), 21)\n"


def run(argv: list[str], **options: Any) -> dict[str, Any]:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False, **options)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout or "{}")
    assert isinstance(found, dict)
    return found


def python(program: str, folder: Path, **options: Any) -> dict[str, Any]:
    return run([sys.executable, "-c", program, str(folder)], **options)


@pytest.fixture(scope="module")
def unshare() -> list[str]:
    """How to get a mount table of one's own here."""
    for flags in ("-m", "-rm"):
        argv = ["unshare", flags, "sh", "-c"]
        try:
            if subprocess.run([*argv, "mount -t tmpfs tmpfs /mnt"], capture_output=True, timeout=20, check=False).returncode == 0:
                return argv
        except FileNotFoundError:
            break
    pytest.skip("needs `unshare` and the right to mount")


def mounted(unshare: list[str], folder: Path, script: str, *programs: str) -> dict[str, Any]:
    """Run a shell script with a tmpfs of its own; `$1` is its folder, `$2` Python, `$3` and on the programs."""
    return run([*unshare, f'set -e; mount -t tmpfs -o size=400k tmpfs "$1"; {script}', "sh", str(folder), sys.executable, *programs])


def check_full(seen: dict[str, Any]) -> None:
    assert seen["size"] > 50
    assert seen["error"][0] == "full"
    assert "space" in seen["error"][1] or "limit" in seen["error"][1]
    for each in ("again", "object"):
        assert (seen[each]["code"], seen[each]["unchanged"]) == ("full", True), seen[each]
        assert seen[each]["message"].startswith("cannot write `")
    assert seen["intact"]
    assert (seen["then"], seen["whole"]) == (seen["size"], True)


def test_a_full_disk_writes_nothing_half(tmp_path: Path, unshare: list[str]) -> None:
    program = FULL.replace("{room}", 'os.truncate(folder.parent / "ballast", 0)')
    script = 'head -c 150000 /dev/zero > "$1/ballast"; exec "$2" -c "$3" "$1"'
    check_full(mounted(unshare, tmp_path, script, program))


def test_a_limit_on_file_sizes_writes_nothing_half(tmp_path: Path) -> None:
    program = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))\n" + FULL.replace(
        "{room}", "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))"
    )
    check_full(python(program, tmp_path))


def check_refused(seen: dict[str, Any], code: str) -> None:
    for each in ("append", "put", "publish"):
        assert (seen[each]["code"], seen[each]["unchanged"]) == (code, True), seen[each]
        assert seen[each]["hint"]
    assert seen["intact"]


def test_a_read_only_disk_is_read_and_not_written(tmp_path: Path, unshare: list[str]) -> None:
    script = '"$2" -c "$3" "$1"; mount -o remount,ro "$1"; exec "$2" -c "$4" "$1"'
    check_refused(mounted(unshare, tmp_path, script, FILL, READ_ONLY), "read-only")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach (pytest's own folders are for one user)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_forbidden_folder_is_read_and_not_written(open_folder: Path) -> None:
    python(FILL, open_folder)
    for path in (open_folder, *open_folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Root may write anywhere, so the writer is nobody once it has imported what it needs.
    nobody = "os.setgid(65534)\nos.setuid(65534)\n" if os.geteuid() == 0 else ""
    try:
        check_refused(python(READ_ONLY.replace("seen = {}\n", "seen = {}\n" + nobody), open_folder), "permission")
    finally:
        for path in (open_folder, *open_folder.rglob("*")):
            path.chmod(0o755)
