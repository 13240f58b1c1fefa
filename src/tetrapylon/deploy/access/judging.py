"""What the answers to probes mean: a refusal counts only beside an answer to somebody who may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tetrapylon.deploy.access.probe import ANY, Try
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.asking import Answer, is_loopback, place_of

Outcome = Literal["refused", "let in", "answered", "undecided", "open here"]
"""`answered` is what controls are to be; `open here` is an upstream that processes of this machine reach past the gateway."""

_GOOD = range(200, 300)
_CONTENT = 400
"""The right caller's request came as far as its content: the probe's content need not please a guard."""

_BUSY = frozenset({408, 429})
_SERVER = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """One request and what became of it."""

    probe: str
    route: str
    what: str
    control: bool
    compared: str
    status: int | None
    """None where nobody answered."""

    outcome: Outcome

    def as_json(self) -> dict[str, Json]:
        """Return it as data."""
        return {"probe": self.probe, "route": self.route, "what": self.what, "status": self.status, "outcome": self.outcome}


def judge(probe: str, tried: Try, answer: Answer | None) -> Tried:
    """Return what one answer means by itself."""
    status = None if answer is None else answer.status
    outcome = _control(status) if tried.control else _outcome(tried, answer)
    return Tried(probe, tried.route, tried.what, tried.control, tried.compared or tried.route, status, outcome)


def _control(status: int | None) -> Outcome:
    return "answered" if status is not None and (status in _GOOD or status == _CONTENT) else "undecided"


def _outcome(tried: Try, answer: Answer | None) -> Outcome:
    if answer is None:
        # Past the gateway nobody is to answer at all.
        return "refused" if tried.upstream else "undecided"
    if answer.status in tried.denied:
        return "refused"
    if answer.status in _BUSY or answer.status >= _SERVER:
        return "undecided"
    if tried.hidden and tried.hidden.encode() not in answer.body:
        return "refused"
    return "open here" if tried.upstream and is_loopback(place_of(tried.upstream)[1]) else "let in"


def compared(found: Iterable[Tried], *, alive: bool) -> Iterator[Tried]:
    """Yield what the answers mean together: who was refused where nobody was answered was not refused by any rule.

    `alive` says whether the right caller was still answered at the end.
    """
    rows = list(found)
    answered = {(each.probe, each.route) for each in rows if each.outcome == "answered"}
    silent = {(each.probe, each.route) for each in rows if each.control and each.outcome != "answered"}
    routes = {route for _, route in answered}
    for each in rows:
        proved = bool(routes) if each.compared == ANY else each.compared in routes
        if each.outcome == "refused" and not (alive and proved and (each.probe, each.compared) not in silent):
            yield replace(each, outcome="undecided")
        else:
            yield each


def counts(found: Iterable[Tried]) -> Mapping[str, int]:
    """Return how many requests that had to be refused ended how; controls are counted apart."""
    rows = list(found)
    tried = [each for each in rows if not each.control]
    return {
        "probes": sum(each.outcome in {"refused", "let in"} for each in tried),
        "wrong": sum(each.outcome == "let in" for each in tried),
        "undecided": sum(each.outcome == "undecided" for each in rows),
        "bypasses": sum(each.outcome == "open here" for each in tried),
    }
