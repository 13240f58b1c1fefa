"""Locks of uv (`uv.lock`).

What it does: reads each package with its registry, archive, commit or folder, and the hashes of all its files.
Why it matters: uv hashes everything that comes from a registry, so a missing hash means something else is going on.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, hashes_of, is_commit, python_name, rows, text_of

NAMES = re.compile(r"uv\.lock")
_LOCAL = ("editable", "virtual", "directory", "path")


def read(text: str) -> Parsed:
    """Return the packages."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise LockError("not valid TOML") from error
    found = [_package(each) for each in rows(table, "package") if text_of(each, "name")]
    missing = len(rows(table, "package")) - len(found)
    return Parsed(tuple(found), (f"{missing} packages have no name",) if missing else ())


def _package(row: dict[str, Any]) -> Package:
    source = row.get("source") if isinstance(row.get("source"), dict) else {}
    files = [*rows(row, "wheels"), *([row["sdist"]] if isinstance(row.get("sdist"), dict) else [])]
    hashes = hashes_of(text_of(each, "hash") for each in files)
    local = next((text_of(source, each) for each in _LOCAL if text_of(source, each)), None)
    url, pinned = _origin(source, hashes)
    version = text_of(row, "version")
    return Package(
        python_name(str(row["name"])),
        version,
        hashes,
        text_of(source, "registry"),
        url or local,
        pinned or (version is not None and not url and not local),
        local=local is not None,
        dependencies=tuple(sorted({python_name(str(each["name"])) for each in rows(row, "dependencies") if text_of(each, "name")})),
    )


def _origin(source: Any, hashes: tuple[str, ...]) -> tuple[str | None, bool]:
    git, archive = text_of(source, "git"), text_of(source, "url")
    if git is not None:
        address, _, commit = git.partition("#")
        return f"git+{address.partition('?')[0]}@{commit}", is_commit(commit)
    return archive, archive is not None and bool(hashes)


_ONE, _TWO = "1" * 64, "2" * 64
SAMPLES = {
    "uv.lock": (
        f"""version = 1
[[package]]
name = "desk"
version = "1.0.0"
source = {{ virtual = "." }}
dependencies = [{{ name = "numpy", marker = "x" }}, {{ name = "tool" }}]
[[package]]
name = "numpy"
version = "2.1.0"
source = {{ registry = "https://packages.example.org/simple" }}
sdist = {{ url = "https://packages.example.org/numpy.tar.gz", hash = "sha256:{_TWO}" }}
wheels = [{{ url = "https://packages.example.org/numpy.whl", hash = "sha256:{_ONE}" }}]
[[package]]
name = "tool"
version = "0.1"
source = {{ git = "https://example.org/tool?rev=main#{"a" * 40}" }}
""",
        Parsed(
            (
                Package("desk", "1.0.0", url=".", local=True, dependencies=("numpy", "tool")),
                Package("numpy", "2.1.0", (f"sha256:{_ONE}", f"sha256:{_TWO}"), "https://packages.example.org/simple", pinned=True),
                Package("tool", "0.1", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True),
            )
        ),
    ),
}
