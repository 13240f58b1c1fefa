"""The journal's key file: the keys that wrap every segment's key, and the secret behind its pseudonyms.

JSON, mode 0600; under a passphrase with scrypt (OWASP's parameters for 16 MiB) and AES-256-GCM. After a rotation the file holds
the new wrapping key alone; between the first and the last step it holds both, so that a rotation that was cut short is finished by
running it again. The secret of the pseudonyms stays, because records in the chain carry them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.kernel.canonical import Json, base64_text, canonical_json, read_base64, read_json
from tetrapylon.kernel.errors import IntegrityError, MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import make_folder, mode_of, read_bytes, write_atomic

SCHEMA = "tetrapylon/journal-key/1"
COST, BLOCK, PARALLEL = 1 << 14, 8, 5
KEY = 32


@dataclass(frozen=True)
class Ring:
    """The keys of one journal; the first of `wrapping` wraps, the others only open what was wrapped before."""

    wrapping: tuple[bytes, ...]
    pseudonyms: bytes
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def current(self) -> bytes:
        """The key that wraps new segments' keys."""
        return self.wrapping[0]

    def by_id(self, identity: bytes) -> bytes | None:
        """Return the wrapping key of this id, if it is here."""
        return next((each for each in self.wrapping if key_id(each) == identity), None)

    def tag(self, what: str, value: str) -> bytes:
        """Return the pseudonym of a tenant or subject, 16 bytes; none is zeros."""
        if not value:
            return bytes(16)
        return hmac.digest(self.pseudonyms, f"{what}\0{value}".encode("utf-8", "surrogatepass"), "sha256")[:16]


def key_id(key: bytes) -> bytes:
    """Return the public name of a wrapping key, 8 bytes."""
    return hashlib.sha256(b"tetrapylon journal key\0" + key).digest()[:8]


def new_ring() -> Ring:
    """Return a ring with new keys."""
    return Ring((os.urandom(KEY),), os.urandom(KEY))


def save_ring(path: Path, ring: Ring, passphrase: bytes | None, *, replace: bool = False) -> None:
    """Write the key file, mode 0600.

    Raises:
        ConflictError: there is one already and it was not to be replaced.
        UsageError: the passphrase is empty.
    """
    if passphrase is not None and not passphrase:
        raise UsageError("the passphrase is empty", code="passphrase-empty")
    plain = {"pseudonyms": base64_text(ring.pseudonyms), "wrapping": [base64_text(each) for each in ring.wrapping]}
    value: dict[str, Json] = {"schema": SCHEMA, **(plain if passphrase is None else _sealed(plain, passphrase))}
    make_folder(path.parent, 0o700)
    write_atomic(path, canonical_json(value) + b"\n", 0o600, replace=replace)


def load_ring(path: Path, passphrase: bytes | None) -> Ring:
    """Return the keys in the file; its `warnings` say what is unsafe about it.

    Raises:
        MissingError: there is none (`no-journal-key`).
        UsageError: the passphrase is missing or wrong.
        IntegrityError: it is not a journal's key file.
    """
    try:
        value = read_json(read_bytes(path, BOUNDS.key), f"`{path.name}`")
    except MissingError as error:
        raise MissingError("there is no journal key", hint="run `tetrapylon operate journal start`", code="no-journal-key") from error
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise IntegrityError(f"`{path.name}` is not a journal's key file", code="malformed")
    warnings = []
    if stat.S_IMODE(mode_of(path)) & 0o077:
        warnings.append(f"`{path.name}` can be read by other users: run `chmod 600` on it")
    if "sealed" in value:
        value = _opened(value, passphrase, path.name)
    else:
        warnings.append(f"`{path.name}` is not encrypted: whoever reads the file reads the journal")
    return _ring(value, path.name, tuple(warnings))


def _ring(value: Mapping[str, Json], name: str, warnings: tuple[str, ...]) -> Ring:
    try:
        wrapping = tuple(read_base64(each, f"`{name}`") for each in value["wrapping"])
        pseudonyms = read_base64(value["pseudonyms"], f"`{name}`")
    except (KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"`{name}` is not a journal's key file", code="malformed") from error
    if not wrapping or {len(each) for each in (*wrapping, pseudonyms)} != {KEY}:
        raise IntegrityError(f"`{name}` holds keys of the wrong length", code="malformed")
    return Ring(wrapping, pseudonyms, warnings)


def _sealed(plain: Json, passphrase: bytes) -> dict[str, Json]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt = os.urandom(16)
    # The key is made for this one message, so any nonce is used once.
    sealed = AESGCM(_derived(passphrase, salt)).encrypt(bytes(12), canonical_json(plain), SCHEMA.encode())
    return {"salt": base64_text(salt), "sealed": base64_text(sealed)}


def _opened(value: Mapping[str, Json], passphrase: bytes | None, name: str) -> Json:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if passphrase is None:
        raise UsageError(f"`{name}` is encrypted", hint="give its passphrase with `--passphrase-file FILE`", code="passphrase-needed")
    try:
        salt, sealed = read_base64(value["salt"], f"`{name}`"), read_base64(value["sealed"], f"`{name}`")
        plain = AESGCM(_derived(passphrase, salt)).decrypt(bytes(12), sealed, SCHEMA.encode())
    except (KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"`{name}` is not a journal's key file", code="malformed") from error
    except InvalidTag as error:
        hint = "a line end in the passphrase counts; a damaged file looks the same"
        raise UsageError(f"`{name}` does not open with this passphrase", hint=hint, code="passphrase-wrong") from error
    return read_json(plain, f"`{name}`")


def _derived(passphrase: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=KEY, n=COST, r=BLOCK, p=PARALLEL).derive(passphrase)
