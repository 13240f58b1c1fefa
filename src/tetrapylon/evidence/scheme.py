"""Checks a signature of any key that we know, with the standard library alone: what a customer runs."""

from __future__ import annotations

from typing import assert_never

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.schemes.ecdsa_p256 import verify_ecdsa_p256
from tetrapylon.evidence.schemes.ed25519 import verify_ed25519
from tetrapylon.evidence.schemes.ml_dsa_44 import verify_ml_dsa_44


def check_pure(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Return whether the raw signature over the message is the key's; a `Checker`."""
    if key.algorithm == "ecdsa-p256":
        return verify_ecdsa_p256(key.public, message, signature)
    if key.algorithm == "ed25519":
        return verify_ed25519(key.public, message, signature)
    if key.algorithm == "ml-dsa-44":
        return verify_ml_dsa_44(key.public, message, signature)
    assert_never(key.algorithm)
