"""Make and rotate a project's root of trust, with the keys that this machine holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.evidence.key import Encoding, PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Grant, key_of_pem
from tetrapylon.evidence.roots import LogIdentity, RootChanges, RootHolders, make_root, role_grants, rotate_root, sign_root
from tetrapylon.evidence.signers.file import FileSigner, generate_key
from tetrapylon.evidence.sshsig import ssh_public_key
from tetrapylon.evidence.trust import verify_chain
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes, write_atomic

MACHINE_ROLES = ("build", "scanner", "red-team", "release-manager", "reviewer", "risk-owner", "responder")
"""Roles that get a file key at `trust init`; people's own keys are granted by `trust rotate --grant`."""

_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class TrustPlan:
    """How a new root is to be: signatures needed, root keys, days of validity, the keys' passphrase."""

    threshold: int
    root_keys: int
    days: int
    passphrase: bytes | None


@dataclass(frozen=True)
class TrustMade:
    """A root that was written, and what to tell about it."""

    path: Path
    fingerprint: str
    keys: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewGrant:
    """A key that is to be trusted: whose, in which role, and the file that holds its public part."""

    holder: str
    role: str
    path: Path
    independent: bool


def init_trust(project: Project, plan: TrustPlan, now: str) -> TrustMade:
    """Make every key and version 1 of the root.

    Raises:
        UsageError: there is a root already (`exists`), or the threshold cannot be met.
    """
    if wiring.root_files(project):
        raise UsageError("this system has a trust root already", hint="use `tetrapylon trust rotate`", code="exists")
    if not 0 < plan.threshold <= plan.root_keys:
        raise UsageError(f"{plan.threshold} of {plan.root_keys} root keys can never sign", hint="make more root keys", code="threshold")
    prepare_state(project)
    project.state("keys").mkdir(mode=0o700, exist_ok=True)
    roles = {role: generate_key("ecdsa-p256") for role in MACHINE_ROLES}
    log = {"log-ed25519": generate_key("ed25519"), "log-mldsa44": generate_key("ml-dsa-44")}
    roots = {f"root-{number}": generate_key("ecdsa-p256") for number in range(1, plan.root_keys + 1)}
    end = later(now, plan.days)
    data = _first_root(project, plan, (roles, log, roots), now, end)
    paths = _save(project, {**roles, **log, **roots}, plan.passphrase)
    made = _write(project, 1, data)
    warnings = ("the private keys are not encrypted: give `--passphrase-file FILE`",) if plan.passphrase is None else ()
    return TrustMade(made.path, made.fingerprint, tuple(paths), warnings)


def _first_root(
    project: Project,
    plan: TrustPlan,
    made: tuple[Mapping[str, FileSigner], Mapping[str, FileSigner], Mapping[str, FileSigner]],
    now: str,
    end: str,
) -> bytes:
    roles, log, roots = made
    grants = role_grants({role: each.key for role, each in roles.items()}, not_before=now, not_after=end, demo=project.demo)
    holders = RootHolders([each.key for each in roots.values()], plan.threshold)
    origin = f"tetrapylon.example/{project.system_id}"
    unsigned = make_root(project.system_id, holders, LogIdentity(origin, [each.key for each in log.values()]), grants, end)
    return sign_root(unsigned, list(roots.values())[: plan.threshold])


def _save(project: Project, keys: Mapping[str, FileSigner], passphrase: bytes | None) -> list[str]:
    suffix = wiring.DEMO_SUFFIX if project.demo else ""
    for name, signer in keys.items():
        signer.save(project.state("keys", f"{name}{suffix}.pem"), passphrase)
    return [f"{name}{suffix}" for name in keys]


def rotate_trust(project: Project, granted: Sequence[NewGrant], days: int, passphrase: bytes | None, now: str) -> TrustMade:
    """Sign the next version of the root, with more grants.

    Raises:
        MissingError: this machine does not hold enough root keys.
    """
    end = later(now, days)
    add = [_grant(each, now, end, demo=project.demo) for each in granted]
    return next_root(project, RootChanges(expires=end, add=add), passphrase)


def next_root(project: Project, changes: RootChanges, passphrase: bytes | None) -> TrustMade:
    """Sign and write the next version of the root with the root keys that this machine holds."""
    old = wiring.root_files(project)
    trust = wiring.load_trust(project)
    signers = [each for each in (wiring.find_signer(project, f"root-{number}", passphrase) for number in range(1, 10)) if each is not None]
    if len(signers) < trust.root.threshold:
        hint = "bring the root keys' files to `.tetrapylon/keys` for this command, then take them away again"
        raise MissingError(f"{trust.root.threshold} root keys must sign, and this machine holds {len(signers)}", hint=hint, code="no-key")
    data = sign_root(rotate_root(old[-1], changes), signers[: trust.root.threshold], old[-1])
    verify_chain([*old, data], old[0], check_native)
    return _write(project, len(old) + 1, data)


def _write(project: Project, version: int, data: bytes) -> TrustMade:
    project.state("trust").mkdir(exist_ok=True)
    path = project.state("trust", f"{version}.root.json")
    write_atomic(path, data)
    return TrustMade(path, wiring.load_trust(project).fingerprint)


def _grant(wanted: NewGrant, now: str, end: str, *, demo: bool) -> Grant:
    key, encoding = read_public_key(wanted.path)
    return Grant(
        key=key,
        encoding=encoding,
        roles=(wanted.role,),
        holder=wanted.holder,
        independent=wanted.independent,
        not_before=now,
        not_after=end,
        revoked_at=None,
        demo=demo,
    )


def read_public_key(path: Path) -> tuple[PublicKey, Encoding]:
    """Return a public key and how its holder signs: PEM files sign plainly, SSH keys as `ssh-keygen -Y` does.

    Raises:
        UsageError: it is neither.
    """
    text = read_bytes(path, BOUNDS.manifest).decode("utf-8", "replace")
    if text.startswith("-----BEGIN PUBLIC KEY-----"):
        return key_of_pem(text), "raw"
    return ssh_public_key(text), "sshsig"


def later(now: str, days: int) -> str:
    """Return the time so many days after `now`."""
    return (datetime.fromisoformat(now) + timedelta(days=days)).strftime(_TIME)
