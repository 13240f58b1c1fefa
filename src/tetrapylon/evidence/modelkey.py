"""Elliptic-curve keys that sign models: P-256, P-384 and P-521, each with its own hash.

Models are signed with keys of other tools too, so these are more curves than statements of ours may use.
Source: OpenSSF Model Signing v1.0; the pairs of curve and hash are those of the Sigstore bundle format.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tetrapylon.kernel.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

KEY_DETAILS = {
    "secp256r1": "PKIX_ECDSA_P256_SHA_256",
    "secp384r1": "PKIX_ECDSA_P384_SHA_384",
    "secp521r1": "PKIX_ECDSA_P521_SHA_512",
}
"""How a bundle names a curve and its hash."""

_CURVES_HINT = "models are signed with P-256, P-384 or P-521"


def curve_hash(key: EllipticCurvePublicKey) -> HashAlgorithm:
    """Return the hash that goes with the key's curve.

    Raises:
        UsageError: the curve is not one of the three (`curve`).
    """
    from cryptography.hazmat.primitives import hashes

    algorithms: dict[str, type[HashAlgorithm]] = {
        "secp256r1": hashes.SHA256,
        "secp384r1": hashes.SHA384,
        "secp521r1": hashes.SHA512,
    }
    if key.curve.name not in algorithms:
        raise UsageError(f"a key on {key.curve.name} cannot sign models", hint=_CURVES_HINT, code="curve")
    return algorithms[key.curve.name]()


def public_pem(key: EllipticCurvePublicKey) -> bytes:
    """Return the key as PEM SubjectPublicKeyInfo, as OpenSSL spells it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_hint(key: EllipticCurvePublicKey) -> str:
    """Return the hint that names a key: hexadecimal SHA-256 of its re-encoded PEM (RFC 7468, final line feed)."""
    return hashlib.sha256(public_pem(key)).hexdigest()


def load_public(pem: bytes) -> EllipticCurvePublicKey:
    """Return the public key in a PEM, which may have text in front of it.

    Raises:
        UsageError: it is not a public key (`bad-key`), or not on one of the three curves (`bad-key`, `curve`).
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem[max(pem.find(b"-----BEGIN"), 0) :])
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(
            "this is not a public key in PEM", hint="give the file with `-----BEGIN PUBLIC KEY-----`", code="bad-key"
        ) from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise UsageError("this is not an elliptic-curve key", hint=_CURVES_HINT, code="bad-key")
    curve_hash(key)
    return key


def read_private(data: bytes, passphrase: bytes | None, what: str) -> EllipticCurvePrivateKey:
    """Return the private key in a PEM; `what` names it in errors.

    Raises:
        UsageError: `passphrase-needed`, `key-unreadable` (also for a wrong passphrase), `key-unsupported` or `curve`.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    encrypted = b"ENCRYPTED" in data
    if encrypted and passphrase is None:
        raise UsageError(f"{what} is encrypted", hint="give its passphrase with `--passphrase-file FILE`", code="passphrase-needed")
    try:
        key = load_pem_private_key(data, passphrase if encrypted else None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        hint = "is it a private key in PEM, and the passphrase right?"
        raise UsageError(f"{what} cannot be opened", hint=hint, code="key-unreadable") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UsageError(f"{what} is not an elliptic-curve key", hint=_CURVES_HINT, code="key-unsupported")
    curve_hash(key.public_key())
    return key


def sign_bytes(private: EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Return the deterministic (RFC 6979) DER signature over the message."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return private.sign(message, ec.ECDSA(curve_hash(private.public_key()), deterministic_signing=True))


def signed_by(key: EllipticCurvePublicKey, message: bytes, signature: bytes, *, sha256: bool = False) -> bool:
    """Return whether the DER signature over the message is the key's; `sha256` hashes so whatever the curve."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256() if sha256 else curve_hash(key)))
    except InvalidSignature:
        return False
    return True
