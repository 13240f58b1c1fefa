"""A second verification of a model signature, in the standard library alone, meant to run in a process of its own.

It shares no code with the first but the arithmetic of ECDSA in `evidence/schemes`: it reads the bundle, builds the signed
bytes, and hashes the files by itself. It prints `agrees`, `disagrees: why` or `unchecked: why`.

    python -I -S -m tetrapylon.deploy.integrity.second MODEL SIGNATURE PUBLIC-KEY
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tetrapylon.evidence.schemes.ecdsa_p256 import verify_ecdsa_p256

P256_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""A DER SubjectPublicKeyInfo on P-256 up to its point."""

MOST_BYTES = 16 << 20
"""Bytes of a signature file."""

BESIDE = [".git", ".gitattributes", ".github", ".gitignore"]


class DisagreesError(Exception):
    """Something is not as it was signed, or not of the form that can be."""


class UncheckedError(Exception):
    """A kind of key or signature that this implementation does not know."""


def second_opinion(model: Path, signature: Path, public_key: str) -> int:
    """Return how many files are what was signed.

    Raises:
        DisagreesError: the signature is wrong, or a file was changed, added or removed.
        UncheckedError: this implementation cannot tell.
    """
    data = signature.read_bytes() if signature.stat().st_size <= MOST_BYTES else b""
    bundle = json.loads(data)
    if "publicKey" not in bundle["verificationMaterial"]:
        raise UncheckedError("the signature is not by key")
    lines = public_key.rpartition("-----BEGIN PUBLIC KEY-----")[2].splitlines()
    der = base64.b64decode("".join(line for line in lines if not line.startswith("-")))
    if not der.startswith(P256_SPKI):
        raise UncheckedError("the key is not on P-256")
    statement = _signed(bundle["dsseEnvelope"], der[len(P256_SPKI) :])
    if statement["predicateType"] != "https://model_signing/signature/v1.0":
        raise UncheckedError("the signature is not of version 1.0")
    return _files(model, statement["predicate"], signature)


def _signed(envelope: dict[str, Any], point: bytes) -> dict[str, Any]:
    payload, kind = base64.b64decode(envelope["payload"], validate=True), envelope["payloadType"].encode()
    message = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload])
    (signature,) = envelope["signatures"]
    if not verify_ecdsa_p256(point, message, base64.b64decode(signature["sig"], validate=True)):
        raise DisagreesError("the signature is wrong")
    statement: dict[str, Any] = json.loads(payload)
    if kind != b"application/vnd.in-toto+json" or statement["_type"] != "https://in-toto.io/Statement/v1":
        raise DisagreesError("the signature is about something else")
    return statement


def _files(model: Path, predicate: dict[str, Any], signature: Path) -> int:
    how = predicate["serialization"]
    if (how["method"], how["hash_type"]) != ("files", "sha256"):
        raise UncheckedError(f"files were hashed by {how['method']} and {how['hash_type']}")
    signed = {each["name"]: each["digest"] for each in predicate["resources"]}
    if not signed or len(signed) != len(predicate["resources"]):
        raise DisagreesError("a file was signed twice, or none was")
    for name, digest in signed.items():
        path = model if name == "." else model / name
        if ".." in name.split("/") or name.startswith("/") or path.is_symlink() or not path.is_file() or _hash(path) != digest:
            raise DisagreesError(f"{name} is not what was signed")
    for path in sorted(model.rglob("*")) if model.is_dir() else []:
        name = path.relative_to(model).as_posix()
        if (path.is_symlink() or not path.is_dir()) and name not in signed and path.resolve() != signature.resolve():
            _refuse_unless_ignored(name, [*how.get("ignore_paths", []), *BESIDE])
    return len(signed)


def _refuse_unless_ignored(name: str, ignored: list[str]) -> None:
    if not any(name == each or name.startswith(f"{each}/") for each in ignored):
        raise DisagreesError(f"{name} was added")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: list[str]) -> int:
    """Print the opinion; 0 where it agrees, 1 where not, 3 where it could not check."""
    model, signature, key = (Path(each) for each in arguments)
    try:
        second_opinion(model, signature, key.read_text("utf-8"))
    except UncheckedError as error:
        return _say(f"unchecked: {error}", 3)
    except DisagreesError as error:
        return _say(f"disagrees: {error}", 1)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # Whatever cannot be read as a signature is not a good one.
        return _say(f"disagrees: {type(error).__name__}", 1)
    return _say("agrees", 0)


def _say(opinion: str, code: int) -> int:
    sys.stdout.write(opinion + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
