"""A small world to decide in: a catalogue of a few practices, an asset or two, and evidence on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.posture.fold import AssetRef, Question, Record

NOW = "2026-06-01T12:00:00Z"
MODEL = AssetRef("model-file", "reader", sha256(b"weights"))
DATA = AssetRef("dataset", "digits", sha256(b"data"))
LOCK = AssetRef("lock", "requirements.lock", sha256(b"lock"))
OTHER = sha256(b"other weights")

PREDICATES = {
    name: f"https://tetrapylon.example/predicate/{name}/v1" for name in ("check", "made", "waiver", "decision-replay", "attestation")
}
ROLES = {
    "check": ["build"],
    "made": ["build"],
    "waiver": ["risk-owner"],
    "decision-replay": ["release-manager"],
    "attestation": ["owner"],
}
CHECK = {
    "leg": "A",
    "predicate": "check",
    "inputs": ["model-file"],
    "where": [["event", "==", "rehash"]],
    "condition": [["mismatched", "==", 0]],
    "freshness": 30,
}
MADE = {
    "leg": "A",
    "predicate": "made",
    "inputs": ["model-file"],
    "materials": {"path": "madeOf", "inputs": ["dataset", "lock"]},
    "condition": [],
}


def practice(name: str, *parts: dict[str, Any], applies: str = "always") -> dict[str, Any]:
    """Return a practice of the small catalogue."""
    return {"id": name, "applies": applies, "part": list(parts), "kind": ["A"], "status": "core", "title": name, "text": name, "rule": name}


CATALOGUE = {
    "practice": [
        practice("P1", CHECK),
        practice("P2", MADE),
        practice("P3", {"leg": "A", "derive": "waivers-sound"}),
        practice("P4", {"leg": "A", "derive": "nothing-stale"}),
        practice("P5", {"leg": "A", "derive": "decision-replayed"}),
        practice(
            "P6", {"leg": "H", "predicate": "attestation", "inputs": ["model-file"], "where": [["practice", "==", "P6"]], "condition": []}
        ),
        practice("P7", CHECK, applies="has-image-model"),
        practice("P8"),
        practice("P9", {**CHECK, "inputs": ["prompt"]}),
        practice("P10", {**CHECK, "inputs": ["model-file", "dataset"]}),
    ]
}


def question(*practices: str, assets: Sequence[AssetRef] = (MODEL, DATA, LOCK), time: str = NOW) -> Question:
    """Return what the verdict on these practices is asked."""
    policy = {
        "values": {"clock-skew-seconds": 300},
        "roles": ROLES,
        "predicates": PREDICATES,
        "profile": "start",
        "practices": list(practices),
    }
    facts = {
        "system": {"id": "s", "release": "1"},
        "model": [{"id": "reader", "path": "m.onnx"}],
        "dataset": [{"id": "digits", "path": "d"}],
    }
    return Question(CATALOGUE, policy, facts, tuple(assets), time, practices)


class Evidence:
    """Collects records as a log would."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def add(
        self,
        predicate: str,
        subjects: Sequence[tuple[str, Digest]],
        content: dict[str, Any],
        *,
        roles: Sequence[str] | None = None,
        at: str = NOW,
        supersedes: Digest | None = None,
        withheld: bool = False,
    ) -> Record:
        """Add one record, signed in a permitted role unless others are given."""
        statement = Statement(tuple(Subject(*each) for each in subjects), PREDICATES[predicate], {"observedTo": at, **content})
        digest = sha256(statement.to_bytes() + str(len(self.records)).encode())
        leaf = Leaf(digest, PREDICATES[predicate], tuple(each[1] for each in subjects), "k", at, at, at, supersedes)
        held = frozenset(ROLES[predicate] if roles is None else roles)
        record = Record(len(self.records), leaf, None if withheld else statement, frozenset() if withheld else held)
        self.records.append(record)
        return record

    def check(self, mismatched: object = 0, *, asset: AssetRef = MODEL, event: str = "rehash", **extra: Any) -> Record:
        """Add evidence that the asset was checked."""
        return self.add("check", [(asset.id, asset.digest)], {"event": event, "mismatched": mismatched}, **extra)
