"""Locks of Python's standard form (`pylock.toml`, PEP 751).

What it does: reads each package with its index, archive, commit or folder, and the hashes of all its files.
Why it matters: it is what tools export to each other.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, hashes_of, is_commit, python_name, rows, text_of

NAMES = re.compile(r"pylock(?:\.[^.]+)?\.toml")


def read(text: str) -> Parsed:
    """Return the packages."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise LockError("not valid TOML") from error
    found = [_package(each) for each in rows(table, "packages") if text_of(each, "name")]
    missing = len(rows(table, "packages")) - len(found)
    return Parsed(tuple(found), (f"{missing} packages have no name",) if missing else ())


def _package(row: dict[str, Any]) -> Package:
    files = [*rows(row, "wheels"), *(row[each] for each in ("sdist", "archive") if isinstance(row.get(each), dict))]
    hashes = hashes_of(
        f"{name}:{value}" for each in files if isinstance(each.get("hashes"), dict) for name, value in each["hashes"].items()
    )
    version, vcs, archive = text_of(row, "version"), row.get("vcs"), row.get("archive")
    commit, local = text_of(vcs, "commit-id"), text_of(row.get("directory"), "path")
    git = f"{text_of(vcs, 'type') or 'git'}+{text_of(vcs, 'url')}@{commit}" if isinstance(vcs, dict) else None
    return Package(
        python_name(str(row["name"])),
        version,
        hashes,
        text_of(row, "index"),
        git or text_of(archive, "url") or local,
        is_commit(commit) if git else bool(hashes) if archive else version is not None and local is None,
        text_of(row, "marker"),
        local=local is not None,
        dependencies=tuple(sorted({python_name(str(each["name"])) for each in rows(row, "dependencies") if text_of(each, "name")})),
    )


_ONE = "1" * 64
SAMPLES = {
    "pylock.toml": (
        f"""lock-version = "1.0"
[[packages]]
name = "numpy"
version = "2.1.0"
index = "https://packages.example.org/simple"
marker = "python_version >= '3.11'"
wheels = [{{ name = "numpy.whl", url = "https://packages.example.org/numpy.whl", hashes = {{ sha256 = "{_ONE}" }} }}]
[[packages]]
name = "tool"
vcs = {{ type = "git", url = "https://example.org/tool", commit-id = "{"a" * 40}" }}
[[packages]]
name = "desk"
directory = {{ path = "." }}
""",
        Parsed(
            (
                Package(
                    "numpy",
                    "2.1.0",
                    (f"sha256:{_ONE}",),
                    "https://packages.example.org/simple",
                    pinned=True,
                    marker="python_version >= '3.11'",
                ),
                Package("tool", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True),
                Package("desk", url=".", local=True),
            )
        ),
    ),
}
