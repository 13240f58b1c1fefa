"""The threat model for a reader at a terminal: short, worst first, and nothing in it that could move the cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tetrapylon.design.threats.compare import Difference
from tetrapylon.design.threats.deciding import PRESSING
from tetrapylon.design.threats.model import CHOICES, Threat, ThreatModel
from tetrapylon.system.finding import SEVERITIES

_SHOWN = 12
"""How many threats are shown where not all are asked for."""

_PRACTICES = 5
_LISTED = 10


def lines(
    model: ThreatModel,
    uncovered: Sequence[str],
    triggers: Sequence[str],
    against: tuple[str, Difference] | None,
    *,
    everything: bool = False,
) -> Iterator[str]:
    """Yield the model: how many, the worst, what would prove most, what is missing, what is due."""
    yield from (safe(each) for each in _lines(model, uncovered, triggers, against, everything=everything))


def safe(text: str) -> str:
    """Return the text as one printable line."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def _lines(
    model: ThreatModel, uncovered: Sequence[str], triggers: Sequence[str], against: tuple[str, Difference] | None, *, everything: bool
) -> Iterator[str]:
    yield from _head(model)
    yield ""
    shown = model.threats if everything else _worst(model)
    yield from (line for each in shown for line in _threat(each, everything=everything))
    if len(shown) < len(model.threats):
        yield f"  and {len(model.threats) - len(shown)} more: `--all`"
    yield from _proving(model)
    yield from _listed("not in the model:", uncovered)
    yield from _listed("to be gone through again:", triggers)
    if against is not None:
        yield from _against(*against)
    if everything:
        yield from ("", f"closed ({len(model.closed)}):", "")
        yield from (f"  {each.name}: {each.reason}" for each in model.closed)


def _head(model: ThreatModel) -> Iterator[str]:
    system = model.graph.facts.get("system", {})
    severities = Counter(each.severity for each in model.threats)
    counted = ", ".join(f"{severities[each]} {each}" for each in SEVERITIES if severities[each]) or "none"
    name = f"{system.get('id', '')} {system.get('release', '')}"
    yield f"{len(model.threats)} threats to {name}: {counted}; {len(model.closed)} closed with a reason"
    choices = Counter(each.decided.choice for each in model.threats)
    proven = sum(each.decided.proven for each in model.threats)
    said = [f"{choices['mitigated']} mitigated ({proven} proven, {choices['mitigated'] - proven} claimed)"]
    said += [f"{choices[each]} {each}" for each in CHOICES if each != "mitigated" and choices[each]]
    yield ", ".join(said)


def _worst(model: ThreatModel) -> Sequence[Threat]:
    """Return the undecided first, and then the worst of the others."""
    pressing = [each for each in model.threats if each.severity in PRESSING]
    ordered = sorted(pressing, key=lambda each: CHOICES.index(each.decided.choice) > 0)
    return (ordered or model.threats)[:_SHOWN]


def _threat(each: Threat, *, everything: bool) -> Iterator[str]:
    yield f"  {each.severity:<9}{_choice(each):<20}{each.title}"
    yield f"           {each.name}"
    if everything:
        yield f"           why: {each.reason}"
        yield f"           {each.decided.by or 'nobody'}: {each.decided.reason}"


def _choice(each: Threat) -> str:
    decided = each.decided
    if decided.choice == "mitigated":
        return "proven" if decided.proven else "claimed"
    return f"{decided.choice} {decided.expires}".strip()


def _proving(model: ThreatModel) -> Iterator[str]:
    """Yield the practices whose evidence would prove the most."""
    open_: Counter[tuple[str, str]] = Counter()
    for each in model.threats:
        open_.update((mitigation.practice, mitigation.state) for mitigation in each.decided.mitigations if not mitigation.live)
    if open_:
        yield ""
        yield "evidence that would prove most:"
        ranked = sorted(open_.items(), key=lambda each: (-each[1], each[0]))[:_PRACTICES]
        yield from (f"  {practice:<7} answers {count} threats, and is {state}" for (practice, state), count in ranked)


def _listed(title: str, found: Sequence[str]) -> Iterator[str]:
    if found:
        yield from ("", title)
        yield from (f"  {each}" for each in found[:_LISTED])
        if len(found) > _LISTED:
            yield f"  and {len(found) - _LISTED} more: `--json`"


def _against(what: str, found: Difference) -> Iterator[str]:
    yield ""
    if not found:
        yield f"no threat differs from {what}"
        return
    yield f"against {what}: {len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed"
    said = [f"+ {each}" for each in found.added] + [f"- {each}" for each in found.removed]
    said += [f"~ {name}: {before} before, {now} now" for name, before, now in found.changed]
    yield from (f"  {each}" for each in said[: 2 * _LISTED])
    if len(said) > 2 * _LISTED:
        yield f"  and {len(said) - 2 * _LISTED} more: `--json`"
