"""Which store, which keys, which trust root: the only place that chooses parts for a project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.app.project import Project
from tetrapylon.evidence.ledger import Ledger
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.evidence.trust import Trust, verify_chain
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

if TYPE_CHECKING:
    from tetrapylon.evidence.signer import Signer

DEMO_SUFFIX = "-demo"
LOG_KEYS = ("log-ed25519", "log-mldsa44")
PASSPHRASE_VARIABLE = "TETRAPYLON_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable that names a file


def open_ledger(project: Project) -> Ledger:
    """Return the project's log; a new one is empty."""
    return Ledger(open_store(str(project.state("ledger"))))


def root_files(project: Project) -> list[bytes]:
    """Return the versions of the trust root, oldest first."""
    folder = project.state("trust")
    paths = sorted(
        folder.glob("*.root.json"), key=lambda each: int(each.name.partition(".")[0]) if each.name.partition(".")[0].isdecimal() else 0
    )
    return [read_bytes(each, BOUNDS.json) for each in paths]


def load_trust(project: Project) -> Trust:
    """Return the project's own trust root, whole and verified.

    Raises:
        MissingError: there is none yet (`no-trust`).
        IntegrityError: it is broken.
    """
    roots = root_files(project)
    if not roots:
        raise MissingError("this system has no trust root yet", hint="run `tetrapylon trust init`", code="no-trust")
    return verify_chain(roots, roots[0], check_native)


def read_passphrase(given: str | Path | None) -> bytes | None:
    """Return the passphrase in the file that was given, or that the environment names; None where neither is."""
    path = given or os.environ.get(PASSPHRASE_VARIABLE)
    return read_bytes(Path(path), BOUNDS.key).rstrip(b"\r\n") if path else None


def key_path(project: Project, name: str) -> Path | None:
    """Return the file of a private key by role or name, or None where this machine does not hold it."""
    for stem in (name, f"{name}{DEMO_SUFFIX}"):
        path = project.state("keys", f"{stem}.pem")
        if path.is_file():
            return path
    return None


def find_signer(project: Project, name: str, passphrase: bytes | None) -> Signer | None:
    """Return the signer for a role, or None where this machine does not hold its key."""
    from tetrapylon.evidence.signers.file import load_key

    path = key_path(project, name)
    return None if path is None else load_key(path, passphrase)


def signer_for(project: Project, roles: Sequence[str], passphrase: bytes | None) -> Signer:
    """Return the first signer that this machine holds among the roles.

    Raises:
        MissingError: it holds none (`no-key`).
    """
    for role in roles:
        found = find_signer(project, role, passphrase)
        if found is not None:
            return found
    raise MissingError(
        f"this machine holds no key for the role {' or '.join(roles)}",
        hint="run `tetrapylon keys list` to see which it holds",
        code="no-key",
    )


def log_signers(project: Project, passphrase: bytes | None) -> list[Signer] | None:
    """Return both keys of the log, or None where this machine is not the one that keeps the log."""
    found = [find_signer(project, name, passphrase) for name in LOG_KEYS]
    held = [each for each in found if each is not None]
    return held if len(held) == len(LOG_KEYS) else None
