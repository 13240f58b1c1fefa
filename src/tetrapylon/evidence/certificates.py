"""Certificate chains of model signatures, from the signer's certificate up to one that the caller trusts.

* What the caller gives is trusted: a root, an authority below it, or the signer's own certificate.
* Every issuer is a certificate authority that may sign certificates, and its path is no longer than it allows.
* The signer's certificate is for digital signatures and, where it names uses, for signing code.
* All are valid at one given time. The reference tool judges at the moment from which the signer's certificate is valid,
  so for it a certificate never expires; a signature without a timestamp does not say when it was made, so here it counts
  as made when it is looked at.
* An extension that is critical and not known here is refused, and so are MD5, SHA-1 and RSA below 2,048 bits.
Source: RFC 5280 section 6; there is no revocation, because there is no network.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tetrapylon.evidence.oms import OmsManifest
from tetrapylon.evidence.omsbundle import OmsBundle, verified_manifest
from tetrapylon.kernel.errors import IntegrityError, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Extensions

LONGEST_CHAIN = 8
MOST_CERTIFICATES = 16
"""How many certificates a bundle may carry."""

RSA_BITS = 2048
_HASHES = {"sha256", "sha384", "sha512"}


def load_certificates(pem: bytes) -> list[Certificate]:
    """Return the certificates in a PEM.

    Raises:
        UsageError: there is none, or one cannot be read (`bad-certificate`).
    """
    from cryptography import x509

    try:
        return _readable(lambda: x509.load_pem_x509_certificates(pem))
    except _faults() as error:
        hint = "give the file with `-----BEGIN CERTIFICATE-----`"
        raise UsageError("this is not a certificate in PEM", hint=hint, code="bad-certificate") from error


def verify_oms_certificate(bundle: OmsBundle, trusted: Sequence[Certificate], at: str) -> OmsManifest:
    """Return what the bundle says, once a chain leads from its signer to a trusted certificate at the given time.

    Raises:
        IntegrityError: the signature is by key (`by-key`) or wrong (`signature`); no chain (`untrusted`); a certificate
            outside its validity (`certificate-expired`, `certificate-not-yet-valid`) or for another use
            (`certificate-use`), by a weak algorithm (`certificate-weak`), or malformed; or as `manifest_of`.
        UndecidedError: as `manifest_of`.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    if not bundle.certificates:
        hint = "verify it with `--public-key P`, if you hold its key"
        raise IntegrityError("the model was signed by key, not by a certificate", hint=hint, code="by-key")
    signer, *between = _loaded(bundle.certificates)
    _chained(signer, between, trusted, datetime.fromisoformat(at))
    key = signer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise _unfit("the signer's certificate is not of an elliptic-curve key")
    try:
        return verified_manifest(bundle, key)
    except UsageError as error:
        raise _unfit(error.message) from error


def _loaded(certificates: Sequence[bytes]) -> list[Certificate]:
    from cryptography import x509

    if len(certificates) > MOST_CERTIFICATES:
        raise IntegrityError(f"the signature carries more than {MOST_CERTIFICATES} certificates", code="malformed")
    try:
        found = _readable(lambda: [x509.load_der_x509_certificate(each) for each in certificates])
        # The library reads past the number of unused bits before the signature, the one byte that nothing else covers.
        if not all(raw.endswith(b"\x00" + each.signature) for raw, each in zip(certificates, found, strict=True)):
            raise ValueError("unused bits")
    except _faults() as error:
        raise IntegrityError("a certificate in the signature is malformed", code="malformed") from error
    return found


def _readable(load: Callable[[], list[Certificate]]) -> list[Certificate]:
    """Return the certificates once everything that is judged was read: that is where a malformed one fails."""
    with warnings.catch_warnings():
        # The library warns of what RFC 5280 forbids and will refuse it one day, such as a serial number of zero.
        warnings.simplefilter("error")
        found = load()
        for each in found:
            _ = (each.public_key(), each.signature_hash_algorithm, each.subject, each.issuer)
            _ = (each.not_valid_before_utc, each.not_valid_after_utc, list(each.extensions))
    return found


def _faults() -> tuple[type[Exception], ...]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    return (ValueError, Warning, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def _chained(signer: Certificate, between: Sequence[Certificate], trusted: Sequence[Certificate], time: datetime) -> None:
    """Search from the signer upwards, nearest first, for a trusted certificate; each certificate is looked at once.

    What is wrong with the first certificate that was left aside is the reason, if none is found.
    """
    _sound(signer, time, anchor=signer in trusted)
    _for_signing(signer.extensions)
    if signer in trusted:
        return
    wrong = IntegrityError("no chain leads from the signer's certificate to one that you trust", code="untrusted")
    level, seen = [signer], {signer}
    for depth in range(LONGEST_CHAIN):
        above: list[Certificate] = []
        for each in _issuers(level, [*trusted, *between], seen):
            try:
                _sound(each, time, anchor=each in trusted)
                _authority(each.extensions, depth)
            except IntegrityError as error:
                wrong = error if wrong.code == "untrusted" else wrong
                continue
            if each in trusted:
                return
            above.append(each)
        level = above
    raise wrong


def _issuers(level: Sequence[Certificate], known: Sequence[Certificate], seen: set[Certificate]) -> Iterator[Certificate]:
    for each in known:
        if each not in seen and any(_issued(one, each) for one in level):
            seen.add(each)
            yield each


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether the issuer's name and key stand under the certificate."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _sound(certificate: Certificate, time: datetime, *, anchor: bool) -> None:
    if time < certificate.not_valid_before_utc:
        raise IntegrityError(f"a certificate was not valid yet on {time:%Y-%m-%d}", code="certificate-not-yet-valid")
    if time > certificate.not_valid_after_utc:
        hint = "ask the signer to sign again, or give the time to judge at"
        raise IntegrityError(
            f"a certificate has expired on {certificate.not_valid_after_utc:%Y-%m-%d}", hint=hint, code="certificate-expired"
        )
    _strong(certificate, anchor=anchor)
    _known_extensions(certificate.extensions)


def _strong(certificate: Certificate, *, anchor: bool) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    key, algorithm = certificate.public_key(), certificate.signature_hash_algorithm
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        raise IntegrityError(f"a certificate's RSA key has fewer than {RSA_BITS} bits", code="certificate-weak")
    # What stands under a trusted certificate does not matter; Ed25519 has no hash of its own.
    if not anchor and algorithm is not None and algorithm.name not in _HASHES:
        raise IntegrityError(f"a certificate is signed with {algorithm.name}", code="certificate-weak")


def _known_extensions(extensions: Extensions) -> None:
    from cryptography.x509.oid import ExtensionOID

    known = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE, ExtensionOID.SUBJECT_ALTERNATIVE_NAME}
    for each in extensions:
        if each.critical and each.oid not in known:
            raise _unfit(f"a certificate has a critical extension that is not known here ({each.oid.dotted_string})")


def _for_signing(extensions: Extensions) -> None:
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    purposes = _purposes(extensions)
    try:
        usable = extensions.get_extension_for_class(KeyUsage).value.digital_signature
    except ExtensionNotFound:
        usable = purposes is not None
    if not usable or purposes is False:
        raise _unfit("the signer's certificate is not for signing code")


def _authority(extensions: Extensions, below: int) -> None:
    """Check that a certificate may issue others, `below` authorities standing between it and the signer's."""
    from cryptography.x509 import BasicConstraints, ExtensionNotFound, KeyUsage

    try:
        basic = extensions.get_extension_for_class(BasicConstraints).value
    except ExtensionNotFound as error:
        raise _unfit("an issuer in the chain is not a certificate authority") from error
    try:
        signs = extensions.get_extension_for_class(KeyUsage).value.key_cert_sign
    except ExtensionNotFound:
        signs = True
    if not basic.ca or not signs or _purposes(extensions) is False:
        raise _unfit("an issuer in the chain is not a certificate authority for signing code")
    if basic.path_length is not None and below > basic.path_length:
        raise _unfit("the chain is longer than one of its authorities allows")


def _purposes(extensions: Extensions) -> bool | None:
    """Return whether signing code is among the named purposes; None where none are named."""
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        named = extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        return None
    return ExtendedKeyUsageOID.CODE_SIGNING in named or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in named


def _unfit(sentence: str) -> IntegrityError:
    return IntegrityError(sentence, hint="ask the signer for a certificate for signing code", code="certificate-use")
