"""The attacker's list: each way to cheat with a passport, and the condition by which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.unit.posture.provider import END, UNIX_NOW, Keys, Provider, key, released, with_grant
from tests.unit.posture.world import DATA, MODEL, OTHER
from tetrapylon.evidence.note import parse_note
from tetrapylon.evidence.roots import RootChanges, rotate_root, sign_root
from tetrapylon.evidence.signer import sign_envelope, sign_statement
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.fold import AssetRef
from tetrapylon.posture.inventory import PASSPORT_TYPE
from tetrapylon.posture.passport import Contents, passport_files

Files = dict[str, bytes]


@dataclass(frozen=True)
class Attack:
    """One way to cheat: it yields the files that the customer gets and what the customer holds."""

    name: str
    build: Callable[[], tuple[Files, Anchor]]
    code: str


ATTACKS: list[Attack] = []


def attack(code: str) -> Callable[[Callable[[], tuple[Files, Anchor]]], Callable[[], tuple[Files, Anchor]]]:
    """Put a function on the list, with the code of the refusal that it must meet."""

    def keep(build: Callable[[], tuple[Files, Anchor]]) -> Callable[[], tuple[Files, Anchor]]:
        ATTACKS.append(Attack(build.__name__, build, code))
        return build

    return keep


def honest() -> tuple[Provider, Files, Anchor]:
    """Return a provider, its passport, and a customer's anchor."""
    provider = released()
    return provider, provider.passport(), Anchor(root=provider.roots[0])


def resealed(provider: Provider, change: Callable[[Files], Files], contents: Contents | None = None) -> Files:
    """Return a passport whose files were changed by somebody who holds the release manager's key."""
    contents = contents or provider.contents()
    return provider.seal(change(passport_files(contents)), contents)


@attack("re-signed")
def wholly_re_signed_with_other_keys() -> tuple[Files, Anchor]:
    """Everything made anew by somebody else, for the same system."""
    _, _, anchor = honest()
    return released(keys=Keys("thief-")).passport(), anchor


@attack("other-system")
def another_systems_passport() -> tuple[Files, Anchor]:
    """A true passport of another system of the same keys."""
    _, _, anchor = honest()
    return released(system="other").passport(), anchor


@attack("re-signed")
def another_fingerprint() -> tuple[Files, Anchor]:
    """The customer was told another fingerprint."""
    _, files, _ = honest()
    return files, Anchor(fingerprint=sha256(b"another root"))


@attack("older")
def an_older_passport() -> tuple[Files, Anchor]:
    """Yesterday's passport, shown to a customer who saw today's."""
    provider, files, anchor = honest()
    provider.check()
    return files, replace(anchor, last=provider.note())


@attack("fork")
def a_forked_log() -> tuple[Files, Anchor]:
    """The log was written anew under the same keys."""
    seen = released()
    seen.check()
    forked = released()
    forked.check(asset=DATA)
    return forked.passport(), Anchor(root=forked.roots[0], last=seen.note())


@attack("older")
def a_truncated_log() -> tuple[Files, Anchor]:
    """The last records were cut off and the checkpoint signed anew."""
    provider = released()
    last = provider.note()
    cut = Provider()
    cut.check()
    cut.practices = ("P1",)
    cut.decided_on, cut.decision = provider.decided_on, provider.decision
    return cut.passport(), Anchor(root=cut.roots[0], last=last)


@attack("checkpoint")
def checkpoint_swapped() -> tuple[Files, Anchor]:
    """The checkpoint of another moment of the same log, signed and all."""
    provider, _, anchor = honest()
    note = provider.note(1)
    return resealed(provider, lambda files: {**files, "checkpoint": note}), anchor


@attack("checkpoint-signature")
def checkpoint_signed_by_another_log() -> tuple[Files, Anchor]:
    """The right text under somebody else's keys."""
    provider, _, anchor = honest()
    other = released(keys=Keys("thief-"))
    body, _ = parse_note(provider.note())
    _, lines = parse_note(other.note())
    from tetrapylon.evidence.note import format_note

    return resealed(provider, lambda files: {**files, "checkpoint": format_note(body, lines)}), anchor


@attack("checkpoint-signature")
def checkpoint_without_the_ml_dsa_line() -> tuple[Files, Anchor]:
    """One of the two lines was left out."""
    provider, _, anchor = honest()
    body, lines = parse_note(provider.note())
    from tetrapylon.evidence.note import format_note

    return resealed(provider, lambda files: {**files, "checkpoint": format_note(body, lines[:1])}), anchor


@attack("time-order")
def checkpoint_before_its_records() -> tuple[Files, Anchor]:
    """A checkpoint that claims to be older than what it covers."""
    provider, _, anchor = honest()
    note = provider.note(timestamp=UNIX_NOW - 86_400)
    return resealed(provider, lambda files: {**files, "checkpoint": note}), anchor


@attack("claim-dropped")
def a_claim_dropped() -> tuple[Files, Anchor]:
    """The provider leaves a claim out and says nothing."""
    provider, _, anchor = honest()

    def drop(files: Files) -> Files:
        kept = files["claims.jsonl"].splitlines(keepends=True)[1:]
        return {**{name: data for name, data in files.items() if name != "proofs/000000.tlog-proof"}, "claims.jsonl": b"".join(kept)}

    return resealed(provider, drop), anchor


@attack("claim-dropped")
def a_claim_marked_as_anothers() -> tuple[Files, Anchor]:
    """The provider leaves a claim out and says that it is about another release."""
    provider, _, anchor = honest()
    contents = provider.contents()
    files = passport_files(contents)
    files["claims.jsonl"] = b"".join(files["claims.jsonl"].splitlines(keepends=True)[1:])
    del files["proofs/000000.tlog-proof"]

    def mark(payload: bytes) -> bytes:
        value = read_json(payload, "payload")
        value["withheld"] = [{"record": 0, "why": "other-release", "predicate": "check", "practices": []}]
        return canonical_json(value)

    return provider.seal(files, contents, mark), anchor


@attack("role")
def a_role_that_may_not() -> tuple[Files, Anchor]:
    """A reviewer's key signs what only the build may say."""
    provider = Provider()
    provider.check(role="reviewer")
    provider.check()
    provider.decide()
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("role")
def a_passport_signed_by_a_reviewer() -> tuple[Files, Anchor]:
    """The list of files is signed by the wrong role."""
    provider, files, anchor = honest()
    payload = read_json(files["passport.json"], "passport")["payload"]
    import base64

    sealed = sign_envelope(base64.b64decode(payload), PASSPORT_TYPE, [provider.keys.role("reviewer")])
    return {**files, "passport.json": sealed.to_bytes()}, anchor


def _validity(**changes: Any) -> tuple[Files, Anchor]:
    """Sign with a key that is outside its validity by a root that says so from the start."""
    provider = released()
    other = Provider(change_grants=lambda grants: with_grant(grants, "build", **changes))
    provider.roots = other.roots
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("key-expired")
def an_expired_key() -> tuple[Files, Anchor]:
    """The build's key had ended when the log took the claim."""
    return _validity(not_after="2026-05-01T00:00:00Z")


@attack("key-not-yet-valid")
def a_key_from_the_future() -> tuple[Files, Anchor]:
    """The build's key was not valid yet."""
    return _validity(not_before="2026-06-02T00:00:00Z")


@attack("key-revoked")
def a_revoked_key() -> tuple[Files, Anchor]:
    """The build's key was revoked before; the customer learns it from the next root in the passport."""
    provider = released()
    keyid = provider.keys.role("build").key.keyid
    changed = rotate_root(provider.roots[0], RootChanges(expires=END, revoke={keyid: "2026-05-01T00:00:00Z"}))
    anchor = Anchor(root=provider.roots[0])
    provider.roots.append(sign_root(changed, provider.keys.roots[:2], provider.roots[0]))
    return provider.passport(), anchor


@attack("unknown-key")
def a_strangers_key() -> tuple[Files, Anchor]:
    """A claim signed by a key that the root does not know."""
    provider = Provider()
    content = {"event": "rehash", "mismatched": 0}
    provider.check()
    provider.decide()
    provider.record(sign_statement(provider.statement("check", [MODEL], content), [key("stranger")]))
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("subject-mismatch")
def a_claim_about_something_else() -> tuple[Files, Anchor]:
    """A claim about other weights is put among the claims."""
    provider = Provider()
    provider.check()
    provider.check(asset=AssetRef("model-file", "reader", OTHER))
    provider.decide()
    contents = provider.contents()
    shown = replace(contents, basis=replace(contents.basis, assets=(*contents.basis.assets, AssetRef("model-file", "old", OTHER))))
    files = {**passport_files(shown), "assets.json": passport_files(contents)["assets.json"]}

    def unmark(payload: bytes) -> bytes:
        return canonical_json({**read_json(payload, "payload"), "withheld": []})

    return provider.seal(files, contents, unmark), Anchor(root=provider.roots[0])


@attack("decision-mismatch")
def a_decision_that_does_not_follow() -> tuple[Files, Anchor]:
    """The provider writes PASS where its own evidence says FAIL, and signs it."""
    provider = Provider()
    provider.check(1)

    def lie(decision: dict[str, Any]) -> dict[str, Any]:
        rows = [{**each, "state": "PASS"} for each in decision["practices"]]
        return {**decision, "practices": rows, "verdict": "released", "exit": 0}

    provider.decide(change=lie)
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("decision-mismatch")
def a_verdict_that_does_not_follow() -> tuple[Files, Anchor]:
    """The states say FAIL and the verdict says released."""
    provider = Provider()
    provider.check(1)
    provider.decide(change=lambda decision: {**decision, "verdict": "released", "exit": 0})
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("decision-mismatch")
def a_policy_exchanged() -> tuple[Files, Anchor]:
    """Another policy than the one that was decided by."""
    provider, _, anchor = honest()
    return resealed(provider, lambda files: {**files, "policy.json": canonical_json({**provider.policy(), "values": {}})}), anchor


@attack("decision-unsigned")
def a_decision_that_nobody_signed() -> tuple[Files, Anchor]:
    """The decision of the passport is not the one in the log."""
    provider = Provider()
    provider.check()
    provider.decide()
    from tetrapylon.posture.decision import decide

    provider.decision = decide(provider.decided_on, provider.records(), "2026-06-01T12:00:01Z")
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("release-digest")
def an_asset_exchanged() -> tuple[Files, Anchor]:
    """The assets of the decision are not those of its release digest."""
    provider = Provider()
    provider.check()
    honest_basis = provider.basis
    provider.basis = lambda previous=None: replace(honest_basis(previous), assets=(*provider.refs, AssetRef("prompt", "x", OTHER)))  # type: ignore[method-assign]
    provider.decide()
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("demo-key")
def a_demonstration_key_for_a_real_system() -> tuple[Files, Anchor]:
    """The keys are demonstration keys, and the system does not call itself a demonstration."""
    provider = Provider(change_grants=lambda grants: with_grant(grants, "build", demo=True))
    provider.check()
    provider.decide()
    return provider.passport(), Anchor(root=provider.roots[0])


@attack("file-added")
def a_file_added() -> tuple[Files, Anchor]:
    """A file that the list does not name."""
    _, files, anchor = honest()
    return {**files, "README.md": b"trust me"}, anchor


@attack("file-missing")
def a_file_removed() -> tuple[Files, Anchor]:
    """A file that the list names is gone."""
    _, files, anchor = honest()
    return {name: data for name, data in files.items() if name != "policy.json"}, anchor


@attack("file-added")
def a_file_renamed() -> tuple[Files, Anchor]:
    """A file under another name."""
    _, files, anchor = honest()
    return {("policy-old.json" if name == "policy.json" else name): data for name, data in files.items()}, anchor


@attack("file-changed")
def a_file_changed() -> tuple[Files, Anchor]:
    """One byte of one file."""
    _, files, anchor = honest()
    return {**files, "assets.json": files["assets.json"] + b" "}, anchor


@attack("not-a-passport")
def no_passport_at_all() -> tuple[Files, Anchor]:
    """A folder of something else."""
    _, files, anchor = honest()
    return {name: data for name, data in files.items() if name != "passport.json"}, anchor


@attack("non-canonical")
def a_passport_spelled_otherwise() -> tuple[Files, Anchor]:
    """The same JSON with a space."""
    _, files, anchor = honest()
    return {**files, "passport.json": files["passport.json"].replace(b'","', b'", "', 1)}, anchor


@attack("non-canonical")
def a_claim_spelled_otherwise() -> tuple[Files, Anchor]:
    """A claim with its members in another order, in a passport that lists it."""
    provider, _, anchor = honest()

    def respell(files: Files) -> Files:
        first, *rest = files["claims.jsonl"].splitlines(keepends=True)
        return {**files, "claims.jsonl": b"".join([first.replace(b'","payloadType"', b'", "payloadType"'), *rest])}

    return resealed(provider, respell), anchor


@attack("non-canonical")
def a_claim_twice() -> tuple[Files, Anchor]:
    """The same claim on two lines."""
    provider, _, anchor = honest()
    return resealed(provider, lambda files: {**files, "claims.jsonl": files["claims.jsonl"] * 2}), anchor


@attack("inclusion")
def a_claim_that_is_not_in_the_log() -> tuple[Files, Anchor]:
    """A claim, truly signed, that was never recorded."""
    provider, _, anchor = honest()
    statement = provider.statement("check", [MODEL], {"event": "load", "mismatched": 0})
    line = sign_statement(statement, [provider.keys.role("build")]).to_bytes() + b"\n"
    return resealed(provider, lambda files: {**files, "claims.jsonl": files["claims.jsonl"] + line}), anchor


@attack("inclusion")
def a_proof_of_something_else() -> tuple[Files, Anchor]:
    """Two proofs exchanged."""
    provider, _, anchor = honest()
    first, second = "proofs/000000.tlog-proof", "proofs/000001.tlog-proof"
    return resealed(provider, lambda files: {**files, first: files[second], second: files[first]}), anchor


@attack("inclusion")
def a_proof_too_many() -> tuple[Files, Anchor]:
    """A proof of no claim."""
    provider, _, anchor = honest()
    return resealed(provider, lambda files: {**files, "proofs/000009.tlog-proof": files["proofs/000000.tlog-proof"]}), anchor


@attack("record-mismatch")
def a_record_that_says_something_else() -> tuple[Files, Anchor]:
    """The log's record gives another time of observation than the claim."""
    from tetrapylon.evidence.leaf import read_leaf

    provider = Provider()
    provider.check()
    entry = next(provider.ledger.store.entries(0, 1))
    changed = replace(read_leaf(entry), observed_to="2026-06-01T11:00:00Z").to_bytes()
    envelope = provider.ledger.envelope(provider.ledger.leaf(0))
    fresh = Provider()
    assert envelope is not None
    fresh.ledger.store.put_envelope(envelope)
    fresh.ledger.store.append([changed])
    fresh.ledger.refresh()
    fresh.decide()
    return fresh.passport(), Anchor(root=fresh.roots[0])


@attack("root-chain")
def a_root_version_left_out() -> tuple[Files, Anchor]:
    """Version 2 of the root is missing between 1 and 3."""
    provider = released()
    for _ in range(2):
        newer = rotate_root(provider.roots[-1], RootChanges(expires=END))
        provider.roots.append(sign_root(newer, provider.keys.roots[:2], provider.roots[-1]))
    anchor = Anchor(root=provider.roots[0])
    del provider.roots[1]
    return provider.passport(), anchor


@attack("malformed")
def a_decision_without_members() -> tuple[Files, Anchor]:
    """A decision of the right schema that lacks everything else."""
    provider, _, anchor = honest()
    return resealed(provider, lambda files: {**files, "decision.json": b'{"schema":"tetrapylon/decision/1"}'}), anchor


@attack("signature")
def a_signature_of_another_claim() -> tuple[Files, Anchor]:
    """A claim under the signature of another one."""
    provider, _, anchor = honest()
    other = sign_statement(provider.statement("check", [DATA], {"event": "rehash"}), [provider.keys.role("build")])

    def swap(files: Files) -> Files:
        first, *rest = files["claims.jsonl"].splitlines(keepends=True)
        value = read_json(first, "claim")
        value["signatures"] = read_json(other.to_bytes(), "other")["signatures"]
        return {**files, "claims.jsonl": b"".join([canonical_json(value) + b"\n", *rest])}

    return resealed(provider, swap), anchor
