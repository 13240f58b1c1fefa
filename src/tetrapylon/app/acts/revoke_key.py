"""Revoke a signing key from now on, by a new version of the trust root.

What it does: signs and writes the next root, in which the key's grant ends now. Evidence that the log took before stays
valid; whatever the key signs later is refused.
Why it matters: a stolen key can sign in its holder's name until every verifier knows that it no longer may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.app.trusting import next_root
from tetrapylon.evidence.roots import RootChanges
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import SystemClock, parse_time

ARGUMENTS = {"keyid": "the key's id, or the first digits of it", "reason": "why, for the record"}


@dataclass(frozen=True)
class RevokeKey:
    """The act, bound to one key."""

    project: Project
    passphrase: bytes | None
    keyid: str
    reason: str
    name: str = "revoke-key"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        holder = wiring.load_trust(self.project).grant(self.keyid).holder
        version = wiring.load_trust(self.project).root.version + 1
        return [
            f"end the grant of `{holder}` ({self.keyid[:16]}…) now",
            f"sign version {version} of the trust root with the root keys",
            "probe that the key may sign no more",
        ]

    def do(self) -> Outcome:
        """Write the next root; a key that is revoked already is left as it is."""
        if self.probe().done:
            return Outcome(done=True, detail=("it was revoked already",))
        trust = wiring.load_trust(self.project)
        changes = RootChanges(expires=trust.root.expires, revoke={self.keyid: _next_second(SystemClock().now())})
        made = next_root(self.project, changes, self.passphrase)
        return Outcome(done=True, detail=(f"written {made.path.name}: hand it to your customers with the next passport",))

    def undo(self) -> Outcome:
        """A revocation is never taken back: the holder gets a new key."""
        return Outcome(done=False, detail=("a revocation cannot be undone; grant a new key with `tetrapylon trust rotate --grant`",))

    def probe(self) -> Outcome:
        """Look whether the root in force lets the key sign no more."""
        revoked = wiring.load_trust(self.project).grant(self.keyid).revoked_at
        return Outcome(done=revoked is not None, detail=(f"revoked at {revoked}",) if revoked else ("it may still sign",))


def _next_second(now: str) -> str:
    """Return the second after `now`: what the log took within this one was signed before the revocation, and stays."""
    return (parse_time(now) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> RevokeKey:
    """Return the act for one key.

    Raises:
        UsageError: the id is not of exactly one granted key.
    """
    wanted = str(arguments.get("keyid", ""))
    found = [keyid for keyid in wiring.load_trust(project).root.grants if wanted and keyid.startswith(wanted)]
    if len(found) != 1:
        raise UsageError(f"`{wanted[:64]}` names {len(found)} granted keys", hint="run `tetrapylon trust show`", code="unknown-key")
    reason = str(arguments.get("reason", ""))
    return RevokeKey(project, passphrase, found[0], reason, arguments={"keyid": found[0], "reason": reason})
