"""What decides, looks and watches in a system that is served: the policies, guards and counters that its manifest asks for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.design.privilege.authorise import CedarAuthoriser
from tetrapylon.gateway.guarding import build_guards
from tetrapylon.gateway.guards.image import Detector
from tetrapylon.gateway.holds import Decided, Decisions
from tetrapylon.gateway.start import Parts
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.operate.monitor.watch import EventLog
from tetrapylon.responsibility.user.decisions import decision_path, load_trust, read_decision

if TYPE_CHECKING:
    from tetrapylon.app.serving import Serving


def build_parts(serving: Serving, passphrase_file: str | None = None) -> Parts:
    """Return the parts for a system.

    Raises:
        TetrapylonError: one of them cannot be built from what the manifest declares.
    """
    facts, project = serving.project.facts, serving.project
    return Parts(
        build_guards(facts, project.root, detect=detector(facts)),
        CedarAuthoriser(facts),
        EventLog(project.state("monitor")),
        decisions(project.state(), facts),
        check_command(project.root, passphrase_file),
    )


def check_command(root: Path, passphrase_file: str | None) -> tuple[str, ...]:
    """Return the command that holds the suppliers of a system against the evidence."""
    said = ("--passphrase-file", passphrase_file) if passphrase_file else ()
    return (sys.executable, "-m", "tetrapylon.cli.__main__", "develop", "failover", "check", "-C", str(root), *said)


def decisions(state: Path, facts: Mapping[str, Any]) -> Decisions:
    """Return what finds the decision on a held output, if one was made by a person whose signature counts."""

    def find(name: str, output: str) -> Decided | None:
        path = decision_path(state, name)
        if not path.is_file():
            return None
        found = read_decision(path, load_trust(state), facts)
        # Two calls can be alike to the last byte: a decision on one is none on the other.
        if found.output != output or found.hold != name:
            raise IntegrityError(f"`{path.name}` is about another output than the one that is held", code="subject-mismatch")
        return Decided("release" if found.action == "approve" else "refuse", found.person, found.reason, found.at)

    return find


def detector(facts: Mapping[str, Any]) -> Detector | None:
    """Return what looks for manipulated images, or None where no model reads any in a declared way."""
    steps = {each["id"]: step for each in facts.get("model", ()) for step in each.get("preprocess", ()) if step["op"] == "resize"}
    if not steps:
        return None

    def detect(data: bytes, model: str) -> tuple[str, float, str]:
        from tetrapylon.operate.monitor.inspecting import Resize, inspect_image

        step = steps.get(model)
        resize = None if step is None else Resize(tuple(step["size"]), step.get("library", "pil"), step.get("kernel", "bilinear"))
        found = inspect_image("the image", data, resize)
        if found.verdict is None or found.score is None:
            return "suspect", 0.5, found.why or "the image could not be judged"
        return found.verdict, found.score, found.why

    return detect
