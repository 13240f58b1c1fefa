"""Private keys in files: PKCS#8 PEM, encrypted under a passphrase.

What it does: makes, saves, loads and signs with ECDSA P-256 (RFC 6979: the same message gives the same signature),
Ed25519 and ML-DSA-44 keys. Encryption is PBES2 with scrypt and AES-256-CBC, which OpenSSL reads; the parameters are
OWASP's for 16 MiB, the most that the `openssl` command accepts (`cryptography` alone would take 2,048 rounds of PBKDF2).
Why it matters: whoever reads a key file signs in its holder's name, so a file has mode 0600 and is never overwritten.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from tetrapylon.evidence.key import Algorithm, PublicKey
from tetrapylon.evidence.signer import Signer
from tetrapylon.kernel.errors import MissingError, StorageError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | MLDSA44PrivateKey

KEY_FILE_BYTES = 65_536
"""The longest key file that is read."""

SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL = 1 << 14, 8, 5
"""OWASP Password Storage Cheat Sheet: 16 MiB, five passes; about 0.15 s."""

LOG_ALGORITHMS: Mapping[str, Algorithm] = {"log-ed25519": "ed25519", "log-mldsa44": "ml-dsa-44"}
"""A log's two key files: each checkpoint carries a line by each."""


class FileSigner(Signer):
    """Signs with a private key held in memory."""

    def __init__(self, private: PrivateKey, warnings: tuple[str, ...] = ()) -> None:
        self._private = private
        self.key = _public_key(private)
        self.warnings = warnings

    def _sign(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return self._private.sign(message)

    def to_pem(self, passphrase: bytes | None) -> bytes:
        """Return the private key as PKCS#8 PEM, encrypted unless the passphrase is None.

        Raises:
            UsageError: the passphrase is empty.
        """
        from cryptography.hazmat.primitives import serialization

        kind, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        plain = self._private.private_bytes(kind, form, serialization.NoEncryption())
        if passphrase is None:
            return _pem("PRIVATE KEY", plain)
        if not passphrase:
            raise UsageError("the passphrase is empty", code="passphrase-empty")
        return _pem("ENCRYPTED PRIVATE KEY", _encrypted(plain, passphrase))

    def save(self, path: Path, passphrase: bytes | None) -> None:
        """Write the private key to a new file.

        Raises:
            UsageError: the file is there already (`exists`), or the passphrase is empty.
            StorageError: the file cannot be written; nothing is left of it.
        """
        _create(path, self.to_pem(passphrase))


def generate_key(algorithm: Algorithm) -> FileSigner:
    """Return a signer with a new key."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa

    match algorithm:
        case "ecdsa-p256":
            return FileSigner(ec.generate_private_key(ec.SECP256R1()))
        case "ed25519":
            return FileSigner(ed25519.Ed25519PrivateKey.generate())
        case "ml-dsa-44":
            return FileSigner(mldsa.MLDSA44PrivateKey.generate())
        case _:
            assert_never(algorithm)


def load_key(path: Path, passphrase: bytes | None = None) -> FileSigner:
    """Return the signer whose private key the file holds; its `warnings` say what is unsafe about the file.

    Raises:
        MissingError: there is no such file.
        UsageError: `passphrase-needed`, `passphrase-wrong`, `key-unreadable` or `key-unsupported`.
        StorageError: the file cannot be read.
    """
    data, mode = _read(path)
    signer = read_key(data, passphrase, f"`{path.name}`")
    if mode & 0o077:
        signer.warnings += (f"`{path.name}` can be read by other users: run `chmod 600` on it",)
    return signer


def read_key(data: bytes, passphrase: bytes | None, what: str) -> FileSigner:
    """Return the signer in the PEM; `what` names it in errors and warnings.

    Raises:
        UsageError: as `load_key`.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    encrypted = b"ENCRYPTED" in data
    if encrypted and passphrase is None:
        raise UsageError(f"{what} is encrypted", hint="give its passphrase with `--passphrase-file FILE`", code="passphrase-needed")
    try:
        private = load_pem_private_key(data, passphrase if encrypted else None)
    except (ValueError, TypeError) as error:
        raise _unreadable(data, what, encrypted=encrypted) from error
    except UnsupportedAlgorithm as error:
        raise _unsupported(what, "of a kind that is not known here") from error
    warning = f"{what} is not encrypted: whoever reads the file signs as its holder"
    return FileSigner(_supported(private, what), () if encrypted else (warning,))


def _unreadable(data: bytes, what: str, *, encrypted: bool) -> UsageError:
    if b"BEGIN OPENSSH PRIVATE KEY" in data:
        return UsageError(f"{what} is an OpenSSH key", hint="sign with it through `ssh-keygen`, as a person's key", code="key-unreadable")
    if b"BEGIN PUBLIC KEY" in data:
        return UsageError(f"{what} is a public key", hint="signing takes the private key", code="key-unreadable")
    if encrypted:
        hint = "a line end in the passphrase counts; a damaged file looks the same"
        return UsageError(f"{what} does not open with this passphrase", hint=hint, code="passphrase-wrong")
    return UsageError(f"{what} is not a private key in PEM", hint="such a file begins with `-----BEGIN`", code="key-unreadable")


def _supported(private: object, what: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa

    if isinstance(private, ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey):
        return private
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise _unsupported(what, "neither ECDSA P-256, Ed25519 nor ML-DSA-44")
    if not isinstance(private.curve, ec.SECP256R1):
        raise _unsupported(what, f"an EC key on {private.curve.name}")
    return private


def _unsupported(what: str, kind: str) -> UsageError:
    hint = "statements are signed with ECDSA P-256, Ed25519 or ML-DSA-44; P-384 and P-521 keys can only sign models (`tetrapylon sign`)"
    return UsageError(f"{what} is {kind}", hint=hint, code="key-unsupported")


def _public_key(private: PrivateKey) -> PublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(private, ec.EllipticCurvePrivateKey):
        return PublicKey("ecdsa-p256", private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    algorithm: Algorithm = "ed25519" if isinstance(private, ed25519.Ed25519PrivateKey) else "ml-dsa-44"
    return PublicKey(algorithm, private.public_key().public_bytes_raw())


def _encrypted(plain: bytes, passphrase: bytes) -> bytes:
    """Return a PKCS#8 EncryptedPrivateKeyInfo: PBES2 (RFC 8018) with scrypt (RFC 7914) and AES-256-CBC."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    from cryptography.hazmat.primitives.padding import PKCS7

    salt, start = os.urandom(16), os.urandom(16)
    key = Scrypt(salt=salt, length=32, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_PARALLEL).derive(passphrase)
    padder, cipher = PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    sealed = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    costs = [_der_integer(each) for each in (SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL, 32)]
    derivation = _der_sequence(_OID_SCRYPT, _der_sequence(_der(0x04, salt), *costs))
    encryption = _der_sequence(_OID_AES256_CBC, _der(0x04, start))
    return _der_sequence(_der_sequence(_OID_PBES2, _der_sequence(derivation, encryption)), _der(0x04, sealed))


_OID_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_OID_AES256_CBC = bytes.fromhex("060960864801650304012a")
_DER_SHORT = 0x7F
_OID_PBES2 = bytes.fromhex("06092a864886f70d01050d")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size <= _DER_SHORT:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _der_sequence(*parts: bytes) -> bytes:
    return _der(0x30, b"".join(parts))


def _der_integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _pem(label: str, content: bytes) -> bytes:
    text = base64.b64encode(content).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def _read(path: Path) -> tuple[bytes, int]:
    """Return the file's content and its mode."""
    try:
        with path.open("rb") as file:
            data, mode = file.read(KEY_FILE_BYTES + 1), os.fstat(file.fileno()).st_mode
    except FileNotFoundError as error:
        raise MissingError(f"there is no key file `{path}`", code="key-missing") from error
    except OSError as error:
        raise StorageError(f"`{path}` cannot be read: {error.strerror}") from error
    if len(data) > KEY_FILE_BYTES:
        raise UsageError(f"`{path.name}` is too long for a key file", code="key-unreadable")
    return data, mode


def _create(path: Path, data: bytes) -> None:
    """Write a new file whole or not at all: written beside its place, then linked there, which never overwrites."""
    draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise StorageError(f"`{path}` cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _exists(path: Path) -> UsageError:
    return UsageError(f"`{path}` is there already", hint="keys are never overwritten: move it away first", code="exists")


@dataclass(frozen=True, slots=True)
class Keyset:
    """Every private key that a system needs."""

    roles: Mapping[str, FileSigner]
    """By role; file `ROLE.pem`, or `ROLE-demo.pem` for a demonstration."""

    log: tuple[FileSigner, ...]
    """The log's Ed25519 and ML-DSA-44 key; files `log-ed25519.pem` and `log-mldsa44.pem`."""

    root: tuple[FileSigner, ...]
    """The root keys; files `root-1.pem`, `root-2.pem`…"""


def role_file(role: str, *, demo: bool) -> str:
    """Return the name of a role's key file."""
    return f"{role}-demo.pem" if demo else f"{role}.pem"


def make_keyset(directory: Path, roles: Sequence[str], *, demo: bool, passphrase: bytes | None, root_keys: int = 3) -> Keyset:
    """Make one key for each role, a log's two keys and the root keys, and write them into the directory (mode 0700).

    Raises:
        UsageError: one of the files is there already (`exists`); nothing was written.
        StorageError: the directory or a file cannot be written.
    """
    names = _names(roles, demo=demo, root_keys=root_keys)
    for each in names:
        if (directory / each).exists():
            raise _exists(directory / each)
    signers = {name: generate_key(algorithm) for name, algorithm in names.items()}
    content = {name: each.to_pem(passphrase) for name, each in signers.items()}
    _private_directory(directory)
    for name, data in content.items():
        _create(directory / name, data)
    return _keyset(signers, roles, demo=demo)


def load_keyset(directory: Path, roles: Sequence[str], *, demo: bool, passphrase: bytes | None, root_keys: int = 3) -> Keyset:
    """Return the keys that `make_keyset` wrote.

    Raises:
        MissingError: one of the files is missing.
        UsageError: as `load_key`.
    """
    names = _names(roles, demo=demo, root_keys=root_keys)
    return _keyset({each: load_key(directory / each, passphrase) for each in names}, roles, demo=demo)


def _names(roles: Sequence[str], *, demo: bool, root_keys: int) -> dict[str, Algorithm]:
    names: dict[str, Algorithm] = {role_file(each, demo=demo): "ecdsa-p256" for each in roles}
    names |= {f"{each}.pem": algorithm for each, algorithm in LOG_ALGORITHMS.items()}
    return names | {f"root-{number}.pem": "ecdsa-p256" for number in range(1, root_keys + 1)}


def _keyset(signers: Mapping[str, FileSigner], roles: Sequence[str], *, demo: bool) -> Keyset:
    return Keyset(
        roles={each: signers[role_file(each, demo=demo)] for each in roles},
        log=tuple(signers[f"{each}.pem"] for each in LOG_ALGORITHMS),
        root=tuple(each for name, each in signers.items() if name.startswith("root-") and name[5:-4].isdigit()),
    )


def _private_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as error:
        raise StorageError(f"`{directory}` cannot be made: {error.strerror}") from error
