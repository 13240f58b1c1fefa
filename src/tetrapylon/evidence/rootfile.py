"""One version of the root of trust, read strictly from its file: the grants, the log's keys, the root keys.

The file is TUF root metadata (spec 1.0) with our part under `x-tetrapylon`, in canonical JSON. Root keys are ECDSA P-256
under TUF's own key ids; what is signed is TUF's canonical JSON of the `signed` part. A grant for a scheme that this
reader does not know is kept by name, so that an older verifier can say what it did not check.
Source: The Update Framework specification 1.0.34, sections 4.2 to 4.3.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast, get_args

from tetrapylon.evidence.key import KEY_BYTES, SPKI_PREFIX, Algorithm, Encoding, PublicKey
from tetrapylon.kernel.canonical import Json, base64_text, read_base64, read_canonical
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError, UsageError

TRUST_SCHEMA = "tetrapylon/trust/1"
TRUST_MEMBER = "x-tetrapylon"
TUF_ROLES = ("root", "targets", "snapshot", "timestamp")

_SIGNED_MEMBERS = ("_type", "spec_version", "version", "expires", "consistent_snapshot", "keys", "roles", TRUST_MEMBER)
_KEY_MEMBERS = ("keyid", "algorithm", "public")
_GRANT_MEMBERS = (*_KEY_MEMBERS, "encoding", "roles", "holder", "independent", "notBefore", "notAfter", "revokedAt", "demo")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+")
_ROOT_FAULTS = (KeyError, TypeError, ValueError, AttributeError, UsageError)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the root of trust says of one key."""

    key: PublicKey
    encoding: Encoding
    roles: tuple[str, ...]
    holder: str
    """Id of the person or service that holds the private key."""

    independent: bool
    """Whether the holder is somebody else than the provider."""

    not_before: str
    not_after: str
    """First and last second of validity."""

    revoked_at: str | None
    demo: bool

    def valid_at(self, time: str) -> Grant:
        """Return the grant if the key was valid at that time.

        Raises:
            IntegrityError: `key-not-yet-valid`, `key-revoked` or `key-expired`.
        """
        who = f"the key of `{self.holder}`"
        if time < self.not_before:
            raise IntegrityError(f"{who} was not valid yet at {time}: it is from {self.not_before}", code="key-not-yet-valid")
        if self.revoked_at is not None and time >= self.revoked_at:
            raise IntegrityError(f"{who} was revoked at {self.revoked_at}, before {time}", code="key-revoked")
        if time > self.not_after:
            raise IntegrityError(f"{who} was no longer valid at {time}: it ended at {self.not_after}", code="key-expired")
        return self


@dataclass(frozen=True, slots=True)
class Root:
    """One version of the root of trust, read but not yet verified."""

    version: int
    expires: str
    system: str
    origin: str
    """Name of the system's log, as its checkpoints give it."""

    log_keys: tuple[PublicKey, ...]
    grants: Mapping[str, Grant]
    """By key id."""

    foreign: Mapping[str, str]
    """Key ids whose scheme this verifier does not know, with the scheme's name."""

    root_keys: Mapping[str, PublicKey]
    """By TUF key id."""

    threshold: int
    signed: bytes
    """TUF's canonical JSON of the signed part."""

    signatures: Mapping[str, bytes]

    @property
    def fingerprint(self) -> Digest:
        """What a reader may hold instead of the file: the digest of the signed bytes."""
        return sha256(self.signed)


def read_root(data: bytes, what: str = "a root of trust") -> Root:
    """Return the root in its one encoding; its signatures are not looked at.

    Raises:
        IntegrityError: another encoding (`non-canonical`) or another shape (`malformed`).
    """
    value = read_canonical(data, what)
    try:
        _exactly(value, "signatures", "signed")
        return _root(value["signed"], _root_signatures(value["signatures"]))
    except _ROOT_FAULTS as error:
        raise IntegrityError(f"{what} is not a `{TRUST_SCHEMA}` root ({str(error)[:80]})", code="malformed") from error


def _root(signed: Json, signatures: dict[str, bytes]) -> Root:
    _exactly(signed, *_SIGNED_MEMBERS)
    if signed["_type"] != "root" or not re.fullmatch(r"1\.\d+\.\d+", signed["spec_version"]) or signed["consistent_snapshot"] is not True:
        raise ValueError("not TUF root metadata")
    keys = {keyid: _root_key(keyid, each) for keyid, each in signed["keys"].items()}
    _exactly(signed["roles"], *TUF_ROLES)
    thresholds = {name: _tuf_threshold(each, keys) for name, each in signed["roles"].items()}
    ours, log = signed[TRUST_MEMBER], signed[TRUST_MEMBER]["log"]
    _exactly(ours, "schema", "system", "log", "keys")
    _exactly(log, "origin", "keys")
    if ours["schema"] != TRUST_SCHEMA:
        raise ValueError("another schema")
    grants = _by_keyid(ours["keys"])
    return Root(
        version=_whole(signed["version"]),
        expires=_moment(signed["expires"]),
        system=_text(ours["system"]),
        origin=_origin(log["origin"]),
        log_keys=_log_keys(log["keys"]),
        grants={keyid: _grant(each) for keyid, each in grants.items() if _is_known(each)},
        foreign={keyid: f"{each['algorithm']} in {each['encoding']}" for keyid, each in grants.items() if not _is_known(each)},
        root_keys={keyid: keys[keyid] for keyid in signed["roles"]["root"]["keyids"]},
        threshold=thresholds["root"],
        signed=tuf_canonical(signed),
        signatures=signatures,
    )


def tuf_canonical(value: Json) -> bytes:
    r"""Return the OLPC canonical JSON that TUF signs: like ours, but strings escape only `\\` and `"`.

    Raises:
        ValueError: the value holds a float, or a text that is not Unicode.
    """
    return _olpc(value).encode()


def _olpc(value: Json) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_olpc(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_olpc(name)}:{_olpc(value[name])}" for name in sorted(value)) + "}"
    raise ValueError(f"no canonical form for {type(value).__name__}")


def pem_of_key(key: PublicKey) -> str:
    """Return the key as PEM SubjectPublicKeyInfo, as `openssl pkey -pubout` writes it."""
    text = base64_text(key.spki)
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def key_of_pem(text: str) -> PublicKey:
    """Return the public key in a PEM SubjectPublicKeyInfo as `pem_of_key` spells it.

    Raises:
        UsageError: not such a PEM, or of an algorithm that is not ours.
    """
    try:
        der = read_base64("".join(text.split("\n")[1:-2]), "a public key")
    except IntegrityError as error:
        raise UsageError(error.message) from error
    for algorithm in get_args(Algorithm):
        prefix = SPKI_PREFIX[algorithm]
        if der.startswith(prefix):
            key = PublicKey(algorithm, der[len(prefix) :])
            if pem_of_key(key) == text:
                return key
    raise UsageError("a public key is not in PEM or is neither ECDSA P-256, Ed25519 nor ML-DSA-44")


def tuf_key(key: PublicKey) -> dict[str, Json]:
    """Return a root key as TUF writes it."""
    return {"keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256", "keyval": {"public": pem_of_key(key)}}


def tuf_keyid(key: PublicKey) -> str:
    """Return TUF's id of a root key, which is not `PublicKey.keyid`: the SHA-256 of its canonical JSON (section 4.2)."""
    return hashlib.sha256(tuf_canonical(tuf_key(key))).hexdigest()


def _root_key(keyid: str, value: Json) -> PublicKey:
    key = key_of_pem(value["keyval"]["public"])
    if key.algorithm != "ecdsa-p256" or value != tuf_key(key) or tuf_keyid(key) != keyid:
        raise ValueError("a root key is not ECDSA P-256 under its own id")
    return key


def _tuf_threshold(value: Json, keys: Mapping[str, PublicKey]) -> int:
    _exactly(value, "keyids", "threshold")
    keyids, threshold = _different(value["keyids"]), _whole(value["threshold"])
    if not set(keyids) <= keys.keys() or threshold > len(keyids):
        raise ValueError("a role has fewer keys than its threshold")
    return threshold


def _root_signatures(value: Json) -> dict[str, bytes]:
    found = _by_keyid(value)
    for each in value:
        _exactly(each, "keyid", "sig")
        if not _HEXADECIMAL.fullmatch(each["sig"]):
            raise ValueError("a signature is not lower-case hexadecimal")
    return {keyid: bytes.fromhex(each["sig"]) for keyid, each in found.items()}


def _log_keys(value: Json) -> tuple[PublicKey, ...]:
    for each in value:
        _exactly(each, *_KEY_MEMBERS)
    keys = tuple(_public_key(each) for each in _by_keyid(value).values())
    if {each.algorithm for each in keys} != {"ed25519", "ml-dsa-44"}:
        raise ValueError("a log has an Ed25519 and an ML-DSA-44 key")
    return keys


def _public_key(value: Json) -> PublicKey:
    key = PublicKey(cast("Algorithm", _text(value["algorithm"])), read_base64(value["public"], "a public key"))
    if key.keyid != value["keyid"]:
        raise ValueError("a key is not the one that its id names")
    return key


def _grant(value: Json) -> Grant:
    revoked = value["revokedAt"]
    grant = Grant(
        key=_public_key(value),
        encoding=cast("Encoding", value["encoding"]),
        roles=_different(value["roles"]),
        holder=_text(value["holder"]),
        independent=_truth(value["independent"]),
        not_before=_moment(value["notBefore"]),
        not_after=_moment(value["notAfter"]),
        revoked_at=None if revoked is None else _moment(revoked),
        demo=_truth(value["demo"]),
    )
    if not grant.roles or grant.not_after < grant.not_before:
        raise ValueError("a grant without a role or a moment of validity")
    return grant


def _is_known(value: Json) -> bool:
    _exactly(value, *_GRANT_MEMBERS)
    return _text(value["algorithm"]) in KEY_BYTES and _text(value["encoding"]) in get_args(Encoding)


def _exactly(value: Json, *names: str) -> None:
    if not isinstance(value, dict) or set(value) != set(names):
        raise ValueError(f"wanted exactly {', '.join(names)}")


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise TypeError("a text is missing or cannot be shown")
    return value


def _origin(value: Json) -> str:
    if "+" in _text(value) or value != "".join(value.split()):
        raise ValueError("a log's name has a space or a plus sign")
    return _text(value)


def _different(values: Json) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("a list is missing")
    found = tuple(_text(each) for each in values)
    if len(set(found)) != len(found):
        raise ValueError("one name appears twice")
    return found


def _by_keyid(values: Json) -> dict[str, Json]:
    if not isinstance(values, list):
        raise TypeError("a list is missing")
    return dict(zip(_different([each["keyid"] for each in values]), values, strict=True))


def _whole(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise TypeError("a number is not whole and positive")
    return value


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _moment(value: Json) -> str:
    if not _MOMENT.fullmatch(value):
        raise ValueError("a time is not like 2026-01-31T00:00:00Z")
    datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return _text(value)
