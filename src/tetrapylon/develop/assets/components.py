"""Everything of an AI system that is found in a repository: all finders run, the same thing named once, sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tetrapylon.develop.assets.seeing import TABLE
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Kind, Place

_CALLED = re.compile(r"`([\w.]+)`")
_CODE = (".py", ".ts", ".tsx", ".js", ".mjs", ".ipynb")

FINDERS = Shelf("tetrapylon.develop.assets.finders")
"""The ways to find parts, by name."""


def find_components(repository: Repository) -> tuple[Component, ...]:
    """Return the parts of an AI system that a repository shows, by kind and then by name, each at its first place."""
    return repository.once("components", lambda each: tuple(merged(_found(each))))


def _found(repository: Repository) -> Iterator[Component]:
    for name in FINDERS:
        yield from FINDERS[name].find(repository)


def merged(found: Iterable[Component]) -> list[Component]:
    """Return each component once.

    The same kind and name in several places is one component at the first place, with the facts of all. Who has a name stands
    for those without: a provider alone says nothing beside its model, nor does an expression that nobody could resolve beside a
    component of the kind near by.
    """
    by_name: dict[tuple[str, str], list[Component]] = {}
    for each in found:
        by_name.setdefault((each.kind, _key(each)), []).append(each)
    joined = [_joined(sorted(each, key=_order)) for each in by_name.values()]
    named = [each for each in joined if "named" not in each.facts]
    providers = {each.facts.get("provider") for each in named if each.kind == "hosted-model" and each.id != each.facts.get("provider")}
    kept = [each for each in named if each.kind != "hosted-model" or each.id != each.facts.get("provider") or each.id not in providers]
    ways = {(each.kind, "" if (way := _way(each)) == TABLE else each.at.path.partition("/")[0], way) for each in kept}
    kept += [each for each in joined if "named" in each.facts and not _is_known(each, ways, providers)]
    return sorted(_fetched_once(kept), key=lambda each: (each.kind, each.id, each.at))


def _is_known(each: Component, ways: set[tuple[Kind, str, str]], providers: set[str | None]) -> bool:
    """Return whether one whose name nobody could resolve is likely one that has a name near by: loaded the same way, or in a table."""
    top = each.at.path.partition("/")[0]
    if each.kind == "hosted-model" and each.facts.get("provider") not in providers:
        return True
    return (each.kind, top, _way(each)) in ways or (each.kind, "", TABLE) in ways


def _way(each: Component) -> str:
    """Return by what a component was found: the last word of the call."""
    if each.how.startswith((TABLE, "setting `", "variable `")):
        return TABLE
    match = _CALLED.search(each.how)
    return match[1].rpartition(".")[2] if match else each.how


def _fetched_once(found: list[Component]) -> Iterator[Component]:
    """Yield the components; a model that is fetched to a file which is one itself is that one, and knows the address."""
    files = {each.id.rpartition("/")[2]: each for each in found if each.kind == "model" and "/" in each.id and "://" not in each.id}
    fetched = {each.id: each for each in found if each.kind == "model" and "url" in each.facts and each.id in files}
    read = {each.id for each in found if each.kind == "dataset"}
    models = {each.id for each in found if each.kind == "model"}
    for each in found:
        if each.kind == "hosted-model" and each.how.startswith(TABLE) and each.id in models:
            # Named where others are asked, and loaded here.
            continue
        if (each.kind == "model" and each.id in fetched) or (each.kind == "dataset" and each.id != each.facts.get("url") in read):
            continue
        other = fetched.get(each.id.rpartition("/")[2]) if each.kind == "model" and files.get(each.id.rpartition("/")[2]) is each else None
        yield Component(each.kind, each.id, each.at, each.how, {**other.facts, **each.facts}) if other else each


def _key(each: Component) -> str:
    return each.id.removeprefix("models/") if each.kind == "hosted-model" else each.id


def _order(each: Component) -> tuple[bool, bool, Place]:
    """Return what puts code before tests, configuration and documents, and then the first place first."""
    return ("test" in each.at.path, not each.at.path.endswith(_CODE), each.at)


def _joined(same: list[Component]) -> Component:
    facts: dict[str, str] = {}
    for each in same:
        facts = {**each.facts, **facts}
    if not all("named" in each.facts for each in same):
        facts.pop("named", None)
    first = same[0]
    return Component(first.kind, first.id, first.at, first.how, facts)
