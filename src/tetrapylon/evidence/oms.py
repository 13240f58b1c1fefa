"""OpenSSF Model Signing (OMS) v1.0: which files a model consists of, as a statement that any tool can read.

The statement lists every file with its SHA-256, sorted component-wise, and its one subject is the digest over those
digests. The older `Digests/v0.1` form (v0.2.0 of the reference tool) names the files as subjects; it is read and never
written. `omsbundle.py` reads and verifies the signed form.
Source: OpenSSF Model Signing specification v1.0 and the reference tool's golden signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, pae
from tetrapylon.evidence.modelkey import key_hint, sign_bytes, signed_by
from tetrapylon.evidence.statement import STATEMENT_TYPE
from tetrapylon.kernel.canonical import Json, base64_text, canonical_json
from tetrapylon.kernel.digest import Digest, digest_bytes, digest_hex, parse_digest
from tetrapylon.kernel.errors import IntegrityError, UndecidedError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
OMS_TYPE = "https://model_signing/signature/v1.0"
OMS_OLD_TYPE = "https://model_signing/Digests/v0.1"

WHOLE = "."
"""The name of the only file of a model of one file."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a model: its POSIX path relative to the model (`.` for a model of one file), and its digest."""

    name: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class OmsManifest:
    """What a signature says of a model."""

    name: str
    """What the signer called the model; empty in the older form. Nothing may be concluded from it."""

    resources: tuple[Resource, ...]
    ignore_paths: tuple[str, ...] = ()
    """Files and folders in the model that were not signed and may be there."""

    allow_symlinks: bool = False
    """Whether the signer followed links. Whether a verifier does is for its caller to say."""


def component_order(name: str) -> list[str]:
    """Return what resources are sorted by: their path's components."""
    return name.split("/")


def oms_payload(manifest: OmsManifest) -> bytes:
    """Return the statement that is signed.

    Raises:
        UsageError: there is no file, one is there twice, or a name leads out of the model (`bad-resources`).
    """
    resources = tuple(sorted(manifest.resources, key=lambda each: component_order(each.name)))
    if not _are_files(resources):
        raise UsageError("these are not the files of one model", hint="name each file once, relative to the model", code="bad-resources")
    serialization = {
        "method": "files",
        "hash_type": "sha256",
        "allow_symlinks": manifest.allow_symlinks,
        "ignore_paths": list(manifest.ignore_paths),
    }
    listed = [{"name": each.name, "algorithm": "sha256", "digest": digest_hex(each.digest)} for each in resources]
    return canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": manifest.name, "digest": {"sha256": _whole(resources)}}],
            "predicateType": OMS_TYPE,
            "predicate": {"serialization": serialization, "resources": listed},
        }
    )


def sign_oms(manifest: OmsManifest, private: EllipticCurvePrivateKey, certificates: Sequence[Certificate] = ()) -> bytes:
    """Return the bundle that signs the manifest; with certificates (the signer's first) they stand in for the key.

    Raises:
        UsageError: the curve is not one of the three, the first certificate is of another key, or as `oms_payload`.
        IntegrityError: the signature that was made is wrong (`signature`); it is not handed out.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    key = private.public_key()
    if certificates and certificates[0].public_key() != key:
        raise UsageError("the certificate is not of the private key", hint="give the signer's certificate first", code="certificate-key")
    payload = oms_payload(manifest)
    signature = sign_bytes(private, pae(IN_TOTO_TYPE, payload))
    # A fault while signing can give the private key away.
    if not signed_by(key, pae(IN_TOTO_TYPE, payload), signature):
        raise IntegrityError("the key made a wrong signature", hint="the machine or the key is faulty", code="signature")
    chain = [{"rawBytes": base64_text(each.public_bytes(Encoding.DER))} for each in certificates]
    material: dict[str, Json] = {"x509CertificateChain": {"certificates": chain}} if chain else {"publicKey": {"hint": key_hint(key)}}
    envelope = {
        "payload": base64_text(payload),
        "payloadType": IN_TOTO_TYPE,
        "signatures": [{"sig": base64_text(signature), "keyid": ""}],
    }
    return canonical_json({"mediaType": BUNDLE_TYPE, "verificationMaterial": {**material, "tlogEntries": []}, "dsseEnvelope": envelope})


def manifest_of(statement: Json) -> OmsManifest:
    """Return what a statement says; call this only once its signature is known to be good.

    Raises:
        IntegrityError: not of the form (`malformed`), or its digests disagree (`subject-mismatch`).
        UndecidedError: files were hashed in another way than whole and with SHA-256 (`serialisation`).
    """
    try:
        return _old_manifest(statement) if statement["predicateType"] == OMS_OLD_TYPE else _manifest(statement)
    except (KeyError, TypeError, AttributeError, ValueError, UsageError) as error:
        raise IntegrityError("the signature does not list the files of one model", hint="sign the model again", code="malformed") from error


def _manifest(statement: Json) -> OmsManifest:
    (subject,), predicate = statement["subject"], statement["predicate"]
    how = predicate["serialization"]
    if how["method"] != "files" or how["hash_type"] != "sha256":
        raise UndecidedError(f"a signature by `{how['method']}` and `{how['hash_type']}` is not checked here", code="serialisation")
    resources = tuple(_resource(each["name"], each["algorithm"], each["digest"]) for each in predicate["resources"])
    if not _are_files(resources):
        raise ValueError("resources")
    if subject["digest"] != {"sha256": _whole(resources)}:
        raise IntegrityError("the signature's own digests disagree", code="subject-mismatch")
    ignored = tuple(_text(each) for each in how.get("ignore_paths", ()))
    return OmsManifest(_text(subject["name"]), resources, ignored, how["allow_symlinks"] is True)


def _old_manifest(statement: Json) -> OmsManifest:
    resources = tuple(_resource(each["name"], "sha256", each["digest"]["sha256"]) for each in statement["subject"])
    if not _are_files(resources):
        raise ValueError("subjects")
    return OmsManifest("", resources)


def _resource(name: Json, algorithm: Json, digest: Json) -> Resource:
    if algorithm != "sha256":
        raise UndecidedError(f"a digest by `{algorithm}` is not checked here", code="serialisation")
    return Resource(_text(name), parse_digest(f"sha256:{digest}"))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    # JSON can spell half a character, which no file name can.
    value.encode("utf-8")
    return value


def _are_files(resources: Sequence[Resource]) -> bool:
    """Return whether these are the files of one model: at least one, in order, each once, none outside of it."""
    names = [component_order(each.name) for each in resources]
    ordered = all(one < other for one, other in pairwise(names))
    return bool(names) and ordered and (names == [[WHOLE]] or all(map(_is_inside, names)))


def _is_inside(parts: Sequence[str]) -> bool:
    return all(each not in {"", ".", ".."} and "\x00" not in each for each in parts)


def _whole(resources: Sequence[Resource]) -> str:
    """Return the hexadecimal digest over the files' digests."""
    return hashlib.sha256(b"".join(digest_bytes(each.digest) for each in resources)).hexdigest()
