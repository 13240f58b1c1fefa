"""Locks of Pipenv (`Pipfile.lock`).

What it does: reads the packages of every group with their index, commit or folder, and their hashes.
Why it matters: a package from a repository has a commit instead of hashes.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, hashes_of, is_commit, python_name, rows, text_of

NAMES = re.compile(r"Pipfile\.lock")


def read(text: str) -> Parsed:
    """Return the packages."""
    try:
        table = json.loads(text)
    except ValueError as error:
        raise LockError("not valid JSON") from error
    if not isinstance(table, dict):
        raise LockError("not an object")
    indexes = {str(each.get("name")): text_of(each, "url") for each in rows(table.get("_meta"), "sources")}
    groups = [group for name, group in table.items() if name != "_meta" and isinstance(group, dict)]
    return Parsed(tuple(_package(name, row, indexes) for group in groups for name, row in group.items() if isinstance(row, dict)))


def _package(name: str, row: dict[str, Any], indexes: dict[str, str | None]) -> Package:
    wanted, git, commit = text_of(row, "version") or "", text_of(row, "git"), text_of(row, "ref")
    version = wanted.removeprefix("==") if wanted.startswith("==") and "*" not in wanted and "," not in wanted else None
    hashes, archive, local = row.get("hashes"), text_of(row, "file"), text_of(row, "path")
    known = hashes_of(hashes) if isinstance(hashes, list) else ()
    return Package(
        python_name(name),
        version,
        known,
        indexes.get(str(row.get("index"))),
        f"git+{git}@{commit}" if git else archive or local,
        is_commit(commit) if git else bool(known) if archive else version is not None and local is None,
        text_of(row, "markers"),
        local=local is not None,
    )


_ONE = "1" * 64
SAMPLES = {
    "Pipfile.lock": (
        json.dumps(
            {
                "_meta": {"sources": [{"name": "main", "url": "https://packages.example.org/simple"}]},
                "default": {"numpy": {"version": "==2.1.0", "hashes": [f"sha256:{_ONE}"], "index": "main"}},
                "develop": {"tool": {"git": "https://example.org/tool", "ref": "a" * 40}, "loose": {"version": "*"}},
            }
        ),
        Parsed(
            (
                Package("numpy", "2.1.0", (f"sha256:{_ONE}",), "https://packages.example.org/simple", pinned=True),
                Package("tool", url=f"git+https://example.org/tool@{'a' * 40}", pinned=True),
                Package("loose"),
            )
        ),
    ),
}
