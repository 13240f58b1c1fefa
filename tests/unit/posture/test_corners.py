"""The corners of posture that the attacker's list does not reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.posture.attacks import resealed
from tests.unit.posture.provider import GATE, Provider, released
from tests.unit.posture.world import DATA, MODEL, OTHER, Evidence, question
from tetrapylon.evidence.envelope import IN_TOTO_TYPE
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import Checkpoint, sign_checkpoint
from tetrapylon.evidence.signer import sign_envelope
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.decision import assets_of, decision_digest, read_decision, replay, svr_predicate, vsa_predicate
from tetrapylon.posture.fold import assess_practices
from tetrapylon.posture.inventory import open_passport
from tetrapylon.posture.passport import passport_files, passport_payload, withheld_marks
from tetrapylon.posture.state import State
from tetrapylon.posture.verify import verify_passport


def refused(provider: Provider, files: dict[str, bytes], **anchor: Any) -> str:
    with pytest.raises(IntegrityError) as caught:
        verify_passport(files, Anchor(root=provider.roots[0], **anchor), check_native)
    return caught.value.code


def sealed(provider: Provider, **changes: Any) -> dict[str, bytes]:
    """Return an honest passport whose payload was changed by the one who signs it."""
    contents = provider.contents()
    return provider.seal(passport_files(contents), contents, lambda payload: canonical_json({**read_json(payload, "payload"), **changes}))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"log": {}}, "checkpoint"),
        ({"withheld": ["odd"]}, "malformed"),
        ({"withheld": [{"record": True}]}, "malformed"),
        ({"withheld": [{"record": 99}]}, "malformed"),
        ({"withheld": [{"record": 0, "why": "level"}, {"record": 0, "why": "level"}]}, "malformed"),
        ({"withheld": [{"record": 0, "why": "level"}]}, "claim-dropped"),
        ({"demo": True}, "decision-mismatch"),
        ({"verdict": "refused"}, "decision-mismatch"),
        ({"system": {"id": "s"}}, "decision-mismatch"),
        ({"system": {"id": "other"}}, "other-system"),
        ({"decision": "sha256:" + "0" * 64}, "decision-mismatch"),
        ({"level": "secret"}, "malformed"),
        ({"schema": "tetrapylon/passport/9"}, "malformed"),
        ({"more": 1}, "malformed"),
        ({"log": 1}, "malformed"),
    ],
)
def test_a_payload_that_lies_is_refused(changes: dict[str, Any], code: str) -> None:
    provider = released()
    assert refused(provider, sealed(provider, **changes)) == code


def test_a_checkpoint_of_another_log_is_refused() -> None:
    provider = released()
    note = sign_checkpoint(Checkpoint("tetrapylon.example/s", 1, provider.ledger.root(1)), provider.keys.log, 1)
    other = sign_checkpoint(Checkpoint("elsewhere", 1, provider.ledger.root(1)), provider.keys.log, 1)
    assert refused(provider, provider.passport(), last=other) == "checkpoint-signature"
    assert refused(provider, provider.passport(), last=note + b"x") in {"malformed", "non-canonical"}


def test_a_checkpoint_that_names_another_log_under_our_keys_is_refused() -> None:
    """The keys are the log's, and so are the names on the lines; only the text is another log's."""
    from tetrapylon.evidence.note import NoteSignature, format_note, note_key_id, signed_message

    provider = released()
    elsewhere, name = Checkpoint("elsewhere", 1, provider.ledger.root(1)), "tetrapylon.example/s"
    times = [b"" if each.key.algorithm == "ed25519" else (9).to_bytes(8, "big") for each in provider.keys.log]
    lines = [
        NoteSignature(name, note_key_id(name, each.key), time + each.sign(signed_message(elsewhere, name, each.key, 9)))
        for each, time in zip(provider.keys.log, times, strict=True)
    ]
    assert refused(provider, provider.passport(), last=format_note(elsewhere.body(), lines)) == "checkpoint"


def test_a_decision_on_a_longer_log_than_there_is_is_refused() -> None:
    provider = released()
    longer = {**provider.decision, "log": {**provider.decision["log"], "size": 99}}
    provider.decision = longer
    assert refused(provider, provider.passport()) == "decision-mismatch"


def test_the_passport_is_signed_as_a_passport() -> None:
    provider = released()
    files = provider.passport()
    payload = passport_payload(provider.contents(), passport_files(provider.contents()))
    files["passport.json"] = sign_envelope(payload, IN_TOTO_TYPE, [provider.keys.role("release-manager")]).to_bytes()
    assert refused(provider, files) == "malformed"


def test_a_list_of_claims_ends_with_a_line_feed() -> None:
    provider = released()
    assert refused(provider, resealed(provider, lambda files: {**files, "claims.jsonl": files["claims.jsonl"][:-1]})) == "non-canonical"


def test_a_passport_without_claims_is_still_read() -> None:
    provider = released()
    assert refused(provider, resealed(provider, lambda files: {**files, "claims.jsonl": b""})) == "claim-dropped"


@pytest.mark.parametrize("name", ["decision.json", "policy.json", "checkpoint", "leaves.jsonl", "trust/1.root.json"])
def test_every_file_that_is_needed_is_asked_for(name: str) -> None:
    provider = released()
    gone = resealed(provider, lambda files: {each: data for each, data in files.items() if each != name})
    assert refused(provider, gone) in {"file-missing", "root-chain"}


def test_a_stranger_among_the_roots_is_refused() -> None:
    provider = released()
    assert refused(provider, resealed(provider, lambda files: {**files, "trust/README": b""})) == "file-missing"


@pytest.mark.parametrize("skew", [10**30, "long", None, -(10**400)])
def test_an_absurd_policy_is_malformed_not_a_fault(skew: Any) -> None:
    """A hostile provider signs a policy whose numbers no calendar holds."""
    provider = released()
    policy = provider.policy()
    policy["values"]["clock-skew-seconds"] = skew
    provider.decided_on = replace(provider.decided_on, policy=policy)
    from tetrapylon.posture.decision import basis_digests

    provider.decision = {**provider.decision, "basis": basis_digests(provider.decided_on)}
    assert refused(provider, provider.passport()) in {"malformed", "decision-unsigned"}


@pytest.mark.parametrize("data", [b"[]", b'{"schema":"other"}', b"{", b"{ }"])
def test_what_is_not_a_decision_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        read_decision(data)


def test_a_decision_is_made_again_and_compared() -> None:
    provider = Provider()
    provider.check()
    provider.decide()
    recorded = canonical_json(provider.decision)
    assert decision_digest(replay(provider.decided_on, provider.records(), recorded)) == decision_digest(provider.decision)
    with pytest.raises(IntegrityError) as caught:
        replay(provider.decided_on, provider.records(), canonical_json({**provider.decision, "verdict": "refused"}))
    assert caught.value.code == "decision-mismatch"


def test_the_decision_speaks_to_other_tools() -> None:
    good, bad = released(), Provider()
    bad.check(1)
    bad.decide()
    assert vsa_predicate(good.decision)["verificationResult"] == "PASSED"
    assert vsa_predicate(bad.decision)["verificationResult"] == "FAILED"
    assert svr_predicate(bad.decision)["properties"][0] == "TETRAPYLON_REFUSED"
    assert "TETRAPYLON_P1_FAIL" in svr_predicate(bad.decision)["properties"]
    demo = released(demo=True)
    assert svr_predicate(demo.decision)["demo"] is True


def test_assets_are_read_back() -> None:
    assert assets_of([{"kind": "dataset", "id": "digits", "digest": DATA.digest}]) == (DATA,)


def test_erased_claims_are_marked() -> None:
    provider = released()
    contents = provider.contents()
    erased = replace(contents, evidence=[replace(contents.evidence[0], envelope=None), *contents.evidence[1:]])
    assert [(each["record"], each["why"]) for each in withheld_marks(erased)] == [(0, "erased")]


def test_claims_about_more_than_this_release_are_marked() -> None:
    provider = released()
    contents = provider.contents()
    leaf = replace(contents.evidence[0].leaf, subjects=(MODEL.digest, OTHER))
    mixed = replace(contents, evidence=[replace(contents.evidence[0], leaf=leaf), *contents.evidence[1:]])
    assert [(each["record"], each["why"]) for each in withheld_marks(mixed)] == [(0, "other-subjects")]


def test_a_log_entry_of_a_kind_that_the_policy_does_not_know_is_shown_by_its_type() -> None:
    provider = released()
    contents = provider.contents()
    leaf = replace(contents.evidence[0].leaf, predicate_type="https://elsewhere.example/x", subjects=(OTHER,))
    other = replace(contents, evidence=[replace(contents.evidence[0], leaf=leaf), *contents.evidence[1:]])
    assert withheld_marks(other)[0]["predicate"] == "https://elsewhere.example/x"


def test_no_practice_decides_nothing() -> None:
    from tetrapylon.posture.state import exit_of

    assert int(exit_of([])) == 3


def test_a_withheld_statement_with_conditions_stays_open() -> None:
    evidence = Evidence()
    evidence.check()
    evidence.check(withheld=True)
    assert assess_practices(question("P1", "P4"), evidence.records)[1].withheld


def test_a_detail_of_the_checker_is_told() -> None:
    evidence = Evidence()
    evidence.add("check", [(MODEL.id, MODEL.digest)], {"event": "rehash", "mismatched": True, "detail": ["the disk was read twice"]})
    found = assess_practices(question("P1"), evidence.records)[0]
    assert (found.state, "the disk was read twice" in found.reason, "mismatched is true" in found.reason) == (State.FAIL, True, True)


def test_open_passport_needs_the_list() -> None:
    with pytest.raises(IntegrityError, match="not a passport"):
        open_passport({})


def test_a_gate_decision_by_another_role_does_not_count() -> None:
    provider = Provider()
    provider.check()
    provider.decide()
    assert GATE in provider.policy()["predicates"].values()
