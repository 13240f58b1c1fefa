"""What a detector of the running system looks at and what it says; detectors are files of `app/detectors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.clock import SystemClock


@dataclass
class Watched:
    """One asset that is watched, and what a detector remembers between two looks."""

    asset: str
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sighting:
    """Something that must not be, with the evidence of it."""

    evidence: tuple[Observation, ...]
    why: str


def alarm(detector: str, watched: Watched, seen: bytes, why: str) -> Sighting:
    """Return a sighting whose evidence is an `alarm`."""
    now, digest = SystemClock().now(), sha256(seen)
    payload: Mapping[str, Any] = {"detector": detector, "asset": watched.asset, "seen": digest, "detail": [why]}
    return Sighting((Observation("alarm", (Subject(watched.asset, digest),), payload, now, now, "scanner"),), why)


def model_of(project: Project, asset: str) -> Mapping[str, Any]:
    """Return the table of a model in the manifest, an empty one if there is none."""
    found: Mapping[str, Any] = next((each for each in project.facts.get("model", ()) if each["id"] == asset), {})
    return found
