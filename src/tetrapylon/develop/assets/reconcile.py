"""Take the inventory, and compare it with what is declared, what was recorded, and what lies there.

Three comparisons: declared things that are not there are *missing*; model files, datasets, prompts and guards whose
bytes are not those first recorded for this release are *changed* (a change asks for a new release); AI assets in the
tree or in code that the manifest does not name, and that nobody looked at and excluded with a reason, are *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tetrapylon.develop.assets.components import find_components
from tetrapylon.develop.assets.decisions import FILE, Decisions, check
from tetrapylon.develop.assets.declared import Walked, declared_entries, keys_to_come, walk_declared
from tetrapylon.develop.assets.entry import CLASSES, Difference, Entry, Inventory
from tetrapylon.develop.assets.found import AI_KINDS, Names, documents, found_entries, parts_of
from tetrapylon.develop.assets.kept import kept_entries
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.content import recognised_in
from tetrapylon.outside.view import Known, View
from tetrapylon.system.finding import Component, is_aside

FIXED = frozenset({"model-file", "dataset", "prompt", "guard"})
"""Kinds whose bytes belong to a release: git keeps the history of the rest."""

VOUCHED = frozenset({"model-file", "dataset", "prompt"})
"""Kinds whose digests the integrity checks record."""


def take(view: View) -> Inventory:
    """Return the inventory as it is now."""
    decisions = check(decisions_beside(view.root, FILE, Decisions, view.facts))
    walked, names = walk_declared(view), Names(view.facts)
    recognised = list(recognised_in(view.repository))
    formats = {each.path: each.format for each in recognised if each.format}
    parts = parts_of(list(find_components(view.repository)), recognised)
    entries = [*declared_entries(view, walked.assets), *found_entries(parts, names, formats)]
    entries += [*documents(view.repository, names), *kept_entries(view)]
    entries = [_rated(_formatted(each, formats), decisions) for each in entries]
    # Samples of tests and documents are no assets, and what nobody could name cannot be declared by any name.
    ours = [each for each in parts if each.kind in AI_KINDS and not is_aside(each.at.path) and "named" not in each.facts]
    strangers = [each for each in ours if not names.has(each)]
    return _compared(view, walked, decisions, entries, _once(strangers))


def _formatted(entry: Entry, formats: Mapping[str, str]) -> Entry:
    found = next((formats[each] for each in entry.locations if each in formats), entry.format)
    return replace(entry, format=found) if entry.cls in {"models", "data"} else entry


def _rated(entry: Entry, decisions: Decisions) -> Entry:
    rating = next((each for each in decisions.asset if each.id == entry.id), None)
    if rating is None:
        return entry
    return replace(entry, owner=rating.owner or entry.owner, sensitivity=rating.sensitivity or entry.sensitivity)


def _once(parts: list[Component]) -> list[Component]:
    """Return each part once, at its first place."""
    found: dict[tuple[str, str], Component] = {}
    for each in sorted(parts, key=lambda each: each.at):
        found.setdefault((each.kind, each.id), each)
    return sorted(found.values(), key=lambda each: (each.kind, each.id))


def _compared(view: View, walked: Walked, decisions: Decisions, entries: list[Entry], strangers: list[Component]) -> Inventory:
    first, last = _recorded(view)
    now = {each.key: each for each in entries if each.known == "declared" and each.digest is not None}
    excluded = [(each, decision) for each in strangers for decision in decisions.exclude if decision.covers(each)]
    outside = {(each.kind, each.id) for each, _ in excluded}
    held = {each.cls for each in entries}
    declared_none = [each.cls for each in decisions.none]
    lost = [key for key in first if key not in now and not any(f"{each.kind}:{each.id}" == key for each in walked.missing)]
    return Inventory(
        entries=tuple(sorted(entries, key=lambda each: (CLASSES.index(each.cls), each.known, each.kind, each.id))),
        empty=tuple(each for each in CLASSES if each not in held and each not in declared_none),
        none=tuple(each for each in CLASSES if each not in held and each in declared_none),
        contradicted=tuple(each for each in CLASSES if each in held and each in declared_none),
        added=tuple(_difference(each, "was not in the last inventory") for key, each in now.items() if last and key not in last),
        changed=tuple(_changed(view, now, first)),
        missing=(*walked.missing, *(_lost(each) for each in lost)),
        unknown=tuple(_stranger(each, each.how) for each in strangers if (each.kind, each.id) not in outside),
        excluded=tuple(_stranger(each, f"{decision.reason} ({decision.owner})") for each, decision in excluded),
        versioned=_is_versioned(view, entries),
        unseen=(*walked.unseen, *(f"`{each.path}`: {each.why}" for each in view.repository.unseen if not each.deliberate)),
        notes=tuple(_notes(view, decisions, {id(decision) for _, decision in excluded})),
    )


def _notes(view: View, decisions: Decisions, used: set[int]) -> Iterator[str]:
    for index, each in enumerate(decisions.exclude):
        if id(each) not in used:
            yield f"`exclude[{index}]` in `{FILE}` excludes nothing"
    yield from (f"`{name}` cannot sign yet: there is no `{path}`" for name, path in keys_to_come(view))


def _recorded(view: View) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the first inventory of this release and the last of any, by kind and id."""
    known = [each for each in view.evidence("inventory-reconcile") if each.payload.get("inventory")]
    release = view.facts["system"]["release"]
    first = next((each for each in known if each.payload.get("release") == release), None)
    return _of(first), _of(known[-1] if known else None)


def _of(known: Known | None) -> Mapping[str, str]:
    return dict(known.payload["inventory"]) if known else {}


def _changed(view: View, now: Mapping[str, Entry], first: Mapping[str, str]) -> Iterator[Difference]:
    release = view.facts["system"]["release"]
    for key, entry in now.items():
        recorded = (view.known.get(key) if entry.kind in VOUCHED else None) or first.get(key)
        if entry.kind in FIXED and recorded is not None and recorded != entry.digest:
            yield _difference(entry, f"changed within release {release}: give the change a new release")


def _is_versioned(view: View, entries: list[Entry]) -> bool:
    known = {digest for each in view.evidence("integrity-check") for digest in each.subjects.values()}
    return all(each.digest in known for each in entries if each.kind in VOUCHED)


def _difference(entry: Entry, why: str) -> Difference:
    return Difference(entry.kind, entry.id, entry.locations[0] if entry.locations else "", why)


def _lost(key: str) -> Difference:
    kind, _, name = key.partition(":")
    return Difference(kind, name, "", "recorded for this release, and no longer declared: give the change a new release")


def _stranger(part: Component, why: str) -> Difference:
    return Difference(part.kind, part.id, str(part.at), why)
