"""The port through which anything is signed, and the envelopes that signers make.

Adapters live in `signers/`. The rules are kept here, so an adapter cannot break them: a signature is checked right
after it was made (a fault while signing can give the private key away), and ECDSA is brought into its low-s form.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, SSH_NAMESPACE, Envelope, Signature, pae
from tetrapylon.evidence.key import Encoding, PublicKey
from tetrapylon.evidence.rootfile import pem_of_key
from tetrapylon.evidence.statement import Statement
from tetrapylon.kernel.errors import IntegrityError, UsageError

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Signer(ABC):
    """Something that signs with one private key. Adapters MUST implement `_sign` and set `key`."""

    key: PublicKey
    encoding: ClassVar[Encoding] = "raw"
    warnings: tuple[str, ...] = ()
    """What the user should be told about this key, such as that it is not encrypted."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over the message, in `encoding`.

        Raises:
            IntegrityError: the signature that was made is wrong (`signature`); it is not handed out.
        """
        signature = self._sign(message)
        if self.encoding == "raw" and self.key.algorithm == "ecdsa-p256":
            signature = _with_low_s(signature)
        if not self._is_own(message, signature):
            raise IntegrityError(
                f"the key {self.key.keyid[:16]} made a wrong signature",
                hint="the private and the public key differ, or the machine or token is faulty",
                code="signature",
            )
        return signature

    def public_pem(self) -> str:
        """Return the public key as PEM SubjectPublicKeyInfo."""
        return pem_of_key(self.key)

    @abstractmethod
    def _sign(self, message: bytes) -> bytes:
        """Return a signature over the message."""

    def _is_own(self, message: bytes, signature: bytes) -> bool:
        from tetrapylon.evidence.native import check_native
        from tetrapylon.evidence.sshsig import sshsig_parts

        key = self.key
        if self.encoding == "sshsig":
            key, message, signature = sshsig_parts(signature, message, SSH_NAMESPACE)
        return key == self.key and check_native(key, message, signature)


def _with_low_s(signature: bytes) -> bytes:
    """Return the ECDSA signature (DER) with the smaller of its two equivalent `s`."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _P256_ORDER - s))


def sign_envelope(payload: bytes, payload_type: str, signers: Sequence[Signer]) -> Envelope:
    """Return the DSSE envelope over the payload, signed by every signer in turn.

    Raises:
        UsageError: no signer, or one key twice.
    """
    keyids = [each.key.keyid for each in signers]
    if not keyids or len(set(keyids)) != len(keyids):
        raise UsageError("an envelope is signed by one or more different keys")
    message = pae(payload_type, payload)
    return Envelope(payload, payload_type, tuple(Signature(each.key.keyid, each.sign(message)) for each in signers))


def sign_statement(statement: Statement, signers: Sequence[Signer]) -> Envelope:
    """Return the signed statement.

    Raises:
        UsageError: as `sign_envelope`.
    """
    return sign_envelope(statement.to_bytes(), IN_TOTO_TYPE, signers)
