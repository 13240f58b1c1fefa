"""Hash and sign a model the moment its training ends, and say what it was made of.

What is left: the signature beside each model, an `integrity-check` (event `trained`) with the seconds between the end of
training and the signed digest, and a SLSA provenance statement with the digests of datasets, code and locks. Nothing is
written before every model was hashed and what they are made of was compared; an exception in the training never gets here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.deploy.integrity.files import read_model
from tetrapylon.deploy.integrity.sign import inside_of, signature_path
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.oms import WHOLE, OmsManifest, sign_oms
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.kernel.errors import MissingError, RefusedError
from tetrapylon.outside.clock import Clock, SystemClock
from tetrapylon.outside.files import write_atomic
from tetrapylon.outside.tree import hash_path
from tetrapylon.system.assets import Asset

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

BUILD_TYPE = "https://tetrapylon.example/training/v1"
BUILDER = "https://tetrapylon.example/training-hook"

Footprint = frozenset[tuple[str, int, int, int]]
"""Name, inode, size and time of the last change (ns) of each file of a model: differs as soon as one was written."""


@dataclass(frozen=True)
class Training:
    """One training: of which models, from what, since when."""

    models: Mapping[str, Path]
    """Where each model is written, by id."""

    materials: tuple[Asset, ...]
    """Datasets, code and locks as they were when training began."""

    started: str
    system: str
    tool: Mapping[str, Json]
    signatures: Mapping[str, Path] = field(default_factory=dict)
    """Where the signature of a model belongs, by id, if not beside it."""

    before: Mapping[str, Footprint] = field(default_factory=dict)
    """What lay where the models are to be written; see `begin`."""

    def signature(self, model: str) -> Path:
        """Return where the signature of a model is written."""
        return self.signatures.get(model) or signature_path(self.models[model])


@dataclass(frozen=True)
class _Signed:
    """One model that was hashed, and the signature that is to be written."""

    name: str
    target: Path
    bundle: bytes
    subject: Subject
    files: int


def begin(training: Training) -> Training:
    """Return the training with a note of what lies where its models will be, so that a model nobody wrote is not signed."""
    footprints = {name: _footprint(path) for name, path in training.models.items()}
    return Training(training.models, training.materials, training.started, training.system, training.tool, training.signatures, footprints)


def finish(
    training: Training, materials: Callable[[], Sequence[Asset]], key: EllipticCurvePrivateKey, ended: str, clock: Clock | None = None
) -> list[Observation]:
    """Hash and sign each model and return what is to be recorded.

    Args:
        training: What `begin` returned.
        materials: Hashes the materials again; it is asked after the models were hashed, because datasets can be large.
        key: The build key.
        ended: When training ended.
        clock: Tells when the digests were signed (default: the machine's).

    Raises:
        RefusedError: what the model was made of changed while it was trained (`materials-changed`), or a model was not
            written (`not-trained`).
        MissingError: a model is not there (`not-trained`).
    """
    signed = [_signed(training, name, key) for name in training.models]
    now = (clock or SystemClock()).now()
    _unchanged(training.materials, materials())
    for each in signed:
        write_atomic(each.target, each.bundle)
    return [seen for each in signed for seen in _seen(training, each, ended, now)]


def _footprint(path: Path) -> Footprint:
    files = [path, *sorted(path.rglob("*"))] if path.is_dir() else [path]
    found = [(each, each.stat()) for each in files if each.is_file()]
    return frozenset((str(each), one.st_ino, one.st_size, one.st_mtime_ns) for each, one in found)


def _signed(training: Training, name: str, key: EllipticCurvePrivateKey) -> _Signed:
    path, target = training.models[name], training.signature(name)
    now, hint = _footprint(path), "write the model inside the block that trains it"
    if not now:
        raise MissingError(f"training ended and there is no model `{name}`", hint=hint, code="not-trained")
    if now == training.before.get(name):
        raise RefusedError(f"training ended and model `{name}` was not written", hint=hint, code="not-trained")
    manifest = read_model(path, inside_of(path, target))
    digest = _asset_digest(training, name, manifest)
    return _Signed(name, target, sign_oms(manifest, key), Subject(name, digest), len(manifest.resources))


def _asset_digest(training: Training, name: str, manifest: OmsManifest) -> Digest:
    """Return the digest of the model as an asset: of a file the signed one, of a folder the one over names and digests."""
    if manifest.resources[0].name == WHOLE:
        return manifest.resources[0].digest
    return hash_path(training.models[name], without=training.signatures.get(name))


def _unchanged(before: Sequence[Asset], after: Sequence[Asset]) -> None:
    digests = {(each.kind, each.id): each.digest for each in after}
    for each in before:
        if digests.get((each.kind, each.id)) != each.digest:
            raise RefusedError(f"{each.kind} `{each.id}` changed while the model was trained", hint="train again", code="materials-changed")


def _seen(training: Training, signed: _Signed, ended: str, now: str) -> list[Observation]:
    subjects = (signed.subject,)
    provenance = _provenance(training, signed, ended)
    return [
        Observation("integrity-check", subjects, _trained(training, signed, ended, now), training.started, now, "build"),
        Observation("slsa-provenance", subjects, provenance, training.started, now, "build"),
    ]


def _trained(training: Training, signed: _Signed, ended: str, now: str) -> dict[str, Json]:
    lag = datetime.fromisoformat(now) - datetime.fromisoformat(ended)
    return {
        "event": "trained",
        "checked": signed.files,
        "mismatched": 0,
        "missing": 0,
        "signed": True,
        "signature": sha256(signed.bundle),
        "lagSeconds": max(0, int(lag.total_seconds())),
        "tool": dict(training.tool),
    }


def _provenance(training: Training, signed: _Signed, ended: str) -> dict[str, Json]:
    """Return SLSA provenance v1; the invocation's id follows from what was built from what, and when that began."""
    materials = [
        {"name": f"{each.kind}:{each.id}", "digest": {"sha256": digest_hex(each.digest)}, "annotations": {"kind": each.kind}}
        for each in sorted(training.materials, key=lambda each: (each.kind, each.id))
    ]
    parameters = {"system": training.system, "model": signed.name}
    invocation = sha256(canonical_json([parameters, materials, signed.subject.digest, training.started]))
    return {
        "buildDefinition": {"buildType": BUILD_TYPE, "externalParameters": parameters, "resolvedDependencies": materials},
        "runDetails": {
            "builder": {"id": BUILDER, "version": {str(training.tool["name"]): str(training.tool["version"])}},
            "metadata": {"invocationId": invocation, "startedOn": training.started, "finishedOn": ended},
        },
    }
