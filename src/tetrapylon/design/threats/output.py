"""The threat model as data: `tetrapylon/threats/1`."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapylon.design.threats.compare import Difference
from tetrapylon.design.threats.element import EXPOSURES, LEVELS, Boundary, Element, Flow
from tetrapylon.design.threats.model import Threat, ThreatModel
from tetrapylon.design.threats.rule import LEVELS_OF_IMPACT
from tetrapylon.design.threats.summary import summary_digest
from tetrapylon.design.threats.triggers import Basis
from tetrapylon.kernel.canonical import Json

SCHEMA = "tetrapylon/threats/1"


def as_json(
    model: ThreatModel, basis: Basis, uncovered: Sequence[str], triggers: Sequence[str], against: tuple[str, Difference] | None
) -> dict[str, Json]:
    """Return everything, without the exit code."""
    system = model.graph.facts.get("system", {})
    return {
        "schema": SCHEMA,
        "system": {"id": system.get("id", ""), "release": system.get("release", "")},
        "day": model.day,
        "counts": counts(model),
        "basis": basis.as_json(),
        "summaryDigest": summary_digest(model),
        "elements": [_element(each) for each in model.elements],
        "flows": [_flow(each) for each in model.flows],
        "boundaries": [_boundary(each) for each in model.boundaries],
        "threats": [_threat(each) for each in model.threats],
        "closed": [
            {"id": each.id, "name": each.name, "rule": each.rule, "about": each.about, "reason": each.reason} for each in model.closed
        ],
        "matrix": [
            {"threat": threat.id, "practice": each.practice, "state": each.state, "live": each.live}
            for threat in model.threats
            for each in threat.decided.mitigations
        ],
        "uncovered": list(uncovered),
        "triggers": list(triggers),
        "against": None if against is None else _difference(*against),
    }


def counts(model: ThreatModel) -> dict[str, int]:
    """Return the numbers that practices ask for."""
    return {
        "threats": len(model.threats),
        "closed": len(model.closed),
        "undecided": len(model.undecided),
        "pressing": len(model.pressing),
        "acceptedWithoutExpiry": len(model.without_expiry),
        "acceptedWithoutAdviser": len(model.without_adviser),
        "claimedOnly": sum(len(each.decided.claimed) for each in model.threats),
        "proven": sum(each.decided.proven for each in model.threats),
        "closedWithoutReason": sum(not each.reason for each in model.closed),
        "weightTheftScenarios": sum(each.rule.scenario == "weight-theft" for each in model.threats),
        "automatedAttackScenarios": sum(each.rule.scenario == "automated-attack" for each in model.threats),
        "decidedByPeople": sum(each.decided.by not in {"", "rule"} for each in model.threats),
    }


def _element(each: Element) -> dict[str, Json]:
    return {
        "key": each.key,
        "kind": each.kind,
        "id": each.id,
        "implied": each.part.implied,
        "zone": each.zone,
        "assets": [{"kind": kind, "id": name} for kind, name in each.part.assets],
        "sensitivity": LEVELS[each.sensitivity],
        "personal": each.personal,
        "classes": [{"class": str(kind), "from": source} for kind, source in zip(each.classes, each.because, strict=True)],
        "exposure": {"level": each.exposure, "words": EXPOSURES[each.exposure], "from": each.exposed_by},
        "attraction": {"points": each.attraction.points, "inputs": [{"what": what, "points": n} for what, n in each.attraction.inputs]},
    }


def _flow(each: Flow) -> dict[str, Json]:
    return {
        "key": each.key,
        "from": each.source,
        "to": each.target,
        "carries": list(each.carries),
        "crosses": each.crosses,
        "how": each.how,
        "boundaries": list(each.boundaries),
    }


def _boundary(each: Boundary) -> dict[str, Json]:
    return {"key": each.key, "kind": each.kind, "id": each.id, "members": list(each.members), "flows": list(each.flows)}


def _threat(each: Threat) -> dict[str, Json]:
    decided = each.decided
    return {
        "id": each.id,
        "name": each.name,
        "rule": each.rule.id,
        "about": each.about,
        "title": each.title,
        "reason": each.reason,
        "cause": each.rule.cause,
        "stride": each.rule.stride,
        "atlas": list(each.rule.atlas),
        "owasp": list(each.rule.owasp),
        "scenario": each.rule.scenario,
        "severity": each.severity,
        "score": {"points": each.score, "effect": each.rule.effect, "sensitivity": LEVELS[each.sensitivity], "exposure": each.exposure},
        "attraction": each.attraction,
        "impact": {level: each.impact.get(level) for level in LEVELS_OF_IMPACT},
        "decision": {
            "choice": decided.choice,
            "by": decided.by,
            "reason": decided.reason,
            "proven": decided.proven,
            "date": decided.date,
            "expires": decided.expires,
            "adviser": decided.adviser,
            "to": decided.to,
        },
    }


def _difference(what: str, found: Difference) -> dict[str, Json]:
    changed = [{"name": name, "before": before, "now": now} for name, before, now in found.changed]
    return {"what": what, "added": list(found.added), "removed": list(found.removed), "changed": changed}
