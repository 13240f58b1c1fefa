"""A probe: requests that must be refused, beside one of the same kind that must be answered.

A part in `probes/` offers `tries(stage)`, `GOOD` and `BAD`: statuses by case name, as which its refused requests come back
when all is well, and when it is not. It names nothing but what it asks; `judging.py` says what an answer means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tetrapylon.kernel.canonical import Json

REFUSED = frozenset({401, 403})
"""How somebody is told that they may not."""

NOT_THERE = frozenset({401, 403, 404, 405})
"""How somebody is told that there is nothing."""

ANY = "*"
"""Any route: where a probe has no route of its own to be compared with."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that the running system offers, and a request for it that is good in itself."""

    route: str
    """Such as `chat:assistant`."""

    method: str
    path: str
    body: bytes | None = None
    action: str = ""
    """What a grant of the manifest must name: `chat` or `infer`; empty where every holder of a key may."""

    model: str = ""
    operator: bool = False
    """Whether it is for those alone who run the system."""

    terms: bool = True
    """Whether the terms must have been acknowledged."""

    caller: str | None = None
    """A principal who may, if the manifest has one: whose request must be answered."""


@dataclass(frozen=True, slots=True)
class Try:
    """One request, and how it must end."""

    route: str
    what: str
    """Who asks for what, as a sentence says it: "an expired key asks for `chat:assistant`"."""

    target: Target
    headers: Mapping[str, str] = field(default_factory=dict)
    denied: frozenset[int] = REFUSED
    """Statuses that refuse."""

    control: bool = False
    """Whether it must be answered: otherwise the refusals of this probe on this route say nothing."""

    compared: str = ""
    """The route whose control this is compared with, if it is another."""

    hidden: str = ""
    """Where an answer is no fault in itself: what must not stand in it."""

    upstream: str = ""
    """An address beside the gateway that is asked instead of it."""


class Stage(Protocol):
    """What a probe works with: what there is to ask for, and keys that end by themselves."""

    @property
    def facts(self) -> Mapping[str, Json]:
        """The manifest as plain JSON."""
        ...

    @property
    def targets(self) -> Sequence[Target]:
        """Everything that can be asked for with a key."""
        ...

    @property
    def operators(self) -> frozenset[str]:
        """Persons and services that run the system."""
        ...

    @property
    def addresses(self) -> Sequence[str]:
        """Addresses under which other machines may reach this one."""
        ...

    def key(self, principal: str, tenant: str = "", *, terms: bool = True) -> str:
        """Return a key that is good for a minute."""
        ...

    def revoke(self, key: str) -> None:
        """Revoke a key, and wait until the gateway must know."""
        ...

    def ending(self, principal: str) -> str:
        """Return a key that is about to end."""
        ...

    def wait_for_end(self) -> None:
        """Wait until every key that was about to end has ended."""
        ...

    def held(self, principal: str, tenant: str) -> str:
        """Return the id of an output that is held for this caller of this tenant."""
        ...


def with_key(key: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"authorization": f"Bearer {key}"}


def answerable(stage: Stage) -> Iterator[tuple[Target, str]]:
    """Yield each target that somebody may ask for, and who."""
    return ((each, each.caller) for each in stage.targets if each.caller is not None)


def principals(facts: Mapping[str, Json]) -> list[tuple[str, frozenset[str]]]:
    """Return everybody whom the manifest declares once, and what was granted to them."""
    found = [(each["id"], frozenset(each.get("may", ()))) for table in ("group", "service", "person") for each in facts.get(table, ())]
    ids = [name for name, _ in found]
    return [(name, grants) for name, grants in found if ids.count(name) == 1]
