"""Verify a passport with no network, no package and no trust in whoever hands it over.

What is checked, in this order; the first that fails ends with exit code 4 and a sentence of its own:
1. the files are those that `passport.json` lists, canonically encoded;
2. the trust root is the one that the caller anchors, or continues it;
3. the checkpoint was signed by both log keys, the records lead to its root, the log continues the one last seen;
4. `passport.json` was signed by a release manager's key that was valid at the checkpoint's time;
5. every claim is in the log, signed by a key that was valid then and may make such a claim, and is about this release;
   no record is without its claim or a mark that says why;
6. the decision follows from the claims that are here, and the release manager signed it.

Only then is anything said about the verdict. Without an anchor from outside the passport the answer is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tetrapylon.evidence.key import Checker
from tetrapylon.evidence.note import Checkpoint
from tetrapylon.evidence.trust import verify_chain
from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import merkle_root
from tetrapylon.posture.answer import Verification, answer
from tetrapylon.posture.case import Anchor, Case
from tetrapylon.posture.claims import Claims, Log, check_claims, check_continues, check_log
from tetrapylon.posture.decision import Basis, assets_of, basis_digests, decision_predicate, exit_with, read_canonical_object, read_decision
from tetrapylon.posture.fold import assess_practices
from tetrapylon.posture.inventory import PassportFiles, open_passport
from tetrapylon.posture.state import VERDICT_OF_EXIT, PracticeState, State

_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)
"""What reading plain JSON of the wrong shape, or with absurd numbers, ends in."""


def verify_passport(files: Mapping[str, bytes], anchor: Anchor, check: Checker) -> Verification:
    """Return what the passport says, once it is known to be intact.

    Raises:
        IntegrityError: it is not; `code` names the condition.
    """
    passport = open_passport(files)
    case = Case(passport, verify_chain(_roots(passport), anchor.trust, check), check, anchor)
    log = check_log(case)
    check_continues(case, log)
    _check_signed(case, log)
    try:
        basis, decision = _basis(case)
        claims = check_claims(case, log, basis)
        states = _decided(basis, decision, claims, log)
        return answer(case, basis, decision, states, claims)
    except _MALFORMED as error:
        raise IntegrityError(f"what the decision stands on is malformed ({type(error).__name__})", code="malformed") from error


def _roots(passport: PassportFiles) -> list[bytes]:
    """Return `trust/1.root.json`, `trust/2.root.json`… in order; any other file there is refused."""
    count = sum(name.startswith("trust/") for name in passport.files)
    return [passport.file(f"trust/{number}.root.json") for number in range(1, count + 1)]


def _check_signed(case: Case, log: Log) -> None:
    checked = case.signatures(case.passport.envelope, log.time, "the passport")
    if not any("release-manager" in grant.roles for grant in checked.verified):
        raise IntegrityError("the passport is not signed by a release manager", code="role")


def _basis(case: Case) -> tuple[Basis, dict[str, Json]]:
    """Return what the decision stands on, compared with the digests that it names."""
    passport = case.passport
    raw, previous = passport.file("decision.json"), passport.files.get("previous.json")
    decision = read_decision(raw)
    basis = Basis(
        catalogue=read_canonical_object(passport.file("catalogue.json"), "the catalogue"),
        policy=read_canonical_object(passport.file("policy.json"), "the policy"),
        manifest=read_canonical_object(passport.file("manifest.json"), "the manifest"),
        assets=assets_of(read_canonical(passport.file("assets.json"), "the assets")),
        release_digest=Digest(decision["system"]["digest"]),
        checkpoint=Checkpoint(decision["log"]["origin"], decision["log"]["size"], bytes.fromhex(decision["log"]["root"])),
        previous=None if previous is None else read_decision(previous),
    )
    if basis_digests(basis) != decision["basis"] or sha256(raw) != passport.payload["decision"]:
        raise IntegrityError("the decision was made on other objects than the passport holds", code="decision-mismatch")
    _check_system(case, basis, decision)
    return basis, decision


def _check_system(case: Case, basis: Basis, decision: Mapping[str, Json]) -> None:
    entries = sorted((each.kind, each.id, each.digest) for each in basis.assets if each.kind != "release")
    if f"sha256:{merkle_root(canonical_json(list(each)) for each in entries).hex()}" != basis.release_digest:
        raise IntegrityError("the release digest does not follow from the assets", code="release-digest")
    payload = case.passport.payload
    if len({case.trust.system, payload["system"]["id"], decision["system"]["id"], basis.manifest["system"]["id"]}) > 1:
        raise IntegrityError("the passport and its trust root name different systems", code="other-system")
    if (payload["system"], payload["demo"], payload["verdict"]) != (decision["system"], decision["demo"], decision["verdict"]):
        raise IntegrityError("the passport was signed over another decision than it holds", code="decision-mismatch")


def _decided(basis: Basis, decision: Mapping[str, Json], claims: Claims, log: Log) -> tuple[PracticeState, ...]:
    """Make the decision again from what is here, compare, and return the recorded states."""
    size = basis.checkpoint.size
    if not 0 <= size <= len(claims.records) or log.tree.root(size) != basis.checkpoint.root:
        raise IntegrityError("the decision was made on another log", code="decision-mismatch")
    again = assess_practices(basis.question(decision["timestamp"]), claims.records[:size])
    states = tuple(_recorded(row) for row in decision["practices"])
    ends = exit_with(basis.previous, states)
    follows = [each.id for each in states] == [each.id for each in again]
    follows = follows and all(_agrees(*pair) for pair in zip(states, again, strict=True))
    if not follows or (int(ends), VERDICT_OF_EXIT[ends]) != (decision["exit"], decision["verdict"]):
        raise IntegrityError("the decision does not follow from the claims in the passport", code="decision-mismatch")
    _check_recorded(claims, decision)
    return states


def _recorded(row: Mapping[str, Json]) -> PracticeState:
    return PracticeState(row["id"], State(row["state"]), str(row["reason"]), tuple(row["evidence"]), row["waiverExpired"])


def _agrees(recorded: PracticeState, again: PracticeState) -> bool:
    """Compare a recorded state with the one made again; evidence that is not here can only leave it open."""
    open_states = {State.UNKNOWN, State.STALE}
    return again.withheld or recorded.state is again.state or (recorded.state in open_states and again.state in open_states)


def _check_recorded(claims: Claims, decision: Mapping[str, Json]) -> None:
    """Check that a release manager's statement in the log names this decision."""
    wanted = decision_predicate(decision)
    statements: Sequence[tuple[Json, frozenset[str]]] = [
        (each.statement.predicate, each.roles) for each in claims.records if each.statement
    ]
    if not any(predicate == wanted and "release-manager" in roles for predicate, roles in statements):
        raise IntegrityError("the log does not hold the release manager's signature on this decision", code="decision-unsigned")
