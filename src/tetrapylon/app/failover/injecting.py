"""What a drill breaks: the process of a model, the standing of a supplier, the file of a model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.failover.exercise import Exercise, evidence_path, unswitch
from tetrapylon.app.failover.stage import Stage
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import ProjectView
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import read_bytes, write_atomic


@dataclass(frozen=True)
class Stopped:
    """The process of a model is ended with SIGKILL."""

    stage: Stage
    model: str
    trigger: str = "outage"

    def hurt(self) -> None:
        """End it."""
        self.stage.stop(self.model)

    def mend(self) -> None:
        """Start it again."""
        self.stage.run(self.model)


@dataclass(frozen=True)
class FailedSupplier:
    """A statement says that the supplier failed its examination: signed like any other, and kept out of the log."""

    exercise: Exercise
    view: ProjectView
    model: str
    passphrase_file: str | None
    trigger: str = "security-status"

    def hurt(self) -> None:
        """Write the statement where the drill's evidence is looked for."""
        now = SystemClock().now()
        asset = next(each for each in self.view.assets if (each.kind, each.id) == ("model-hosted", self.model))
        supplier = next((each.get("supplier", "") for each in self.view.facts["model"] if each["id"] == self.model), "")
        payload = {
            "supplier": supplier or self.model,
            "score": 0.0,
            "limit": 1.0,
            "checks": 1,
            "failed": ["failover-drill"],
            "answersOnly": 0,
            "beforeFirstUse": False,
            "expires": now,
            "tool": self.view.tool,
            "detail": ["an exercise: nothing is known against the supplier"],
        }
        observation = Observation("due-diligence", (Subject(asset.id, asset.digest),), payload, now, now, "scanner")
        recorder = Recorder(self.view.project, self.view.policy, wiring.read_passphrase(self.passphrase_file), now=now)
        envelope = recorder.sign(recorder.statement(observation), self.view.policy["roles"]["due-diligence"])
        write_atomic(evidence_path(self.view.project), envelope.to_bytes(), 0o600)

    def mend(self) -> None:
        """Take it away again, and go back."""
        evidence_path(self.view.project).unlink(missing_ok=True)
        unswitch(self.view.project)


@dataclass(frozen=True)
class Tampered:
    """The file of a model is taken away (an outage), or another stands in its place, a bit of which differs."""

    exercise: Exercise
    path: Path
    trigger: str

    @property
    def _away(self) -> Path:
        return self.path.with_name(f".{self.path.name}.drill")

    def hurt(self) -> None:
        """Take it away."""
        data = bytearray(read_bytes(self.path, BOUNDS.asset))
        data[len(data) // 2] ^= 1
        changed = bytes(data) if self.trigger == "security-status" else b""
        self.exercise.files.append([str(self.path), str(self._away), str(sha256(changed)) if changed else ""])
        self.exercise.save()
        self.path.replace(self._away)
        if changed:
            write_atomic(self.path, changed)

    def mend(self) -> None:
        """Put it back."""
        self._away.replace(self.path)
        self.exercise.files.pop()
        self.exercise.save()
