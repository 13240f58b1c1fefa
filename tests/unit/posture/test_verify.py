"""A passport is believed only for what it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.posture.attacks import ATTACKS, Attack, honest
from tests.unit.posture.provider import END, Keys, Provider, released, with_grant
from tests.unit.posture.world import DATA, MODEL, OTHER
from tetrapylon.evidence.key import Checker
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.roots import RootChanges, rotate_root, sign_root
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import Exit, IntegrityError
from tetrapylon.posture.answer import COUNTERSIGNED, ENFORCED, RECOMPUTED, WORD, verification_lines, verification_object
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.verify import verify_passport

both = pytest.mark.parametrize("check", [check_native, check_pure], ids=["native", "pure"])


@both
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.name)
def test_attacks_are_refused_for_their_own_reason(attack: Attack, check: Checker) -> None:
    files, anchor = attack.build()
    with pytest.raises(IntegrityError) as caught:
        verify_passport(files, anchor, check)
    assert caught.value.code == attack.code
    assert caught.value.exit == Exit.BROKEN


def test_every_attack_has_its_own_sentence() -> None:
    sentences: dict[str, str] = {}
    for each in ATTACKS:
        files, anchor = each.build()
        with pytest.raises(IntegrityError) as caught:
            verify_passport(files, anchor, check_native)
        sentences[each.name] = caught.value.message
    assert all(sentences.values())
    assert len(set(sentences.values())) >= len({each.code for each in ATTACKS})


@both
def test_an_honest_passport_is_released(check: Checker) -> None:
    _, files, anchor = honest()
    found = verify_passport(files, anchor, check)
    assert (found.exit, found.verdict, found.anchored) == (Exit.GOOD, "released", True)
    assert found.sentences[-1] == "not compared with anything you hold"
    assert [each.origin for each in found.practices] == [WORD, RECOMPUTED, RECOMPUTED]


def test_without_an_anchor_it_never_ends_with_0() -> None:
    _, files, _ = honest()
    found = verify_passport(files, Anchor(), check_native)
    assert found.exit is Exit.UNDECIDED
    assert any(each.startswith("intact, author unknown (root sha256:") for each in found.sentences)


def test_a_fingerprint_anchors() -> None:
    provider, files, _ = honest()
    fingerprint = verify_passport(files, Anchor(), check_native).fingerprint
    assert verify_passport(files, Anchor(fingerprint=fingerprint), check_native).exit is Exit.GOOD
    assert provider.roots


@pytest.mark.parametrize(("mismatched", "code", "verdict"), [(1, Exit.REFUSED, "refused"), (None, Exit.UNDECIDED, "could not decide")])
def test_a_passport_of_another_verdict_returns_it(mismatched: int, code: Exit, verdict: str) -> None:
    provider = Provider()
    provider.check(mismatched)
    provider.decide()
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert (found.exit, found.verdict) == (code, verdict)


def test_a_refusal_stays_a_refusal_without_an_anchor() -> None:
    provider = Provider()
    provider.check(1)
    provider.decide()
    assert verify_passport(provider.passport(), Anchor(), check_native).exit is Exit.REFUSED


def test_what_the_customer_holds_is_compared() -> None:
    _, files, anchor = honest()
    right = verify_passport(files, replace(anchor, artefacts=(("reader.onnx", MODEL.digest),)), check_native)
    assert (right.exit, right.sentences[-1]) == (Exit.GOOD, "`reader.onnx` is model-file `reader` of this release")
    wrong = verify_passport(files, replace(anchor, artefacts=(("reader.onnx", OTHER),)), check_native)
    assert wrong.exit is Exit.BROKEN
    assert "not part of this release" in wrong.sentences[-1]


@pytest.mark.parametrize(
    ("decided", "required", "code"), [("start", "start", 0), ("core", "start", 0), ("start", "core", 3), ("odd", "start", 3)]
)
def test_a_profile_can_be_required(decided: str, required: str, code: int) -> None:
    provider = released(profile=decided)
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0], require=required), check_native)
    assert found.exit == code


def test_the_log_may_have_grown_since() -> None:
    provider = released()
    last = provider.note()
    provider.check()
    provider.decide()
    files = provider.passport()
    found = verify_passport(files, Anchor(root=provider.roots[0], last=last), check_native)
    assert found.exit is Exit.GOOD
    assert found.checkpoint == files["checkpoint"]


def test_a_rotated_root_continues_the_anchor() -> None:
    provider = released()
    anchor = Anchor(root=provider.roots[0])
    provider.roots.append(sign_root(rotate_root(provider.roots[0], RootChanges(expires=END)), provider.keys.roots[:2], provider.roots[0]))
    assert verify_passport(provider.passport(), anchor, check_native).exit is Exit.GOOD


def test_a_key_revoked_later_leaves_what_it_signed_before() -> None:
    provider = released()
    keyid = provider.keys.role("build").key.keyid
    changed = rotate_root(provider.roots[0], RootChanges(expires=END, revoke={keyid: "2026-07-01T00:00:00Z"}))
    anchor = Anchor(root=provider.roots[0])
    provider.roots.append(sign_root(changed, provider.keys.roots[:2], provider.roots[0]))
    assert verify_passport(provider.passport(), anchor, check_native).exit is Exit.GOOD


@pytest.mark.parametrize("level", ["public", "customer", "regulator"])
def test_levels_withhold_and_count(level: str) -> None:
    provider = released(level=level, disclosure={"check": "regulator"})
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert found.exit is Exit.GOOD
    shown = level == "regulator"
    assert found.claims == (2 if shown else 1)
    assert [each["practices"] for each in found.withheld] == ([] if shown else [["P1", "P7", "P9", "P10"][:1]])
    assert any("withholds 1 claims" in each for each in found.sentences) != shown


def test_personal_data_never_enters() -> None:
    provider = released(disclosure={"check": "never"})
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert [each["why"] for each in found.withheld] == ["personal"]


def test_documents_are_counted_and_cannot_be_changed() -> None:
    provider = released()
    files = provider.passport(replace(provider.contents(), attachments={"documents/known-limits.md": b"* Slow.\n"}))
    found = verify_passport(files, Anchor(root=provider.roots[0]), check_native)
    assert any(each.startswith("1 documents in `documents/`") for each in found.sentences)
    with pytest.raises(IntegrityError) as changed:
        verify_passport({**files, "documents/known-limits.md": b"* Fast.\n"}, Anchor(root=provider.roots[0]), check_native)
    assert changed.value.code == "file-changed"


def test_evidence_of_other_releases_is_marked() -> None:
    provider = Provider()
    provider.check(asset=replace(MODEL, digest=OTHER))
    provider.check()
    provider.decide()
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert [(each["record"], each["why"]) for each in found.withheld] == [(0, "other-release")]
    assert found.exit is Exit.GOOD


def test_a_stale_decision_verifies_although_the_old_evidence_is_withheld() -> None:
    provider = Provider(practices=("P10",))
    provider.check(asset=replace(MODEL, digest=OTHER))
    provider.check(asset=DATA)
    provider.decide()
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert (found.exit, str(found.practices[0].state)) == (Exit.UNDECIDED, "STALE")


def test_an_independent_key_countersigns() -> None:
    provider = Provider(change_grants=lambda grants: with_grant(grants, "build", independent=True))
    provider.check()
    provider.decide()
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert found.practices[0].origin == COUNTERSIGNED
    assert ENFORCED not in {each.origin for each in found.practices}


def test_a_demonstration_says_so() -> None:
    provider = released(demo=True)
    found = verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native)
    assert found.demo
    assert found.sentences[0] == "DEMONSTRATION: no person signed this"


def test_a_ratchet_needs_its_previous_decision() -> None:
    provider = Provider(practices=("P1", "P10"))
    provider.check(1)
    provider.decide()
    first = provider.decision
    provider.decide(previous=first)
    assert (provider.decision["verdict"], first["verdict"]) == ("released", "refused")
    assert verify_passport(provider.passport(), Anchor(root=provider.roots[0]), check_native).exit is Exit.GOOD
    provider.check(2, asset=DATA)
    provider.decide(previous=first)
    assert provider.decision["practices"][1]["state"] == "FAIL"


def test_a_foreign_line_on_the_checkpoint_is_named_and_keeps_it_open() -> None:
    from tetrapylon.evidence.note import format_note, parse_note

    provider = released()
    stranger = released(keys=Keys("witness-"))
    body, lines = parse_note(provider.note())
    _, foreign = parse_note(stranger.note())
    contents = replace(provider.contents(), checkpoint_note=format_note(body, [*lines, *foreign[:1]]))
    found = verify_passport(provider.passport(contents), Anchor(root=provider.roots[0]), check_native)
    assert found.exit is Exit.UNDECIDED
    assert any("was not checked" in each for each in found.sentences)


def test_the_answer_reads_the_same_as_text_and_as_data() -> None:
    _, files, anchor = honest()
    found = verify_passport(files, anchor, check_native)
    assert verification_lines(found)[0].startswith("released: s 1 (sha256:")
    assert verification_object(found)["exit"] == 0
    assert verification_object(found)["schema"] == "tetrapylon/verify/1"


def test_two_runs_give_the_same_payloads() -> None:
    first, second = released(), released()
    assert first.decision == second.decision
    one, two = first.passport(), second.passport()
    differing = {name for name in one if one[name] != two[name]}
    # ML-DSA signatures are randomised; what depends on the checkpoint's bytes follows.
    assert differing <= {"checkpoint", "passport.json", "trust/1.root.json"} | {name for name in one if name.startswith("proofs/")}


def test_sha256_of_nothing_is_no_root() -> None:
    _, files, _ = honest()
    with pytest.raises(IntegrityError):
        verify_passport(files, Anchor(fingerprint=sha256(b"")), check_native)
