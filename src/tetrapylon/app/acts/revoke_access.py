"""End the keys by which callers of the running system are known: one, a principal's, or all.

What it does: revokes each of them that is still good; a running gateway refuses it within a second.
Why it matters: a key that outlives its system opens whatever takes the system's address next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.app.access import key_file
from tetrapylon.app.project import Project
from tetrapylon.kernel.act import Outcome
from tetrapylon.outside.clock import SystemClock

ARGUMENTS = {"key": "the id of one key", "principal": "whose keys end (default: everybody's)", "reason": "why, for the record"}


@dataclass(frozen=True)
class RevokeAccess:
    """The act."""

    project: Project
    principal: str
    key: str
    name: str = "revoke-access"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def _good(self) -> list[str]:
        now = SystemClock().now()
        every = key_file(self.project).every()
        chosen = [each for each in every if self.principal in {"", each.principal} and self.key in {"", each.id}]
        return [each.id for each in chosen if each.standing(now) == "valid"]

    def plan(self) -> list[str]:
        """Return the steps."""
        return [f"revoke {len(self._good())} access keys", "probe that none is good any more"]

    def do(self) -> Outcome:
        """Revoke them."""
        keys = key_file(self.project)
        ended = [keys.revoke(each).id for each in self._good()]
        return Outcome(done=True, detail=(f"{len(ended)} access keys were revoked",))

    def undo(self) -> Outcome:
        """Callers get new keys."""
        return Outcome(done=False, detail=("make new keys with `tetrapylon deploy access key create`",))

    def probe(self) -> Outcome:
        """Look whether any is still good."""
        left = self._good()
        return Outcome(done=not left, detail=(f"{len(left)} are good",) if left else ("none is good",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> RevokeAccess:
    """Return the act."""
    del passphrase
    bound = {key: str(arguments.get(key, "")) for key in ARGUMENTS if arguments.get(key)}
    return RevokeAccess(project, bound.get("principal", ""), bound.get("key", ""), arguments=bound)
