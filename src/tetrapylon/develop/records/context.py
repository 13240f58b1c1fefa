"""Everything that cards and bills are made from, read once: manifest, assets, records, what files say of themselves, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tetrapylon.develop.records.cited import Evidence
from tetrapylon.develop.records.declared import FOLDER, Declared, read_declared
from tetrapylon.develop.records.field import Field, derived, unknown
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.format import Described, describe
from tetrapylon.outside.lock import Lock, read_lock
from tetrapylon.outside.tree import hash_path, select, walk
from tetrapylon.outside.view import View
from tetrapylon.system.assets import Asset

_TABLES = {"model-file": "model", "model-hosted": "model", "dataset": "dataset", "prompt": "prompt"}


@dataclass(frozen=True)
class Context:
    """What a build of the records reads; the same context always gives the same bytes."""

    facts: Mapping[str, Json]
    assets: tuple[Asset, ...]
    release: str
    """The release digest."""

    tool: Mapping[str, Json]
    declared: Mapping[tuple[str, str], Declared]
    evidence: Evidence
    described: Mapping[str, Described] = field(default_factory=dict)
    """What files say of themselves, by `kind:id`."""

    locks: tuple[Lock, ...] = ()
    unread: tuple[str, ...] = ()
    """Lock files that could not be read, a sentence each."""

    present: Mapping[str, str] = field(default_factory=dict)
    """Digests of the tests, signatures and security contacts that records and the manifest name, as far as they are there."""

    folders: frozenset[str] = frozenset()
    """`kind:id` of assets that are folders: their digest is over names and files."""

    def row(self, table: str, known: str) -> Mapping[str, Json]:
        """Return the manifest's entry."""
        return self._rows.get((table, known), {})

    def asset(self, table: str, known: str) -> Asset | None:
        """Return the asset of a model, dataset or prompt."""
        return self._assets.get((table, known))

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Mapping[str, Json]]:
        rows = ((table, each) for table, found in self.facts.items() if isinstance(found, list) for each in found)
        return {(table, each["id"]): each for table, each in rows if "id" in each}

    @cached_property
    def _assets(self) -> dict[tuple[str, str], Asset]:
        return {(_TABLES[each.kind], each.id): each for each in self.assets if each.kind in _TABLES}

    def said(self, table: str, known: str, key: str, label: str) -> Field:
        """Return what people say about something, or that nobody did."""
        return said(self.declared[table, known], key, label)

    def supplier(self, known: str | None) -> str | None:
        """Return a supplier's name."""
        row = self.row("supplier", known) if known else {}
        return row.get("name", known) if row else known


def said(found: Declared, key: str, label: str) -> Field:
    """Return what a record file says under a key, or an unknown with the reason or the way to fill it in."""
    if key in found.values:
        return Field(key, label, found.values[key], "declared", found.by)
    reasons = found.values.get("unknown", {})
    if key in reasons:
        return unknown(key, label, f"{reasons[key]} ({found.by})", reasoned=True)
    return unknown(key, label, f"nobody said; write `{key}` in `{found.path}`")


def read_context(view: View) -> Context:
    """Return everything that the records are made from.

    Raises:
        ManifestError: a record file is not of its form; the message names the place.
    """
    files = {Path(each).stem: read_bytes(view.root / each, BOUNDS.manifest) for each in _record_files(view.root)}
    declared = read_declared(view.facts, files)
    folders = frozenset(f"{each.kind}:{each.id}" for each in view.assets if each.path and (view.root / each.path).is_dir())
    described = _Descriptions(view.root, {f"{each.kind}:{each.id}": each for each in view.assets if each.path and _TABLES.get(each.kind)})
    locks, unread = _locks(view)
    return Context(
        view.facts,
        tuple(sorted(view.assets, key=lambda each: (each.kind, each.id))),
        view.release_digest,
        view.tool,
        declared,
        Evidence(view.evidence),
        described,
        locks,
        unread,
        {each: digest for each in _named(view.facts, declared) if (digest := _digest(view.root, each))},
        folders,
    )


def _record_files(root: Path) -> Sequence[str]:
    try:
        return select(root, [f"{FOLDER}/*.toml"])
    except TetrapylonError as error:
        if error.code in {"nothing-selected", "no-such-file"}:
            return ()
        raise


@dataclass(frozen=True)
class _Descriptions(Mapping[str, Described]):
    """What files say of themselves, each read when it is asked for: most questions need none of them."""

    root: Path
    of: Mapping[str, Asset]

    def __getitem__(self, key: str) -> Described:
        asset = self.of[key]
        return _described(self.root / (asset.path or ""), asset.digest)

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)


_DESCRIBED: dict[tuple[str, str], Described] = {}
"""What files said of themselves, by digest and suffix: the two workers of a run read them once."""

_KEPT = 256


def _described(path: Path, digest: str) -> Described:
    """Return what a file or folder says of itself; the digest stands for its bytes."""
    key = (digest, path.suffix)
    if key not in _DESCRIBED:
        if len(_DESCRIBED) >= _KEPT:
            _DESCRIBED.clear()
        try:
            _DESCRIBED[key] = _folder(path) if path.is_dir() else describe(path)
        except TetrapylonError as error:
            return Described(None, why=error.message)
    return _DESCRIBED[key]


def _folder(path: Path) -> Described:
    """Return what the models in a folder say together: parameters are added up."""
    found = [describe(path / each) for each in walk(path) if Path(each).suffix in {".safetensors", ".onnx", ".gguf"}]
    read = [each for each in found if each.format]
    if not read or len(read) < len(found):
        return Described(None, why="the folder holds no model file that is read here, or one that cannot be read")
    types = sorted({kind for each in read for kind in each.facts.get("types", ())})
    counted = {key: sum(each.facts.get(key, 0) for each in read) for key in ("parameters", "tensors")}
    return Described(" and ".join(sorted({each.format or "" for each in read})), {**counted, "types": types, "files": len(read)})


def _locks(view: View) -> tuple[tuple[Lock, ...], tuple[str, ...]]:
    found: list[Lock] = []
    unread: list[str] = []
    for each in view.assets:
        if each.kind != "lock":
            continue
        try:
            data = read_bytes(view.root / (each.path or ""), BOUNDS.json)
            found.append(read_lock(each.id, data.decode("utf-8", "replace")))
        except TetrapylonError as error:
            unread.append(error.message)
        else:
            unread += [f"`{each.id}`: {why}" for why in found[-1].unread]
    return tuple(found), tuple(unread)


def _named(facts: Mapping[str, Json], declared: Mapping[tuple[str, str], Declared]) -> list[str]:
    """Return the paths that records refer to."""
    tests = [path for found in declared.values() for path in found.values.get("tests", ())]
    signatures = [each.get("signature", f"{each['path']}.sig") for each in facts.get("model", ()) if "path" in each]
    return [*tests, *signatures, "security.txt", ".well-known/security.txt"]


def _digest(root: Path, path: str) -> str | None:
    try:
        return str(hash_path(inside(root, path)))
    except TetrapylonError:
        return None


def owner(context: Context, table: str, known: str) -> Field:
    """Return who answers for something: the record's owner, or the one person with that role in the manifest."""
    found = context.said(table, known, "owner", "Owner")
    if found.origin != "unknown":
        return found
    owners = [each["id"] for each in context.facts.get("person", ()) if "owner" in each["roles"]]
    return derived("owner", "Owner", owners[0], "the only owner in the manifest") if len(owners) == 1 else found
