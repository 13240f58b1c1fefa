"""The threat model in the Open Threat Model format (version 0.2.0), for other tools.

Our boundaries become trust zones as far as elements lie in them; whatever lies in none is in a zone of its own. The format
has no place for reasons of closed threats, so those stay behind.
"""

from __future__ import annotations

from tetrapylon.design.threats.model import Threat, ThreatModel
from tetrapylon.kernel.canonical import Json

VERSION = "0.2.0"

_INSIDE = "inside"
_RATING = {"outside": 0, "supplier": 30, "environment": 70, "location": 50, _INSIDE: 60}
"""How far a zone is trusted, from 0 to 100: whose it is decides."""

_MOST_EXPOSURE, _MOST_IMPACT = 4, 12


def as_otm(model: ThreatModel) -> dict[str, Json]:
    """Return the model as an OTM document."""
    system = model.graph.facts.get("system", {})
    kept = model.by_about
    zones = sorted({each.zone or _INSIDE for each in model.elements})
    return {
        "otmVersion": VERSION,
        "project": {"name": str(system.get("id", "")), "id": str(system.get("id", "")), "description": str(system.get("purpose", ""))},
        "trustZones": [
            {"id": each, "name": each.partition("/")[2] or each, "risk": {"trustRating": _RATING[each.partition("/")[0]]}} for each in zones
        ],
        "components": [
            {
                "id": each.key,
                "name": each.id,
                "type": each.kind,
                "parent": {"trustZone": each.zone or _INSIDE},
                "threats": [_instance(threat) for threat in kept.get(each.key, ())],
            }
            for each in model.elements
        ],
        "dataflows": [
            {
                "id": each.key,
                "name": ", ".join(each.carries) or each.how,
                "source": each.source,
                "destination": each.target,
                "bidirectional": False,
                "threats": [_instance(threat) for threat in kept.get(each.key, ())],
            }
            for each in model.flows
        ],
        "threats": [_threat(each) for each in model.threats],
        "mitigations": [
            {"id": each, "name": each, "riskReduction": 0}
            for each in sorted({mitigation.practice for threat in model.threats for mitigation in threat.decided.mitigations})
        ],
    }


def _instance(threat: Threat) -> dict[str, Json]:
    return {
        "threat": threat.id,
        "state": threat.decided.choice,
        "mitigations": [{"mitigation": each.practice, "state": each.state} for each in threat.decided.mitigations],
    }


def _threat(threat: Threat) -> dict[str, Json]:
    impact = threat.rule.effect * (1 + threat.sensitivity)
    return {
        "id": threat.id,
        "name": threat.title,
        "description": threat.reason,
        "categories": list(threat.rule.stride),
        "risk": {
            "likelihood": round(100 * (1 + threat.exposure) / _MOST_EXPOSURE),
            "impact": round(100 * impact / _MOST_IMPACT),
            "impactComment": "; ".join(f"{level}: {said}" for level, said in threat.impact.items()),
        },
        "tags": [*threat.rule.atlas, *threat.rule.owasp],
        "attributes": {"rule": threat.rule.id, "severity": threat.severity},
    }
