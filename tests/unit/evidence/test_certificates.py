"""Certificate chains: which lead to trust, and for which single fault each other one is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.unit.evidence.chains import CODE, LEAF, MIDDLE, NOON, ROOT, SERVER, but, chain, issue, key, pem
from tetrapylon.evidence.certificates import MOST_CERTIFICATES, load_certificates, verify_oms_certificate
from tetrapylon.evidence.oms import OmsManifest, Resource, sign_oms
from tetrapylon.evidence.omsbundle import read_oms
from tetrapylon.kernel.canonical import base64_text, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, UsageError

DATA = Path(__file__).parents[2] / "data" / "certificates"
MANIFEST = OmsManifest("m", (Resource("a", sha256(b"1")),))
OTHER_ROOT = but(ROOT, name="other")


def judged(certificates, trusted, time=NOON, private=None):
    """Sign with the first certificate and verify against the trusted ones."""
    bundle = read_oms(sign_oms(MANIFEST, private or key("signer"), certificates))
    return verify_oms_certificate(bundle, load_certificates(pem(*trusted)), time)


def refused(certificates, trusted, time=NOON) -> str:
    with pytest.raises(IntegrityError) as caught:
        judged(certificates, trusted, time)
    return caught.value.code


def test_what_leads_to_trust():
    leaf, middle, root = chain()
    assert judged([leaf, middle], [root]) == MANIFEST
    assert judged([leaf, middle, root], [root]) == MANIFEST
    assert judged([leaf], [middle, root]) == MANIFEST, "the caller may hold what stands between"
    assert judged([leaf], [middle]) == MANIFEST, "an authority below the root may be trusted alone"
    assert judged([leaf], [leaf]) == MANIFEST, "and so may the signer's own certificate"


def test_a_certificate_that_signed_itself_is_trusted_only_if_given():
    own = issue(LEAF, LEAF)
    assert judged([own], [own]) == MANIFEST
    assert refused([own], [chain()[2]]) == "untrusted"


def test_chains_that_lead_nowhere():
    leaf, middle, root = chain()
    assert refused([leaf], [root]) == "untrusted"
    assert refused([leaf, middle], [issue(OTHER_ROOT, OTHER_ROOT)]) == "untrusted"
    namesake = but(ROOT, bits=2048)
    assert refused([leaf, middle, root], [issue(namesake, namesake)]) == "untrusted", "the same name, another key"
    impostor = issue(MIDDLE, OTHER_ROOT)
    assert refused([leaf, impostor], [root]) == "untrusted"


def test_a_stranger_cannot_use_somebody_elses_certificate():
    leaf, middle, root = chain()
    with pytest.raises(UsageError) as caught:
        judged([leaf, middle], [root], private=key("stranger"))
    assert caught.value.code == "certificate-key"
    value = json.loads(sign_oms(MANIFEST, key("signer"), [leaf, middle]))
    forged = json.loads(sign_oms(MANIFEST, key("stranger")))
    value["dsseEnvelope"] = forged["dsseEnvelope"]
    with pytest.raises(IntegrityError) as broken:
        verify_oms_certificate(read_oms(canonical_json(value)), [root], NOON)
    assert broken.value.code == "signature"


FAULTS = {
    "signer not yet valid": ((but(LEAF, days=(300, 400)),), "certificate-not-yet-valid"),
    "signer expired": ((but(LEAF, days=(0, 30)),), "certificate-expired"),
    "middle expired": ((LEAF, but(MIDDLE, days=(0, 30))), "certificate-expired"),
    "root expired": ((LEAF, MIDDLE, but(ROOT, days=(0, 30))), "certificate-expired"),
    "signer not for signatures": ((but(LEAF, usage=frozenset({"key_agreement"})),), "certificate-use"),
    "signer for a server": ((but(LEAF, purposes=(SERVER,)),), "certificate-use"),
    "signer for nothing in particular": ((but(LEAF, usage=None, purposes=None),), "certificate-use"),
    "middle no authority": ((LEAF, but(MIDDLE, authority=False, path_length=None)), "certificate-use"),
    "middle without basic constraints": ((LEAF, but(MIDDLE, authority=None)), "certificate-use"),
    "middle not for certificates": ((LEAF, but(MIDDLE, usage=frozenset({"digital_signature"}))), "certificate-use"),
    "middle for servers": ((LEAF, but(MIDDLE, purposes=(SERVER,))), "certificate-use"),
    "an unknown critical extension": (
        (but(LEAF, extra=((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)),),
        "certificate-use",
    ),
    "name constraints, which are not judged here": (
        (LEAF, but(MIDDLE, extra=((x509.NameConstraints([x509.DNSName("example.org")], None), True),))),
        "certificate-use",
    ),
    "a weak key": ((LEAF, but(MIDDLE, bits=1024)), "certificate-weak"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_enough_and_is_named(name):
    wanted, code = FAULTS[name]
    leaf, middle, root = chain(*wanted)
    assert refused([leaf, middle], [root]) == code


FINE = {
    "without basic constraints": (but(LEAF, authority=None),),
    "key usage alone": (but(LEAF, purposes=None),),
    "purposes alone": (but(LEAF, usage=None),),
    "any purpose": (but(LEAF, purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)),),
    "signing code among others": (but(LEAF, purposes=(SERVER, CODE)),),
    "an unknown extension that is not critical": (
        but(LEAF, extra=((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), False),)),
    ),
    "an authority without key usage": (LEAF, but(MIDDLE, usage=None)),
    "an authority for signing code": (LEAF, but(MIDDLE, purposes=(CODE,))),
    "an authority with an RSA key": (LEAF, but(MIDDLE, bits=2048)),
    "other hashes": (but(LEAF, hashing=hashes.SHA384()), but(MIDDLE, hashing=hashes.SHA512())),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_not_a_fault(name):
    leaf, middle, root = chain(*FINE[name])
    assert judged([leaf, middle], [root]) == MANIFEST


def test_a_path_may_be_as_long_as_its_authorities_allow():
    upper, lower = but(MIDDLE, name="upper", path_length=1), but(MIDDLE, name="lower")
    certificates = [issue(LEAF, lower), issue(lower, upper), issue(upper, ROOT)]
    root = issue(ROOT, ROOT)
    assert judged(certificates, [root]) == MANIFEST
    short = [certificates[0], certificates[1], issue(but(upper, path_length=0), ROOT)]
    assert refused(short, [root]) == "certificate-use"
    assert refused(certificates, [issue(but(ROOT, path_length=1), ROOT)]) == "certificate-use"


def test_an_expired_way_does_not_hide_a_good_one():
    leaf, middle, root = chain()
    stale = issue(but(MIDDLE, days=(0, 30)), ROOT)
    assert judged([leaf, stale, middle], [root]) == MANIFEST
    assert refused([leaf, stale], [root]) == "certificate-expired"


def test_time_is_the_callers():
    leaf, middle, root = chain(but(LEAF, days=(0, 30)))
    assert judged([leaf, middle], [root], "2026-01-15T00:00:00Z") == MANIFEST
    assert judged([leaf, middle], [root], "2026-01-31T00:00:00Z") == MANIFEST, "the last second counts"
    assert refused([leaf, middle], [root], "2026-01-31T00:00:01Z") == "certificate-expired"
    assert refused([leaf, middle], [root], "2025-12-31T23:59:59Z") == "certificate-not-yet-valid"


def test_chains_that_are_too_long_end():
    names = [but(MIDDLE, name=f"step-{each}", path_length=None) for each in range(10)]
    certificates = [issue(LEAF, names[0]), *(issue(one, other) for one, other in zip(names, [*names[1:], ROOT], strict=True))]
    assert refused(certificates, [issue(ROOT, ROOT)]) == "untrusted"


def test_authorities_that_sign_each_other_end_soon():
    twins = [but(MIDDLE, name="twin", path_length=None, days=(0, 300 + each)) for each in range(MOST_CERTIFICATES - 1)]
    certificates = [issue(LEAF, twins[0]), *(issue(each, each) for each in twins)]
    assert refused(certificates, [issue(ROOT, ROOT)]) == "untrusted"


def with_certificates(*raw: bytes) -> bytes:
    value = json.loads(sign_oms(MANIFEST, key("signer"), chain()[:1]))
    value["verificationMaterial"]["x509CertificateChain"]["certificates"] = [{"rawBytes": base64_text(each)} for each in raw]
    return canonical_json(value)


def test_too_many_and_broken_certificates_are_refused():
    leaf, _, root = chain()
    der = leaf.public_bytes(Encoding.DER)
    for raw in ([der] * (MOST_CERTIFICATES + 1), [b"no certificate"], [der[:-1]], [der + b"\x00"]):
        with pytest.raises(IntegrityError) as caught:
            verify_oms_certificate(read_oms(with_certificates(*raw)), [root], NOON)
        assert caught.value.code == "malformed"


def test_every_byte_of_a_certificate_counts():
    leaf, middle, root = chain()
    der = leaf.public_bytes(Encoding.DER)
    good = read_oms(sign_oms(MANIFEST, key("signer"), [leaf, middle]))
    assert verify_oms_certificate(good, [root], NOON)
    for place in range(len(der)):
        changed = bytearray(der)
        changed[place] ^= 1
        with pytest.raises(IntegrityError):
            verify_oms_certificate(read_oms(with_certificates(bytes(changed), middle.public_bytes(Encoding.DER))), [root], NOON)


def test_a_certificate_has_no_second_spelling():
    leaf, middle, root = chain()
    while leaf.signature[-1] % 2:
        leaf = issue(LEAF, MIDDLE)
    der = leaf.public_bytes(Encoding.DER)
    # One bit that is zero anyway is called unused: the library reads the same certificate.
    other = der[: -len(leaf.signature) - 1] + b"\x01" + leaf.signature
    assert x509.load_der_x509_certificate(other).signature == leaf.signature
    with pytest.raises(IntegrityError) as caught:
        verify_oms_certificate(read_oms(with_certificates(other, middle.public_bytes(Encoding.DER))), [root], NOON)
    assert caught.value.code == "malformed"


def test_keys_that_cannot_sign_models_are_refused():
    leaf = issue(but(LEAF, bits=2048), MIDDLE)
    odd = issue(but(LEAF, name="odd@secp256k1"), MIDDLE)
    middle, root = issue(MIDDLE, ROOT), issue(ROOT, ROOT)
    for each in (leaf, odd):
        bundle = read_oms(with_certificates(each.public_bytes(Encoding.DER), middle.public_bytes(Encoding.DER)))
        with pytest.raises(IntegrityError) as caught:
            verify_oms_certificate(bundle, [root], NOON)
        assert caught.value.code == "certificate-use"


def test_a_signature_by_key_is_not_one_by_certificate():
    with pytest.raises(IntegrityError) as caught:
        verify_oms_certificate(read_oms(sign_oms(MANIFEST, key("signer"))), [chain()[2]], NOON)
    assert caught.value.code == "by-key"


@pytest.mark.parametrize("data", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_authorities_that_are_none(data):
    with pytest.raises(UsageError) as caught:
        load_certificates(data)
    assert caught.value.code == "bad-certificate"


def test_weak_hashes_are_refused():
    # SHA-1 under the signer's certificate, made by `openssl`: `cryptography` no longer signs so.
    leaf, root = load_certificates((DATA / "sha1.pem").read_bytes())
    bundle = read_oms(with_certificates(leaf.public_bytes(Encoding.DER)))
    with pytest.raises(IntegrityError) as caught:
        verify_oms_certificate(bundle, [root], "2027-01-01T00:00:00Z")
    assert caught.value.code == "certificate-weak"
