"""Practical items: made from the system's own threat model, answer and wrong answers alike.

What it does: asks which practice answers a threat that the system has, which threat an element has, where a threat applies, or
what was decided. What is wrong comes from the model as well: threats that were looked at and closed, each with its reason,
elements that a rule does not apply to, practices that answer none of the kind. So every explanation is the model's own.
Why it matters: whoever passes knows something about this system, and not only about AI in general.

Cannot see: whether the model is right; an element that nobody declared is in no item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tetrapylon.design.threats.model import Closed, Threat, ThreatModel
from tetrapylon.design.threats.rule import Rule, rules
from tetrapylon.design.threats.training.module import Kind, Module
from tetrapylon.design.threats.training.quiz import Item, ordered

_WRONG = 3
"""Wrong answers of an item; where the model gives only one, the item is not made."""

_LEAST = 2

_CHOICES = {
    "mitigated": "It is mitigated: practices answer it",
    "accepted": "It is accepted: a person bears it, for a time",
    "transferred": "It is transferred: somebody else bears it",
    "avoided": "It is avoided: what it needs is not done",
}


@dataclass(frozen=True)
class _Case:
    model: ThreatModel
    wanted: frozenset[str]
    """Kinds of threats that the module teaches."""

    titles: Mapping[str, str]
    """Practices, by id."""

    seed: str

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        return {each.id: each for each in rules()}

    @cached_property
    def threats(self) -> list[Threat]:
        """The system's threats of the kinds that are taught, in the order of the seed."""
        known = {each.name: each for each in self.model.threats if each.rule.id in self.wanted}
        return [known[each] for each in ordered(self.seed, list(known))]

    @cached_property
    def closed_about(self) -> Mapping[str, tuple[Closed, ...]]:
        """What was closed, by the element that it is about."""
        found: dict[str, list[Closed]] = {}
        for each in self.model.closed:
            found.setdefault(each.about, []).append(each)
        return {key: tuple(each) for key, each in found.items()}

    def called(self, key: str) -> str:
        """Return what an element is called in a sentence."""
        kind, _, name = key.partition(":")
        return f"`{name}` ({kind.replace('-', ' ')})"


def practical_items(model: ThreatModel, module: Module, titles: Mapping[str, str], seed: str, most: int) -> tuple[Item, ...]:
    """Return practical items of the module for this system, each of another kind as long as there are kinds; none may be found."""
    case = _Case(model, frozenset(module.threats), titles, seed)
    sources = [_MAKERS[each](case) for each in dict.fromkeys(module.practical)]
    found: list[Item] = []
    while sources and len(found) < most:
        for source in list(sources):
            # One item must not give away the answer to another about the same threat.
            asked = {_about(each) for each in found}
            item = next((each for each in source if _about(each) not in asked), None)
            if item is None:
                sources.remove(source)
            elif len(found) < most:
                found.append(item)
    return tuple(found)


def _about(item: Item) -> str:
    return item.id.partition(":")[2]


def classes(model: ThreatModel, module: Module) -> tuple[str, ...]:
    """Return the kinds of threats, of those that the module teaches, that the system has."""
    return tuple(sorted({each.rule.id for each in model.threats} & set(module.threats)))


def _made(case: _Case, item: str, text: str, right: str, wrong: Sequence[str], why: str) -> Item | None:
    """Return the item with options in the seed's order, or None where there is too little to choose from."""
    others = ordered(f"{case.seed}:{item}", [each for each in dict.fromkeys(wrong) if each != right])[:_WRONG]
    if len(others) < _LEAST:
        return None
    options = ordered(f"{case.seed}:{item}:options", [right, *others])
    return Item(item, text, tuple(options), right, why, practical=True)


def _answers(case: _Case) -> Iterator[Item]:
    """Yield: which practice answers this threat?"""
    used = {each.rule.id: set(each.rule.practices) for each in case.model.threats}
    for threat in case.threats:
        own = [each for each in threat.rule.practices if each in case.titles]
        # A practice that any rule names together with one of these could be argued for.
        near = {each for practices in used.values() if practices & set(own) for each in practices}
        others = sorted({each for practices in used.values() for each in practices} - near - set(own))
        if own:
            right = _practice(case, ordered(case.seed, own)[0])
            text = f"The threat model says: {_sentence(threat)} ({threat.reason}). Which of these practices answers it?"
            why = f"`{threat.rule.id}` is answered by {', '.join(_practice(case, each) for each in own)}"
            wrong = [_practice(case, each) for each in others if each in case.titles]
            item = _made(case, f"answer:{threat.name}", text, right, wrong, why)
            if item:
                yield item


def _practice(case: _Case, practice: str) -> str:
    return f"{practice} {case.titles[practice]}"


def _sentence(threat: Threat) -> str:
    return f"“{threat.title}”"


def _threats(case: _Case) -> Iterator[Item]:
    """Yield: which of these threatens this element?"""
    for threat in case.threats:
        closed = [each for each in case.closed_about.get(threat.about, ()) if each.rule in case.rules]
        name = threat.about.partition(":")[2]
        said = {case.rules[each.rule].title.format(it=f"`{name}`"): each.reason for each in closed}
        if "->" in threat.about:
            continue
        text = f"Of these, which one does the threat model keep for {case.called(threat.about)}?"
        why = f"kept: {threat.reason}. " + "; ".join(f"closed: {title} ({reason})" for title, reason in sorted(said.items()))
        item = _made(case, f"threat:{threat.name}", text, threat.title, list(said), why)
        if item:
            yield item


def _places(case: _Case) -> Iterator[Item]:
    """Yield: to which of these does this kind of threat apply?"""
    for threat in case.threats:
        kept = {each.about for each in case.model.threats if each.rule.id == threat.rule.id}
        closed = {each.about: each.reason for each in case.model.closed if each.rule == threat.rule.id and each.about not in kept}
        if "->" in threat.about:
            continue
        said = threat.rule.title.format(it="X")
        text = f"“{said}”: for which X does the threat model keep this?"
        why = f"{case.called(threat.about)}: {threat.reason}. " + "; ".join(
            f"not {case.called(each)}: {why}" for each, why in sorted(closed.items())[:_WRONG]
        )
        item = _made(case, f"where:{threat.name}", text, case.called(threat.about), [case.called(each) for each in closed], why)
        if item:
            yield item


def _decisions(case: _Case) -> Iterator[Item]:
    """Yield: what did people decide about this?"""
    for threat in case.threats:
        decided = threat.decided
        if decided.choice not in _CHOICES or decided.by in {"", "rule"}:
            continue
        text = f"What was decided about {_sentence(threat)} ({threat.severity})?"
        why = f"{decided.choice} by {decided.by}: {decided.reason}"
        wrong = [said for choice, said in _CHOICES.items() if choice != decided.choice]
        item = _made(case, f"decision:{threat.name}", text, _CHOICES[decided.choice], wrong, why)
        if item:
            yield item


_MAKERS: Mapping[Kind, Callable[[_Case], Iterator[Item]]] = {
    "answer": _answers,
    "threat": _threats,
    "where": _places,
    "decision": _decisions,
}
