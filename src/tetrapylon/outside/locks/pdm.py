"""Locks of PDM (`pdm.lock`).

What it does: reads each package with its repository, archive or folder, and the hashes of its files.
Why it matters: one that comes from a repository has a revision instead of hashes.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, hashes_of, is_commit, python_name, rows, text_of

NAMES = re.compile(r"pdm\.lock")
_REQUIRED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


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
    hashes = hashes_of(text_of(each, "hash") for each in rows(row, "files"))
    version, git, archive, local = (text_of(row, each) for each in ("version", "git", "url", "path"))
    commit = text_of(row, "revision")
    needs = row.get("dependencies")
    return Package(
        python_name(str(row["name"])),
        version,
        hashes,
        None,
        f"git+{git}@{commit}" if git else archive or local,
        is_commit(commit) if git else bool(hashes) if archive else version is not None and local is None,
        text_of(row, "marker"),
        local=local is not None,
        dependencies=tuple(sorted({python_name(found[0]) for each in needs if (found := _REQUIRED.match(str(each)))}))
        if isinstance(needs, list)
        else (),
    )


_ONE = "1" * 64
SAMPLES = {
    "pdm.lock": (
        f"""[[package]]
name = "numpy"
version = "2.1.0"
marker = "python_version >= '3.11'"
dependencies = ["other>=1"]
files = [{{ file = "numpy.whl", hash = "sha256:{_ONE}" }}]
[[package]]
name = "tool"
version = "0.1"
git = "https://example.org/tool"
revision = "{"a" * 40}"
""",
        Parsed(
            (
                Package("numpy", "2.1.0", (f"sha256:{_ONE}",), pinned=True, marker="python_version >= '3.11'", dependencies=("other",)),
                Package("tool", "0.1", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True),
            )
        ),
    ),
}
