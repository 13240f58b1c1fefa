"""Count who acknowledged the terms, and whether a named person stands behind each decision on an output.

Reads: the terms (from the manifest and the measured limits), the file of access keys, held outputs and the decisions on them,
the root of trust. Leaves: `user-acknowledgement` where keys are in force, `output-decision` where something was held or
decided; without either nothing is left, and the practices are UNKNOWN.
Cannot see: whether somebody read what they acknowledged, decisions that were taken outside, users who share a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import hash_file
from tetrapylon.outside.view import View
from tetrapylon.responsibility.user.acknowledged import acknowledged
from tetrapylon.responsibility.user.decisions import PREDICATE, decision_path, hold_path, holds, recorded, tally
from tetrapylon.responsibility.user.terms import terms_digest, terms_text

PRACTICES = ("SD1.7", "SP5.6", "SP5.8")


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the release: terms, keys, holds, decisions and the root of trust."""
    state = _state(view)
    files = [state / "access" / "keys.json", *recorded(state), *sorted((state / "trust").glob("*.root.json"))]
    files += [path for each in holds(state) for path in (hold_path(state, each), decision_path(state, each))]
    seen = {path.relative_to(state).as_posix(): str(hash_file(path)) for path in files if path.is_file()}
    return {"files": seen, "terms": _terms(view)}


def observe(view: View) -> Iterator[Observation]:
    """Yield what is known of acknowledgements and of decisions."""
    about = tuple(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    for predicate, payload in (*_acknowledgement(view), *_decisions(view)):
        now = view.now()
        yield Observation(predicate, about, {**payload, "tool": view.tool}, now, now, "operator")


def _acknowledgement(view: View) -> Iterator[tuple[str, dict[str, Json]]]:
    document = _terms(view)
    try:
        found = acknowledged(_state(view), document, view.now())
    except TetrapylonError as error:
        yield "user-acknowledgement", {"document": document, "users": 0, "acknowledged": 0, "detail": [error.message]}
        return
    if found is not None:
        missing = found.users - found.acknowledged
        detail = [f"{missing} of {found.users} keys in force have not acknowledged the terms as they are now"] if missing else []
        counts = {"users": found.users, "acknowledged": found.acknowledged, "rate": found.rate}
        yield "user-acknowledgement", {"document": document, **counts, "detail": detail}


def _decisions(view: View) -> Iterator[tuple[str, dict[str, Json]]]:
    try:
        found = tally(_state(view), view.facts)
    except TetrapylonError as error:
        yield PREDICATE, {"decisions": 0, "undecided": 0, "detail": [error.message]}
        return
    if found is not None:
        waiting = [f"{found.undecided} held outputs wait for a person"] if found.undecided else []
        payload = {"decisions": found.decisions, "withoutPerson": found.without_person, "undecided": found.undecided}
        yield PREDICATE, {**payload, "detail": [*found.detail, *waiting]}


def _state(view: View) -> Path:
    return view.root / ".tetrapylon"


def _terms(view: View) -> str:
    return terms_digest(terms_text(view.facts, view.root))
