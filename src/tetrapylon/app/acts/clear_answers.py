"""Begin an asset's log of answers anew, after its evidence was sealed.

What it does: removes `.tetrapylon/answers/ASSET.jsonl`; the program that writes it makes a new one with its next answer.
Why it matters: what leaked must not lie about in logs that many can read, and an old leak must not hide a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError

ARGUMENTS = {"asset": "the id of the model", "reason": "why, for the record"}


@dataclass(frozen=True)
class ClearAnswers:
    """The act, bound to one log."""

    path: Path
    name: str = "clear-answers"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [f"remove `{self.path.name}`", "probe that it is gone, or holds newer answers only"]

    def do(self) -> Outcome:
        """Remove it; what is not there stays so."""
        self.path.unlink(missing_ok=True)
        return Outcome(done=True, detail=("the log of answers begins anew",))

    def undo(self) -> Outcome:
        """What was sealed can be read from the bundle."""
        return Outcome(done=False, detail=("the answers are in the sealed evidence",))

    def probe(self) -> Outcome:
        """Look whether it is gone."""
        gone = not self.path.exists()
        return Outcome(done=gone, detail=("it is gone",) if gone else ("it is there",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> ClearAnswers:
    """Return the act for the log of one model.

    Raises:
        UsageError: the manifest declares no such model.
    """
    del passphrase
    asset = str(arguments.get("asset", ""))
    if asset not in {each["id"] for each in project.facts.get("model", ())}:
        raise UsageError(f"the manifest declares no model `{asset[:64]}`", code="no-such-id")
    bound = {"asset": asset, "reason": str(arguments.get("reason", ""))}
    return ClearAnswers(project.state("answers", f"{asset}.jsonl"), arguments=bound)
