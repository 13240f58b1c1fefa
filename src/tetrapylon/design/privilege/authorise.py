"""Decides who may do what while the system runs: by the Cedar engine, and for a second from memory.

What it does: implements the gateway's port `Authoriser`. A decision is remembered for at most a second, by principal, action,
resource, class of data and the digest of the policies, so a change of the manifest counts at once.
Why it matters: whatever is not granted is denied, for services as well as for people, and a fault denies as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from tetrapylon.design.privilege.cedar import Policies
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest

SECONDS = 1.0
"""For which a decision is remembered."""

_MOST = 10_000
"""Decisions that are remembered; a caller chooses the names in them, so they are bounded."""


class Asking(Protocol):
    """Who asks: the part of the gateway's `Caller` that decides."""

    @property
    def principal(self) -> str:
        """The id in the manifest."""
        ...

    @property
    def kind(self) -> Literal["group", "service", "person"]:
        """The table of the manifest."""
        ...


class CedarAuthoriser:
    """Decides by the policies of one manifest."""

    def __init__(self, facts: Mapping[str, Json], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[str, ...], tuple[float, tuple[bool, str]]] = {}
        self.use(facts)

    def use(self, facts: Mapping[str, Json]) -> None:
        """Decide by another manifest from now on.

        Raises:
            UndecidedError: its policies cannot be used; then the old ones stay.
        """
        policies = Policies(facts)
        policies.check()
        _ = policies.handles
        self._policies = policies
        self.digest: Digest = policies.digest
        """The digest of the policies in force."""

    def may(
        self,
        caller: Asking,
        action: Literal["chat", "infer", "call", "read", "write"],
        resource: str,
        data_class: str = "internal",
    ) -> tuple[bool, str]:
        """Return whether a caller may, and by which policy or why not."""
        key = (caller.kind, caller.principal, action, resource, data_class, self.digest)
        now = self._clock()
        known = self._known.get(key)
        if known is not None and now - known[0] < SECONDS:
            return known[1]
        try:
            found = self._policies.decide((caller.kind, caller.principal), action, resource, data_class)
        except (ValueError, TypeError) as error:
            return False, f"it could not be decided: {type(error).__name__}"
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now, found)
        return found
