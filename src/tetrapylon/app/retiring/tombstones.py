"""Tombstones: the digests of what was retired and the keys that ended, signed, so that a successor can be held against them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.trusting import read_public_key
from tetrapylon.app.view import project_view
from tetrapylon.develop.debt.retirement import Retirement
from tetrapylon.evidence.envelope import read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject, read_statement
from tetrapylon.evidence.trust import check_signature, verify_chain
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.system.assets import Asset

NAME = "tombstones.json"
ACT = "tombstones"


def write_tombstones(recorder: Recorder, plan: Retirement, assets: tuple[Asset, ...]) -> Path:
    """Write and sign them; must be done while what they name is still there."""
    project, now = recorder.project, SystemClock().now()
    ended = {each.asset for each in plan.disposal if each.method == "delete"}
    about = [Subject(f"{each.kind}:{each.id}", each.digest) for each in assets if each.path is not None and each.id in ended]
    about += [Subject(f"key:{grant.holder}", Digest(f"sha256:{keyid}")) for keyid, grant in wiring.load_trust(project).root.grants.items()]
    said = {
        "act": ACT,
        "arguments": {"system": project.system_id, "release": str(project.facts["system"]["release"]), "at": now},
        "done": True,
    }
    envelope = recorder.sign(recorder.statement(Observation("act", tuple(about), said, now, now, "responder")), ["responder"])
    path = project.state("decommission", NAME)
    make_folder(path.parent)
    write_atomic(path, envelope.to_bytes())
    return path


@dataclass(frozen=True)
class Returned:
    """What of the retired came back in a system, and whether the tombstones' signature was checked."""

    what: tuple[str, ...]
    compared: int
    checked: bool


def compare(project: Project, path: Path, trust: str | None) -> Returned:
    """Hold a system against tombstones.

    Raises:
        IntegrityError: they are not tombstones, or not signed by a responder of the given root.
    """
    envelope = read_envelope(read_bytes(path), f"`{path.name}`")
    statement = read_statement(envelope.payload, f"`{path.name}`")
    if statement.predicate.get("act") != ACT:
        raise IntegrityError(f"`{path.name}` holds no tombstones", code="no-tombstones")
    if trust is not None:
        data = read_bytes(Path(trust))
        at = str(statement.predicate.get("arguments", {}).get("at", ""))
        grants = check_signature(envelope, verify_chain([data], data, check_native), check_native, at).verified
        if not any("responder" in each.roles for each in grants):
            raise IntegrityError(f"`{path.name}` was not signed by a responder", code="no-tombstones")
    retired = {each.digest: each.name for each in statement.subjects}
    found = [
        f"{each.kind} `{each.id}` is the retired {retired[each.digest]}" for each in project_view(project).assets if each.digest in retired
    ]
    return Returned(
        (*found, *(f"{name} is the retired {retired[key]}" for name, key in _keys(project) if key in retired)),
        len(retired),
        trust is not None,
    )


def _keys(project: Project) -> list[tuple[str, Digest]]:
    try:
        grants = wiring.load_trust(project).root.grants.items()
        found = [(f"the key of `{each.holder}`", Digest(f"sha256:{keyid}")) for keyid, each in grants]
    except MissingError:
        found = []
    for each in project.facts.get("person", ()):
        try:
            found.append((f"the key of `{each['id']}`", Digest(f"sha256:{read_public_key(project.root / each['key'])[0].keyid}")))
        except (TetrapylonError, KeyError):
            # Whoever has no key yet brings no retired one back.
            continue
    return found
