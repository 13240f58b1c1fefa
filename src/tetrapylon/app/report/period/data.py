"""The period as plain data: `tetrapylon/report-period/1`."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.report.period.gather import Key, Past, Period
from tetrapylon.app.report.period.points import Span


def period_object(period: Period) -> dict[str, Any]:
    """Return everything that the page shows."""
    system = period.facts["system"]
    return {
        "schema": "tetrapylon/report-period/1",
        "system": {"id": system["id"], "release": system["release"]},
        "demo": bool(system.get("demo", False)),
        "from": period.since,
        "to": period.until,
        "points": period.points,
        "log": {"size": period.log[0], "root": period.log[1], "inPeriod": period.records},
        "trust": period.fingerprint,
        "states": {practice: [_span(each) for each in row] for practice, row in period.spans.items()},
        "gaps": [_span(each) for each in period.gaps],
        "failures": [_span(each) for each in period.failures],
        "exceptions": [each.as_json() for each in period.exemptions],
        "decisions": [_past(each) for each in period.decisions],
        "samples": {"seed": period.seed, "records": [each.as_json() for each in period.samples]},
        "keys": [_key(each) for each in period.keys],
        "exit": 0 if all(each.same for each in period.decisions) else 4,
    }


def _span(each: Span) -> dict[str, Any]:
    found = {"practice": each.practice, "from": each.since, "to": each.until, "state": each.state, "reason": each.reason}
    return {**found, "records": list(each.records)}


def _past(each: Past) -> dict[str, Any]:
    made = each.decided
    found = {key: made.decision[key] for key in ("verdict", "profile", "system")}
    place = {"digest": made.digest, "record": made.index, "recordedAt": made.recorded_at}
    return {**found, **place, "same": each.same, "verify": f"tetrapylon gate --decision {made.digest}"}


def _key(each: Key) -> dict[str, Any]:
    grant = each.grant
    found: dict[str, Any] = {"keyid": grant.key.keyid, "algorithm": grant.key.algorithm, "holder": grant.holder, "roles": list(grant.roles)}
    found |= {"notBefore": grant.not_before, "notAfter": grant.not_after, "revokedAt": grant.revoked_at}
    return {**found, "independent": grant.independent, "demo": grant.demo, "signed": each.signed}
