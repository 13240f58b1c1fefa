"""SSH signatures: what a person makes with `ssh-keygen -Y sign`, taken apart so that any checker can check it.

An SSHSIG holds the public key, what the signature is for (its namespace), a hash of the message, and the signature
over all of these. Reading is strict: one encoding, nothing behind it, the reserved field empty. Keys are Ed25519 and
ECDSA P-256; others (RSA, hardware-backed `sk-`, certificates) are real signatures that we do not check, so they are
undecided, never wrong.
Source: OpenSSH, PROTOCOL.sshsig; RFC 4251 section 5, RFC 5656 section 3, RFC 8709.
"""

from __future__ import annotations

import hashlib

from tetrapylon.evidence.key import KEY_BYTES, Algorithm, PublicKey
from tetrapylon.kernel.canonical import base64_text, read_base64
from tetrapylon.kernel.errors import IntegrityError, UndecidedError, UsageError

_SSH_MAGIC = b"SSHSIG"
_SSH_VERSION = (1).to_bytes(4, "big")
_SSH_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_SSH_ALGORITHMS: dict[bytes, Algorithm] = {b"ssh-ed25519": "ed25519", b"ecdsa-sha2-nistp256": "ecdsa-p256"}
_SSH_INTEGER_BYTES = 33
"""The longest integer of a P-256 signature: 32 bytes, and one for the sign."""

_SSH_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_SSH_END = b"-----END SSH SIGNATURE-----\n"
_SSH_COLUMNS = 70


def sshsig_parts(blob: bytes, message: bytes, namespace: str) -> tuple[PublicKey, bytes, bytes]:
    """Return the key that a binary SSHSIG names, the bytes that it signs for this message, and its raw signature.

    Nothing is checked yet: hand the three to a `Checker`, and compare the key with the one that was expected.

    Raises:
        IntegrityError: not an SSHSIG in its one encoding (`malformed`), or one made for something else (`namespace`).
        UndecidedError: the key is of a type that we do not check (`unchecked-signature`).
    """
    if not blob.startswith(_SSH_MAGIC + _SSH_VERSION):
        raise _ssh_malformed()
    public, purpose, reserved, name, signature = _ssh_strings(blob[len(_SSH_MAGIC + _SSH_VERSION) :], 5)
    key = _ssh_key(public)
    if purpose != namespace.encode():
        raise IntegrityError(f"an SSH signature was made for {ascii(purpose)[1:80]}, not for `{namespace}`", code="namespace")
    if reserved or name not in _SSH_HASHES:
        raise _ssh_malformed()
    signed = (purpose, reserved, name, _SSH_HASHES[name](message).digest())
    return key, _SSH_MAGIC + b"".join(_ssh_string(each) for each in signed), _ssh_raw(key, signature)


def read_ssh_armour(data: bytes) -> bytes:
    """Return the binary SSHSIG in a `.sig` file as `ssh-keygen` writes it.

    Raises:
        IntegrityError: not such a file (`malformed`), or another spelling of one (`non-canonical`).
    """
    text = data.removeprefix(_SSH_BEGIN).removesuffix(_SSH_END).replace(b"\n", b"")
    blob = read_base64(text.decode("ascii", "replace"), "an SSH signature")
    if ssh_armour(blob) != data:
        raise IntegrityError("an SSH signature is not spelled as `ssh-keygen` does", code="non-canonical")
    return blob


def ssh_armour(blob: bytes) -> bytes:
    """Return the content of a `.sig` file for a binary SSHSIG."""
    text = base64_text(blob).encode()
    lines = (text[start : start + _SSH_COLUMNS] + b"\n" for start in range(0, len(text), _SSH_COLUMNS))
    return _SSH_BEGIN + b"".join(lines) + _SSH_END


def ssh_public_key(line: str) -> PublicKey:
    """Return the key in the line of a `.pub` file: its type, base64, and perhaps a comment.

    Raises:
        UsageError: not such a line (`key-unreadable`), or a key of another type (`key-unsupported`).
    """
    kind, _, rest = line.strip().partition(" ")
    try:
        blob = read_base64(rest.partition(" ")[0], "an SSH public key")
        key = _ssh_key(blob)
    except IntegrityError as error:
        raise UsageError("this is not an SSH public key", hint="give the line of a `.pub` file", code="key-unreadable") from error
    except UndecidedError as error:
        raise UsageError(error.message, hint=error.hint, code="key-unsupported") from error
    if _SSH_ALGORITHMS.get(kind.encode("ascii", "replace")) != key.algorithm:
        raise UsageError("an SSH public key is of another type than its line says", code="key-unreadable")
    return key


def _ssh_key(blob: bytes) -> PublicKey:
    kind, rest = _ssh_first(blob)
    algorithm = _SSH_ALGORITHMS.get(kind)
    if algorithm is None:
        raise UndecidedError(
            f"SSH keys of type {ascii(kind)[1:60]} are not checked here",
            hint="use an Ed25519 or ECDSA P-256 key",
            code="unchecked-signature",
        )
    names = (b"nistp256",) if algorithm == "ecdsa-p256" else ()
    *curve, public = _ssh_strings(rest, len(names) + 1)
    if tuple(curve) != names or len(public) != KEY_BYTES[algorithm]:
        raise _ssh_malformed()
    return PublicKey(algorithm, public)


def _ssh_raw(key: PublicKey, signature: bytes) -> bytes:
    """Return the signature as its algorithm gives it: 64 bytes, or DER for ECDSA."""
    kind, raw = _ssh_strings(signature, 2)
    if _SSH_ALGORITHMS.get(kind) != key.algorithm:
        raise _ssh_malformed()
    if key.algorithm == "ed25519":
        return raw
    integers = _ssh_strings(raw, 2)
    if max(map(len, integers)) > _SSH_INTEGER_BYTES:
        raise _ssh_malformed()
    # SSH and DER spell a positive integer with the same bytes, so what is not minimal stays so, and is refused there.
    content = b"".join(bytes((0x02, len(each))) + each for each in integers)
    return bytes((0x30, len(content))) + content


def _ssh_string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _ssh_first(data: bytes) -> tuple[bytes, bytes]:
    """Return the string that the bytes begin with, and the rest."""
    stop = 4 + int.from_bytes(data[:4], "big")
    if stop > len(data):
        raise _ssh_malformed()
    return data[4:stop], data[stop:]


def _ssh_strings(data: bytes, count: int) -> list[bytes]:
    """Return exactly so many strings, which fill the bytes."""
    found = []
    for _ in range(count):
        each, data = _ssh_first(data)
        found.append(each)
    if data:
        raise _ssh_malformed()
    return found


def _ssh_malformed() -> IntegrityError:
    return IntegrityError("this is not an SSH signature", hint="make one with `ssh-keygen -Y sign`", code="malformed")
