"""Checks a signature with the `cryptography` package: the fast twin of `check_pure`, with the same answer to everything."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, assert_never

from tetrapylon.evidence.schemes.ed25519 import is_sound_ed25519_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tetrapylon.evidence.key import PublicKey

    Verify = Callable[[bytes, bytes], None]


def check_native(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Return whether the raw signature over the message is the key's; a `Checker`."""
    from cryptography.exceptions import InvalidSignature

    verify = _verifier(key)
    if verify is None:
        return False
    try:
        verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _verifier(key: PublicKey) -> Verify | None:
    """Return what verifies the key's signatures, or None if the bytes are no key."""
    try:
        if key.algorithm == "ecdsa-p256":
            return _ecdsa(key.public)
        if key.algorithm == "ed25519":
            return _ed25519(key.public)
        if key.algorithm == "ml-dsa-44":
            return _ml_dsa(key.public)
    except ValueError:
        return None
    assert_never(key.algorithm)


def _ecdsa(public: bytes) -> Verify:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    return partial(EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public).verify, signature_algorithm=ECDSA(SHA256()))


def _ed25519(public: bytes) -> Verify | None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    # OpenSSL takes these keys; we do not (see there), and the two checkers must agree.
    return Ed25519PublicKey.from_public_bytes(public).verify if is_sound_ed25519_key(public) else None


def _ml_dsa(public: bytes) -> Verify:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    return MLDSA44PublicKey.from_public_bytes(public).verify
