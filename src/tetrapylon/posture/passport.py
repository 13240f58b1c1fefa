"""Build the passport of a decision: what a customer needs to check it, and a count of what is withheld.

Pure: takes bytes and returns files by name. Signing `passport.json` is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.proof import format_proof
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.merkle import Tree, leaf_hash
from tetrapylon.posture.decision import Basis, basis_objects
from tetrapylon.posture.inventory import PASSPORT_LEVELS, PASSPORT_SCHEMA, list_files

CANNOT_PROVE = (
    "A signature shows who said something and that it was not changed since; it does not make it true.",
    "What is marked as the provider's word was measured by the provider, on the provider's machines.",
    "A log without witnesses can be shown differently to different customers; keep the checkpoint and compare it.",
    "Absence of evidence in this passport is not evidence of absence of a weakness.",
)
"""What the first page says that a passport cannot prove."""


@dataclass(frozen=True)
class Evidence:
    """One log record on its way into a passport."""

    index: int
    leaf: Leaf
    envelope: Envelope | None
    """None where the statement was erased."""


@dataclass(frozen=True)
class Contents:
    """Everything that a passport is made of."""

    basis: Basis
    decision: Mapping[str, Json]
    level: str
    evidence: Sequence[Evidence]
    checkpoint_note: bytes
    checkpoint_origin: str
    roots: Sequence[bytes]
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    """Further files by name: model signatures, cards, bills of materials, limits."""


def passport_files(contents: Contents) -> dict[str, bytes]:
    """Return every file of the passport but `passport.json`."""
    withheld = {each["record"] for each in withheld_marks(contents)}
    shown = [each for each in contents.evidence if each.index not in withheld and each.envelope is not None]
    tree = Tree(leaf_hash(each.leaf.to_bytes()) for each in contents.evidence)
    files = {f"{name}.json": data for name, data in basis_objects(contents.basis).items()}
    files["decision.json"] = canonical_json(contents.decision)
    if contents.basis.previous is not None:
        files["previous.json"] = canonical_json(contents.basis.previous)
    files["checkpoint"] = contents.checkpoint_note
    files["leaves.jsonl"] = b"".join(each.leaf.to_bytes() + b"\n" for each in contents.evidence)
    files["claims.jsonl"] = b"".join(dict.fromkeys(each.envelope.to_bytes() + b"\n" for each in shown if each.envelope))
    for each in shown:
        files[f"proofs/{each.index:06d}.tlog-proof"] = format_proof(each.index, tree.inclusion(each.index), contents.checkpoint_note)
    files.update({f"trust/{number}.root.json": data for number, data in enumerate(contents.roots, start=1)})
    files.update(contents.attachments)
    return files


def passport_payload(contents: Contents, files: Mapping[str, bytes]) -> bytes:
    """Return the payload of `passport.json` for these files."""
    tree = Tree(leaf_hash(each.leaf.to_bytes()) for each in contents.evidence)
    return canonical_json(
        {
            "schema": PASSPORT_SCHEMA,
            "system": contents.decision["system"],
            "level": contents.level,
            "decision": sha256(canonical_json(contents.decision)),
            "verdict": contents.decision["verdict"],
            "log": {"origin": contents.checkpoint_origin, "size": len(contents.evidence), "root": tree.root().hex()},
            "files": list_files(files),
            "withheld": withheld_marks(contents),
            "cannotProve": list(CANNOT_PROVE),
            "demo": contents.decision["demo"],
            "issuedAt": contents.decision["timestamp"],
        }
    )


def withheld_marks(contents: Contents) -> list[dict[str, Json]]:
    """Return one mark for each log record whose claim the passport does not show: why, and which practices it touches."""
    current = frozenset(each.digest for each in contents.basis.assets)
    marks: list[dict[str, Json]] = []
    for each in contents.evidence:
        name = _predicate_name(contents.basis, each.leaf)
        why = _why_withheld(contents, each, name, current)
        if why:
            marks.append({"record": each.index, "why": why, "predicate": name, "practices": _practices(contents.basis, name)})
    return marks


def _why_withheld(contents: Contents, evidence: Evidence, name: str, current: frozenset[Digest]) -> str:
    """Return `erased`, `other-release`, `personal` or `level`; nothing where the claim is shown."""
    if evidence.envelope is None:
        return "erased"
    if current.isdisjoint(evidence.leaf.subjects):
        return "other-release"
    if not current.issuperset(evidence.leaf.subjects):
        return "other-subjects"
    audience = contents.basis.policy["disclosure"].get(name, "regulator")
    if audience == "never":
        return "personal"
    return "" if PASSPORT_LEVELS.index(contents.level) >= PASSPORT_LEVELS.index(audience) else "level"


def _predicate_name(basis: Basis, leaf: Leaf) -> str:
    names = {uri: name for name, uri in basis.policy["predicates"].items()}
    return str(names.get(leaf.predicate_type, leaf.predicate_type))


def _practices(basis: Basis, name: str) -> list[str]:
    """Return the practices of the profile that read statements of this predicate."""
    chosen = set(basis.policy["practices"])
    reads = (each["id"] for each in basis.catalogue["practice"] if any(part.get("predicate") == name for part in each.get("part", ())))
    return [each for each in reads if each in chosen]
