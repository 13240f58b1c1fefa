"""What two environments share although one of them is sensitive: secrets, files, accounts, folders, data.

Secrets are compared by digests of their values that never leave this process; what is said of one is its kind, its place and
the first characters of such a digest. A model may pass from where it is trained to where it runs, because its signature is
checked there; data, stores and keys may not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path, PurePosixPath

from tetrapylon.deploy.access.declared import FILE, Apart, Declared
from tetrapylon.deploy.access.looked import Looked
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.owners import below, owned
from tetrapylon.outside.tree import select

MOST = 1000
SHOWN = 12
"""Characters of a digest."""

SHORTEST = 8
"""Characters of a value that may be a secret: `true` and `8080` are none."""

_PAIR = re.compile(rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]{0,99})[ \t]*[=:][ \t]*(.{1,8192})$", re.MULTILINE)
_TOLD = re.compile(r"(?:key|token|secret|passw|credential|pwd|auth|dsn|url|uri)", re.IGNORECASE)


@dataclass
class Kept:
    """What one environment keeps on this machine."""

    id: str
    sensitive: bool
    holds: frozenset[str]
    folders: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)
    """Where a secret stands, by the digest of its value."""

    files: dict[tuple[int, int], str] = field(default_factory=dict)
    """Paths by device and inode."""

    accounts: set[int] = field(default_factory=set)


def shared(root: Path, facts: Mapping[str, Json], declared: Declared) -> Looked:
    """Look for what environments share across a boundary that matters."""
    looked = Looked()
    known = {each.id: each for each in declared.environment}
    environments = facts.get("environment", ())
    for each in sorted(set(known) - {each["id"] for each in environments}):
        looked.unseen.append(f"`{FILE}` names `{each}`, which is no environment of the manifest")
    if len(environments) < 2 or not any(each.get("sensitive") for each in environments):  # noqa: PLR2004 - a boundary has two sides
        looked.unseen.append("the manifest declares no sensitive environment beside another, so there is no boundary to look at")
    kept = [_kept(root, each, known.get(each["id"]), looked) for each in environments]
    data = {each["id"] for table in ("dataset", "store") for each in facts.get(table, ())}
    for one, other in combinations(kept, 2):
        if one.sensitive or other.sensitive:
            looked.count += 1
            looked.wrong += _across(one, other, data)
    return looked


def _across(one: Kept, other: Kept, data: set[str]) -> Iterator[str]:
    both = f"`{one.id}` and `{other.id}`"
    for each in sorted(one.holds & other.holds & data):
        yield f"{both} both hold `{each}`"
    for digest in sorted(one.values.keys() & other.values.keys()):
        yield f"{both} share a secret: {one.values[digest]} is {other.values[digest]} ({digest[:SHOWN]}…)"
    for place in sorted(one.files.keys() & other.files.keys()):
        yield f"{both} share a file: `{one.files[place]}` is `{other.files[place]}`"
    for user in sorted(one.accounts & other.accounts):
        yield f"{both} belong to one account of this machine (user {user})"
    for first in one.folders:
        yield from (f"{both} share a folder: `{first}` and `{second}`" for second in other.folders if _overlap(first, second))


def _overlap(one: str, other: str) -> bool:
    first, second = PurePosixPath(one), PurePosixPath(other)
    return first.is_relative_to(second) or second.is_relative_to(first)


def _kept(root: Path, environment: Mapping[str, Json], apart: Apart | None, looked: Looked) -> Kept:
    name, sensitive = str(environment["id"]), bool(environment.get("sensitive"))
    found = Kept(name, sensitive, frozenset(environment.get("holds", ())), apart.folders if apart else ())
    if apart is None or not apart.secrets:
        looked.unseen.append(f"`{FILE}` does not say where `{name}` keeps its secrets")
        return found
    before = len(found.values)
    for pattern in apart.secrets:
        try:
            for path in select(root, [pattern]):
                _take(root, path, found)
        except MissingError:
            continue
        except TetrapylonError as error:
            looked.unseen.append(error.message)
    if len(found.values) == before:
        looked.unseen.append(f"no secret of `{name}` is on this machine")
    for folder in apart.folders:
        _own(root, folder, found, looked)
    return found


def _take(root: Path, path: str, found: Kept) -> None:
    data = read_bytes(root / path, BOUNDS.manifest)
    for what, value in _secrets(path, data):
        found.values.setdefault(hashlib.sha256(value).hexdigest(), what)
    each = owned(root / path)
    found.files[each.device, each.inode] = path
    found.accounts.add(each.user)


def _own(root: Path, folder: str, found: Kept, looked: Looked) -> None:
    try:
        for path in below(root / folder, MOST):
            each = owned(path)
            found.files[each.device, each.inode] = path.relative_to(root).as_posix()
            found.accounts.add(each.user)
    except MissingError:
        return
    except TetrapylonError as error:
        looked.unseen.append(error.message)


def _secrets(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the file as a whole, and the values that its lines give to names of secrets."""
    yield f"`{path}`", data.strip()
    for match in _PAIR.finditer(data):
        name = match[1].decode()
        value = match[2].strip().strip(b"\"'`,")
        if len(value) >= SHORTEST and _TOLD.search(name):
            yield f"`{name}` in `{path}`", value
