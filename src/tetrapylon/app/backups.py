"""Backups: encrypted to a key that is not here, listed and signed, restored digest by digest, and out of the system's reach."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tetrapylon.app import wiring
from tetrapylon.app.bundles import RECIPIENT, Bundle, recipient_of
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project, prepare_state
from tetrapylon.app.recording import Recorder
from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Statement, Subject, read_statement
from tetrapylon.evidence.trust import Trust, check_signature, verify_chain
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import IntegrityError, MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.outside.age import check_recipient, decrypt, make_identity, read_identity
from tetrapylon.outside.archive import is_plain, read_archive
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import hash_file, make_folder, read_bytes, write_atomic
from tetrapylon.outside.listing import regular_files

ENDING = ".tar.age"
SCHEMA = "tetrapylon/backup/1"

LEFT_OUT = ("keys", "quarantine", "draft", "known-good", "passport", "answers", "incidents", "canaries")
"""Parts of the state's folder that are no part of a backup: private keys have their own copies, and the rest is no good state."""


@dataclass(frozen=True)
class Opened:
    """A backup whose signature and list were verified."""

    path: Path
    digest: Digest
    about: Mapping[str, Any]
    files: Mapping[str, tuple[Digest, int]]


def make_key(directory: str | None, out: str) -> str:
    """Make the private key of the backups outside the project, and note its recipient in the project.

    Raises:
        UsageError: the private key would lie within the system that it protects (`inside`).
    """
    project = open_project(directory)
    path = Path(out).resolve()
    if path.is_relative_to(project.root):
        raise UsageError("the private key of the backups does not belong into the system", hint="name a file elsewhere", code="inside")
    recipient = make_identity(path)
    prepare_state(project)
    write_atomic(project.state(RECIPIENT), f"{recipient}\n".encode())
    return recipient


def create(directory: str | None, to: str, recipient: str | None, passphrase_file: str | None) -> dict[str, Any]:
    """Write a backup and its signed statement.

    Raises:
        UsageError: there is no recipient, or the folder lies within the project.
        StorageError: the medium refused; nothing was left behind.
    """
    project, folder = open_project(directory), Path(to).resolve()
    wanted = recipient or recipient_of(project)
    if wanted is None:
        hint = "run `tetrapylon deploy backup key --out FILE` and keep FILE elsewhere, or give `--recipient`"
        raise UsageError("nobody said to whom backups are encrypted", hint=hint, code="no-recipient")
    if folder.is_relative_to(project.root):
        raise UsageError("a backup does not belong into the system that it is of", hint="name a folder elsewhere", code="inside")
    make_folder(folder, 0o700)
    now = SystemClock().now()
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=now)
    bundle, skipped = _bundle(project, now)
    path = folder / f"{project.system_id}-{now.replace(':', '').replace('-', '').lower()}{ENDING}"
    if path.exists():
        raise RefusedError(f"`{path.name}` exists already", hint="wait a second", code="exists")
    bundle.write(path, check_recipient(wanted))
    digest = hash_file(path)
    about = {"act": "back-up", "arguments": {"at": now, "files": str(len(bundle.files)), "recipient": wanted}, "done": True}
    envelope = recorder.sign(
        recorder.statement(Observation("act", (Subject(path.name, digest),), about, now, now, "responder")), ["responder"]
    )
    write_atomic(path.with_name(f"{path.name}.sig.json"), envelope.to_bytes(), 0o600)
    record = recorder.append([envelope])[0].index if recorder.to_log else None
    return {
        "schema": "tetrapylon/backup-made/1",
        "file": path.name,
        "digest": digest,
        "files": len(bundle.files),
        "skipped": skipped,
        "bytes": path.stat().st_size,
        "record": record,
        "exit": 0,
    }


def _bundle(project: Project, now: str) -> tuple[Bundle, list[str]]:
    names, skipped = regular_files(project.root, (".git", ".venv", "__pycache__"), tuple(f".tetrapylon/{each}" for each in LEFT_OUT))
    files = {each: (hash_file(project.root / each), (project.root / each).stat().st_size) for each in names}
    facts = project.facts["system"]
    about = {"schema": SCHEMA, "system": facts["id"], "release": facts["release"], "at": now, "skipped": skipped}
    return Bundle(project.root, files, about), skipped


def trust_of(project: Project | None, given: str | None) -> Trust:
    """Return the root that a backup's signature is checked against: the one given, or the project's own.

    Raises:
        MissingError: there is neither.
    """
    if given is not None:
        data = read_bytes(Path(given))
        return verify_chain([data], data, check_native)
    if project is None:
        raise MissingError("there is no root of trust to check the backup against", hint="give `--trust FILE`", code="no-trust")
    return wiring.load_trust(project)


def read_backup(path: Path, identity: str, trust: Trust, target: Path | None) -> Opened:
    """Check signature, digest and every file of a backup; with a target, write the files there.

    Raises:
        IntegrityError: anything about it is not what was signed.
    """
    statement = _signed(path, trust)
    digest = hash_file(path)
    if digest not in statement.digests():
        raise IntegrityError(f"`{path.name}` is not what was signed when it was made", hint="use another backup", code="backup-changed")
    seen: dict[str, Any] = {}

    def expect(index: bytes) -> Mapping[str, tuple[str, int]]:
        seen.update(_index(index))
        return {name: (each["digest"], each["size"]) for name, each in seen["files"].items()}

    def read(stream: IO[bytes]) -> None:
        read_archive(stream, expect, target)

    decrypt(path, identity, read)
    files = {name: (Digest(each["digest"]), int(each["size"])) for name, each in seen["files"].items()}
    return Opened(path, digest, seen, files)


def _signed(path: Path, trust: Trust) -> Statement:
    envelope: Envelope = read_envelope(read_bytes(path.with_name(f"{path.name}.sig.json")), f"`{path.name}.sig.json`")
    statement = read_statement(envelope.payload, f"`{path.name}.sig.json`")
    at = str(statement.predicate.get("arguments", {}).get("at", ""))
    # Judged as of when it was made: a key that ended later does not spoil older backups.
    grants = check_signature(envelope, trust, check_native, at).verified
    if statement.predicate.get("act") != "back-up" or not any("responder" in each.roles for each in grants):
        raise IntegrityError(f"`{path.name}` was not signed as a backup by a responder", code="backup-changed")
    return statement


def _index(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
        good = found["schema"] == SCHEMA and all(
            is_plain(name) and isinstance(each["digest"], str) and isinstance(each["size"], int) for name, each in found["files"].items()
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        good, found = False, {}
    if not good or not isinstance(found, dict):
        raise IntegrityError("the backup's list is not of the form that was asked for", code="bad-archive")
    return found


def newest(folder: Path) -> Path:
    """Return the newest backup in a folder, by name.

    Raises:
        MissingError: there is none (`no-backup`).
    """
    found = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    if not found:
        raise MissingError(f"there is no backup in `{folder}`", hint="make one with `tetrapylon deploy backup create`", code="no-backup")
    return found[-1]


def verify(directory: str | None, source: str, identity: str, trust: str | None) -> dict[str, Any]:
    """Check a backup, or the newest in a folder, without writing anything."""
    project = _project(directory) if trust is None else None
    path = Path(source)
    found = read_backup(newest(path) if path.is_dir() else path, read_identity(Path(identity)), trust_of(project, trust), None)
    return _said(found, "verified")


def restore(directory: str | None, source: str, identity: str, to: str, trust: str | None) -> dict[str, Any]:
    """Restore a backup into a new folder; it appears there whole or not at all.

    Raises:
        RefusedError: there is something there already (`exists`).
    """
    project = _project(directory) if trust is None else None
    path, target = Path(source), Path(to).resolve()
    if target.exists():
        raise RefusedError(f"`{target}` exists already", hint="restore into a new folder, and compare", code="exists")
    part = target.with_name(f".{target.name}.part")
    make_folder(part, 0o700)
    try:
        found = read_backup(newest(path) if path.is_dir() else path, read_identity(Path(identity)), trust_of(project, trust), part)
        part.rename(target)
    finally:
        remove_tree(part)
    return {**_said(found, "restored"), "to": str(target)}


def remove_tree(path: Path) -> None:
    """Remove a folder and what is in it, if it is there."""
    import shutil

    shutil.rmtree(path, ignore_errors=True)


def _said(found: Opened, what: str) -> dict[str, Any]:
    return {
        "schema": "tetrapylon/backup-read/1",
        "what": what,
        "file": found.path.name,
        "digest": found.digest,
        "system": found.about["system"],
        "release": found.about["release"],
        "at": found.about["at"],
        "files": len(found.files),
        "exit": 0,
    }


def _project(directory: str | None) -> Project | None:
    try:
        return open_project(directory)
    except UsageError:
        return None


def differences(project: Project, restored: Path) -> Iterator[str]:
    """Yield what of the release is not the same in a restored folder: every declared file by its digest."""
    from tetrapylon.app.view import project_view

    for asset in project_view(project).assets:
        if asset.path is None or asset.kind in {"settings", "policy"}:
            continue
        place = restored / asset.path
        try:
            from tetrapylon.outside.tree import hash_path

            same = hash_path(place) == hash_path(project.root / asset.path)
        except TetrapylonError as error:
            yield f"{asset.kind} `{asset.id}`: {error.message}"
            continue
        if not same:
            yield f"{asset.kind} `{asset.id}` differs"
