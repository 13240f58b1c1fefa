"""What persons decided, as the gateway asks: is there a decision on this very output whose signature counts?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tetrapylon.gateway.holds import Decided, Decisions
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.responsibility.user.decisions import decision_path, load_trust, read_decision


def decisions_in(state: Path, facts: Mapping[str, Json]) -> Decisions:
    """Return what looks decisions up in the folder of a system's state."""

    def decided(name: str, output: str) -> Decided | None:
        path = decision_path(state, name)
        if not path.is_file():
            return None
        # The root of trust is read each time: a key that was revoked releases nothing from the next second on.
        found = read_decision(path, load_trust(state), facts)
        if found.output != output or found.hold != name:
            raise IntegrityError(f"the decision on `{name}` is about another output", code="subject-mismatch")
        return Decided("release" if found.action == "approve" else "refuse", found.person, found.reason, found.at)

    return decided
