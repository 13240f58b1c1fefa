"""Locks of npm (`package-lock.json`, `npm-shrinkwrap.json`).

What it does: reads each installed package with its address and integrity, of lock versions 1 to 3.
Why it matters: a package without `integrity` is whatever its address serves on the day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tetrapylon.outside.lock import LockError, Package, Parsed, integrity_hashes, is_commit, text_of

NAMES = re.compile(r"\.?package-lock\.json|npm-shrinkwrap\.json")


def read(text: str) -> Parsed:
    """Return the packages."""
    try:
        table = json.loads(text)
    except ValueError as error:
        raise LockError("not valid JSON") from error
    if not isinstance(table, dict):
        raise LockError("not an object")
    packages = table.get("packages")
    if isinstance(packages, dict):
        return Parsed(tuple(_package(_name(path, row), row) for path, row in packages.items() if path and isinstance(row, dict)))
    return Parsed(tuple(_nested(table)))


def _nested(root: dict[str, Any]) -> Iterator[Package]:
    """Yield the packages of a version 1 lock, which hold each other; without recursion, as a lock is not ours."""
    waiting = [root]
    while waiting:
        below = waiting.pop().get("dependencies")
        for name, row in below.items() if isinstance(below, dict) else ():
            if isinstance(row, dict):
                yield _package(name, row)
                waiting.append(row)


def _name(path: str, row: dict[str, Any]) -> str:
    return text_of(row, "name") or path.rpartition("node_modules/")[2]


def _package(name: str, row: dict[str, Any]) -> Package:
    version, resolved = text_of(row, "version"), text_of(row, "resolved")
    hashes = integrity_hashes(row.get("integrity"))
    address = resolved or (version if version and "://" in version else None)
    repository = address is not None and address.startswith(("git+", "git:", "github:"))
    local = row.get("link") is True or (resolved is None and not hashes and version is None) or (version or "").startswith("file:")
    needs = row.get("requires") if isinstance(row.get("requires"), dict) else row.get("dependencies")
    return Package(
        name,
        None if version and ("://" in version or version.startswith("file:")) else version,
        hashes,
        None if repository or local else _registry(address, name),
        _commit(address) if repository else resolved if local else None,
        is_commit((address or "").rpartition("#")[2]) if repository else version is not None and not local,
        local=local,
        dependencies=tuple(sorted(needs)) if isinstance(needs, dict) else (),
        ecosystem="npm",
    )


def _registry(address: str | None, name: str) -> str | None:
    return address.partition(f"/{name}/-/")[0] if address else None


def _commit(address: str | None) -> str:
    base, _, commit = (address or "").partition("#")
    return f"{base}@{commit}" if commit else base


_INTEGRITY = "sha512-" + "A" * 86 + "=="
SAMPLES = {
    "package-lock.json": (
        json.dumps(
            {
                "lockfileVersion": 3,
                "packages": {
                    "": {"name": "desk"},
                    "node_modules/@scope/one": {
                        "version": "1.2.3",
                        "resolved": "https://packages.example.org/@scope/one/-/one-1.2.3.tgz",
                        "integrity": _INTEGRITY,
                        "dependencies": {"two": "^2"},
                    },
                    "node_modules/two": {"version": "2.0.0", "resolved": f"git+ssh://git@example.org/two.git#{'a' * 40}"},
                    "node_modules/own": {"resolved": "packages/own", "link": True},
                },
            }
        ),
        Parsed(
            (
                Package(
                    "@scope/one",
                    "1.2.3",
                    ("sha512:" + "0" * 128,),
                    "https://packages.example.org",
                    pinned=True,
                    dependencies=("two",),
                    ecosystem="npm",
                ),
                Package("two", "2.0.0", url=f"git+ssh://git@example.org/two.git@{'a' * 40}", pinned=True, ecosystem="npm"),
                Package("own", url="packages/own", local=True, ecosystem="npm"),
            )
        ),
    ),
    "npm-shrinkwrap.json": (
        json.dumps({"lockfileVersion": 1, "dependencies": {"one": {"version": "1.0.0", "dependencies": {"two": {"version": "2.0.0"}}}}}),
        Parsed(
            (
                Package("one", "1.0.0", pinned=True, dependencies=("two",), ecosystem="npm"),
                Package("two", "2.0.0", pinned=True, ecosystem="npm"),
            )
        ),
    ),
}
