"""The training hook of a project: keys, materials and recording around a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.recording import Filed, Recorder
from tetrapylon.deploy.integrity.sign import load_private
from tetrapylon.deploy.integrity.training import Training, begin, finish
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.assets import hash_declared
from tetrapylon.outside.clock import SystemClock
from tetrapylon.system.assets import Asset, declared

MATERIALS = frozenset({"dataset", "code", "lock"})
"""Kinds of assets that a model is made of."""


@dataclass(frozen=True)
class Begun:
    """A training under way."""

    project: Project
    training: Training
    passphrase: bytes | None
    key: Path


def begin_training(models: Sequence[str], directory: str | Path | None, passphrase_file: str | Path | None) -> Begun:
    """Check everything that is needed before a training begins, and hash what the model will be made of."""
    project = open_project(directory)
    key = wiring.key_path(project, "build")
    if key is None:
        raise MissingError("this machine holds no build key", hint="run `tetrapylon trust init`", code="no-key")
    tool = {"name": "tetrapylon", "version": metadata.version("tetrapylon")}
    training = Training(_paths(project, models), materials(project), SystemClock().now(), project.system_id, tool, _signatures(project))
    return Begun(project, begin(training), wiring.read_passphrase(passphrase_file), key)


def end_training(begun: Begun) -> list[Filed]:
    """Hash and sign the models that were written, and file the evidence."""
    ended = SystemClock().now()
    key = load_private(begun.key, begun.passphrase)
    observations = finish(begun.training, lambda: materials(begun.project), key, ended)
    recorder = Recorder(begun.project, policy(begun.project), begun.passphrase, now=SystemClock().now())
    return recorder.file(observations)


def materials(project: Project) -> tuple[Asset, ...]:
    """Hash what models of this project are made of."""
    return tuple(hash_declared(project.root, [each for each in declared(project.manifest) if each.kind in MATERIALS]))


def _signatures(project: Project) -> dict[str, Path]:
    """Return where signatures belong that the manifest places elsewhere than beside the model."""
    return {each["id"]: project.root / each["signature"] for each in project.facts.get("model", ()) if "signature" in each}


def _paths(project: Project, wanted: Sequence[str]) -> dict[str, Path]:
    known = {each["id"]: each["path"] for each in project.facts.get("model", ()) if "path" in each}
    for each in wanted:
        if each not in known:
            raise UsageError(
                f"there is no model `{each}` with a path in the manifest",
                hint=f"models: {', '.join(known) or 'none'}",
                code="unknown-model",
            )
    return {each: project.root / known[each] for each in (wanted or known)}
