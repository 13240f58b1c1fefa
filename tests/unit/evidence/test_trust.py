"""The root of trust: reading it strictly, verifying its chain against what a reader holds, and judging signatures by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.envelope import Envelope, Signature
from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Root, key_of_pem, pem_of_key, read_root, tuf_canonical, tuf_key, tuf_keyid
from tetrapylon.evidence.roots import LogIdentity, RootChanges, RootHolders, make_root, role_grants, rotate_root, sign_root
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.evidence.signer import Signer, sign_envelope
from tetrapylon.evidence.signers.file import FileSigner, generate_key
from tetrapylon.evidence.trust import Trust, check_signature, verify_chain
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UndecidedError, UsageError

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NOON = "2026-06-01T12:00:00Z"


@cache
def keys(holders: str) -> tuple[FileSigner, ...]:
    """Return the same three root keys for the same name."""
    return tuple(key(f"{holders} {number}") for number in range(3))


@cache
def key(name: str) -> FileSigner:
    return generate_key("ml-dsa-44" if name == "log-mldsa44" else "ed25519" if name == "log-ed25519" else "ecdsa-p256")


LOG = LogIdentity("tetrapylon.example/desk", (key("log-ed25519").key, key("log-mldsa44").key))


@cache
def first(system: str = "desk", holders: str = "ours") -> bytes:
    """Return a signed version 1, two of three root keys."""
    roots = keys(holders)
    grants = role_grants(
        {each: key(each).key for each in ("build", "reviewer")},
        not_before="2026-01-01T00:00:00Z",
        not_after="2026-12-31T23:59:59Z",
        demo=True,
        holders={"reviewer": "person-2"},
    )
    made = make_root(system, RootHolders([each.key for each in roots], 2), LOG, grants, "2027-01-01T00:00:00Z")
    return sign_root(made, roots[:2])


@cache
def second() -> bytes:
    """Return version 2: the build key revoked, signed by the same root keys."""
    made = rotate_root(first(), RootChanges("2028-01-01T00:00:00Z", revoke={key("build").key.keyid: "2026-06-01T00:00:00Z"}))
    return sign_root(made, keys("ours")[1:])


@cache
def third() -> bytes:
    """Return version 3: other root keys, signed by two old and two new ones."""
    new = keys("later")
    made = rotate_root(second(), RootChanges("2029-01-01T00:00:00Z", holders=RootHolders([each.key for each in new], 2)))
    return sign_root(made, [*keys("ours")[:2], *new[:2]], second())


def edited(data: bytes, change: Callable[[Any], Any], by: tuple[Signer, ...] | None = None) -> bytes:
    """Return the root with its value changed; signed again by `by`, if given."""
    value = json.loads(data)
    change(value)
    if by is not None:
        signed = tuf_canonical(value["signed"])
        value["signatures"] = [{"keyid": tuf_keyid(each.key), "sig": each.sign(signed).hex()} for each in by]
    return canonical_json(value)


def code_of(roots: list[bytes], anchor: bytes | str | None = None) -> str:
    with pytest.raises(TetrapylonError) as caught:
        verify_chain(roots, anchor, check_native)
    return caught.value.code


# --- chains and anchors ---------------------------------------------------------------------------------------------


def test_a_chain_without_an_anchor_is_whole_but_nobodys() -> None:
    trust = verify_chain([first(), second(), third()], None, check_native)
    assert not trust.anchored
    assert trust.root.version == 3
    assert trust.system == "desk"
    assert trust.fingerprint == sha256(tuf_canonical(json.loads(first())["signed"]))


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("how", ["file", "fingerprint"])
def test_any_version_in_the_chain_anchors_it_from_there_on(version: int, how: str) -> None:
    chain = [first(), second(), third()]
    held = chain[version - 1]
    anchor = held if how == "file" else read_root(held).fingerprint
    trust = verify_chain(chain, anchor, check_native)
    assert trust.anchored
    assert [each.version for each in trust.roots] == list(range(version, 4))


def test_a_chain_continues_an_older_anchor() -> None:
    trust = verify_chain([third()], second(), check_native)
    assert [each.version for each in trust.roots] == [2, 3]
    assert trust.anchored


def test_further_signatures_on_the_readers_copy_do_not_matter() -> None:
    held = sign_root(first(), keys("ours")[2:])
    assert held != first()
    assert verify_chain([first(), second()], held, check_native).anchored


def test_a_missing_version_breaks_the_chain() -> None:
    assert code_of([]) == "root-chain"
    assert code_of([first(), third()]) == "root-chain"
    assert code_of([second(), first()]) == "root-chain"
    assert code_of([third()], first()) == "root-chain"


def test_everything_signed_anew_with_other_keys_is_told_apart_from_another_system() -> None:
    fake = first(holders="attacker")
    fake_next = sign_root(rotate_root(fake, RootChanges("2028-01-01T00:00:00Z")), keys("attacker"))
    assert verify_chain([fake, fake_next], None, check_native).anchored is False
    assert code_of([fake, fake_next], first()) == "re-signed"
    assert code_of([fake, fake_next], read_root(first()).fingerprint) == "re-signed"
    assert code_of([fake_next], first()) == "re-signed"
    assert code_of([first(system="other")], first()) == "other-system"


def test_a_forged_past_before_the_anchor_is_left_out() -> None:
    """Signatures are outside the fingerprint, so a forger can make any version 1 'lead' to the reader's version 2."""
    fake = first(holders="attacker")
    grafted = sign_root(second(), keys("attacker")[:2], fake)
    trust = verify_chain([fake, grafted], second(), check_native)
    assert [each.version for each in trust.roots] == [2]
    assert trust.fingerprint == read_root(second()).fingerprint


def test_a_root_older_than_the_readers_is_refused() -> None:
    assert code_of([first(), second()], third()) == "root-rollback"
    assert code_of([first()], second()) == "root-rollback"


def test_an_anchor_that_is_no_root_is_the_readers_mistake() -> None:
    assert code_of([first()], b"{}") == "anchor"
    assert code_of([first()], edited(first(), lambda value: value["signatures"].pop())) == "anchor"
    with pytest.raises(UsageError):
        verify_chain([first()], "sha256:xyz", check_native)


def test_too_few_signatures_do_not_count() -> None:
    alone = edited(first(), lambda value: value["signatures"].pop())
    assert code_of([alone]) == "root-signature"
    new = keys("later")
    made = rotate_root(second(), RootChanges("2029-01-01T00:00:00Z", holders=RootHolders([each.key for each in new], 2)))
    assert code_of([first(), second(), sign_root(made, new)]) == "root-signature"
    assert code_of([first(), second(), sign_root(made, [*keys("ours")[:1], *new], second())]) == "root-signature"
    assert code_of([first(), second(), sign_root(made, [*keys("ours"), new[0]], second())]) == "root-signature"


def test_one_key_cannot_meet_the_threshold_by_signing_twice() -> None:
    def twice(value: Any) -> None:
        value["signatures"] = [value["signatures"][0]] * 2

    assert code_of([edited(first(), twice)]) == "malformed"


def test_one_key_cannot_meet_the_threshold_under_two_ids() -> None:
    def alias(value: Any) -> None:
        keyid = tuf_keyid(keys("ours")[0].key)
        value["signed"]["keys"]["0" * 64] = value["signed"]["keys"][keyid]
        value["signed"]["roles"]["root"]["keyids"].append("0" * 64)

    assert code_of([edited(first(), alias)]) == "malformed"


def test_a_wrong_or_foreign_signature_is_refused_even_above_the_threshold() -> None:
    full = sign_root(first(), keys("ours"))

    def wrong(value: Any) -> None:
        value["signatures"][0]["sig"] = value["signatures"][1]["sig"]

    def stranger(value: Any) -> None:
        value["signatures"].append({"keyid": tuf_keyid(key("build").key), "sig": "00"})

    assert code_of([edited(full, wrong)]) == "root-signature"
    assert code_of([edited(full, stranger)]) == "root-signature"
    assert code_of([first(), edited(second(), stranger)]) == "root-signature"


def test_high_s_signatures_on_a_root_are_refused() -> None:
    def malleate(value: Any) -> None:
        value["signatures"][0]["sig"] = with_high_s(bytes.fromhex(value["signatures"][0]["sig"])).hex()

    assert code_of([edited(first(), malleate)]) == "non-canonical"


@pytest.mark.parametrize("member", ["system", "origin"])
def test_a_version_of_another_system_or_log_breaks_the_chain(member: str) -> None:
    def move(value: Any) -> None:
        ours = value["signed"]["x-tetrapylon"]
        (ours if member == "system" else ours["log"])[member] = "elsewhere"

    assert code_of([first(), edited(second(), move, keys("ours"))]) == "root-chain"


def test_expiry_is_undecided_and_judged_only_where_asked() -> None:
    trust = verify_chain([first()], first(), check_native)
    assert trust.current_at("2027-01-01T00:00:00Z") is trust
    with pytest.raises(UndecidedError) as caught:
        trust.current_at("2027-01-01T00:00:01Z")
    assert caught.value.code == "root-expired"


# --- grants ---------------------------------------------------------------------------------------------------------


def trusted(*roots: bytes) -> Trust:
    return verify_chain(list(roots), roots[0], check_native)


def test_a_key_acts_only_in_its_roles() -> None:
    trust = trusted(first())
    build = key("build").key.keyid
    assert trust.may(build, "build", NOON).holder == "build"
    with pytest.raises(IntegrityError, match="may not sign as reviewer") as caught:
        trust.may(build, "reviewer", NOON)
    assert caught.value.code == "role-not-allowed"
    with pytest.raises(IntegrityError) as caught:
        trust.may("00" * 32, "build", NOON)
    assert caught.value.code == "unknown-key"


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2025-12-31T23:59:59Z", "key-not-yet-valid"),
        ("2026-01-01T00:00:00Z", ""),
        ("2026-05-31T23:59:59Z", ""),
        ("2026-06-01T00:00:00Z", "key-revoked"),
        ("2027-06-01T00:00:00Z", "key-revoked"),
    ],
)
def test_a_revoked_key_counts_until_it_was_revoked(time: str, code: str) -> None:
    grant = trusted(first(), second()).grant(key("build").key.keyid)
    if not code:
        assert grant.valid_at(time) is grant
        return
    with pytest.raises(IntegrityError) as caught:
        grant.valid_at(time)
    assert caught.value.code == code


def test_a_key_expires_after_its_last_second() -> None:
    grant = trusted(first(), second()).grant(key("reviewer").key.keyid)
    assert grant.valid_at("2026-12-31T23:59:59Z") is grant
    with pytest.raises(IntegrityError) as caught:
        grant.valid_at("2027-01-01T00:00:00Z")
    assert caught.value.code == "key-expired"


# --- signatures of envelopes ----------------------------------------------------------------------------------------


def with_high_s(signature: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, P256_ORDER - s)


def envelope(*signers: Signer) -> Envelope:
    return sign_envelope(b'{"claim":1}', "application/vnd.in-toto+json", signers)


def refusal(claim: Envelope, trust: Trust, at: str = NOON) -> str:
    with pytest.raises(IntegrityError) as caught:
        check_signature(claim, trust, check_native, at)
    return caught.value.code


def test_all_known_signers_are_returned() -> None:
    found = check_signature(envelope(key("build"), key("reviewer")), trusted(first()), check_native, NOON)
    assert [each.holder for each in found.verified] == ["build", "person-2"]
    assert found.unchecked == ()


def test_an_unknown_key_beside_a_known_one_is_named_as_unchecked() -> None:
    found = check_signature(envelope(key("stranger"), key("build")), trusted(first()), check_native, NOON)
    assert [each.holder for each in found.verified] == ["build"]
    assert [each.keyid for each in found.unchecked] == [key("stranger").key.keyid]


def test_a_claim_by_unknown_keys_alone_is_refused() -> None:
    assert refusal(envelope(key("stranger")), trusted(first())) == "unknown-key"


def test_a_signature_by_a_scheme_that_is_not_known_is_unchecked_not_wrong() -> None:
    def future(value: Any) -> None:
        value["signed"]["x-tetrapylon"]["keys"][0]["algorithm"] = "slh-dsa-128s"

    trust = trusted(edited(first(), future, keys("ours")))
    found = check_signature(envelope(key("build")), trust, check_native, NOON)
    assert found.verified == ()
    assert found.unchecked[0].why == "this verifier cannot check `slh-dsa-128s in raw`"


def test_a_wrong_signature_of_a_known_key_is_refused_beside_a_right_one() -> None:
    right = envelope(key("build"), key("reviewer"))
    swapped = replace(right, signatures=(right.signatures[0], Signature(right.signatures[1].keyid, right.signatures[0].data)))
    assert refusal(swapped, trusted(first())) == "signature"
    assert refusal(replace(right, payload=b'{"claim":2}'), trusted(first())) == "signature"


def test_a_signature_in_its_other_form_is_refused() -> None:
    right = envelope(key("build"))
    other = Signature(right.signatures[0].keyid, with_high_s(right.signatures[0].data))
    assert check_native(key("build").key, right.message, other.data)
    assert refusal(replace(right, signatures=(other,)), trusted(first())) == "non-canonical"


def test_one_key_twice_is_refused() -> None:
    right = envelope(key("build"))
    assert refusal(replace(right, signatures=right.signatures * 2), trusted(first())) == "duplicate-signature"


def test_a_right_signature_outside_the_keys_validity_is_refused() -> None:
    assert refusal(envelope(key("build")), trusted(first(), second())) == "key-revoked"
    assert refusal(envelope(key("build")), trusted(first()), "2025-01-01T00:00:00Z") == "key-not-yet-valid"
    assert refusal(envelope(key("build")), trusted(first()), "2028-01-01T00:00:00Z") == "key-expired"


def ssh_text(*parts: bytes) -> bytes:
    return b"".join(len(each).to_bytes(4, "big") + each for each in parts)


def sshsig(signer: FileSigner, message: bytes, namespace: bytes = b"tetrapylon") -> bytes:
    """Return what `ssh-keygen -Y sign` makes with an Ed25519 key (OpenSSH, PROTOCOL.sshsig)."""
    tail = ssh_text(namespace, b"", b"sha512")
    signature = signer.sign(b"SSHSIG" + tail + ssh_text(hashlib.sha512(message).digest()))
    public = ssh_text(b"ssh-ed25519", signer.key.public)
    return b"SSHSIG" + (1).to_bytes(4, "big") + ssh_text(public) + tail + ssh_text(ssh_text(b"ssh-ed25519", signature))


def test_a_persons_ssh_signature_is_checked_as_such() -> None:
    person, other = generate_key("ed25519"), generate_key("ed25519")
    grant = role_grants({"leader": person.key}, not_before="2026-01-01T00:00:00Z", not_after="2027-01-01T00:00:00Z", demo=False)[0]
    made = rotate_root(first(), RootChanges("2028-01-01T00:00:00Z", add=[replace(grant, encoding="sshsig")]))
    trust = trusted(first(), sign_root(made, keys("ours")))
    claim = envelope(person)
    message = claim.message

    def signed(blob: bytes) -> Envelope:
        return replace(claim, signatures=(Signature(person.key.keyid, blob),))

    assert check_signature(signed(sshsig(person, message)), trust, check_native, NOON).verified[0].holder == "leader"
    assert refusal(signed(sshsig(person, message + b"!")), trust) == "signature"
    assert refusal(signed(sshsig(other, message)), trust) == "signature"
    assert refusal(signed(sshsig(person, message).replace(b"ssh-ed25519", b"ssh-ed44819")), trust) == "signature"
    with pytest.raises(IntegrityError):
        check_signature(signed(sshsig(person, message, b"git")), trust, check_native, NOON)
    with pytest.raises(IntegrityError):
        check_signature(claim, trust, check_native, NOON)


def test_the_standard_library_alone_comes_to_the_same_verdicts() -> None:
    trust = verify_chain([first(), second(), third()], second(), check_pure)
    assert trust == verify_chain([first(), second(), third()], second(), check_native)
    claim = envelope(key("reviewer"))
    assert check_signature(claim, trust, check_pure, NOON) == check_signature(claim, trust, check_native, NOON)
    with pytest.raises(IntegrityError):
        check_signature(replace(claim, payload=b"{}"), trust, check_pure, NOON)


def test_an_ed25519_key_may_sign_raw() -> None:
    grants = role_grants({"build": key("log-ed25519").key}, not_before="2026-01-01T00:00:00Z", not_after="2027-01-01T00:00:00Z", demo=False)
    made = make_root("desk", RootHolders([each.key for each in keys("ours")], 2), LOG, grants, "2028-01-01T00:00:00Z")
    found = check_signature(envelope(key("log-ed25519")), trusted(sign_root(made, keys("ours"))), check_native, NOON)
    assert len(found.verified) == 1


# --- reading --------------------------------------------------------------------------------------------------------


def ours(value: Any) -> Any:
    return value["signed"]["x-tetrapylon"]


FAULTS: dict[str, Callable[[Any], Any]] = {
    "a member too many": lambda value: value.update(extra=1),
    "a signed member too many": lambda value: value["signed"].update(extra=1),
    "a signed member missing": lambda value: value["signed"].pop("expires"),
    "another type": lambda value: value["signed"].update(_type="targets"),
    "another specification": lambda value: value["signed"].update(spec_version="2.0.0"),
    "no consistent snapshots": lambda value: value["signed"].update(consistent_snapshot=False),
    "version 0": lambda value: value["signed"].update(version=0),
    "version true": lambda value: value["signed"].update(version=True),
    "version 1.0": lambda value: value["signed"].update(version=1.5),
    "a day that is not": lambda value: value["signed"].update(expires="2026-02-30T00:00:00Z"),
    "another time format": lambda value: value["signed"].update(expires="2026-02-01 00:00:00"),
    "other digits": lambda value: value["signed"].update(expires="\uff12026-02-01T00:00:00Z"),
    "a role missing": lambda value: value["signed"]["roles"].pop("targets"),
    "a threshold too high": lambda value: value["signed"]["roles"]["targets"].update(threshold=4),
    "a threshold of none": lambda value: value["signed"]["roles"]["targets"].update(threshold=0),
    "a role of unknown keys": lambda value: value["signed"]["roles"]["targets"].update(keyids=["0" * 64] * 2),
    "one role key twice": lambda value: value["signed"]["roles"]["root"]["keyids"].append(value["signed"]["roles"]["root"]["keyids"][0]),
    "role keys as text": lambda value: value["signed"]["roles"]["root"].update(keyids="abc"),
    "root keys as a list": lambda value: value["signed"].update(keys=[]),
    "a root key under another id": lambda value: value["signed"]["keys"].update({"0" * 64: tuf_key(key("build").key)}),
    "a root key that is Ed25519": lambda value: value["signed"]["keys"].update(
        {tuf_keyid(LOG.keys[0]): tuf_key(LOG.keys[0])},
    ),
    "a root key without PEM": lambda value: next(iter(value["signed"]["keys"].values()))["keyval"].update(public="x"),
    "another schema": lambda value: ours(value).update(schema="tetrapylon/trust/2"),
    "no system": lambda value: ours(value).update(system=""),
    "a system that cannot be shown": lambda value: ours(value).update(system="a\u001b[31mb"),
    "an origin with a plus sign": lambda value: ours(value)["log"].update(origin="a+b"),
    "an origin with a space": lambda value: ours(value)["log"].update(origin="a b"),
    "a log without ML-DSA": lambda value: ours(value)["log"]["keys"].pop(),
    "a log key twice": lambda value: ours(value)["log"]["keys"].append(ours(value)["log"]["keys"][0]),
    "a log key of another id": lambda value: ours(value)["log"]["keys"][0].update(keyid="0" * 64),
    "a log key of an unknown kind": lambda value: ours(value)["log"]["keys"][0].update(algorithm="rsa"),
    "a short log key": lambda value: ours(value)["log"]["keys"][0].update(public="AAAA"),
    "log keys as an object": lambda value: ours(value)["log"].update(keys={}),
    "a grant twice": lambda value: ours(value)["keys"].append(ours(value)["keys"][0]),
    "a grant of another id": lambda value: ours(value)["keys"][0].update(keyid="0" * 64),
    "a grant without roles": lambda value: ours(value)["keys"][0].update(roles=[]),
    "a grant with a role twice": lambda value: ours(value)["keys"][0].update(roles=["build", "build"]),
    "a grant that ends before it begins": lambda value: ours(value)["keys"][0].update(notAfter="2025-01-01T00:00:00Z"),
    "a grant with a number for truth": lambda value: ours(value)["keys"][0].update(demo=1),
    "a grant with a member too many": lambda value: ours(value)["keys"][0].update(note="x"),
    "a grant revoked at no time": lambda value: ours(value)["keys"][0].update(revokedAt="never"),
    "a grant that is a text": lambda value: ours(value).update(keys=["x"]),
    "signatures as an object": lambda value: value.update(signatures={}),
    "a signature that is not hexadecimal": lambda value: value["signatures"][0].update(sig="zz"),
    "a signature in capitals": lambda value: value["signatures"][0].update(sig=value["signatures"][0]["sig"].upper()),
    "a signature with a member too many": lambda value: value["signatures"][0].update(method="x"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_root_of_another_shape_is_refused(fault: str) -> None:
    broken = edited(first(), FAULTS[fault], keys("ours")[:2] if "signature" not in fault and fault != "version 1.0" else None)
    with pytest.raises(IntegrityError) as caught:
        read_root(broken)
    assert caught.value.code == "malformed"


def test_another_spelling_of_a_root_is_refused() -> None:
    for spelling in (first() + b"\n", json.dumps(json.loads(first())).encode()):
        with pytest.raises(IntegrityError) as caught:
            read_root(spelling)
        assert caught.value.code == "non-canonical"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_root_is_believed_and_none_fails_otherwise(data: st.DataObject) -> None:
    original = first()
    position = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[position] = data.draw(st.integers(0, 255).filter(lambda value: value != original[position]))
    with pytest.raises(IntegrityError):
        verify_chain([bytes(changed)], None, check_native)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_refused_as_broken(data: st.DataObject) -> None:
    value = json.loads(first())
    place: Any = value
    while True:
        steps = list(place) if isinstance(place, dict) else list(range(len(place)))
        step = data.draw(st.sampled_from(steps))
        if not isinstance(place[step], dict | list) or not place[step] or data.draw(st.booleans()):
            break
        place = place[step]
    new = data.draw(JSON)
    if new == place[step] and type(new) is type(place[step]):
        return
    place[step] = new
    with pytest.raises(IntegrityError):
        verify_chain(
            [json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")], None, check_native
        )


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_refused_as_broken_or_as_a_mistake(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        read_root(data)
    with pytest.raises(UsageError):
        verify_chain([first()], data, check_native)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=10,
    )
)
def test_canonical_json_is_that_of_securesystemslib(value: Any) -> None:
    from securesystemslib.formats import encode_canonical

    assert tuf_canonical(value) == encode_canonical(value).encode()  # type: ignore[union-attr]


def test_canonical_json_has_no_floats() -> None:
    with pytest.raises(ValueError, match="float"):
        tuf_canonical({"a": [1.0]})


@pytest.mark.parametrize("name", ["build", "log-ed25519", "log-mldsa44"])
def test_public_keys_go_through_pem_and_back(name: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public: PublicKey = key(name).key
    text = pem_of_key(public)
    assert key_of_pem(text) == public
    load_pem_public_key(text.encode())
    for other in (text[:-1], text + "\n", text.replace("\n", "\r\n"), text.replace("PUBLIC", "SECRET"), "", text[1:]):
        with pytest.raises(UsageError):
            key_of_pem(other)


def test_a_root_says_whose_it_is() -> None:
    root: Root = read_root(second())
    assert (root.version, root.system, root.origin, root.threshold) == (2, "desk", "tetrapylon.example/desk", 2)
    assert set(root.grants) == {key("build").key.keyid, key("reviewer").key.keyid}
    assert root.log_keys == LOG.keys
