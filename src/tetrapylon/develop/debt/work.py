"""Run the detectors of debt at every assessment and leave the register with what is overdue or undecided.

Reads: everything in the tree, the manifest, `debt.toml`, waivers, records, settings and earlier snapshots in the log, and
the state of every practice. Leaves: `debt-snapshot`. Moves: SV4.1, SV4.2. Where something could not be looked at, there
is no answer about what is undecided. Cannot see: debt that no detector knows and nobody wrote down; whether a reason is a
good one; what a debt costs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.decisions import FILE
from tetrapylon.develop.debt.detector import EVIDENCE
from tetrapylon.develop.debt.register import Entry, Register, look_at, take
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.view import Known, View

PRACTICES = ("SV4.1", "SV4.2")

_WHEN = frozenset({"observedFrom", "observedTo", "tool"})

_TOLD = 20
"""Entries that a sentence each is spent on."""

_KEPT = 500
"""Entries that a snapshot keeps; it counts them all."""


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started = view.now()
    found = take(view)
    payload = {**_answers(found), "release": view.facts["system"]["release"], "tool": view.tool, "detail": _sentences(found)}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        yield Observation("debt-snapshot", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def inputs(view: View) -> Json:
    """Return what the observation follows from; the day counts, because debt falls due."""
    look = look_at(view)
    newest = {name: {about: _said(each) for about, each in look.newest(name).items()} for name in EVIDENCE}
    # What is stale only until this work is done must not make the next time differ.
    own = {*PRACTICES, "SP4.9"}
    stale = sorted(name for name, state in look.states.items() if state == "STALE" and name not in own)
    waivers = [_said(each) for each in look.evidence["waiver"]]
    decided = digest_beside(view.root, FILE)
    return {"tree": view.repository.digest, "decisions": decided, "said": newest, "waivers": waivers, "stale": stale, "day": look.now[:10]}


def _said(known: Known) -> str:
    """Return the digest of what a statement says, without when it was said and by which run."""
    return sha256(canonical_json({key: value for key, value in known.payload.items() if key not in _WHEN}))


def _answers(found: Register) -> dict[str, Json]:
    answers: dict[str, Json] = {
        "entries": len(found.entries),
        "detectors": len(found.detectors),
        "overdueCritical": len(found.overdue_critical),
        "overdue": len(found.overdue),
        "added": len(found.added),
        "paid": len(found.paid),
        "register": [_row(each) for each in found.entries[:_KEPT]],
    }
    if found.incomplete or not found.unseen:
        answers["incomplete"] = len(found.incomplete)
    if found.over_budget is not None:
        answers["overBudget"] = found.over_budget
    return answers


def _row(entry: Entry) -> dict[str, Json]:
    decided = {name: value for name, value in (("owner", entry.owner), ("reason", entry.reason)) if value}
    plain = {"id": entry.id, "detector": entry.detector, "what": entry.what, "where": entry.where, "severity": entry.severity}
    return {**plain, "risk": list(entry.risk), "due": entry.due, "firstSeen": entry.first_seen, **decided}


def _sentences(found: Register) -> list[str]:
    said = [f"incomplete: {each.id} lacks {' and '.join(each.lacks)}: {each.what} ({each.where})" for each in found.incomplete[:_TOLD]]
    said += [f"{each.id} was due on {each.due}: {each.what}" for each in found.overdue[:_TOLD]]
    return [*said, *(f"incomplete: could not be looked at: {each}" for each in found.unseen[:_TOLD])]
