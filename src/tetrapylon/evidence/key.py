"""Public keys and the port through which a signature is checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, Protocol

from tetrapylon.kernel.errors import UsageError

Algorithm = Literal["ecdsa-p256", "ed25519", "ml-dsa-44"]
"""ECDSA on P-256 with SHA-256, RFC 8032, FIPS 204 (pure, empty context)."""

Encoding = Literal["raw", "sshsig"]
"""How a signature is wrapped: as the algorithm gives it, or in OpenSSH's SSHSIG (`ssh-keygen -Y sign`)."""

# DER SubjectPublicKeyInfo up to the key's own bytes (RFC 5480, RFC 8410, RFC 9881).
SPKI_PREFIX: dict[str, bytes] = {
    "ecdsa-p256": bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
    "ed25519": bytes.fromhex("302a300506032b6570032100"),
    "ml-dsa-44": bytes.fromhex("30820532300b06096086480165030403110382052100"),
}
KEY_BYTES: dict[str, int] = {"ecdsa-p256": 65, "ed25519": 32, "ml-dsa-44": 1312}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its algorithm and its own bytes (uncompressed point, 32 bytes, or 1,312 bytes)."""

    algorithm: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        wanted = KEY_BYTES.get(self.algorithm)
        if wanted is None:
            raise UsageError(f"`{self.algorithm}` is not a key algorithm that Tetrapylon knows")
        if len(self.public) != wanted:
            raise UsageError(f"a key of `{self.algorithm}` has {wanted} bytes, not {len(self.public)}")

    @property
    def spki(self) -> bytes:
        """The key as DER SubjectPublicKeyInfo, as `openssl pkey -pubout -outform DER` writes it."""
        return SPKI_PREFIX[self.algorithm] + self.public

    @property
    def keyid(self) -> str:
        """Hexadecimal SHA-256 of the DER SubjectPublicKeyInfo."""
        return hashlib.sha256(self.spki).hexdigest()


class Checker(Protocol):
    """Checks one signature.

    Two implementations exist and must agree: `evidence/schemes/` (standard library alone, what a customer
    runs) and `evidence/native.py` (the `cryptography` package, what the command runs).
    """

    def __call__(self, key: PublicKey, message: bytes, signature: bytes) -> bool:
        """Return whether the raw signature over the message is the key's. MUST NOT raise on bad input."""
        ...
