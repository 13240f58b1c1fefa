"""The assets of a release, their digests, and the one release digest over all of them.

What is on disk is hashed by `outside`; here stands which files that are (`declared`), and how their digests become
the digests of assets. A folder's digest binds the names in it, and the release digest binds kinds and ids, so nothing
can be swapped for something else of the same content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.merkle import merkle_root
from tetrapylon.system.manifest import GATE_POLICY, Manifest, Model, Table, Tool, facts_of, manifest_facts

RELEASE = "release"
"""The kind of the asset that stands for all others; it never counts itself."""

UNPINNED = "unpinned"
"""Stands for the snapshot of a hosted model whose supplier names none."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that a release consists of, identified by its digest."""

    kind: str
    id: str
    digest: Digest
    path: str | None = None
    """Where it lies, relative to the manifest; no part of its identity."""


@dataclass(frozen=True, slots=True)
class Computed:
    """An asset whose digest follows from the manifest alone."""

    kind: str
    id: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class OnDisk:
    """An asset that is one file or folder."""

    kind: str
    id: str
    path: str
    at: str
    """Where the manifest says so, such as `model[0].path`."""

    without: str | None = None
    """A file that is not part of it even if it lies inside: the detached signature."""


@dataclass(frozen=True, slots=True)
class Selected:
    """An asset that is every file that the patterns choose."""

    kind: str
    id: str
    patterns: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True)
class Described:
    """An asset that is a declaration in the manifest together with a file."""

    kind: str
    id: str
    path: str
    at: str
    declaration: Mapping[str, Json]


Declared = Computed | OnDisk | Selected | Described


def hosted_digest(provider: str, url: str, model: str, snapshot: str | None, decoding: Mapping[str, Json]) -> Digest:
    """Return the declared identity of a model behind an address (interfaces.md, "Evidence lifetime")."""
    identity = {"provider": provider, "url": url, "model": model, "snapshot": snapshot or UNPINNED, "decoding": dict(decoding)}
    return sha256(canonical_json(identity))


def folder_digest(files: Iterable[tuple[str, Digest]]) -> Digest:
    """Return the digest of named files; a file that moves changes it as much as one that changes."""
    return sha256(canonical_json(sorted([name, digest] for name, digest in files)))


def described_digest(declaration: Mapping[str, Json], file: Digest | None) -> Digest:
    """Return the digest of a declaration together with the file that it refers to, where there is one."""
    return sha256(canonical_json({"declaration": dict(declaration), "file": file}))


def release_digest(assets: Iterable[Asset]) -> Digest:
    """Return the Merkle root (RFC 6962) over the sorted assets, each as canonical `[kind, id, digest]`."""
    entries = sorted((each.kind, each.id, each.digest) for each in assets if each.kind != RELEASE)
    return Digest("sha256:" + merkle_root(canonical_json(list(each)) for each in entries).hex())


def with_release(assets: Sequence[Asset]) -> list[Asset]:
    """Return the assets, sorted, and the release itself as the last."""
    counted = sorted((each for each in assets if each.kind != RELEASE), key=_key)
    return [*counted, Asset(RELEASE, RELEASE, release_digest(counted))]


def _key(asset: Asset) -> tuple[str, str]:
    return asset.kind, asset.id


def declared(manifest: Manifest, *, settings: Mapping[str, Json] | None = None, policy: Digest | None = None) -> list[Declared]:
    """Return every asset that the manifest declares, with what is known of it before a file was read.

    `settings` are Tetrapylon's own effective values, `policy` the digest of the policy in force; each is an asset
    where it is given.
    """
    found: list[Declared] = [Computed("manifest", "manifest", sha256(canonical_json(manifest_facts(manifest))))]
    if settings is not None:
        found.append(Computed("configuration", "settings", sha256(canonical_json(dict(settings)))))
    if policy is not None:
        found.append(Computed("policy", GATE_POLICY, policy))
    return [*found, *_system(manifest), *_parts(manifest), *_places(manifest)]


def _system(manifest: Manifest) -> list[Declared]:
    system = manifest.system
    found: list[Declared] = [Selected("code", "code", system.code, "system.code")] if system.code else []
    for kind, key, paths in (("lock", "locks", system.locks), ("guard", "guards", system.guards), ("policy", "policies", system.policies)):
        found += [OnDisk(kind, path, path, f"system.{key}[{index}]") for index, path in enumerate(paths)]
    return found


def _parts(manifest: Manifest) -> list[Declared]:
    found: list[Declared] = [_model(model, f"model[{index}]") for index, model in enumerate(manifest.models)]
    found += [OnDisk("dataset", each.id, each.path, f"dataset[{index}].path") for index, each in enumerate(manifest.datasets)]
    found += [OnDisk("prompt", each.id, each.path, f"prompt[{index}].path") for index, each in enumerate(manifest.prompts)]
    return found + [_tool(tool, f"tool[{index}].arguments") for index, tool in enumerate(manifest.tools)]


def _model(model: Model, at: str) -> Declared:
    if model.path is not None:
        return OnDisk("model-file", model.id, model.path, f"{at}.path", model.signature)
    decoding = facts_of(model).get("decoding", {})
    digest = hosted_digest(model.supplier or "", model.endpoint or "", model.model or model.id, model.snapshot, decoding)
    return Computed("model-hosted", model.id, digest)


def _tool(tool: Tool, at: str) -> Declared:
    if tool.arguments is None:
        return Computed("tool", tool.id, described_digest(facts_of(tool), None))
    return Described("tool", tool.id, tool.arguments, at, facts_of(tool))


def _places(manifest: Manifest) -> list[Declared]:
    tables: tuple[tuple[str, Sequence[Table]], ...] = (
        ("supplier", manifest.suppliers),
        ("location", manifest.locations),
        ("environment", manifest.environments),
    )
    return [_entry(kind, each) for kind, entries in tables for each in entries]


def _entry(kind: str, table: Table) -> Declared:
    facts = facts_of(table)
    return Computed(kind, facts["id"], sha256(canonical_json([kind, facts])))


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between the assets of two releases, each list sorted by kind and id."""

    added: tuple[Asset, ...]
    removed: tuple[Asset, ...]
    changed: tuple[tuple[Asset, Asset], ...]
    """Pairs of the old and the new asset."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def diff(old: Iterable[Asset], new: Iterable[Asset]) -> Diff:
    """Return what was added, removed and changed; paths do not count, and neither does the release itself."""
    before = {_key(each): each for each in old if each.kind != RELEASE}
    after = {_key(each): each for each in new if each.kind != RELEASE}
    return Diff(
        added=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        removed=tuple(before[key] for key in sorted(before.keys() - after.keys())),
        changed=tuple((before[key], after[key]) for key in sorted(before.keys() & after.keys()) if before[key].digest != after[key].digest),
    )
