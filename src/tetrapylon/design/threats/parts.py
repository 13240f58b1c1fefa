"""The parts of a system: what the manifest declares, and what must be there because of what it declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tetrapylon.design.threats.element import LEVELS, DataClass, Kind, Part
from tetrapylon.kernel.canonical import Json

_TABLES: tuple[tuple[str, Kind], ...] = (
    ("service", "service"),
    ("model", "model"),
    ("tool", "tool"),
    ("store", "store"),
    ("dataset", "dataset"),
    ("prompt", "prompt"),
    ("group", "group"),
    ("environment", "environment"),
    ("supplier", "supplier"),
    ("person", "person"),
    ("location", "location"),
)
"""Ids are unique in each table alone: a flow that names one of several means the first of these tables that has it."""

_OWN: Mapping[str, Kind] = {"gateway": "gateway", "console": "console", "journal": "journal", "log": "journal"}
"""Parts that the tool itself puts around a system; flows may name them."""

_ASSETS = {
    "dataset": "dataset",
    "prompt": "prompt",
    "tool": "tool",
    "supplier": "supplier",
    "location": "location",
    "environment": "environment",
}
_INTERNAL = DataClass(LEVELS.index("internal"))

BUILD = "pipeline:build"
TRAINING = "pipeline:training"
UPDATE = "update-path:update"
JOURNAL = "journal:journal"


@dataclass(frozen=True)
class Parts:
    """Every part by its key, and the key that a name in a flow means."""

    by_key: Mapping[str, Part]
    named: Mapping[str, str]
    tables: Mapping[tuple[str, str], str]
    """The key of the part that a table declares under an id."""

    language: frozenset[str]
    """The keys of models that answer in language: they follow instructions, and so those of an attacker, too."""

    dispatcher: str
    """The key of what carries a model's calls to tools; empty where nothing does."""


def parts_of(facts: Mapping[str, Json]) -> Parts:
    """Return the parts of the system that the facts declare."""
    declared = {part.key: (table, part) for table, kind in _TABLES for row in facts.get(table, ()) for part in [_declared(kind, row)]}
    tables = {(table, part.id): key for key, (table, part) in declared.items()}
    named = {part.id: key for key, (_, part) in reversed(list(declared.items()))}
    for name in _OWN:
        named.setdefault(name, f"{_OWN[name]}:{name}")
    language = _language(facts, tables)
    found = {key: part for key, (_, part) in declared.items()}
    found.update({part.key: part for part in (*_ends(facts, named), *_system(facts), *_implied(facts, named)) if part.key not in found})
    hub = next((each for each in ("gateway:gateway", named["gateway"]) if each in found), "")
    if not hub and language and facts.get("tool"):
        found["dispatcher:tools"] = Part("dispatcher", "tools", implied=True)
        hub = "dispatcher:tools"
    return Parts({key: found[key] for key in sorted(found)}, named, tables, language, hub)


def _declared(kind: Kind, row: Mapping[str, Json]) -> Part:
    if kind == "model":
        kind = "hosted-model" if "endpoint" in row else "model"
        asset = "model-hosted" if kind == "hosted-model" else "model-file"
        return Part(kind, row["id"], row, assets=((asset, row["id"]),), own=_INTERNAL if kind == "model" else None)
    assets = ((_ASSETS[kind], row["id"]),) if kind in _ASSETS else ()
    own = _INTERNAL if kind == "prompt" else _class_of(row) if kind in {"dataset", "store"} else None
    return Part(kind, row["id"], row, assets=assets, own=own)


def _class_of(row: Mapping[str, Json]) -> DataClass:
    # What is not one of our words is nothing that we could call harmless.
    level = row.get("sensitivity")
    return DataClass(LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1, bool(row.get("personal", False)))


def _language(facts: Mapping[str, Json], tables: Mapping[tuple[str, str], str]) -> frozenset[str]:
    """Return the models that answer in language: chatted with, given a prompt, or hosted and not said to do anything else."""
    verbs: dict[str, set[str]] = {}
    for holder in (*facts.get("group", ()), *facts.get("service", ())):
        for grant in holder.get("may", ()):
            verb, _, about = grant.partition(":")
            verbs.setdefault(about, set()).add(verb)
    prompted = {each.get("model") for each in facts.get("prompt", ())}
    found = set()
    for row in facts.get("model", ()):
        known = verbs.get(row["id"], set())
        if "chat" in known or row["id"] in prompted or ("endpoint" in row and "infer" not in known):
            found.add(row["id"])
    for row in facts.get("model", ()):
        if row["id"] in found and row.get("alternate"):
            found.add(row["alternate"])
    return frozenset(tables["model", each] for each in found if ("model", each) in tables)


def _ends(facts: Mapping[str, Json], named: Mapping[str, str]) -> Iterator[Part]:
    """Yield what flows and `system.actors` name and no table declares: our own parts, and actors outside."""
    names = set(facts.get("system", {}).get("actors", ())) | {each[end] for each in facts.get("flow", ()) for end in ("from", "to")}
    for name in sorted(names):
        key = named.get(name)
        if key is None:
            yield Part("actor", name)
        elif name in _OWN and key == f"{_OWN[name]}:{name}":
            yield Part(_OWN[name], name, implied=True)


def _system(facts: Mapping[str, Json]) -> Iterator[Part]:
    """Yield what the release consists of besides its tables."""
    system = facts.get("system", {})
    yield Part("configuration", "settings", implied=True, assets=(("configuration", "settings"),), own=_INTERNAL)
    yield Part("policy", "gate", implied=True, assets=(("manifest", "manifest"), ("policy", "gate")), own=_INTERNAL)
    if system.get("code"):
        yield Part("code", "code", assets=(("code", "code"),), own=_INTERNAL)
    for path in system.get("policies", ()):
        yield Part("policy", path, assets=(("policy", path),), own=_INTERNAL)
    for path in system.get("guards", ()):
        yield Part("guard", path, assets=(("guard", path),), own=_INTERNAL)
    for path in system.get("locks", ()):
        yield Part("dependencies", path, assets=(("lock", path),))
    if not system.get("locks"):
        yield Part("dependencies", "not-locked", implied=True)


def _implied(facts: Mapping[str, Json], named: Mapping[str, str]) -> Iterator[Part]:
    """Yield what must be there, declared or not: how the system is built, trained, updated and entered."""
    yield Part("pipeline", "build", implied=True)
    yield Part("update-path", "update", implied=True)
    if any(each.get("trained-from") for each in facts.get("model", ())):
        yield Part("pipeline", "training", implied=True)
    ends = {each[end] for each in facts.get("flow", ()) for end in ("from", "to")}
    if facts.get("group") or {"gateway", "console"} & (ends | set(facts.get("system", {}).get("actors", ()))):
        if named["gateway"] == "gateway:gateway":
            yield Part("gateway", "gateway", implied=True)
        yield Part("journal", "journal", implied=True)
