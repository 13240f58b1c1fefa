"""One request as monitoring sees it: numbers and names, never what was asked or answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import parse_time

REFUSED = {"block", "hold"}
TRIGGERED = {"block", "hold", "redact", "advise"}
_BROKEN = 500
_TURNED_AWAY = {401, 403, 429}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One request: who asked which model, and how it went."""

    time: str
    tenant: str
    principal: str
    model: str
    status: int
    seconds: float
    tokens_in: int
    tokens_out: int
    verdict: str
    tool: str
    ood: bool

    @property
    def key(self) -> str:
        """What is compared with itself: a model for a tenant."""
        return f"{self.model}/{self.tenant}"

    def metrics(self) -> dict[str, float]:
        """Return what is watched, as numbers."""
        from math import log1p

        return {
            "refused": float(self.verdict in REFUSED or self.status in _TURNED_AWAY),
            "errors": float(self.status >= _BROKEN),
            "latency": log1p(max(self.seconds, 0.0) * 1000),
            "input": log1p(max(self.tokens_in, 0)),
            "output": log1p(max(self.tokens_out, 0)),
            "guards": float(self.verdict in TRIGGERED),
            "tools": float(bool(self.tool)),
            "unfamiliar": float(self.ood),
        }


def read_event(value: Any) -> Event:
    """Return the event that an object of a log or the gateway describes; what it says beyond is left out.

    Raises:
        UsageError: a member is missing or of another form (`bad-event`).
    """
    try:
        event = Event(
            str(value["time"]),
            _name(value, "tenant"),
            _name(value, "principal"),
            _name(value, "model"),
            int(value.get("status", 200)),
            float(value.get("seconds", 0.0)),
            int(value.get("tokensIn") or 0),
            int(value.get("tokensOut") or 0),
            str(value.get("verdict") or "allow"),
            _name(value, "tool"),
            bool(value.get("ood") or False),
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise UsageError(f"an event is not of the form that is read: {type(error).__name__}", code="bad-event") from error
    parse_time(event.time)
    if not 0 <= event.seconds < float("inf"):
        raise UsageError("an event took no time that there is", code="bad-event")
    return event


def _name(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return str(found)[:_LONGEST] if found is not None else ""
