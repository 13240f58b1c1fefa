"""From an observation to evidence: a signed statement in the log, or a draft where the log is kept elsewhere.

On a branch, or on a machine without the log's keys, evidence is a draft: signed if this machine holds the role's key,
unsigned otherwise (a fork's CI holds no secrets). Only the sequencer admits drafts, and only signed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.branch import keeps_log
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.evidence.ledger import Entry, Ledger, Recorded
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import Checkpoint, sign_checkpoint
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.predicate import decode, name_of, predicate_type
from tetrapylon.evidence.signer import Signer, sign_statement
from tetrapylon.evidence.statement import Statement, Subject, read_statement
from tetrapylon.evidence.trust import check_signature
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import IntegrityError, RefusedError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock, parse_time
from tetrapylon.outside.files import read_bytes, write_atomic


@dataclass(frozen=True)
class Filed:
    """Where the evidence of an observation went."""

    predicate: str
    subjects: tuple[str, ...]
    index: int | None
    """The log record, or None for a draft."""

    draft: Path | None = None
    signed: bool = True


class Recorder:
    """Files observations as evidence about a project."""

    def __init__(self, project: Project, policy: Mapping[str, Any], passphrase: bytes | None, *, now: str) -> None:
        self.project = project
        self.policy = policy
        self.now = now
        self.passphrase = passphrase
        self._log_signers = wiring.log_signers(project, passphrase)
        self.to_log = self._log_signers is not None and keeps_log(project)

    def file(self, observations: Iterable[Observation]) -> list[Filed]:
        """Sign each observation with the key of a role that may make the claim, and record or draft it."""
        signed = [(each, *self._signed(each)) for each in observations]
        if not self.to_log:
            return [self._draft(each, statement, envelope) for each, statement, envelope in signed]
        entries = [self._required(each, envelope) for each, _, envelope in signed]
        recorded = self.append(entries)
        return [_filed(each, place) for (each, _, _), place in zip(signed, recorded, strict=True)]

    def append(self, envelopes: Sequence[Envelope], expected_size: int | None = None, at: str | None = None) -> list[Recorded]:
        """Append signed statements to the log, as of `at` (default: the present), and publish a checkpoint over it.

        Raises:
            RefusedError: a key may not sign now (revoked, expired): nothing was recorded, for it could never be read again.
        """
        # The time of recording, not of the start: measuring a large model takes longer than clocks may differ.
        now = at or max(self.now, SystemClock().now())
        self._refuse_invalid(envelopes, now)
        ledger = wiring.open_ledger(self.project)
        recorded = ledger.record([Entry(each) for each in envelopes], now, expected_size)
        self.publish(ledger)
        return recorded

    def _refuse_invalid(self, envelopes: Sequence[Envelope], now: str) -> None:
        trust = wiring.load_trust(self.project)
        for each in envelopes:
            try:
                check_signature(each, trust, check_native, now)
            except IntegrityError as error:
                hint = "let the role have a new key with `tetrapylon trust rotate --grant`"
                raise RefusedError(f"nothing was recorded: {error.message}", hint=hint, code=error.code) from error

    def publish(self, ledger: Ledger) -> bytes:
        """Sign and publish the checkpoint of the whole log; a copy goes where version control keeps it."""
        if self._log_signers is None:
            raise RefusedError("this machine does not hold the log's keys", hint="run this where the log is kept", code="not-sequencer")
        size = ledger.size
        latest = ledger.leaf(size - 1).recorded_at if size else self.now
        checkpoint = Checkpoint(wiring.load_trust(self.project).root.origin, size, ledger.root(size))
        note = sign_checkpoint(checkpoint, self._log_signers, int(parse_time(max(self.now, latest)).timestamp()))
        ledger.publish(note, size)
        write_atomic(self.project.state("checkpoint"), note)
        return note

    def sign(self, statement: Statement, roles: Sequence[str]) -> Envelope:
        """Sign a statement with the first of the roles' keys that this machine holds."""
        return sign_statement(statement, [wiring.signer_for(self.project, roles, self.passphrase)])

    def statement(self, observation: Observation) -> Statement:
        """Return the statement that an observation makes; its predicate is checked against its type."""
        predicate = {**observation.payload, "observedFrom": observation.observed_from, "observedTo": observation.observed_to}
        if self.project.demo:
            predicate["demo"] = True
        decode(observation.predicate, predicate)
        return Statement(tuple(observation.subjects), predicate_type(observation.predicate), predicate)

    def _roles(self, observation: Observation) -> list[str]:
        permitted = list(self.policy["roles"].get(observation.predicate, ()))
        return sorted(permitted, key=lambda role: role != observation.role)

    def _signed(self, observation: Observation) -> tuple[Statement, Envelope | None]:
        statement = self.statement(observation)
        held: Signer | None = None
        for role in self._roles(observation):
            held = held or wiring.find_signer(self.project, role, self.passphrase)
        return statement, None if held is None else sign_statement(statement, [held])

    def _required(self, observation: Observation, envelope: Envelope | None) -> Envelope:
        if envelope is None:
            wiring.signer_for(self.project, self._roles(observation), self.passphrase)
            raise AssertionError("unreachable: a key that is missing was just asked for")
        return envelope

    def _draft(self, observation: Observation, statement: Statement, envelope: Envelope | None) -> Filed:
        prepare_state(self.project)
        self.project.state("draft").mkdir(exist_ok=True)
        data = statement.to_bytes() if envelope is None else envelope.to_bytes()
        kind = "unsigned.json" if envelope is None else "json"
        path = self.project.state("draft", f"{digest_hex(sha256(statement.to_bytes()))[:32]}.{kind}")
        write_atomic(path, data)
        return Filed(observation.predicate, tuple(each.name for each in observation.subjects), None, path, envelope is not None)


def _filed(observation: Observation, place: Recorded) -> Filed:
    return Filed(observation.predicate, tuple(each.name for each in observation.subjects), place.index)


@dataclass(frozen=True)
class Admitted:
    """What became of the statements that were offered to the log."""

    recorded: tuple[Recorded, ...]
    known: tuple[str, ...]
    """Files whose statement the log already holds."""

    refused: tuple[tuple[str, str], ...]
    """(file, why)."""


def admit(recorder: Recorder, paths: Sequence[Path]) -> Admitted:
    """Take signed statements into the log: each must be signed by a key that may make such a claim now."""
    ledger = wiring.open_ledger(recorder.project)
    held = {each.envelope for each in ledger.leaves()}
    taken: list[Envelope] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for path in paths:
        try:
            envelope = read_admissible(recorder, path)
        except TetrapylonError as error:
            refused.append((path.name, error.message))
            continue
        if envelope.digest in held:
            known.append(path.name)
        else:
            held.add(envelope.digest)
            taken.append(envelope)
    recorded = recorder.append(taken) if taken else []
    return Admitted(tuple(recorded), tuple(known), tuple(refused))


def read_admissible(recorder: Recorder, path: Path) -> Envelope:
    """Return the signed statement in the file.

    Raises:
        RefusedError: it is unsigned (`unsigned`), or its key may not make such a claim (`role`).
        IntegrityError: it is not what was signed, or not a statement of a type that we know.
    """
    if path.name.endswith(".unsigned.json"):
        raise RefusedError("it is not signed; measure again where the keys are", code="unsigned")
    envelope = read_envelope(read_bytes(path, BOUNDS.json), f"`{path.name}`")
    statement = read_statement(envelope.payload, f"`{path.name}`")
    name = name_of(statement.predicate_type)
    decode(name, statement.predicate)
    grants = check_signature(envelope, wiring.load_trust(recorder.project), check_native, recorder.now).verified
    held = {role for each in grants for role in each.roles}
    if held.isdisjoint(recorder.policy["roles"].get(name, ())):
        raise RefusedError(f"its key may not make a `{name}` claim", code="role")
    if any(each.demo for each in grants) and not recorder.project.demo:
        raise RefusedError(
            "it was signed by a demonstration key", hint="set `demo = true` under `[system]` or sign with a real key", code="demo-key"
        )
    return envelope


def pending(project: Project) -> list[Path]:
    """Return the files that wait to enter the log: waivers and attestations from version control, and drafts."""
    return [path for folder in ("waivers", "attestations", "draft") for path in sorted(project.state(folder).glob("*.json"))]


def subject(name: str, digest: str) -> Subject:
    """Return a subject of a statement."""
    from tetrapylon.kernel.digest import parse_digest

    return Subject(name, parse_digest(digest))
