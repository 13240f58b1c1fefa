"""Locks of Poetry (`poetry.lock`).

What it does: reads each package with its source and the hashes of its files, also from locks of old versions.
Why it matters: Poetry keeps hashes apart from packages in old locks, and none for repositories and folders.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, hashes_of, is_commit, python_name, rows, text_of

NAMES = re.compile(r"poetry\.lock")


def read(text: str) -> Parsed:
    """Return the packages."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise LockError("not valid TOML") from error
    metadata = table.get("metadata") if isinstance(table.get("metadata"), dict) else {}
    found = [_package(each, metadata) for each in rows(table, "package") if text_of(each, "name")]
    missing = len(rows(table, "package")) - len(found)
    return Parsed(tuple(found), (f"{missing} packages have no name",) if missing else ())


def _package(row: dict[str, Any], metadata: Any) -> Package:
    name, version, source = str(row["name"]), text_of(row, "version"), row.get("source")
    hashes = _hashes(row, name, metadata)
    kind, address = text_of(source, "type"), text_of(source, "url")
    registry = kind in {None, "legacy", "explicit"}
    local = kind in {"directory", "file"}
    commit = text_of(source, "resolved_reference")
    url = None if registry else f"git+{address}@{commit}" if kind == "git" else address
    needs = row.get("dependencies")
    return Package(
        python_name(name),
        version,
        hashes,
        address if registry else None,
        url,
        is_commit(commit) if kind == "git" else bool(hashes) if kind == "url" else version is not None and not local,
        text_of(row, "markers"),
        local=local,
        dependencies=tuple(sorted({python_name(each) for each in needs})) if isinstance(needs, dict) else (),
    )


def _hashes(row: dict[str, Any], name: str, metadata: Any) -> tuple[str, ...]:
    files = metadata.get("files")
    older = metadata.get("hashes")
    listed = rows(row, "files") or (rows(files, name) if isinstance(files, dict) else [])
    bare = older.get(name) if isinstance(older, dict) else None
    return hashes_of([*(text_of(each, "hash") for each in listed), *(f"sha256:{each}" for each in bare or () if isinstance(bare, list))])


_ONE, _TWO = "1" * 64, "2" * 64
SAMPLES = {
    "poetry.lock": (
        f"""[[package]]
name = "NumPy"
version = "2.1.0"
markers = "sys_platform == 'linux'"
files = [{{ file = "numpy.whl", hash = "sha256:{_ONE}" }}, {{ file = "numpy.tar.gz", hash = "sha256:{_TWO}" }}]
[package.dependencies]
Other = "*"
[[package]]
name = "tool"
version = "0.1"
[package.source]
type = "git"
url = "https://example.org/tool"
resolved_reference = "{"a" * 40}"
[[package]]
name = "old"
version = "1"
[metadata.files]
old = [{{ file = "old.whl", hash = "sha256:{_TWO}" }}]
""",
        Parsed(
            (
                Package(
                    "numpy",
                    "2.1.0",
                    (f"sha256:{_ONE}", f"sha256:{_TWO}"),
                    pinned=True,
                    marker="sys_platform == 'linux'",
                    dependencies=("other",),
                ),
                Package("tool", "0.1", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True),
                Package("old", "1", (f"sha256:{_TWO}",), pinned=True),
            )
        ),
    ),
}
