"""The threat model of a system: its graph, and for every rule and element a threat that is kept or closed, with the reason.

`threat_model` is a pure function: the same facts, states, decisions and day always give the same model, in whatever order
the manifest is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tetrapylon.design.threats import decisions as people
from tetrapylon.design.threats.deciding import PRESSING, Decided, decide
from tetrapylon.design.threats.element import Boundary, Element, Flow
from tetrapylon.design.threats.graph import Graph, graph_of
from tetrapylon.design.threats.rule import (
    LEVELS_OF_IMPACT,
    Rule,
    Ruling,
    Subject,
    judge_element,
    name_of,
    rules,
    rules_digest,
    score,
    threat_id,
)
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.system.finding import SEVERITIES, Severity

CHOICES = ("undecided", "mitigated", "accepted", "transferred", "avoided")
"""What is decided about a threat; the undecided first."""


@dataclass(frozen=True)
class Threat:
    """One threat that the system has."""

    id: str
    name: str
    """The rule and what it is about, as `threats.toml` names it."""

    rule: Rule
    about: str
    """The key of an element or of a flow."""

    title: str
    reason: str
    """Why it is kept."""

    severity: Severity
    score: int
    """Effect x (1 + sensitivity) x (1 + exposure), from 1 to 48."""

    sensitivity: int
    exposure: int
    attraction: int
    impact: Mapping[str, str]
    """By level; a level that is not here was left to people, who have not said."""

    decided: Decided


@dataclass(frozen=True, slots=True)
class Closed:
    """A threat that was looked at and does not apply."""

    id: str
    name: str
    rule: str
    about: str
    reason: str


@dataclass(frozen=True)
class ThreatModel:
    """Everything that can go wrong with a system as far as the rules know, and what is decided about it."""

    graph: Graph
    threats: tuple[Threat, ...]
    """Worst first."""

    closed: tuple[Closed, ...]
    rules: Digest
    """The digest of the rules."""

    day: str = ""

    @property
    def elements(self) -> tuple[Element, ...]:
        """Every element, sorted by key."""
        return tuple(self.graph.elements.values())

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Every flow, sorted by key."""
        return self.graph.flows

    @property
    def boundaries(self) -> tuple[Boundary, ...]:
        """Every boundary of trust, sorted by key."""
        return self.graph.boundaries

    @cached_property
    def by_about(self) -> Mapping[str, tuple[Threat, ...]]:
        """The threats to each element and flow, worst first."""
        found: dict[str, list[Threat]] = {}
        for each in self.threats:
            found.setdefault(each.about, []).append(each)
        return {key: tuple(each) for key, each in found.items()}

    @property
    def undecided(self) -> tuple[Threat, ...]:
        """The threats that nobody has decided about."""
        return tuple(each for each in self.threats if each.decided.choice == "undecided")

    @property
    def pressing(self) -> tuple[Threat, ...]:
        """Those of the undecided that are high or worse."""
        return tuple(each for each in self.undecided if each.severity in PRESSING)

    @property
    def without_expiry(self) -> tuple[Threat, ...]:
        """The threats that were accepted for ever."""
        return tuple(each for each in self.threats if each.decided.choice == "accepted" and not each.decided.expires)

    @property
    def without_adviser(self) -> tuple[Threat, ...]:
        """The threats that were accepted without a technical person's advice."""
        return tuple(each for each in self.threats if each.decided.choice == "accepted" and not each.decided.adviser)


@dataclass(frozen=True, slots=True)
class _Case:
    """What threats are judged by."""

    graph: Graph
    states: Mapping[str, str]
    written: Mapping[str, people.Decision]
    day: str


def threat_model(
    facts: Mapping[str, Json],
    states: Mapping[str, str] | None = None,
    decisions: people.Decisions | None = None,
    day: str = "",
) -> ThreatModel:
    """Return the threat model of the system that the facts declare (the manifest as plain JSON).

    `states` are the states of practices now (none: nothing is proven), `decisions` what people decided, and `day` the day
    on which both are looked at (empty: nothing expires).

    Raises:
        ManifestError: a decision is about a threat that no rule knows (`no-such-threat`).
    """
    graph, known = graph_of(facts), rules()
    case = _Case(graph, states or {}, _written(decisions), day)
    threats: list[Threat] = []
    closed: list[Closed] = []
    for rule, subject, ruling in _judged(known, graph):
        if ruling.holds:
            threats.append(_threat(case, rule, subject, ruling))
        else:
            name = name_of(rule, subject)
            closed.append(Closed(threat_id(name), name, rule.id, subject.key, ruling.reason))
    if decisions is not None:
        looked_at: list[Threat | Closed] = [*threats, *closed]
        people.unknown_threats(decisions, [each for found in looked_at for each in (found.name, found.id)])
    threats.sort(key=lambda each: (SEVERITIES.index(each.severity), -each.score, -each.attraction, each.name))
    return ThreatModel(graph, tuple(threats), tuple(sorted(closed, key=lambda each: each.name)), rules_digest(known), day)


def _written(decisions: people.Decisions | None) -> Mapping[str, people.Decision]:
    """Return the last decision on each threat, by the name that the file uses."""
    found = decisions.decisions if decisions else ()
    return {threat: each for each in sorted(found, key=lambda each: each.date) for threat in each.threats}


def _judged(known: Sequence[Rule], graph: Graph) -> Iterator[tuple[Rule, Subject, Ruling]]:
    for rule in known:
        if rule.when_flow is not None:
            yield from ((rule, flow, rule.when_flow(graph, flow)) for flow in graph.flows)
        else:
            yield from ((rule, each, judge_element(rule, graph, each)) for each in graph.of(*rule.looks_at))


def _threat(case: _Case, rule: Rule, subject: Subject, ruling: Ruling) -> Threat:
    name, near = name_of(rule, subject), subject if isinstance(subject, Element) else _end(case.graph, subject)
    written = case.written.get(name) or case.written.get(threat_id(name))
    stake = case.graph.stakes.get(near.key, near.sensitivity)
    points, severity = score(rule, stake, near.exposure)
    stated = written.impact if written else None
    impact = {level: said for level in LEVELS_OF_IMPACT if (said := getattr(stated, level, None) or rule.impact.get(level))}
    return Threat(
        id=threat_id(name),
        name=name,
        rule=rule,
        about=subject.key,
        title=rule.title.format(it=_called(subject)),
        reason=ruling.reason,
        severity=severity,
        score=points,
        sensitivity=stake,
        exposure=near.exposure,
        attraction=near.attraction.points,
        impact=impact,
        decided=decide(severity, rule.practices, written, case.states, case.day),
    )


def _called(subject: Subject) -> str:
    if isinstance(subject, Element):
        return f"`{subject.id}`"
    return f"`{subject.source.partition(':')[2]}` → `{subject.target.partition(':')[2]}`"


def _end(graph: Graph, flow: Flow) -> Element:
    """Return the end of a flow that decides how bad it is: what leaves the source is at stake, never more than it holds."""
    source, target = graph.elements[flow.source], graph.elements[flow.target]
    return min((source, target), key=lambda each: (each.sensitivity, each.exposure, each.key))
