"""A release decision: what was decided, on which log prefix, by which catalogue and policy, and why.

The decision names everything it depends on by digest, so that anybody who holds those objects and the log can make it
again and compare bytes. Nothing in it depends on the machine: no path, host or duration.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.evidence.note import Checkpoint
from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical
from tetrapylon.kernel.digest import Digest, digest_bytes, sha256
from tetrapylon.kernel.errors import Exit, IntegrityError
from tetrapylon.posture.fold import AssetRef, Question, Record, assess_practices
from tetrapylon.posture.state import STATE_RANK, VERDICT_OF_EXIT, PracticeState, State, exit_of

DECISION_SCHEMA = "tetrapylon/decision/1"

_SERIALS = uuid.UUID("6f1f6f1e-4b58-5a0e-9c39-6b1d7f0c9d11")
"""The name space of decisions' serial numbers."""


@dataclass(frozen=True)
class Basis:
    """What a decision stands on: the objects it names by digest, and the log prefix."""

    catalogue: Mapping[str, Json]
    policy: Mapping[str, Json]
    manifest: Mapping[str, Json]
    assets: tuple[AssetRef, ...]
    release_digest: Digest
    checkpoint: Checkpoint
    """Origin, size and root of the log prefix that was looked at."""

    previous: Mapping[str, Json] | None = None
    """The last decision, where only what got worse is to be refused (`--ratchet`)."""

    def question(self, time: str) -> Question:
        """Return what the verdict is asked."""
        return Question(self.catalogue, self.policy, self.manifest, self.assets, time, tuple(self.policy["practices"]))


def decide(basis: Basis, records: Sequence[Record], time: str) -> dict[str, Json]:
    """Return the decision on the evidence at this time, as plain JSON."""
    prefix = [each for each in records if each.index < basis.checkpoint.size]
    states = assess_practices(basis.question(time), prefix)
    return decision_of(basis, states, time)


def decision_of(basis: Basis, states: Sequence[PracticeState], time: str) -> dict[str, Json]:
    """Return the decision that follows from the states."""
    exit_code = exit_with(basis.previous, states)
    system = basis.manifest["system"]
    return {
        "schema": DECISION_SCHEMA,
        "serialNumber": str(uuid.uuid5(_SERIALS, basis.release_digest)),
        "timestamp": time,
        "system": {"id": system["id"], "release": system["release"], "digest": basis.release_digest},
        "demo": system.get("demo", False),
        "log": {"origin": basis.checkpoint.origin, "size": basis.checkpoint.size, "root": basis.checkpoint.root.hex()},
        "basis": basis_digests(basis),
        "profile": basis.policy["profile"],
        "practices": [_row(each) for each in states],
        "notAssessed": _not_assessed(basis),
        "verdict": VERDICT_OF_EXIT[exit_code],
        "exit": int(exit_code),
    }


def basis_digests(basis: Basis) -> dict[str, Json]:
    """Return the digests of the objects that a decision stands on."""
    objects = basis_objects(basis)
    found: dict[str, Json] = {name: sha256(data) for name, data in objects.items()}
    found["previous"] = None if basis.previous is None else sha256(canonical_json(basis.previous))
    return found


def basis_objects(basis: Basis) -> dict[str, bytes]:
    """Return the objects themselves, canonically encoded."""
    return {
        "catalogue": canonical_json(basis.catalogue),
        "policy": canonical_json(basis.policy),
        "manifest": canonical_json(basis.manifest),
        "assets": canonical_json([{"kind": each.kind, "id": each.id, "digest": each.digest} for each in basis.assets]),
    }


def assets_of(value: Json) -> tuple[AssetRef, ...]:
    """Return the assets that the object of a decision lists."""
    return tuple(AssetRef(each["kind"], each["id"], Digest(each["digest"])) for each in value)


def replay(basis: Basis, records: Sequence[Record], recorded: bytes) -> dict[str, Json]:
    """Make a recorded decision again and return it.

    Raises:
        IntegrityError: it came out differently (`decision-mismatch`).
    """
    time = read_decision(recorded)["timestamp"]
    again = decide(basis, records, time)
    if canonical_json(again) != recorded:
        raise IntegrityError("the recorded decision does not follow from its evidence", code="decision-mismatch")
    return again


def read_decision(data: bytes) -> dict[str, Json]:
    """Return the decision in its one encoding.

    Raises:
        IntegrityError: not a decision.
    """
    value = read_canonical_object(data, "the decision")
    if value.get("schema") != DECISION_SCHEMA:
        raise IntegrityError(f"the decision is not a `{DECISION_SCHEMA}`", code="malformed")
    return value


def read_canonical_object(data: bytes, what: str) -> dict[str, Json]:
    """Return the JSON object in its one encoding.

    Raises:
        IntegrityError: another encoding, or not an object.
    """
    value = read_canonical(data, what)
    if not isinstance(value, dict):
        raise IntegrityError(f"{what} is not a JSON object", code="malformed")
    return value


def decision_digest(decision: Mapping[str, Json]) -> Digest:
    """Return the digest by which a decision is named."""
    return sha256(canonical_json(decision))


def _row(state: PracticeState) -> dict[str, Json]:
    return {
        "id": state.id,
        "state": str(state.state),
        "reason": state.reason,
        "evidence": list(state.evidence),
        "waiverExpired": state.waiver_expired,
    }


def _weighed(previous: Mapping[str, Json] | None, states: Sequence[PracticeState]) -> list[PracticeState]:
    """Return the states that count: with a previous decision, those that got worse count as they are, the rest as good."""
    if previous is None:
        return list(states)
    before = {each["id"]: STATE_RANK[State(each["state"])] for each in previous["practices"]}
    kept = [each for each in states if STATE_RANK[each.state] < before.get(each.id, STATE_RANK[State.PASS]) or each.waiver_expired]
    return kept or [PracticeState("-", State.PASS, "nothing got worse")]


def exit_with(previous: Mapping[str, Json] | None, states: Sequence[PracticeState]) -> Exit:
    """Return how a gate ends on these states; with a previous decision only what got worse counts."""
    return exit_of(_weighed(previous, states))


def _not_assessed(basis: Basis) -> list[str]:
    chosen = set(basis.policy["practices"])
    return [each["id"] for each in basis.catalogue["practice"] if each["id"] not in chosen]


def statement_times(decision: Mapping[str, Json]) -> dict[str, Json]:
    """Return the observed times and the demonstration mark that every statement about a decision carries."""
    times: dict[str, Json] = {"observedFrom": decision["timestamp"], "observedTo": decision["timestamp"]}
    return {**times, "demo": True} if decision["demo"] else times


def decision_predicate(decision: Mapping[str, Json]) -> dict[str, Json]:
    """Return our own statement about a decision: which one, and how it came out."""
    return {
        **statement_times(decision),
        "decision": decision_digest(decision),
        "verdict": decision["verdict"],
        "exit": decision["exit"],
        "logSize": decision["log"]["size"],
        "logRoot": decision["log"]["root"],
    }


def vsa_predicate(decision: Mapping[str, Json]) -> dict[str, Json]:
    """Return the SLSA verification summary v1: PASSED or FAILED, and nothing between."""
    return {
        **statement_times(decision),
        "verifier": {"id": "https://tetrapylon.example/gate"},
        "timeVerified": decision["timestamp"],
        "resourceUri": f"urn:tetrapylon:{decision['system']['id']}:{decision['system']['release']}",
        "policy": {"uri": f"https://tetrapylon.example/profile/{decision['profile']}", "digest": _hex_digest(decision["basis"]["policy"])},
        "inputAttestations": [
            {"uri": f"urn:tetrapylon:decision:{decision['serialNumber']}", "digest": _hex_digest(decision_digest(decision))}
        ],
        "verificationResult": "PASSED" if decision["exit"] == Exit.GOOD else "FAILED",
        "verifiedLevels": [f"TETRAPYLON_PROFILE_{decision['profile'].upper()}"] if decision["exit"] == Exit.GOOD else [],
        "slsaVersion": "1.1",
    }


def svr_predicate(decision: Mapping[str, Json]) -> dict[str, Json]:
    """Return the simple verification result v0.2, which also says why it could not be decided."""
    reasons = [f"TETRAPYLON_{each['id']}_{each['state'].replace(' ', '_')}" for each in decision["practices"]]
    return {
        **statement_times(decision),
        "verifier": {"id": "https://tetrapylon.example/gate"},
        "timeCreated": decision["timestamp"],
        "properties": [f"TETRAPYLON_{decision['verdict'].upper().replace(' ', '_')}", *reasons],
    }


def _hex_digest(digest: str) -> dict[str, str]:
    return {"sha256": digest_bytes(Digest(digest)).hex()}
