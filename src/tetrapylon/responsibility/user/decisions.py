"""Decisions of named persons on outputs: what each one is bound to, and whether it counts.

What it does: reads what is held (`.tetrapylon/holds/ID.json`) and what was decided on it (`ID.decision.json`) or on any other
output (`.tetrapylon/decisions/*.json`). A decision is a signed statement about the digest of the output, with the person, the
action and the reason; it counts when the key is that person's and the person is declared.
Why it matters: a model never decides; who did must be known afterwards, and to one output there is one decision.

Cannot see: whether the person looked at the output before signing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tetrapylon.evidence.envelope import read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.person import signed_by, stands_for
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.statement import Statement, read_statement
from tetrapylon.evidence.trust import Trust, verify_chain
from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.digest import parse_digest, sha256
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

PREDICATE = "output-decision"
Action = Literal["approve", "reject"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_SUFFIX = ".decision.json"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a named person decided about one output, under a signature that counts."""

    output: str
    """The digest of the output."""

    person: str
    action: Action
    reason: str
    at: str
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An output that waits, or waited, for a person."""

    id: str
    at: str
    output: str
    """The digest of the output."""

    tool: str
    principal: str
    why: str
    content: Json


def hold_path(state: Path, name: str) -> Path:
    """Return the file of a held output.

    Raises:
        UsageError: this is no id of one.
    """
    if not _ID.fullmatch(name) or name.endswith(".decision"):
        raise UsageError(f"`{name[:40]}` is no id of something held", hint="run `tetrapylon operate decisions list`", code="no-such-hold")
    return state / "holds" / f"{name}.json"


def decision_path(state: Path, name: str) -> Path:
    """Return the file of the decision on a held output."""
    return hold_path(state, name).with_name(f"{name}{_SUFFIX}")


def record_path(state: Path, output: str) -> Path:
    """Return the file of the decision on an output that was not held."""
    return state / "decisions" / f"{parse_digest(output).removeprefix('sha256:')}.json"


def read_hold(state: Path, name: str) -> Held:
    """Return a held output.

    Raises:
        MissingError: nothing of this id is held.
        IntegrityError: the file is not what was held.
    """
    path = hold_path(state, name)
    if not path.is_file():
        raise MissingError(f"nothing is held as `{name}`", hint="run `tetrapylon operate decisions list`", code="no-such-hold")
    found = read_json(read_bytes(path, BOUNDS.json), f"`{path.name}`")
    try:
        digest = sha256(canonical_json(found["output"]))
        same = found["id"] == name and found["outputDigest"] == digest
        held = Held(
            name,
            str(found["at"]),
            digest,
            str(found.get("tool", "")),
            str(found.get("principal", "")),
            str(found.get("why", "")),
            found["output"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"`{path.name}` is not what was held", code="malformed") from error
    if not same:
        raise IntegrityError(f"`{path.name}` is not what was held", code="malformed")
    return held


def holds(state: Path) -> Iterator[str]:
    """Yield the ids of everything that is or was held, the oldest name first."""
    folder = state / "holds"
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if not path.name.endswith(_SUFFIX):
            yield path.name.removesuffix(".json")


def recorded(state: Path) -> list[Path]:
    """Return the files of decisions on outputs that were not held."""
    folder = state / "decisions"
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def load_trust(state: Path) -> Trust:
    """Return the system's root of trust.

    Raises:
        MissingError: there is none.
        IntegrityError: it is broken.
    """
    folder = state / "trust"
    paths = [each for each in (folder.glob("*.root.json") if folder.is_dir() else ()) if each.name.partition(".")[0].isdecimal()]
    roots = [read_bytes(each, BOUNDS.json) for each in sorted(paths, key=lambda each: int(each.name.partition(".")[0]))]
    if not roots:
        raise MissingError("this system has no trust root yet", hint="run `tetrapylon trust init`", code="no-trust")
    return verify_chain(roots, roots[0], check_native)


def read_decision(path: Path, trust: Trust, facts: Mapping[str, Json]) -> Decision:
    """Return the decision in a file.

    Raises:
        IntegrityError: it is not a decision, or the signature does not count: an unknown or ended key, or somebody else's.
    """
    envelope = read_envelope(read_bytes(path, BOUNDS.json), f"`{path.name}`")
    statement = read_statement(envelope.payload, f"`{path.name}`")
    decision = _decision(statement, path)
    holder = signed_by(envelope, trust, decision.at)
    if not stands_for(holder, decision.person, facts):
        said = f"`{path.name}` names `{decision.person}`, but the key is that of `{holder.holder}`"
        raise IntegrityError(said, code="wrong-person")
    return decision


def _decision(statement: Statement, path: Path) -> Decision:
    if statement.predicate_type != predicate_type(PREDICATE):
        raise IntegrityError(f"`{path.name}` is no decision", code="malformed")
    decode(PREDICATE, statement.predicate)
    found = statement.predicate
    said = [found.get(name) for name in ("person", "action", "reason", "outputDigest")]
    if not all(isinstance(each, str) and each for each in said) or found["action"] not in {"approve", "reject"}:
        raise IntegrityError(f"`{path.name}` does not say who decided what and why", code="malformed")
    if {found["outputDigest"]} != statement.digests():
        raise IntegrityError(f"`{path.name}` is about another output than it says", code="subject-mismatch")
    at = statement.observed_to
    if at is None:
        raise IntegrityError(f"`{path.name}` does not say when it was decided", code="malformed")
    return Decision(found["outputDigest"], found["person"], found["action"], found["reason"], at, found.get("hold"))


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of all decisions."""

    decisions: int
    without_person: int
    undecided: int
    detail: tuple[str, ...]


def tally(state: Path, facts: Mapping[str, Json]) -> Tally | None:
    """Return the count of decisions and of those that do not count; None where nothing was ever held or decided."""
    named, loose = list(holds(state)), recorded(state)
    if not named and not loose:
        return None
    decided = [decision_path(state, each) for each in named if decision_path(state, each).is_file()]
    wrong: list[str] = []
    trust = load_trust(state)
    for path in (*decided, *loose):
        try:
            found = read_decision(path, trust, facts)
            if path in decided and found.output != read_hold(state, path.name.removesuffix(_SUFFIX)).output:
                wrong.append(f"`{path.name}` is about another output than the one that is held")
        except TetrapylonError as error:
            wrong.append(error.message)
    return Tally(len(decided) + len(loose), len(wrong), len(named) - len(decided), tuple(wrong[:20]))
