"""Everything of an AI system that is found in a repository: all finders run, the same thing named once, sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

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
    places = {(each.kind, each.at.path.partition("/")[0]) for each in named}
    kept = [each for each in named if each.kind != "hosted-model" or each.id != each.facts.get("provider") or each.id not in providers]
    kept += [each for each in joined if "named" in each.facts and (each.kind, each.at.path.partition("/")[0]) not in places]
    return sorted(kept, key=lambda each: (each.kind, each.id, each.at))


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
