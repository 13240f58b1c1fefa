"""Write the passport of a recorded decision, and read one from disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.decide import RELEASE_MANAGER, RecordedDecision, recorded_basis
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Recorder
from tetrapylon.deploy.release.limits import FILE as LIMITS
from tetrapylon.evidence.ledger import Ledger
from tetrapylon.evidence.signer import sign_envelope
from tetrapylon.kernel.errors import IntegrityError, MissingError, StorageError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes, write_atomic
from tetrapylon.posture.decision import read_decision
from tetrapylon.posture.inventory import DOCUMENTS, PASSPORT_FILE, PASSPORT_TYPE
from tetrapylon.posture.passport import Contents, Evidence, passport_files, passport_payload
from tetrapylon.responsibility.provider.publish import folder_in

ADVISORIES = ".well-known/csaf/*/*/*.json"
MOST_ADVISORIES = 200


def make_passport(recorder: Recorder, decided: RecordedDecision, level: str) -> dict[str, bytes]:
    """Return every file of the signed passport of a decision."""
    project = recorder.project
    ledger = wiring.open_ledger(project)
    note = recorder.publish(ledger)
    decision = read_decision(ledger.store.get(decided.digest))
    contents = Contents(
        basis=recorded_basis(ledger, decision),
        decision=decision,
        level=level,
        evidence=_evidence(ledger),
        checkpoint_note=note,
        checkpoint_origin=wiring.load_trust(project).root.origin,
        roots=wiring.root_files(project),
        attachments={**_signatures(project), **_documents(project)},
    )
    files = passport_files(contents)
    signer = wiring.signer_for(project, RELEASE_MANAGER, recorder.passphrase)
    files[PASSPORT_FILE] = sign_envelope(passport_payload(contents, files), PASSPORT_TYPE, [signer]).to_bytes()
    return files


def _evidence(ledger: Ledger) -> list[Evidence]:
    return [Evidence(index, leaf, ledger.envelope(leaf)) for index, leaf in enumerate(ledger.leaves())]


def _signatures(project: Project) -> dict[str, bytes]:
    """Return the models' OpenSSF signatures, so that a consumer can check files without us."""
    found: dict[str, bytes] = {}
    for model in project.facts.get("model", ()):
        path = project.root / model.get("signature", f"{model.get('path', '')}.sig")
        if "path" in model and path.is_file():
            found[f"models/{model['id']}.sig"] = read_bytes(path, BOUNDS.json)
    return found


def _documents(project: Project) -> dict[str, bytes]:
    """Return what customers are told beside the claims: measured limits and advisories. Cards stay out: they name staff."""
    folder = project.root / folder_in(project.root, project.facts)
    told = {folder / LIMITS: LIMITS} | {path: f"advisories/{path.name}" for path in sorted(folder.glob(ADVISORIES))[:MOST_ADVISORIES]}
    return {f"{DOCUMENTS}{name}": read_bytes(path, BOUNDS.json) for path, name in told.items() if path.is_file() and not path.is_symlink()}


def write_passport(files: Mapping[str, bytes], target: Path) -> None:
    """Write the passport into a new folder, whole or not at all.

    Raises:
        UsageError: something else is there.
        StorageError: the medium refused; nothing was left behind.
    """
    if target.exists() and not (target / PASSPORT_FILE).is_file():
        raise UsageError(f"`{target}` is there and is not a passport", hint="name another folder with `--out`", code="exists")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise StorageError(f"`{target.parent}` cannot be written: {error.strerror}", hint="name another folder with `--out`") from error
    try:
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            write_atomic(fresh / name, data)
        fresh.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def read_passport(folder: Path) -> dict[str, bytes]:
    """Return the files of a passport's folder by name.

    Raises:
        MissingError: there is no such folder.
        IntegrityError: it holds something that is not a plain file, or more than a passport can.
    """
    if not folder.is_dir():
        raise MissingError(f"there is no passport `{folder}`", hint="name the passport's folder", code="no-passport")
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise IntegrityError(f"`{name}` in the passport is not a plain file", code="file-added")
        if path.is_file():
            files[name] = read_bytes(path, BOUNDS.passport)
        if len(files) > BOUNDS.files:
            raise IntegrityError(f"the passport holds more than {BOUNDS.files} files", code="file-added")
    return files
