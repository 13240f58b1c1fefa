"""Model signatures as they lie on disk: Sigstore bundles v0.3, read strictly and verified against what the caller trusts.

* A bundle has one form: members that the format does not have, and base64 in another spelling, are refused.
* Nothing in a bundle is trusted: an embedded key or a hint is compared with the key that the caller gave, and
  certificates count only if they lead to an authority that the caller gave.
* What a statement says is looked at after its signature was found good; only its type is looked at before.
Source: Sigstore bundle v0.3 (protobuf-specs); OpenSSF Model Signing specification v1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, pae
from tetrapylon.evidence.modelkey import KEY_DETAILS, key_hint, load_public, public_pem, signed_by
from tetrapylon.evidence.oms import BUNDLE_TYPE, OMS_OLD_TYPE, OMS_TYPE, OmsManifest, manifest_of
from tetrapylon.evidence.statement import STATEMENT_TYPE
from tetrapylon.kernel.canonical import Json, read_base64, read_json
from tetrapylon.kernel.errors import IntegrityError, UndecidedError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_METHODS = {"publicKey", "x509CertificateChain", "certificate"}
_FAULTS = (KeyError, TypeError, AttributeError, IndexError, ValueError)


@dataclass(frozen=True)
class OmsBundle:
    """A bundle whose form is sound; who signed it is not yet known."""

    payload: bytes
    statement: Json
    """The payload as JSON: of one of the two predicate types, otherwise not looked at."""

    signature: bytes
    hint: str = ""
    embedded_key: bytes = b""
    """A PEM public key that the bundle carries: compared, never trusted."""

    key_details: str = ""
    certificates: tuple[bytes, ...] = ()
    """DER certificates, the signer's first."""

    @property
    def old(self) -> bool:
        """Whether it is of the form before v1.0."""
        return bool(self.statement["predicateType"] == OMS_OLD_TYPE)


def read_oms(data: bytes) -> OmsBundle:
    """Return the bundle; its signature is not verified.

    Raises:
        IntegrityError: not a bundle (`malformed`, `no-envelope`, `no-verification-material`, `no-log-entries`,
            `non-canonical`), or about something else than a model (`predicate`).
        UndecidedError: a keyless (Sigstore) bundle, which this version does not verify (`keyless`).
    """
    value = read_json(data, "the signature")
    try:
        return _bundle(value)
    except _FAULTS as error:
        raise _malformed("the signature is not an OpenSSF model signature bundle") from error


def _bundle(value: Json) -> OmsBundle:
    if "dsseEnvelope" not in value:
        raise _malformed("the signature holds no envelope", "no-envelope")
    if "verificationMaterial" not in value:
        raise _malformed("the signature does not say how it is verified", "no-verification-material")
    _exactly(value, {"mediaType", "verificationMaterial", "dsseEnvelope"})
    if value["mediaType"] != BUNDLE_TYPE:
        raise ValueError("media type")
    payload, signature = _signed(value["dsseEnvelope"])
    statement = _statement(payload)
    material = value["verificationMaterial"]
    (method,) = _METHODS & set(material)
    if method == "certificate":
        raise _keyless(material)
    _exactly(material, {method}, {"tlogEntries"})
    if material.get("tlogEntries", []) != []:
        raise ValueError("log entries of a signature that has none")
    if method == "publicKey":
        return _by_key(material["publicKey"], payload, statement, signature)
    _exactly(material[method], {"certificates"})
    chain = tuple(_der(each) for each in material[method]["certificates"])
    if not chain:
        raise ValueError("no certificate")
    return OmsBundle(payload, statement, signature, certificates=chain)


def _keyless(material: Json) -> Exception:
    _exactly(material, {"certificate"}, {"tlogEntries", "timestampVerificationData"})
    _der(material["certificate"])
    entries = material.get("tlogEntries")
    if not isinstance(entries, list) or not entries:
        return _malformed("a keyless signature names no entry of a transparency log", "no-log-entries")
    hint = "ask the signer for a signature by key or certificate, or use `model_signing verify sigstore`"
    return UndecidedError("a keyless (Sigstore) signature is not checked here", hint=hint, code="keyless")


def _signed(envelope: Json) -> tuple[bytes, bytes]:
    _exactly(envelope, {"payload", "payloadType", "signatures"})
    (signature,) = envelope["signatures"]
    _exactly(signature, {"sig"}, {"keyid"})
    if envelope["payloadType"] != IN_TOTO_TYPE or not isinstance(signature.get("keyid", ""), str | None):
        raise ValueError("envelope")
    return read_base64(envelope["payload"], "the signature's payload"), read_base64(signature["sig"], "the signature")


def _statement(payload: bytes) -> Json:
    statement = read_json(payload, "the signature's statement")
    if statement["_type"] != STATEMENT_TYPE:
        raise ValueError("statement")
    kind = statement["predicateType"]
    if kind not in (OMS_TYPE, OMS_OLD_TYPE):
        raise IntegrityError(f"the signature is about something else than a model (`{str(kind)[:80]}`)", code="predicate")
    return statement


def _by_key(key: Json, payload: bytes, statement: Json, signature: bytes) -> OmsBundle:
    _exactly(key, set(), {"hint", "rawBytes", "keyDetails"})
    embedded = read_base64(key["rawBytes"], "the embedded key") if "rawBytes" in key else b""
    hint, details = key.get("hint", ""), key.get("keyDetails", "")
    if not (isinstance(hint, str) and isinstance(details, str) and (hint or embedded)):
        raise ValueError("no key is named")
    return OmsBundle(payload, statement, signature, hint=hint, embedded_key=embedded, key_details=details)


def _der(value: Json) -> bytes:
    _exactly(value, {"rawBytes"})
    return read_base64(value["rawBytes"], "a certificate")


def _exactly(value: Json, wanted: set[str], optional: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    if not isinstance(value, dict) or not wanted <= set(value) <= wanted | optional:
        raise ValueError("members")


def _malformed(sentence: str, code: str = "malformed") -> IntegrityError:
    return IntegrityError(sentence, hint="sign the model again", code=code)


def verify_oms_key(bundle: OmsBundle, pem: bytes) -> OmsManifest:
    """Return what the bundle says, once the given public key is known to have signed it.

    Raises:
        IntegrityError: another key signed it (`other-key`), it is by certificate (`by-certificate`), the signature is
            wrong (`signature`), or as `manifest_of`.
        UsageError: the PEM is not a public key that can sign models.
        UndecidedError: as `manifest_of`.
    """
    key = load_public(pem)
    if bundle.certificates:
        hint = "verify it with `--certificate CA`, if you trust its authority"
        raise IntegrityError("the model was signed by certificate, not with the key given", hint=hint, code="by-certificate")
    if bundle.embedded_key and not _is_same(bundle, key):
        raise IntegrityError("the signature carries another key than the one given", code="other-key")
    if bundle.hint and bundle.hint != key_hint(key):
        raise IntegrityError("the signature names another key than the one given", code="other-key")
    return verified_manifest(bundle, key)


def _is_same(bundle: OmsBundle, key: EllipticCurvePublicKey) -> bool:
    try:
        embedded = load_public(bundle.embedded_key)
    except UsageError:
        return False
    return public_pem(embedded) == public_pem(key) and bundle.key_details in {"", KEY_DETAILS[key.curve.name]}


def verified_manifest(bundle: OmsBundle, key: EllipticCurvePublicKey) -> OmsManifest:
    """Return what the bundle says, once its signature is known to be the key's; whose key that is, the caller knows.

    Raises:
        IntegrityError: the signature is wrong (`signature`), or as `manifest_of`.
        UndecidedError: as `manifest_of`.
    """
    good = signed_by(key, pae(IN_TOTO_TYPE, bundle.payload), bundle.signature)
    if not good and bundle.old:
        # v0.2.0 of the reference tool signed Python's text of the bytes, by certificate always with SHA-256.
        message = f"DSSEV1 {len(IN_TOTO_TYPE)} {IN_TOTO_TYPE} {len(bundle.payload)} {bundle.payload!r}".encode()
        good = signed_by(key, message, bundle.signature, sha256=bool(bundle.certificates))
    if not good:
        hint = "the signature file was changed, or somebody else signed it"
        raise IntegrityError("the model's signature is wrong", hint=hint, code="signature")
    return manifest_of(bundle.statement)
