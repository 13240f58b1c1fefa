"""Let a named person decide on an output: one that is held, or any other by its digest. To each there is one decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.evidence.person import stands_for
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.signer import Signer, sign_statement
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.kernel.digest import parse_digest
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.outside.files import make_folder, write_atomic
from tetrapylon.responsibility.user.decisions import (
    PREDICATE,
    Action,
    Decision,
    decision_path,
    holds,
    read_decision,
    read_hold,
    record_path,
    recorded,
)

MOST_REASON = 2000
"""Characters."""


@dataclass(frozen=True)
class Wanted:
    """What a person decides."""

    output: str
    """The digest of the output."""

    person: str
    action: Action
    reason: str
    hold: str | None = None


@dataclass(frozen=True)
class Signing:
    """How the person signs: with a file key's passphrase, or with an SSH key."""

    passphrase: bytes | None
    ssh_key: str | None = None


@dataclass(frozen=True)
class Decided:
    """A decision, signed and written."""

    path: Path
    decision: Decision

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        found = {"output": self.decision.output, "person": self.decision.person, "action": self.decision.action}
        return {**found, "reason": self.decision.reason, "at": self.decision.at, "hold": self.decision.hold, "file": str(self.path)}

    def lines(self) -> list[str]:
        """Return this for a reader."""
        what = f"`{self.decision.hold}`" if self.decision.hold else f"the output {self.decision.output[:19]}…"
        verb = "approved" if self.decision.action == "approve" else "rejected"
        return [f"{self.decision.person} {verb} {what}: {self.decision.reason}", f"signed in {self.path}"]


def listing(project: Project) -> list[dict[str, Any]]:
    """Return everything that is or was held, with the decision on it, and every other decision."""
    state = project.state()
    found = [_held(project, name) for name in holds(state)]
    return found + [{"id": None, **_decision(project, path)} for path in recorded(state)]


def _held(project: Project, name: str) -> dict[str, Any]:
    path = decision_path(project.state(), name)
    try:
        held = read_hold(project.state(), name)
    except TetrapylonError as error:
        return {"id": name, "state": "damaged", "why": error.message}
    about = {"id": name, "at": held.at, "output": held.output, "tool": held.tool, "principal": held.principal, "why": held.why}
    return {**about, "content": held.content, **(_decision(project, path) if path.is_file() else {"state": "waiting"})}


def _decision(project: Project, path: Path) -> dict[str, Any]:
    try:
        found = read_decision(path, wiring.load_trust(project), project.facts)
    except TetrapylonError as error:
        return {"state": "does not count", "why": error.message}
    return {"state": found.action, "output": found.output, "person": found.person, "reason": found.reason, "decided": found.at}


def decide_hold(project: Project, name: str, wanted: Mapping[str, Any], signing: Signing, now: str) -> Decided:
    """Decide on what is held as `name`; `wanted` holds person, action and reason.

    Raises:
        MissingError: nothing is held under this name, or no key is here that the person signs with.
        ConflictError: somebody decided already.
        RefusedError: the key is somebody else's.
    """
    held = read_hold(project.state(), name)
    decided = Wanted(held.output, wanted["person"], wanted["action"], wanted["reason"], name)
    return _write(project, decided, decision_path(project.state(), name), signing, now)


def record(project: Project, wanted: Wanted, signing: Signing, now: str) -> Decided:
    """Record a decision on an output that was not held.

    Raises:
        UsageError: the output is not named by a digest.
        ConflictError, MissingError, RefusedError: as `decide_hold`.
    """
    return _write(project, wanted, record_path(project.state(), wanted.output), signing, now)


def _write(project: Project, wanted: Wanted, path: Path, signing: Signing, now: str) -> Decided:
    _check(project, wanted)
    signer = signer_of(project, wanted.person, signing, now)
    payload = {
        "observedFrom": now,
        "observedTo": now,
        **({"demo": True} if project.demo else {}),
        "decisions": 1,
        "withoutPerson": 0,
        "undecided": 0,
        "outputDigest": wanted.output,
        "person": wanted.person,
        "action": wanted.action,
        "reason": wanted.reason,
        **({"hold": wanted.hold} if wanted.hold else {}),
    }
    decode(PREDICATE, payload)
    statement = Statement((Subject("output", parse_digest(wanted.output)),), predicate_type(PREDICATE), payload)
    prepare_state(project)
    make_folder(path.parent, 0o700)
    try:
        write_atomic(path, sign_statement(statement, [signer]).to_bytes(), 0o600, replace=False)
    except ConflictError as error:
        raise _decided_already(project, path) from error
    return Decided(path, read_decision(path, wiring.load_trust(project), project.facts))


def _decided_already(project: Project, path: Path) -> ConflictError:
    try:
        found = read_decision(path, wiring.load_trust(project), project.facts)
    except TetrapylonError as error:
        return ConflictError(f"there is a decision already, which does not count: {error.message}", code="exists")
    return ConflictError(f"`{found.person}` decided already: {found.action}, {found.reason}", code="exists")


def _check(project: Project, wanted: Wanted) -> None:
    known = [each["id"] for each in project.facts.get("person", ())]
    if wanted.person not in known:
        hint = f"persons: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no person `{wanted.person[:40]}` in the manifest", hint=hint, code="unknown-person")
    if not wanted.reason.strip() or len(wanted.reason) > MOST_REASON:
        raise UsageError(f"a decision has a reason, of {MOST_REASON} characters at most", code="no-reason")


def signer_of(project: Project, person: str, signing: Signing, now: str) -> Signer:
    """Return the signer that stands for the person now.

    Raises:
        RefusedError: every key that is here is somebody else's (`wrong-person`).
        MissingError: there is none (`no-key`).
    """
    trust = wiring.load_trust(project)
    roles = next(each["roles"] for each in project.facts["person"] if each["id"] == person)
    if signing.ssh_key:
        from tetrapylon.evidence.signers.ssh import SshSigner

        found: list[Signer] = [SshSigner(Path(signing.ssh_key))]
    else:
        held = [wiring.find_signer(project, name, signing.passphrase) for name in (person, *roles)]
        found = [each for each in held if each is not None]
    for each in found:
        try:
            grant = trust.grant(each.key.keyid).valid_at(now)
        except IntegrityError:
            continue
        if stands_for(grant, person, project.facts):
            return each
    if found:
        hint = f"let the root of trust know the key with `tetrapylon trust rotate --grant`, holder `{person}`"
        raise RefusedError(f"no key here is that of `{person}`", hint=hint, code="wrong-person")
    raise MissingError(f"this machine holds no key of `{person}`", hint="sign with `--ssh-key FILE`", code="no-key")
