"""Certificate chains as tests need them: sound ones, and ones with a single fault."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = "2026-06-01T12:00:00Z"
"""A moment at which everything here is valid unless it says otherwise."""

CODE = ExtendedKeyUsageOID.CODE_SIGNING
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


@cache
def key(name: str) -> ec.EllipticCurvePrivateKey:
    """Return a private key, the same for the same name; a name may end in the curve, like `@secp384r1`."""
    curves = {"secp384r1": ec.SECP384R1(), "secp521r1": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
    return ec.generate_private_key(curves.get(name.partition("@")[2], ec.SECP256R1()))


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Wanted:
    """One certificate to be made."""

    name: str
    authority: bool | None = None
    """What the basic constraints say; None leaves them out."""

    path_length: int | None = None
    usage: frozenset[str] | None = frozenset()
    """What the key usage allows; None leaves it out."""

    purposes: tuple[x509.ObjectIdentifier, ...] | None = None
    days: tuple[int, int] = (0, 365)
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    hashing: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    bits: int = 0
    """Use an RSA key of so many bits."""

    def key(self):
        return rsa_key(self.bits) if self.bits else key(self.name)


LEAF = Wanted("signer", usage=frozenset({"digital_signature"}), purposes=(CODE,))
MIDDLE = Wanted("middle", authority=True, path_length=0, usage=frozenset({"key_cert_sign"}))
ROOT = Wanted("root", authority=True, usage=frozenset({"key_cert_sign"}))

_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def issue(wanted: Wanted, issuer: Wanted) -> x509.Certificate:
    """Return the wanted certificate, issued and signed by the issuer."""
    begins, ends = (START + timedelta(days=each) for each in wanted.days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer.name)]))
        .public_key(wanted.key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    for extension, critical in _extensions(wanted):
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer.key(), wanted.hashing)  # type: ignore[arg-type]  # weak hashes are wanted, too


def _extensions(wanted: Wanted):
    if wanted.authority is not None:
        yield x509.BasicConstraints(wanted.authority, wanted.path_length), True
    if wanted.usage is not None:
        yield x509.KeyUsage(**{each: each in wanted.usage for each in _USES}), True
    if wanted.purposes is not None:
        yield x509.ExtendedKeyUsage(wanted.purposes), False
    yield from wanted.extra


def chain(leaf: Wanted = LEAF, middle: Wanted = MIDDLE, root: Wanted = ROOT) -> list[x509.Certificate]:
    """Return signer's, middle and root certificate."""
    return [issue(leaf, middle), issue(middle, root), issue(root, root)]


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def but(wanted: Wanted, **changes) -> Wanted:
    """Return the same with changes."""
    return replace(wanted, **changes)
