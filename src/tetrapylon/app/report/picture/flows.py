"""From the threat model's graph to pictures: the running system, and how it is built, changed and supplied.

What answers goes back along the arrow of the question, so both are one arrow with two heads. A system of very many parts is drawn
by groups: what is of one kind in one zone of trust is one box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tetrapylon.app.report.picture.graph import Arrow, Graph, Mark, Part, Standing
from tetrapylon.design.threats.element import LEVELS, PROCESSES, Element, Flow
from tetrapylon.design.threats.model import Threat, ThreatModel

MOST_PARTS = 90
"""More parts than this are drawn by groups."""

INSIDE = "inside"

_RUNNING = frozenset({*PROCESSES, "actor", "group", "dataset", "store", "journal", "prompt"})
_RUNS = frozenset({"declared", "answer", "grant", "call", "log", "instruct", "guard", "run", "training"})
_SAID = {
    "answer": "answer",
    "grant": "may ask",
    "training": "trains",
    "build": "builds",
    "supply": "supplies",
    "instruct": "instructs",
    "call": "asks for a tool",
    "update": "updates",
    "log": "is logged",
    "guard": "guards",
    "run": "runs in",
}


@dataclass(frozen=True)
class Pictures:
    """Both pictures; the second is empty where nothing is built or supplied."""

    running: Graph
    making: Graph


def pictures(model: ThreatModel) -> Pictures:
    """Return what can be drawn of a system."""
    running = [each for each in model.elements if each.kind in _RUNNING]
    within = {each.key for each in running}
    flows = [each for each in model.flows if {each.source, each.target} <= within and each.how in _RUNS]
    shown = {each.key for each in flows}
    rest = [each for each in model.flows if each.key not in shown]
    ends = {end for each in rest for end in (each.source, each.target)}
    making = [each for each in model.elements if each.key in ends or each.kind not in _RUNNING]
    return Pictures(_graph(model, running, flows, "F"), _graph(model, making, rest, "M"))


def _graph(model: ThreatModel, elements: Sequence[Element], flows: Sequence[Flow], letter: str) -> Graph:
    marks: dict[str, Sequence[Mark]] = {}
    for each in elements:
        marks[each.key] = _marks(model, each.key)
    arrows: list[Arrow] = []
    for number, (flow, back) in enumerate(_paired(flows), start=1):
        arrow = _arrow(f"{letter}{number}", flow, back)
        arrows.append(arrow)
        marks[arrow.number] = [*_marks(model, flow.key), *(_marks(model, back.key) if back else ())]
    graph = Graph(tuple(_part(each) for each in elements), tuple(arrows), INSIDE, {key: found for key, found in marks.items() if found})
    return grouped(graph) if len(graph.parts) > MOST_PARTS else graph


def _marks(model: ThreatModel, key: str) -> list[Mark]:
    return [Mark(each.id, _standing(each)) for each in model.by_about.get(key, ())]


def _standing(threat: Threat) -> Standing:
    if threat.decided.choice == "undecided":
        return "open"
    return "claimed" if threat.decided.claimed else "settled"


def _paired(flows: Sequence[Flow]) -> Iterator[tuple[Flow, Flow | None]]:
    """Yield the flows, the declared ones first, each with the answer that goes back along it."""
    answers = {(each.target, each.source): each for each in flows if each.how == "answer"}
    asked = [each for each in sorted(flows, key=lambda each: (each.how != "declared", each.key)) if each.how != "answer"]
    used: set[str] = set()
    for each in asked:
        back = answers.get((each.source, each.target))
        if back is not None and back.key not in used:
            used.add(back.key)
            yield each, back
        else:
            yield each, None
    yield from ((each, None) for each in flows if each.how == "answer" and each.key not in used)


def _arrow(number: str, flow: Flow, back: Flow | None) -> Arrow:
    said = ", ".join(flow.carries) or _SAID.get(flow.how, flow.how)
    if back is not None:
        said = f"{said}; back: {', '.join(back.carries) or 'answer'}"
    crossed = dict.fromkeys((*flow.boundaries, *(back.boundaries if back else ())))
    crosses = ", ".join(zone_name(each) for each in crossed) or None
    return Arrow(number, flow.source, flow.target, said, "flow" if flow.how == "declared" else "relation", crosses, both=back is not None)


def _part(element: Element) -> Part:
    said = [f"{LEVELS[element.sensitivity]}{', personal' if element.personal else ''}"] if element.classes else []
    return Part(element.key, element.id, element.kind, zone_name(element.zone), ", ".join(said))


def zone_name(key: str) -> str:
    """Return a boundary's key as a reader sees it."""
    kind, _, name = key.partition("/")
    if not key:
        return INSIDE
    return name if kind in {"outside", "crossing"} else f"{kind} {name}"


def grouped(graph: Graph) -> Graph:
    """Return the picture by groups: what is of one kind in one zone becomes one part, and arrows between groups one arrow."""
    members: dict[str, list[Part]] = {}
    for each in graph.parts:
        members.setdefault(f"{each.kind} in {each.zone}", []).append(each)
    group = {each.key: name for name, found in members.items() for each in found}
    parts = tuple(_group(name, found) for name, found in members.items())
    joined: dict[tuple[str, str, str, str | None], list[Arrow]] = {}
    for arrow in graph.arrows:
        joined.setdefault((group[arrow.source], group[arrow.target], arrow.way, arrow.crosses), []).append(arrow)
    letter = graph.arrows[0].number[0] if graph.arrows else "F"
    arrows: list[Arrow] = []
    marks = {name: _gathered(graph, [each.key for each in found]) for name, found in members.items()}
    for number, ((source, target, _, _), found) in enumerate(joined.items(), start=1):
        label = found[0].label if len(found) == 1 else f"{len(found)} flows"
        both = any(each.both for each in found)
        arrows.append(replace(found[0], number=f"{letter}{number}", source=source, target=target, label=label, both=both))
        marks[f"{letter}{number}"] = _gathered(graph, [each.number for each in found])
    return Graph(parts, tuple(arrows), graph.inside, {key: found for key, found in marks.items() if found}, whole=len(graph.parts))


def _group(name: str, found: Sequence[Part]) -> Part:
    first = found[0]
    return replace(first, key=name, label=f"{len(found)} of them" if len(found) > 1 else first.label, note="")


def _gathered(graph: Graph, keys: Iterable[str]) -> list[Mark]:
    return [mark for key in keys for mark in graph.marks.get(key, ())]
