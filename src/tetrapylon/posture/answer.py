"""What may be said of a passport that is intact: the verdict, each practice with its origin, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.evidence.rootfile import Grant
from tetrapylon.kernel.canonical import Json, read_canonical
from tetrapylon.kernel.errors import Exit
from tetrapylon.posture.case import Case
from tetrapylon.posture.claims import Claims
from tetrapylon.posture.decision import Basis, assets_of
from tetrapylon.posture.inventory import DOCUMENTS
from tetrapylon.posture.state import PracticeState, State

PROFILE_ORDER = ("start", "core", "full")

RECOMPUTED = "recomputed here"
COUNTERSIGNED = "countersigned by an independent key"
ENFORCED = "enforced and signed by the provider"
WORD = "the provider's word"


@dataclass(frozen=True, slots=True)
class VerifiedPractice:
    """One practice as the passport shows it, with the origin of what it rests on."""

    id: str
    state: State
    reason: str
    origin: str


@dataclass(frozen=True)
class Verification:
    """The answer about a passport that is intact (except for `exit` 4: what the caller holds is something else)."""

    exit: Exit
    verdict: str
    system: Mapping[str, Json]
    profile: str
    level: str
    fingerprint: str
    anchored: bool
    demo: bool
    practices: tuple[VerifiedPractice, ...]
    sentences: tuple[str, ...]
    """What a reader must know, in order; the last says what the passport was compared with."""

    claims: int
    records: int
    withheld: tuple[Mapping[str, Json], ...]
    cannot_prove: tuple[str, ...]
    checkpoint: bytes
    """To be kept, and given as the last one seen next time."""


def answer(case: Case, basis: Basis, decision: Mapping[str, Json], states: Sequence[PracticeState], claims: Claims) -> Verification:
    """Return what may be said."""
    compared, matches = _compared(case)
    parts = {each["id"]: each.get("part", []) for each in basis.catalogue["practice"]}
    return Verification(
        exit=_ending(case, decision, matches=matches),
        verdict=decision["verdict"],
        system=decision["system"],
        profile=decision["profile"],
        level=case.passport.payload["level"],
        fingerprint=case.trust.fingerprint,
        anchored=case.trust.anchored,
        demo=decision["demo"],
        practices=tuple(
            VerifiedPractice(each.id, each.state, each.reason, origin_of(parts.get(each.id, ()), each, claims)) for each in states
        ),
        sentences=(*_sentences(case, decision, claims), *case.open_points, *compared),
        claims=len(claims.signers),
        records=len(claims.records),
        withheld=tuple(case.passport.payload["withheld"]),
        cannot_prove=tuple(case.passport.payload["cannotProve"]),
        checkpoint=case.passport.file("checkpoint"),
    )


def _ending(case: Case, decision: Mapping[str, Json], *, matches: bool) -> Exit:
    if not matches:
        return Exit.BROKEN
    if decision["exit"] == Exit.REFUSED:
        return Exit.REFUSED
    sure = case.trust.anchored and not case.open_points and _enough(case, decision)
    return Exit(decision["exit"]) if sure else Exit.UNDECIDED


def _enough(case: Case, decision: Mapping[str, Json]) -> bool:
    """Whether the profile that was decided is at least the one that the caller requires."""
    wanted, decided = case.anchor.require, decision["profile"]
    if wanted is None:
        return True
    return wanted in PROFILE_ORDER and decided in PROFILE_ORDER and PROFILE_ORDER.index(decided) >= PROFILE_ORDER.index(wanted)


def origin_of(parts: Sequence[Mapping[str, Json]], state: PracticeState, claims: Claims) -> str:
    """Return the weakest honest word for where a practice's state comes from."""
    if parts and all("derive" in each for each in parts):
        return RECOMPUTED
    signers = [claims.signers.get(index, ()) for index in state.evidence]
    if signers and all(any(_stands_apart(grant) for grant in each) for each in signers):
        return COUNTERSIGNED
    enforced = parts and all(each.get("leg") == "E" for each in parts) and all(signers)
    return ENFORCED if enforced else WORD


def _stands_apart(grant: Grant) -> bool:
    return grant.independent


def _sentences(case: Case, decision: Mapping[str, Json], claims: Claims) -> list[str]:
    trust, payload = case.trust, case.passport.payload
    said = ["DEMONSTRATION: no person signed this"] if decision["demo"] else []
    said.append(f"intact: {len(case.passport.files)} files, {len(claims.signers)} claims, {len(claims.records)} log records")
    said.append(
        f"author: root {trust.fingerprint}, anchored by you" if trust.anchored else f"intact, author unknown (root {trust.fingerprint})"
    )
    documents = sum(name.startswith(DOCUMENTS) for name in case.passport.files)
    if documents:
        said.append(f"{documents} documents in `{DOCUMENTS}`, such as known limits, are the provider's words: read them")
    if payload["withheld"]:
        said.append(f"level `{payload['level']}` withholds {len(payload['withheld'])} claims")
    if not _enough(case, decision):
        said.append(f"decided by profile `{decision['profile']}`; you require `{case.anchor.require}`")
    said.append("time: the provider's word")
    return said


def _compared(case: Case) -> tuple[list[str], bool]:
    """Compare what the caller holds with the release's assets, by digest."""
    if case.anchor.artefacts is None:
        return ["not compared with anything you hold"], True
    listed = {each.digest: each for each in assets_of(read_canonical(case.passport.file("assets.json"), "the assets"))}
    said: list[str] = []
    for name, digest in case.anchor.artefacts:
        asset = listed.get(digest)
        said.append(
            f"`{name}` is {asset.kind} `{asset.id}` of this release" if asset else f"`{name}` ({digest}) is not part of this release"
        )
    return said, all(digest in listed for _, digest in case.anchor.artefacts)


def verification_lines(found: Verification) -> list[str]:
    """Return what a verified passport says, what it rests on and what it cannot prove, line by line."""
    lines = [f"{found.verdict}: {found.system['id']} {found.system['release']} ({found.system['digest']})", ""]
    lines += [f"  {each.id:<7} {each.state!s:<15} {each.origin}" for each in found.practices]
    lines += ["", "what this cannot prove:", *(f"  - {each}" for each in found.cannot_prove), ""]
    return [*lines, *found.sentences]


def verification_object(found: Verification) -> dict[str, Json]:
    """Return a verification as `tetrapylon/verify/1`."""
    return {
        "schema": "tetrapylon/verify/1",
        "verdict": found.verdict,
        "system": dict(found.system),
        "profile": found.profile,
        "level": found.level,
        "trust": {"fingerprint": found.fingerprint, "anchored": found.anchored},
        "demo": found.demo,
        "practices": [{"id": each.id, "state": str(each.state), "reason": each.reason, "origin": each.origin} for each in found.practices],
        "claims": found.claims,
        "records": found.records,
        "withheld": [dict(each) for each in found.withheld],
        "cannotProve": list(found.cannot_prove),
        "sentences": list(found.sentences),
        "exit": int(found.exit),
    }
