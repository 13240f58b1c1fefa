"""Who can reach models, data, code and keys on this machine, by owner, mode and access list.

Keys and secrets are for their owner alone. What sensitive data is, is not for everybody to read. What a release is made of,
and every folder on the way to it, is changed by its owner alone: whoever may write where a pipeline reads, runs it.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from tetrapylon.deploy.access.looked import Looked
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.owners import Owned, below, owned
from tetrapylon.outside.tree import select

MOST = 100_000
"""Files below one path."""

SENSITIVE = frozenset({"confidential", "restricted"})
STATE = (".tetrapylon/keys", ".tetrapylon/access", ".tetrapylon/journal", ".tetrapylon/holds")
"""Where our own keys and what was said to the system lie."""

Care = Literal["owner-alone", "not-for-everybody", "written-by-owner"]


@dataclass(frozen=True, slots=True)
class Item:
    """Something whose mode matters."""

    path: str
    care: Care
    what: str


def storage(root: Path, facts: Mapping[str, Json], secrets: tuple[str, ...]) -> Looked:
    """Look at everything that the manifest, our own state and the declared environments name."""
    looked = Looked()
    _written(owned(root), "the folder of the system", root, looked)
    for item in dict.fromkeys(_items(root, facts, secrets)):
        try:
            _look(root, item, looked)
        except MissingError:
            continue
        except TetrapylonError as error:
            looked.unseen.append(error.message)
    return looked


def standing(root: Path, facts: Mapping[str, Json]) -> Looked:
    """Look for rights on weights that never end: grants of the manifest, and files that every account may read."""
    looked = Looked()
    models = {each["id"]: each["path"] for each in facts.get("model", ()) if "path" in each}
    for table in ("group", "service"):
        for each in facts.get(table, ()):
            for grant in each.get("may", ()):
                action, _, resource = grant.partition(":")
                if action in {"read", "write"} and resource in models:
                    looked.wrong.append(f"`{each['id']}` may {action} `{resource}` without an end")
    for path in models.values():
        try:
            found = [owned(each) for each in below(root / path, MOST)]
        except TetrapylonError as error:
            looked.unseen.append(error.message)
            continue
        looked.count += 1
        if all(each.others_read for each in (*_folders(root, path), *found)):
            looked.wrong.append(f"every account of this machine may read `{path}`")
    return looked


def _items(root: Path, facts: Mapping[str, Json], secrets: tuple[str, ...]) -> Iterator[Item]:
    yield from (Item(path, "owner-alone", "keys and sealed records") for path in STATE)
    yield from (Item(path, "owner-alone", "a secret of an environment") for path in secrets)
    for table in ("dataset", "store"):
        for each in facts.get(table, ()):
            if "path" in each and (each["sensitivity"] in SENSITIVE or each.get("personal")):
                yield Item(each["path"], "not-for-everybody", f"{each['sensitivity']} data")
    for table in ("model", "dataset", "prompt"):
        yield from (Item(each["path"], "written-by-owner", f"a {table} of the release") for each in facts.get(table, ()) if "path" in each)
    system = facts["system"]
    for key in ("locks", "guards", "policies"):
        yield from (Item(path, "written-by-owner", "what the release is built or guarded by") for path in system.get(key, ()))
    yield from (Item(path, "written-by-owner", "code of the release") for path in _code(root, system.get("code", ())))
    yield from (Item(path, "written-by-owner", "what the system is declared by") for path in ("tetrapylon.toml", ".tetrapylon/trust"))


def _code(root: Path, patterns: list[str]) -> list[str]:
    try:
        return select(root, patterns) if patterns else []
    except TetrapylonError:
        # A pattern that chooses nothing is told by the parts that hash the code.
        return []


def _look(root: Path, item: Item, looked: Looked) -> None:
    found = [owned(each) for each in below(root / item.path, MOST)]
    folders = _folders(root, item.path)
    looked.count += len(found)
    for each in (*folders, *found):
        if each.lists is not False:
            why = "has an access list beside its mode" if each.lists else "may have an access list, which cannot be seen here"
            looked.unseen.append(f"`{_name(root, each)}` {why}")
    closed = not all(each.others_read for each in folders)
    for each in found:
        if item.care == "owner-alone" and not each.only_owner and not _public(each):
            looked.wrong.append(f"`{_name(root, each)}` ({item.what}) is not for its owner alone: {_mode(each)}")
        elif item.care == "not-for-everybody" and not closed and each.others_read and stat.S_ISREG(each.mode):
            looked.wrong.append(f"`{_name(root, each)}` ({item.what}) may be read by every account: {_mode(each)}")
        elif item.care == "written-by-owner":
            _written(each, item.what, root, looked)
    for each in folders if item.care == "written-by-owner" else ():
        _written(each, f"a folder on the way to {item.what}", root, looked)


def _written(each: Owned, what: str, root: Path, looked: Looked) -> None:
    said = f"`{_name(root, each)}` ({what}) may be changed by others than its owner: {_mode(each)}"
    if each.others_write and said not in looked.wrong:
        looked.wrong.append(said)


def _public(each: Owned) -> bool:
    """Return whether this is a folder or a public part among keys: to see it does no harm, to change it does."""
    harmless = each.path.suffix in {".pub", ".lock"} or each.path.name == ".gitignore"
    return harmless and not each.others_write


def _folders(root: Path, path: str) -> list[Owned]:
    """Return the folders between the root and what lies at the path, without the root."""
    parents = [each for each in PurePosixPath(path).parents if str(each) != "."]
    return [owned(root / each) for each in parents]


def _name(root: Path, each: Owned) -> str:
    return each.path.relative_to(root).as_posix() if each.path != root else "."


def _mode(each: Owned) -> str:
    return f"{stat.filemode(each.mode)}"
