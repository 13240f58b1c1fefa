"""One request on its way through: who asks, what was found so far, and what the journal holds of it.

The steps stand here in the order in which a handler takes them; each either goes on or raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from tetrapylon.gateway.ports import Caller, Entry, Look, Sealed, Verdict
from tetrapylon.gateway.refusal import RefusedRequestError
from tetrapylon.gateway.upstream.client import Turn
from tetrapylon.gateway.wired import Wired
from tetrapylon.journal.entry import Kind

ORDER = {verdict: number for number, verdict in enumerate(Verdict)}
"""The worst wins."""

CHARACTERS = 4
"""To a token, about: what is counted before a model counted."""

MOST_RULES = 16
"""That an entry of the journal names."""


FAILED = "guard-failed"
"""The rule that guards name when they failed themselves."""


class GuardError(Exception):
    """A guard failed: nobody knows what it would have found."""


def worst(looks: Sequence[Look]) -> Verdict:
    """Return the worst verdict of some findings."""
    return max((each.verdict for each in looks), key=ORDER.__getitem__, default=Verdict.ALLOW)


@dataclass(slots=True)
class Exchange:
    """What is known of one request."""

    wired: Wired
    caller: Caller
    route: str
    began: float
    data_class: str = "internal"
    model: str = ""
    subject: str = ""
    """Whose data it is, within the tenant."""

    verdict: Verdict = Verdict.ALLOW
    rules: list[str] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0
    tool: str = ""
    served_by: str = ""
    status: int = 200
    number: int = 0
    """Of this request among those that the journal keeps."""

    retrieved: str | None = ""
    """Which data was retrieved for it; None where that is not known, as with the result of a tool."""

    fresh: list[Look] = field(default_factory=list)
    """Findings since the last entry of the journal."""

    def check_open(self, route: str) -> None:
        """Refuse a route that was closed.

        Raises:
            RefusedRequestError: it was.
        """
        why = self.wired.switch.closed(route)
        if why is not None:
            raise RefusedRequestError(503, "closed", f"`{route}` is closed: {why}", headers=(("retry-after", "60"),))

    def authorise(self, action: Literal["chat", "infer", "call", "read", "write"], resource: str) -> None:
        """Refuse what the caller was not granted.

        Raises:
            RefusedRequestError: it was not.
        """
        may, why = self.wired.authoriser.may(self.caller, action, resource, self.data_class)
        if may is not True:
            said = f"`{self.caller.principal}` may not {action} `{resource}` with {self.data_class} data: {why}"
            raise RefusedRequestError(403, "not_authorised", said, journalled=True)

    def judge(self, looks: Sequence[Look]) -> Verdict:
        """Take note of what a guard found, and return the worst of it.

        Raises:
            GuardError: it failed.
        """
        if not looks:
            return Verdict.ALLOW
        if any(each.rule == FAILED for each in looks):
            raise GuardError
        self.fresh += looks
        self.rules += [each.rule for each in looks if each.rule]
        found = worst(looks)
        if ORDER[found] > ORDER[self.verdict]:
            self.verdict = found
        return found

    def text_in(self, text: str, param: str) -> str:
        """Return a text that goes in, with what must not go in taken out.

        Raises:
            RefusedRequestError: it must not go in at all.
        """
        looks = self.wired.guards.text(text, direction="in", data_class=self.data_class)
        return self.wired.guards.apply(text, looks) if self.stop_in(looks, param) is Verdict.REDACT else text

    def stop_in(self, looks: Sequence[Look], param: str) -> Verdict:
        """Return the verdict on something that goes in, if it may.

        Raises:
            RefusedRequestError: it may not.
        """
        found = self.judge(looks)
        if ORDER[found] >= ORDER[Verdict.HOLD]:
            rules = tuple(each.rule for each in looks if each.verdict is found)
            why = next((each.why for each in looks if each.verdict is found and each.why), "a guard stopped it")
            raise RefusedRequestError(400, "content_filter", f"refused by `{rules[0]}`: {why}", param, journalled=True, rules=rules)
        return found

    def redacted(self, body: bytes) -> bytes:
        """Return what was refused as the journal keeps it: without what guards would have taken out."""
        text = body.decode("utf-8", "replace")
        looks = [
            each for each in self.wired.guards.text(text, direction="in", data_class=self.data_class) if each.verdict is Verdict.REDACT
        ]
        self.fresh += looks
        return self.wired.guards.apply(text, looks).encode() if looks else body

    async def record(self, kind: Kind, body: bytes, **labels: str) -> Sealed:
        """Have the journal keep something, and return once it is on the disk.

        Raises:
            StorageError: it could not be kept: then nothing may be answered.
        """
        found, self.fresh = self.fresh, []
        said = {"class": self.data_class, "key": self.caller.key_id, "verdict": worst(found).value, **labels}
        if found:
            said["rules"] = ",".join(dict.fromkeys(each.rule for each in found[:MOST_RULES]))
        if any(each.verdict is Verdict.REDACT for each in found):
            said["redacted"] = "by the guards"
        if self.served_by:
            said["served-by"] = self.served_by
        if kind not in {"access", "event"}:
            self.number = self.number or next(self.wired.numbers)
            said["sequence"] = str(self.number)
            if self.retrieved is not None:
                said["data"] = self.retrieved
        subject = self.subject or self.caller.principal
        return await self.wired.journal.append(
            Entry(kind, self.caller.tenant, subject, self.route, self.model, self.caller.principal, body, said)
        )

    async def turned(self, turn: Turn) -> None:
        """Have the journal keep that another model answers from now on, and why."""
        body = msgspec.json.encode({"event": "failover", "model": turn.model, "from": turn.before, "to": turn.now, "why": turn.why})
        await self.record("event", body, event="failover", before=turn.before, now=turn.now)

    def receipts(self, request: str, answer: str = "") -> list[tuple[str, str]]:
        """Return the headers that lead into the journal, and name the model that answered."""
        found = [("tetrapylon-receipt", answer)] if answer else []
        return [*found, ("tetrapylon-request-receipt", request), ("tetrapylon-served-by", self.served_by or self.model)]


def receipt(sealed: Sealed) -> str:
    """Return the receipt that points into the journal."""
    return f"{sealed.segment}:{sealed.index}:{sealed.digest}"
