"""Model signatures: golden ones of others, our own, and everything that must be refused."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.evidence.chains import key
from tetrapylon.evidence.certificates import load_certificates, verify_oms_certificate
from tetrapylon.evidence.envelope import pae
from tetrapylon.evidence.modelkey import curve_hash, key_hint, load_public, public_pem, read_private, sign_bytes, signed_by
from tetrapylon.evidence.oms import OMS_OLD_TYPE, OMS_TYPE, OmsManifest, Resource, component_order, oms_payload, sign_oms
from tetrapylon.evidence.omsbundle import OmsBundle, read_oms, verify_oms_key
from tetrapylon.kernel.canonical import base64_text, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UndecidedError, UsageError

DATA = Path(__file__).parents[2] / "data" / "oms"
VECTORS = DATA / "spec-test-vectors" / "v1.0"
GOLDEN_KEY = (DATA / "keys/certificate/signing-key-pub.pem").read_bytes()
GOLDEN_ROOT = (DATA / "keys/certificate/ca-cert.pem").read_bytes()
GOLDENS = sorted(each.name for each in DATA.glob("v*"))
AT = "2026-06-01T00:00:00Z"

MANIFEST = OmsManifest("reader", (Resource("a/b", sha256(b"1")), Resource("a-b", sha256(b"2"))), (".git", "model.sig"))
SIGNER = key("signer")
PEM = public_pem(SIGNER.public_key())


def verified(data: bytes, pem: bytes = PEM) -> OmsManifest:
    return verify_oms_key(read_oms(data), pem)


def golden(name: str) -> OmsManifest:
    return judged(read_oms((DATA / name / "model.sig").read_bytes()))


def judged(bundle: OmsBundle) -> OmsManifest:
    """Verify a golden bundle, or one made from it, by its own method."""
    if bundle.certificates:
        return verify_oms_certificate(bundle, load_certificates(GOLDEN_ROOT), AT)
    return verify_oms_key(bundle, GOLDEN_KEY)


def test_the_golden_signatures_are_all_there():
    assert len(GOLDENS) == 9


@pytest.mark.parametrize("name", GOLDENS)
def test_golden_signatures_are_accepted_and_say_what_was_signed(name):
    found = {each.name: each.digest for each in golden(name).resources}
    folder = DATA / name
    wanted = ["."] if name in {"v0.3.1-elliptic-key", "v1.0.0-elliptic-key"} else ["signme-1", "signme-2"]
    assert found == {each: sha256((folder / ("signme-1" if each == "." else each)).read_bytes()) for each in wanted}


@pytest.mark.parametrize("name", GOLDENS)
def test_golden_signatures_are_not_of_somebody_else(name):
    bundle = read_oms((DATA / name / "model.sig").read_bytes())
    with pytest.raises(IntegrityError) as caught:
        verify_oms_key(bundle, public_pem(key("stranger@secp384r1").public_key()))
    assert caught.value.code == ("by-certificate" if name.endswith("certificate") else "other-key")


@pytest.mark.parametrize("name", GOLDENS)
def test_a_changed_golden_payload_is_refused(name):
    value = json.loads((DATA / name / "model.sig").read_bytes())
    payload = base64.b64decode(value["dsseEnvelope"]["payload"]).replace(b"signme-1", b"signme-0")
    value["dsseEnvelope"]["payload"] = base64_text(payload)
    bundle = read_oms(canonical_json(value))
    with pytest.raises(IntegrityError) as caught:
        judged(bundle)
    assert caught.value.code == "signature"


def test_valid_vectors_are_accepted():
    manifest = verified((VECTORS / "valid/key.bundle.json").read_bytes(), GOLDEN_KEY)
    assert [each.name for each in manifest.resources] == ["signme-1", "signme-2"]
    bundle = read_oms((VECTORS / "valid/certificate.bundle.json").read_bytes())
    assert verify_oms_certificate(bundle, load_certificates(GOLDEN_ROOT), AT) == OmsManifest(
        "model", manifest.resources, bundle_ignored(bundle)
    )


def bundle_ignored(bundle) -> tuple[str, ...]:
    return tuple(bundle.statement["predicate"]["serialization"]["ignore_paths"])


def test_the_keyless_vector_is_known_and_not_decided():
    with pytest.raises(UndecidedError) as caught:
        read_oms((VECTORS / "valid/sigstore.bundle.json").read_bytes())
    assert caught.value.code == "keyless"
    assert "not checked here" in caught.value.message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("invalid/empty.bundle.json", "malformed"),
        ("invalid/missing-envelope.bundle.json", "no-envelope"),
        ("invalid/missing-tlog-entries.bundle.json", "no-log-entries"),
        ("invalid/missing-verification-material.bundle.json", "no-verification-material"),
        ("invalid-payload/wrong-predicate.bundle.json", "predicate"),
    ],
)
def test_invalid_vectors_are_refused_for_their_reason(name, code):
    with pytest.raises(IntegrityError) as caught:
        read_oms((VECTORS / name).read_bytes())
    assert caught.value.code == code


def test_every_invalid_vector_is_looked_at():
    assert len([*(VECTORS / "invalid").iterdir(), *(VECTORS / "invalid-payload").iterdir()]) == 5


@pytest.mark.parametrize("name", ["signer", "signer@secp384r1", "signer@secp521r1"])
def test_ours_on_every_curve(name):
    private = key(name)
    data = sign_oms(MANIFEST, private)
    assert data == sign_oms(MANIFEST, private), "the same model and key give the same bytes"
    found = verified(data, public_pem(private.public_key()))
    assert found.name == "reader"
    assert found.ignore_paths == (".git", "model.sig")
    assert [each.name for each in found.resources] == ["a/b", "a-b"], "sorted by components, not by characters"
    assert component_order("a/b") < component_order("a-b")


def test_the_form_that_is_written():
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    assert value["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert value["verificationMaterial"] == {"publicKey": {"hint": hashlib.sha256(PEM).hexdigest()}, "tlogEntries": []}
    statement = json.loads(base64.b64decode(value["dsseEnvelope"]["payload"]))
    whole = hashlib.sha256(hashlib.sha256(b"1").digest() + hashlib.sha256(b"2").digest()).hexdigest()
    assert statement["subject"] == [{"name": "reader", "digest": {"sha256": whole}}]
    assert statement["predicate"]["serialization"] == {
        "method": "files",
        "hash_type": "sha256",
        "allow_symlinks": False,
        "ignore_paths": [".git", "model.sig"],
    }


def test_every_byte_of_a_signature_counts():
    data = sign_oms(MANIFEST, SIGNER)
    for place in range(len(data)):
        for bit in (1, 0x20):
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises(IntegrityError):
                verified(bytes(changed))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_other_bytes_are_a_signature(data):
    good = sign_oms(MANIFEST, SIGNER)
    start = data.draw(st.integers(0, len(good) - 1))
    stop = data.draw(st.integers(start, min(len(good), start + 40)))
    changed = good[:start] + data.draw(st.binary(max_size=40)) + good[stop:]
    if changed == good:
        return
    with pytest.raises((IntegrityError, UndecidedError)):
        verified(changed)


def bundle_with(change, **envelope):
    """Return a bundle of ours after `change` was made to its JSON; the signature stays."""
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    change(value)
    value.get("dsseEnvelope", {}).update(envelope)
    return canonical_json(value)


def at(*path):
    """Return a function that sets what stands at the path of a bundle to its last part, or removes it for `...`."""
    *steps, last, new = path

    def change(value):
        for each in steps:
            value = value[each]
        if new is ...:
            del value[last]
        else:
            value[last] = new

    return change


MALFORMED = {
    "another media type": at("mediaType", "application/vnd.dev.sigstore.bundle.v0.2+json"),
    "no media type": at("mediaType", ...),
    "a member too many": at("messageSignature", {}),
    "no key": at("verificationMaterial", "publicKey", ...),
    "a key without a name": at("verificationMaterial", "publicKey", {}),
    "a key's name that is no text": at("verificationMaterial", "publicKey", "hint", 1),
    "details that are no text": at("verificationMaterial", "publicKey", "keyDetails", 1),
    "a member of the key too many": at("verificationMaterial", "publicKey", "trusted", True),
    "two ways to verify": at("verificationMaterial", "x509CertificateChain", {"certificates": []}),
    "a log entry nobody checks": at("verificationMaterial", "tlogEntries", [{}]),
    "a timestamp nobody checks": at("verificationMaterial", "timestampVerificationData", {}),
    "material that is a list": at("verificationMaterial", []),
    "no certificates": at("verificationMaterial", {"x509CertificateChain": {"certificates": []}}),
    "a certificate that is text": at("verificationMaterial", {"x509CertificateChain": {"certificates": ["A"]}}),
    "a keyless one without a certificate": at("verificationMaterial", {"certificate": {}, "tlogEntries": [{}]}),
    "another payload type": at("dsseEnvelope", "payloadType", "application/json"),
    "two signatures": at("dsseEnvelope", "signatures", [{"sig": "AA=="}, {"sig": "AA=="}]),
    "no signature": at("dsseEnvelope", "signatures", []),
    "a key id that is no text": at("dsseEnvelope", "signatures", 0, "keyid", 7),
    "a member of the signature too many": at("dsseEnvelope", "signatures", 0, "cert", ""),
    "a payload that is no text": at("dsseEnvelope", "payload", 1),
    "an envelope that is a text": at("dsseEnvelope", "text"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_other_forms_are_refused(name):
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    MALFORMED[name](value)
    with pytest.raises(IntegrityError) as caught:
        read_oms(canonical_json(value))
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("data", [b"[]", b"null", b"1", b'"x"', b"{}", b"\xff", b'{"a":1,"a":1}', b"[" * 100_000])
def test_what_is_no_bundle_is_refused(data):
    with pytest.raises(IntegrityError):
        read_oms(data)


def test_base64_has_one_spelling():
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    signature = value["dsseEnvelope"]["signatures"][0]
    assert verified(canonical_json(value))
    signature["sig"] = signature["sig"].rstrip("=") + "=" if signature["sig"].endswith("==") else signature["sig"] + "="
    with pytest.raises(IntegrityError):
        read_oms(canonical_json(value))
    payload = value["dsseEnvelope"]["payload"]
    with pytest.raises(IntegrityError):
        read_oms(bundle_with(lambda each: None, payload=payload[:10] + "\n" + payload[10:]))


def test_json_may_be_spelled_as_others_do():
    assert verified(json.dumps(json.loads(sign_oms(MANIFEST, SIGNER)), indent=2).encode() + b"\n")


@pytest.mark.parametrize("keyid", [None, "", "whatever", ...])
def test_a_key_id_says_nothing(keyid):
    assert verified(bundle_with(at("dsseEnvelope", "signatures", 0, "keyid", keyid)))


def resigned(statement: dict, private=SIGNER, hint=True) -> bytes:
    """Return a well-signed bundle over any statement."""
    value = json.loads(sign_oms(MANIFEST, private))
    payload = canonical_json(statement)
    kind = "application/vnd.in-toto+json"
    signature = private.sign(pae(kind, payload), ec.ECDSA(curve_hash(private.public_key())))
    value["dsseEnvelope"].update(payload=base64_text(payload), signatures=[{"sig": base64_text(signature), "keyid": ""}])
    return canonical_json(value)


def statement() -> dict:
    return json.loads(oms_payload(MANIFEST))


SAID_WRONG = {
    "no file": at("predicate", "resources", []),
    "out of order": lambda each: each["predicate"]["resources"].reverse(),
    "one file twice": lambda each: each["predicate"]["resources"].append(each["predicate"]["resources"][-1]),
    "a name that leads out": at("predicate", "resources", 0, "name", "../b"),
    "a name from the root": at("predicate", "resources", 0, "name", "/b"),
    "a name with an empty part": at("predicate", "resources", 0, "name", "a//b"),
    "another spelling of a name": at("predicate", "resources", 0, "name", "./a"),
    "a name with a null": at("predicate", "resources", 0, "name", "a\x00"),
    "a name that is no text": at("predicate", "resources", 0, "name", 1),
    "half a character in a name": at("predicate", "resources", 1, "name", "\ud800"),
    "the whole beside a part": at("predicate", "resources", 0, "name", "."),
    "a digest that is none": at("predicate", "resources", 0, "digest", "00"),
    "a digest in capitals": at("predicate", "resources", 0, "digest", "AB" * 32),
    "no resources": at("predicate", "resources", ...),
    "no serialization": at("predicate", "serialization", ...),
    "no subject": at("subject", []),
    "two subjects": lambda each: each["subject"].append(each["subject"][0]),
    "a model's name that is no text": at("subject", 0, "name", 1),
    "an ignored path that is no text": at("predicate", "serialization", "ignore_paths", [1]),
}


@pytest.mark.parametrize("name", SAID_WRONG)
def test_a_good_signature_under_a_bad_list_is_refused(name):
    said = statement()
    SAID_WRONG[name](said)
    data = json.dumps(said).encode() if name.startswith("half") else canonical_json(said)
    with pytest.raises(IntegrityError) as caught:
        verified(resigned_bytes(data))
    assert caught.value.code == "malformed"


def resigned_bytes(payload: bytes) -> bytes:
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    signature = sign_bytes(SIGNER, pae("application/vnd.in-toto+json", payload))
    value["dsseEnvelope"].update(payload=base64_text(payload), signatures=[{"sig": base64_text(signature)}])
    return canonical_json(value)


def test_digests_that_disagree_are_refused():
    said = statement()
    said["subject"][0]["digest"]["sha256"] = "00" * 32
    with pytest.raises(IntegrityError) as caught:
        verified(resigned(said))
    assert caught.value.code == "subject-mismatch"


def test_unknown_members_of_the_statement_are_left_alone():
    said = statement()
    said["predicate"]["note"] = {"from": "a later version"}
    del said["predicate"]["serialization"]["ignore_paths"]
    assert verified(resigned(said)).ignore_paths == ()


@pytest.mark.parametrize(
    "change",
    [
        at("predicate", "serialization", "method", "shards"),
        at("predicate", "serialization", "hash_type", "blake3"),
        at("predicate", "resources", 0, "algorithm", "blake2b"),
    ],
)
def test_other_hashes_are_not_decided_and_only_under_a_good_signature(change):
    said = statement()
    change(said)
    with pytest.raises(UndecidedError) as caught:
        verified(resigned(said))
    assert caught.value.code == "serialisation"
    with pytest.raises(IntegrityError) as broken:
        verified(bundle_with(lambda each: None, payload=base64_text(canonical_json(said))))
    assert broken.value.code == "signature"


@pytest.mark.parametrize("kind", ["https://example.org/other/v1", 7, [OMS_TYPE], None])
def test_statements_about_other_things_are_refused(kind):
    said = {**statement(), "predicateType": kind}
    with pytest.raises(IntegrityError) as caught:
        read_oms(resigned(said))
    assert caught.value.code == "predicate"


@pytest.mark.parametrize("said", [[], {}, {"_type": "https://in-toto.io/Statement/v0.1"}, {"_type": "https://in-toto.io/Statement/v1"}])
def test_what_is_no_statement_is_refused(said):
    with pytest.raises(IntegrityError) as caught:
        read_oms(resigned_bytes(canonical_json(said)))
    assert caught.value.code == "malformed"


def test_another_key_is_refused_by_hint_and_by_signature():
    data = sign_oms(MANIFEST, SIGNER)
    stranger = public_pem(key("stranger").public_key())
    with pytest.raises(IntegrityError) as caught:
        verified(data, stranger)
    assert caught.value.code == "other-key"
    with pytest.raises(IntegrityError) as caught:
        verified(bundle_with(at("verificationMaterial", "publicKey", "hint", key_hint(key("stranger").public_key()))), stranger)
    assert caught.value.code == "signature"


def embedded(pem: bytes, details: str = "PKIX_ECDSA_P256_SHA_256") -> bytes:
    return bundle_with(at("verificationMaterial", "publicKey", {"rawBytes": base64_text(pem), "keyDetails": details}))


def test_an_embedded_key_is_compared_and_never_trusted():
    assert verified(embedded(PEM))
    assert verified(embedded(b"a preamble\n" + PEM, ""))
    for wrong in (embedded(public_pem(key("stranger").public_key())), embedded(b"no key"), embedded(PEM, "PKIX_ECDSA_P384_SHA_384")):
        with pytest.raises(IntegrityError) as caught:
            verified(wrong)
        assert caught.value.code == "other-key"
    forged = json.loads(sign_oms(MANIFEST, key("stranger")))
    forged["verificationMaterial"]["publicKey"] = {"rawBytes": base64_text(public_pem(key("stranger").public_key()))}
    with pytest.raises(IntegrityError) as caught:
        verified(canonical_json(forged))
    assert caught.value.code == "other-key"


def old_bundle(payload: bytes, signature: bytes) -> bytes:
    value = json.loads(sign_oms(MANIFEST, SIGNER))
    value["dsseEnvelope"].update(payload=base64_text(payload), signatures=[{"sig": base64_text(signature), "keyid": None}])
    return canonical_json(value)


def test_the_old_form_is_read_in_both_encodings():
    kind = "application/vnd.in-toto+json"
    subjects = [{"name": "a", "digest": {"sha256": hashlib.sha256(b"1").hexdigest()}}]
    payload = json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": subjects, "predicateType": OMS_OLD_TYPE}).encode()
    text = f"DSSEV1 {len(kind)} {kind} {len(payload)} {payload!r}".encode()
    for message in (pae(kind, payload), text):
        assert verified(old_bundle(payload, sign_bytes(SIGNER, message))) == OmsManifest("", (Resource("a", sha256(b"1")),))
    with pytest.raises(IntegrityError) as caught:
        verified(old_bundle(payload, sign_bytes(SIGNER, b"something else")))
    assert caught.value.code == "signature"
    double = json.dumps({**json.loads(payload), "subject": subjects * 2}).encode()
    with pytest.raises(IntegrityError) as caught:
        verified(old_bundle(double, sign_bytes(SIGNER, pae(kind, double))))
    assert caught.value.code == "malformed"


def test_the_old_encoding_does_not_count_for_the_new_form():
    payload = oms_payload(MANIFEST)
    kind = "application/vnd.in-toto+json"
    text = f"DSSEV1 {len(kind)} {kind} {len(payload)} {payload!r}".encode()
    with pytest.raises(IntegrityError) as caught:
        verified(old_bundle(payload, sign_bytes(SIGNER, text)))
    assert caught.value.code == "signature"


@pytest.mark.parametrize("names", [[], ["a", "a"], ["../a"], ["/a"], [""], [".", "a"], ["a/./b"], ["a\x00"]])
def test_what_is_no_model_is_not_signed(names):
    manifest = OmsManifest("m", tuple(Resource(each, sha256(b"")) for each in names))
    with pytest.raises(UsageError) as caught:
        oms_payload(manifest)
    assert caught.value.code == "bad-resources"


NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1, max_size=8), min_size=1, max_size=3
)


@given(
    st.lists(NAMES.map("/".join).filter(lambda each: not {".", ".."} & set(each.split("/"))), min_size=1, max_size=6, unique=True),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_signed_is_read_again(names, links):
    manifest = OmsManifest("m", tuple(Resource(each, sha256(each.encode())) for each in names), ("x",), links)
    found = verified(sign_oms(manifest, SIGNER))
    assert found.allow_symlinks is links
    assert sorted(found.resources, key=lambda each: each.name) == sorted(manifest.resources, key=lambda each: each.name)


def pkcs8(private, encryption=None) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def test_private_keys_are_opened_or_refused_for_their_reason():
    locked = pkcs8(SIGNER, BestAvailableEncryption(b"open"))
    assert read_private(locked, b"open", "k").public_key() == SIGNER.public_key()
    assert read_private(pkcs8(SIGNER), b"not needed", "k").public_key() == SIGNER.public_key()
    for data, passphrase, code in [
        (locked, None, "passphrase-needed"),
        (locked, b"wrong", "key-unreadable"),
        (b"no key", None, "key-unreadable"),
        (pkcs8(ed25519.Ed25519PrivateKey.generate()), None, "key-unsupported"),
        (pkcs8(key("odd@secp256k1")), None, "curve"),
    ]:
        with pytest.raises(UsageError) as caught:
            read_private(data, passphrase, "k")
        assert caught.value.code == code


def test_public_keys_are_read_or_refused_for_their_reason():
    assert load_public(b"some words\n\n" + PEM) == SIGNER.public_key()
    assert key_hint(load_public(GOLDEN_KEY)) == "e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e"
    odd = key("odd@secp256k1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for data, code in [
        (b"", "bad-key"),
        (pkcs8(SIGNER), "bad-key"),
        (GOLDEN_ROOT, "bad-key"),
        (ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "bad-key"),
        (odd, "curve"),
    ]:
        with pytest.raises(UsageError) as caught:
            load_public(data)
        assert caught.value.code == code


def test_signatures_are_checked_with_the_hash_that_was_asked_for():
    private = key("signer@secp384r1")
    signature = sign_bytes(private, b"message")
    assert signed_by(private.public_key(), b"message", signature)
    assert not signed_by(private.public_key(), b"message", signature, sha256=True)
    assert not signed_by(private.public_key(), b"other", signature)
    assert not signed_by(private.public_key(), b"message", b"")


def test_a_key_that_signs_wrongly_hands_nothing_out():
    class Faulty:
        """A token whose public key is not of its private key, or that fails while it signs."""

        def public_key(self):
            return key("stranger").public_key()

        def sign(self, message, algorithm):
            return SIGNER.sign(message, algorithm)

    with pytest.raises(IntegrityError) as caught:
        sign_oms(MANIFEST, Faulty())  # type: ignore[arg-type]  # a key that signs wrongly
    assert caught.value.code == "signature"


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_rubbish_ends_in_an_error_of_ours(data):
    with pytest.raises(TetrapylonError):
        read_oms(data)
