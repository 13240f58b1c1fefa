"""Making, signing and rotating the root of trust.

A root is made unsigned and travels from holder to holder: each adds a signature, until the thresholds are met. A new
version never forgets a grant, because evidence signed under it stays in the log; it can only revoke one, from a given
moment on. Reading and verifying is `rootfile.py` and `trust.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.rootfile import TRUST_MEMBER, TRUST_SCHEMA, Grant, read_root, tuf_key, tuf_keyid
from tetrapylon.evidence.signer import Signer
from tetrapylon.kernel.canonical import Json, base64_text, canonical_json, read_canonical
from tetrapylon.kernel.errors import IntegrityError, UsageError

TUF_SPEC_VERSION = "1.0.31"


@dataclass(frozen=True, slots=True)
class RootHolders:
    """Whose signatures make a root: `threshold` of the keys, all ECDSA P-256."""

    keys: Sequence[PublicKey]
    threshold: int
    online: Sequence[PublicKey] = ()
    """Who signs TUF's snapshot and timestamp; without any, no update channel is open and the root keys stand there."""


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """A log's name and its keys, at least one Ed25519 and one ML-DSA-44."""

    origin: str
    keys: Sequence[PublicKey]


@dataclass(frozen=True, slots=True)
class RootChanges:
    """What a new version changes; what is not given stays."""

    expires: str
    add: Sequence[Grant] = ()
    revoke: Mapping[str, str] = field(default_factory=dict)
    """Key ids, each with the moment from which it counts no more; a revocation is never moved to a later one."""

    holders: RootHolders | None = None
    log_keys: Sequence[PublicKey] | None = None


def role_grants(
    keys: Mapping[str, PublicKey], *, not_before: str, not_after: str, demo: bool, holders: Mapping[str, str] | None = None
) -> tuple[Grant, ...]:
    """Return one grant for each role's file key; a role without a holder of its own is held by its own name."""
    named = holders or {}
    return tuple(
        Grant(
            key=key,
            encoding="raw",
            roles=(role,),
            holder=named.get(role, role),
            independent=False,
            not_before=not_before,
            not_after=not_after,
            revoked_at=None,
            demo=demo,
        )
        for role, key in keys.items()
    )


def make_root(system: str, holders: RootHolders, log: LogIdentity, grants: Sequence[Grant], expires: str) -> bytes:
    """Return version 1, without signatures.

    Raises:
        UsageError: what is given makes no sound root (`unsound-root`).
    """
    return _unsigned(
        {
            "_type": "root",
            "spec_version": TUF_SPEC_VERSION,
            "version": 1,
            "expires": expires,
            "consistent_snapshot": True,
            **_held_by(holders),
            TRUST_MEMBER: {
                "schema": TRUST_SCHEMA,
                "system": system,
                "log": {"origin": log.origin, "keys": [_key_json(each) for each in log.keys]},
                "keys": [_grant_json(each) for each in grants],
            },
        }
    )


def rotate_root(old: bytes, changes: RootChanges) -> bytes:
    """Return the version after `old`, without signatures.

    Raises:
        UsageError: a revoked key is not granted (`unknown-key`), an added one is already (`granted-already`), or the
            outcome is no sound root (`unsound-root`).
        IntegrityError: `old` is not a root.
    """
    version = read_root(old).version + 1
    signed = read_canonical(old, "a root of trust")["signed"] | {"version": version, "expires": changes.expires}
    if changes.holders is not None:
        signed |= _held_by(changes.holders)
    ours = signed[TRUST_MEMBER]
    if changes.log_keys is not None:
        ours["log"]["keys"] = [_key_json(each) for each in changes.log_keys]
    ours["keys"] = _changed_grants(ours["keys"], changes)
    return _unsigned(signed)


def sign_root(data: bytes, signers: Sequence[Signer], previous: bytes | None = None) -> bytes:
    """Return the root with the signers' signatures added; `previous` is the version whose root keys may sign as well.

    Raises:
        UsageError: a signer holds no root key.
        IntegrityError: `data` or `previous` is not a root.
    """
    root = read_root(data)
    allowed = root.root_keys.keys() | (read_root(previous).root_keys.keys() if previous else set())
    signatures = dict(root.signatures)
    for each in signers:
        keyid = tuf_keyid(each.key)
        if keyid not in allowed or each.encoding != "raw":
            raise UsageError(f"the key {each.key.keyid[:16]} is not a root key", hint="sign with the root keys", code="not-a-root-key")
        signatures[keyid] = each.sign(root.signed)
    listed = [{"keyid": keyid, "sig": signatures[keyid].hex()} for keyid in sorted(signatures)]
    return canonical_json({"signatures": listed, "signed": read_canonical(data, "a root of trust")["signed"]})


def _unsigned(signed: Json) -> bytes:
    data = canonical_json({"signatures": [], "signed": signed})
    try:
        read_root(data, "what is given")
    except IntegrityError as error:
        raise UsageError(error.message, code="unsound-root") from error
    return data


def _held_by(holders: RootHolders) -> dict[str, Json]:
    offline = {"keyids": [tuf_keyid(each) for each in holders.keys], "threshold": holders.threshold}
    daily = {"keyids": [tuf_keyid(each) for each in holders.online], "threshold": 1} if holders.online else offline
    return {
        "keys": {tuf_keyid(each): tuf_key(each) for each in [*holders.keys, *holders.online]},
        "roles": {"root": offline, "targets": offline, "snapshot": daily, "timestamp": daily},
    }


def _changed_grants(old: Sequence[Json], changes: RootChanges) -> list[Json]:
    known = {each["keyid"] for each in old}
    if unknown := sorted(changes.revoke.keys() - known):
        raise UsageError(f"the key {unknown[0][:16]} is not granted anything", code="unknown-key")
    if again := [each for each in changes.add if each.key.keyid in known]:
        hint = "give the holder a new key: an old one's past would change with its grant"
        raise UsageError(f"the key {again[0].key.keyid[:16]} is granted already", hint=hint, code="granted-already")
    return [_revoked(each, changes.revoke.get(each["keyid"])) for each in old] + [_grant_json(each) for each in changes.add]


def _revoked(grant: Json, moment: str | None) -> Json:
    moments = [each for each in (grant["revokedAt"], moment) if each is not None]
    return {**grant, "revokedAt": min(moments, default=None)}


def _key_json(key: PublicKey) -> dict[str, Json]:
    return {"keyid": key.keyid, "algorithm": key.algorithm, "public": base64_text(key.public)}


def _grant_json(grant: Grant) -> dict[str, Json]:
    return {
        **_key_json(grant.key),
        "encoding": grant.encoding,
        "roles": list(grant.roles),
        "holder": grant.holder,
        "independent": grant.independent,
        "notBefore": grant.not_before,
        "notAfter": grant.not_after,
        "revokedAt": grant.revoked_at,
        "demo": grant.demo,
    }
