"""What a kind of threat always says, when it applies, and how bad it is.

A rule is looked at for every element (or flow) of the kinds that it names. Its precondition keeps the threat or closes
it, and says why in either case: nothing is dropped silently, and nobody deletes a threat by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tetrapylon.design.threats.element import Element, Flow, Kind
from tetrapylon.design.threats.graph import Graph
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.system.finding import Severity

RULES = Shelf("tetrapylon.design.threats.rules")

Cause = Literal["compromise", "unexpected-behaviour"]
"""Whether somebody does it, or it happens."""

Effect = Literal[1, 2, 3]
"""What comes of it: 1 a nuisance or a step towards more, 2 real harm that can be repaired, 3 harm that cannot."""

LEVELS_OF_IMPACT = ("system", "users", "organisation", "society")

_SCORES: tuple[tuple[int, Severity], ...] = ((36, "critical"), (24, "high"), (8, "medium"), (0, "low"))
"""The least score of each severity. Scores run from 1 to 48: effect x (1 + sensitivity) x (1 + exposure)."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a precondition holds, and why or why not."""

    holds: bool
    reason: str


Subject = Element | Flow
"""What a threat is about."""

Test = Callable[[Graph, Element], Ruling]
FlowTest = Callable[[Graph, Flow], Ruling]


@dataclass(frozen=True, slots=True)
class Condition:
    """A precondition with its words, such as "people reach it"; the test gives the reason in each case."""

    words: str
    test: Test

    def __call__(self, graph: Graph, element: Element) -> Ruling:
        """Return whether it holds for the element."""
        return self.test(graph, element)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of threat."""

    id: str
    title: str
    """What happens, as a sentence with `{it}` where the element stands."""

    cause: Cause
    stride: str
    """Letters of STRIDE."""

    looks_at: tuple[Kind, ...] = ()
    """Kinds of elements; empty where it looks at flows."""

    when: tuple[Condition, ...] = ()
    """All must hold; the first that does not closes the threat."""

    when_flow: FlowTest | None = None
    """For rules that look at flows."""

    effect: Effect = 2
    atlas: tuple[str, ...] = ()
    """Techniques of MITRE ATLAS, version 5.6."""

    owasp: tuple[str, ...] = ()
    """Entries of the OWASP Top 10 for LLM applications, each with its edition."""

    practices: tuple[str, ...] = ()
    """Practices whose evidence shows that something is done about it."""

    impact: Mapping[str, str] = field(default_factory=dict)
    """What it means for the system, its users, the organisation, society; a level that is not here is left to people."""

    scenario: Literal["", "weight-theft", "automated-attack"] = ""
    """Which scenario of growing threats it is."""


def judge_element(rule: Rule, graph: Graph, element: Element) -> Ruling:
    """Return whether the rule's precondition holds for the element, and why."""
    reasons = []
    for condition in rule.when:
        found = condition(graph, element)
        if not found.holds:
            return found
        reasons.append(found.reason)
    return Ruling(holds=True, reason="; ".join(reasons) or "nothing that a manifest could say rules it out")


def name_of(rule: Rule, subject: Subject) -> str:
    """Return what people call a threat: the rule and what it is about."""
    return f"{rule.id}@{subject.key}"


def threat_id(name: str) -> str:
    """Return the id of a threat: it follows from the rule and the element alone, and so stays the same from run to run."""
    return "T-" + digest_hex(sha256(name.encode("utf-8", "surrogatepass")))[:12]


def score(rule: Rule, sensitivity: int, exposure: int) -> tuple[int, Severity]:
    """Return how bad a threat is: its effect, by the data that is at stake, by who can reach it."""
    points = rule.effect * (1 + sensitivity) * (1 + exposure)
    return points, next(severity for least, severity in _SCORES if points >= least)


def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of its name."""
    return tuple(part.RULE for part in RULES.values())


def rules_digest(known: tuple[Rule, ...]) -> Digest:
    """Return the digest of the rules: what they look at, when they apply in words, and what they say."""
    said = [
        {
            "id": each.id,
            "says": [each.title, each.cause, each.stride, each.effect, each.scenario],
            "looks": [each.looks_at, [every.words for every in each.when]],
            "named": [each.atlas, each.owasp, each.practices],
            "impact": dict(each.impact),
        }
        for each in known
    ]
    return sha256(canonical_json(said))
