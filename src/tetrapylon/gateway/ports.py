"""What the gateway is handed at start; nothing is looked up for each request.

`app/serving.py` builds one object for each of these from the manifest. Whoever implements one MUST fail by raising:
the gateway answers an exception with 503 and lets nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol

from tetrapylon.journal.entry import Entry, Sealed
from tetrapylon.system.caller import Caller

__all__ = ["Authoriser", "Caller", "Entry", "Guards", "Journal", "Keys", "Look", "Sealed", "Switch", "Verdict", "Watch"]


class Verdict(Enum):
    """What is to be done with what was looked at; ascending, and the worst wins."""

    ALLOW = "allow"
    ADVISE = "advise"
    REDACT = "redact"
    HOLD = "hold"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Look:
    """One finding of a guard; `start` and `end` are offsets in the text that was given."""

    verdict: Verdict
    rule: str = ""
    why: str = ""
    start: int = 0
    end: int = 0
    replacement: str = ""


class Guards(Protocol):
    """Everything that looks at what goes in and what comes out."""

    hold_back: int
    """Characters of a stream that must not leave yet."""

    def text(self, text: str, *, direction: Literal["in", "out"], data_class: str) -> tuple[Look, ...]:
        """Return what was found in a text."""
        ...

    def image(self, data: bytes, *, model: str) -> tuple[Look, ...]:
        """Return what was found in an image for a model."""
        ...

    def tool_call(self, caller: Caller, tool: str, arguments: str) -> Look:
        """Judge a tool call: allow-list, JSON Schema, effect, budget, approval (then HOLD)."""
        ...

    def apply(self, text: str, looks: Sequence[Look]) -> str:
        """Return the text with what is to be redacted replaced."""
        ...


class Authoriser(Protocol):
    """Decides who may do what; whatever is not granted is denied."""

    digest: str
    """The digest of the policies in force."""

    def may(
        self, caller: Caller, action: Literal["chat", "infer", "call", "read", "write"], resource: str, data_class: str = "internal"
    ) -> tuple[bool, str]:
        """Return whether, and why."""
        ...


class Keys(Protocol):
    """The keys that callers hold."""

    def find(self, token: str) -> Caller | None:
        """Return who holds a token, in constant time; a revoked or expired one is nobody's."""
        ...


class Journal(Protocol):
    """The sealed record of what went through."""

    async def append(self, entry: Entry) -> Sealed:
        """Return once the entry is on the disk.

        Raises:
            StorageError: it could not be written; then nothing is answered.
        """
        ...


class Watch(Protocol):
    """Counts behaviour."""

    def observe(self, event: Mapping[str, Any]) -> None:
        """Take note of {time, tenant, principal, model, route, status, seconds, tokensIn, tokensOut, verdict, rules, tool, ood?}."""
        ...


class Switch(Protocol):
    """The kill switch, and the routes that acts have closed."""

    def closed(self, route: str) -> str | None:
        """Return why a route such as `chat:assistant` is closed, or None."""
        ...
