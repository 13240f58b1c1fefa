"""Preconditions in words: each says why a threat is kept, and why it is closed.

They read the graph alone, so the same manifest always gives the same answer, and a person can check it by eye.
"""

from __future__ import annotations

from collections.abc import Callable

from tetrapylon.design.threats.element import EXPOSURES, LEVELS, Element, Flow, Kind
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Condition, Ruling

Words = Callable[[Graph, Element], str]


def condition(words: str, test: Callable[[Graph, Element], bool], yes: str | Words, no: str | Words) -> Condition:
    """Return a condition from a plain test and what is said in either case."""

    def judged(graph: Graph, element: Element) -> Ruling:
        holds = test(graph, element)
        said = yes if holds else no
        return Ruling(holds, said if isinstance(said, str) else said(graph, element))

    return Condition(words, judged)


def exposed(least: int) -> Condition:
    """Somebody reaches it, outsiders or known people."""

    def yes(graph: Graph, element: Element) -> str:
        del graph
        by = f", from {element.exposed_by}" if element.exposed_by else ""
        return EXPOSURES[element.exposure] + by

    def no(graph: Graph, element: Element) -> str:
        del graph
        return f"{EXPOSURES[element.exposure]}: no declared flow leads here from further out"

    return condition(EXPOSURES[least], lambda _, element: element.exposure >= least, yes, no)


def sensitive(least: str) -> Condition:
    """Data of at least this class reaches it."""
    level = LEVELS.index(least)

    def holds(graph: Graph, element: Element) -> bool:
        del graph
        return element.sensitivity >= level or element.personal

    def yes(graph: Graph, element: Element) -> str:
        del graph
        return f"{element.classes[0]} data reaches it, from {element.because[0]}"

    return condition(f"data that is {least} or personal reaches it", holds, yes, f"no data reaches it that is {least} or personal")


def fact(key: str, words: str, yes: str, no: str, *, missing: bool = False) -> Condition:
    """The manifest says something about it under this key, or (`missing`) does not."""

    def holds(graph: Graph, element: Element) -> bool:
        del graph
        return bool(element.part.facts.get(key)) != missing

    return condition(words, holds, yes, no)


def is_value(key: str, values: tuple[str, ...], words: str, yes: str, no: str, default: str = "") -> Condition:
    """The manifest gives it one of these values under this key."""
    return condition(words, lambda _, element: element.part.facts.get(key, default) in values, yes, no)


def has_flow(direction: str, kinds: tuple[Kind, ...], words: str, yes: str, no: str, how: tuple[str, ...] = ()) -> Condition:
    """A flow of one of these kinds comes `into` it or goes `out` of it; `{other}` in `yes` is the other end."""

    def others(graph: Graph, element: Element) -> list[str]:
        flows = (graph.into if direction == "into" else graph.out_of).get(element.key, ())
        ends = ((each.source if direction == "into" else each.target) for each in flows if not how or each.how in how)
        return sorted({each for each in ends if graph.elements[each].kind in kinds and each != element.key})

    return condition(words, lambda graph, element: bool(others(graph, element)), lambda g, e: yes.replace("{other}", others(g, e)[0]), no)


ASKED = has_flow(
    "into",
    ("actor", "group", "gateway", "dispatcher", "service", "model", "hosted-model", "tool"),
    "something sends it inputs while it runs",
    "{other} sends it inputs",
    "no flow sends it inputs while it runs",
    how=("declared", "grant", "call", "run"),
)
SPEAKS = condition(
    "it answers in language",
    lambda graph, element: element.key in graph.language,
    "it answers in language, so it follows instructions wherever they stand",
    "it is not said to be chatted with, given a prompt or hosted without a task, so it follows no instructions",
)
PREDICTS = condition(
    "it predicts instead of answering in language",
    lambda graph, element: element.key not in graph.language,
    "it predicts from inputs that somebody chooses",
    "it answers in language: injection is looked at instead",
)
MODEL_CALLS = condition(
    "a model that answers in language can call it",
    lambda graph, _: bool(graph.language) and bool(graph.dispatcher),
    lambda graph, _: f"{min(graph.language)} can ask for it",
    "no model that answers in language is declared, so nothing asks for it by words",
)
READS_CONTENT = condition(
    "it reads content that others wrote",
    lambda graph, element: element.key in graph.content,
    lambda graph, element: f"it reads content that comes from {graph.content[element.key]}",
    "no store, data set or tool flows to it",
)
PEOPLE_READ = condition(
    "people see what comes out of it",
    lambda graph, element: element.key in graph.heard,
    lambda graph, element: f"{graph.heard[element.key]} sees what comes out of it",
    "no flow leads from it to people",
)
TRAINS = condition(
    "a model learns from it",
    lambda graph, element: any(each.how == "training" for each in graph.out_of.get(element.key, ())),
    lambda graph, element: "it trains " + min(f.target for f in graph.out_of[element.key] if f.how == "training"),
    "no model is trained from it",
)


def trained_on(least: str) -> Condition:
    """It was trained from data of at least this class."""
    level = LEVELS.index(least)

    def sources(graph: Graph, element: Element) -> list[str]:
        flows = (each for each in graph.into.get(element.key, ()) if each.how == "training")
        owns = ((each.source, graph.elements[each.source].part.own) for each in flows)
        return sorted(key for key, own in owns if own is not None and (own.level >= level or own.personal))

    return condition(
        f"it is trained from data that is {least} or personal",
        lambda graph, element: bool(sources(graph, element)),
        lambda graph, element: f"it is trained from {sources(graph, element)[0]}, which is {least} or more, or personal",
        f"it is trained from no data that is {least} or personal",
    )


def _readers(graph: Graph, element: Element) -> list[str]:
    """Return what an element's data flows to while the system runs, on the way to a model that answers in language."""
    flows = graph.out_of.get(element.key, ())
    return sorted(each.target for each in flows if each.how not in {"training", "run"} and each.target in graph.to_language)


MODEL_READS = condition(
    "a model that answers in language reads it while it runs",
    lambda graph, element: bool(_readers(graph, element)),
    lambda graph, element: (
        f"what it holds flows to {_readers(graph, element)[0]}, and so to {graph.to_language[_readers(graph, element)[0]]}"
    ),
    "nothing that it holds flows to a model that answers in language",
)


def _back(graph: Graph, flow: Flow) -> bool:
    """Whether another flow of the same ends goes the other way: both travel over one connection."""
    return any(each.target == flow.source for each in graph.out_of.get(flow.target, ()))


def crosses(graph: Graph, flow: Flow) -> Ruling:
    """Return whether a flow crosses a boundary of trust that is not only a line between our own environments."""
    if flow.how in {"answer", "call"} and _back(graph, flow):
        return Ruling(holds=False, reason="it is an answer, and looked at with the flow that it answers")
    found = [each for each in flow.boundaries if each.startswith(("crossing/", "outside/", "supplier/"))]
    if found:
        return Ruling(holds=True, reason=f"it crosses {', '.join(found)}")
    return Ruling(holds=False, reason="both ends are on the same side of every boundary of trust that is declared")
