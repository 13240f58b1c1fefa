"""The flows of a system: those that the manifest declares, and those that follow from what it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tetrapylon.design.threats.element import PEOPLE, PROCESSES, Flow, How
from tetrapylon.design.threats.parts import BUILD, JOURNAL, TRAINING, UPDATE, Parts
from tetrapylon.kernel.canonical import Json

_ASKING: frozenset[How] = frozenset({"declared", "grant", "call", "run"})
"""Flows that are answered."""

_MAKERS = frozenset({"developer", "data-scientist", "build"})
_RUNNERS = frozenset({"operator", "responder", "release-manager"})


@dataclass(frozen=True)
class _Case:
    facts: Mapping[str, Json]
    parts: Parts

    def rows(self, table: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
        """Yield the key and the table of each part that the table declares."""
        return ((self.parts.tables[table, row["id"]], row) for row in self.facts.get(table, ()))

    def known(self, table: str, names: Iterable[str]) -> list[str]:
        """Return the keys of those names that the table declares."""
        return [self.parts.tables[table, each] for each in names if (table, each) in self.parts.tables]


def flows_of(facts: Mapping[str, Json], parts: Parts) -> tuple[Flow, ...]:
    """Return every flow, sorted; an implied one only where no declared one has the same ends."""
    case = _Case(facts, parts)
    declared = _merged(_declared(case))
    ends = {(each.source, each.target) for each in declared}
    implied: dict[tuple[str, str], Flow] = {}
    for make in (_granted, _made, _supplied, _instructed, _called, _updated, _logged, _placed):
        for each in _merged(make(case)):
            if (each.source, each.target) not in ends and each.source != each.target:
                implied.setdefault((each.source, each.target), each)
    found = _sorted([*declared, *implied.values()])
    found = _sorted([*found, *_alternates(case, found)])
    return tuple(_sorted([*found, *_answers(parts, found)]))


def _sorted(flows: Iterable[Flow]) -> list[Flow]:
    return sorted(flows, key=lambda each: each.key)


def _merged(flows: Iterable[Flow]) -> list[Flow]:
    """Return one flow for all that differ in nothing but what they carry, carrying what any of them carries."""
    found: dict[Flow, set[str]] = {}
    for each in flows:
        found.setdefault(replace(each, carries=()), set()).update(each.carries)
    return _sorted(replace(each, carries=tuple(sorted(carries))) for each, carries in found.items())


def _declared(case: _Case) -> Iterator[Flow]:
    for each in case.facts.get("flow", ()):
        source, target = (case.parts.named.get(each[end], f"actor:{each[end]}") for end in ("from", "to"))
        yield Flow(source, target, tuple(each.get("carries", ())), each.get("crosses", ""))


def _granted(case: _Case) -> Iterator[Flow]:
    """Yield what groups and services may do; groups come in by the gateway."""
    for table in ("group", "service"):
        for holder, row in case.rows(table):
            through = case.parts.dispatcher if table == "group" and case.parts.dispatcher else holder
            for grant in row.get("may", ()):
                yield from _grant(case, holder, through, grant)


def _grant(case: _Case, holder: str, through: str, grant: str) -> Iterator[Flow]:
    verb, _, about = grant.partition(":")
    tables = {"chat": ("model",), "infer": ("model",), "call": ("tool",), "read": ("dataset", "store"), "write": ("dataset", "store")}
    for target in (each for table in tables.get(verb, ()) for each in case.known(table, [about])):
        if verb == "read":
            yield Flow(target, through, (about,), how="grant")
            yield Flow(through, holder, (about,), how="grant")
        else:
            yield Flow(holder, through, how="grant")
            yield Flow(through, target, how="grant")


def _made(case: _Case) -> Iterator[Flow]:
    """Yield how models come from data, code and dependencies."""
    pipelines = [each for each in (BUILD, TRAINING) if each in case.parts.by_key]
    for each in case.parts.by_key.values():
        if each.kind in {"code", "dependencies"}:
            yield from (Flow(each.key, pipeline, how="build") for pipeline in pipelines)
    for model, row in case.rows("model"):
        if row.get("trained-from"):
            yield Flow(TRAINING, model, ("weights",), how="build")
        for dataset in case.known("dataset", row.get("trained-from", ())):
            for target in (model, TRAINING):
                yield Flow(dataset, target, (dataset.partition(":")[2],), how="training")
    for person, row in case.rows("person"):
        if not _MAKERS.isdisjoint(row.get("roles", ())):
            yield from (Flow(person, pipeline, how="build") for pipeline in pipelines)


def _supplied(case: _Case) -> Iterator[Flow]:
    """Yield what comes from suppliers."""
    for table in ("model", "dataset"):
        for key, row in case.rows(table):
            for supplier in case.known("supplier", [row.get("supplier", "")]):
                yield Flow(supplier, key, (table,), how="supply")
    for key, row in case.rows("location"):
        for supplier in case.known("supplier", [row.get("operator", "")]):
            yield Flow(supplier, key, how="supply")


def _instructed(case: _Case) -> Iterator[Flow]:
    """Yield how prompts reach models; one that names no model reaches whatever calls them."""
    for key, row in case.rows("prompt"):
        for target in case.known("model", [row["model"]]) if row.get("model") else [case.parts.dispatcher]:
            if target:
                yield Flow(key, target, ("instructions",), how="instruct")


def _called(case: _Case) -> Iterator[Flow]:
    """Yield how models reach tools: the manifest does not say which model may call which, so any that speaks may call all."""
    hub, tools = case.parts.dispatcher, [key for key, _ in case.rows("tool")]
    if hub and tools:
        yield from (Flow(model, hub, ("call",), how="call") for model in case.parts.language)
        yield from (Flow(hub, tool, ("arguments",), how="call") for tool in tools if case.parts.language)


def _updated(case: _Case) -> Iterator[Flow]:
    """Yield how a new release gets to where it runs."""
    yield Flow(BUILD, UPDATE, ("release",), how="update")
    running = [each.key for each in case.parts.by_key.values() if each.kind in {"gateway", "service"}]
    running += [key for key, row in case.rows("environment") if row.get("stage") == "production"]
    yield from (Flow(UPDATE, each, ("release",), how="update") for each in running)
    for person, row in case.rows("person"):
        if not _RUNNERS.isdisjoint(row.get("roles", ())):
            yield Flow(person, UPDATE, how="update")


def _logged(case: _Case) -> Iterator[Flow]:
    """Yield what is recorded, and what guards and settings do to the gateway."""
    hub = case.parts.dispatcher
    if hub and JOURNAL in case.parts.by_key:
        yield Flow(hub, JOURNAL, ("questions", "answers"), how="log")
    if hub:
        kinds = {"guard", "configuration"}
        yield from (Flow(each.key, hub, ("settings",), how="guard") for each in case.parts.by_key.values() if each.kind in kinds)


def _placed(case: _Case) -> Iterator[Flow]:
    """Yield what places hold: whoever holds the place holds it, too."""
    for key, row in case.rows("environment"):
        held = [each for table in ("model", "dataset", "prompt", "store") for each in case.known(table, row.get("holds", ()))]
        yield from (Flow(each, key, how="run") for each in held)
        yield from (Flow(each, key, how="run") for each in case.known("location", [row.get("location", "")]))
    for key, row in case.rows("store"):
        yield from (Flow(key, each, how="run") for each in case.known("location", [row.get("location", "")]))


def _alternates(case: _Case, flows: Iterable[Flow]) -> list[Flow]:
    """Return a flow to the alternate of a model for each that asks the model."""
    known = {(each.source, each.target) for each in flows}
    pairs = {key: case.known("model", [row["alternate"]]) for key, row in case.rows("model") if row.get("alternate")}
    found: dict[tuple[str, str], Flow] = {}
    for each in flows:
        for other in pairs.get(each.target, ()):
            if each.how in _ASKING and (each.source, other) not in known and each.source != other:
                found.setdefault((each.source, other), Flow(each.source, other, each.carries, how="run"))
    return list(found.values())


def _answers(parts: Parts, flows: Iterable[Flow]) -> list[Flow]:
    """Return what comes back where people or processes ask a process."""
    known = {(each.source, each.target) for each in flows}
    found: dict[tuple[str, str], Flow] = {}
    for each in flows:
        back = (each.target, each.source)
        if each.how in _ASKING and back not in known and each.source != each.target and _asks(parts, each):
            found.setdefault(back, Flow(*back, ("answer",), each.crosses, how="answer"))
    return list(found.values())


def _asks(parts: Parts, flow: Flow) -> bool:
    source, target = parts.by_key[flow.source].kind, parts.by_key[flow.target].kind
    return target in PROCESSES and (source in PROCESSES or source in PEOPLE)
