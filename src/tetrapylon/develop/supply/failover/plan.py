"""Which model may take over from which: the alternates of the manifest, each held against the model that it stands in for.

What it does: compares both in everything that is declared for each model by itself. An alternate that is held to less in
any of it is weaker, and a weaker one does not take over unless somebody who may take risks signed an exception for it.
Why it matters: whoever can make a supplier fail would otherwise choose the weaker of two systems.

What the gateway takes from the route and not from the model is the same by construction: grants, classes of data, guards,
tools, system prompts, quotas and terms are those of the model that was asked for, whoever answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tetrapylon.develop.supply.failover.zones import LOOPBACK, ZONES, zone_of
from tetrapylon.kernel.canonical import Json

SHARED = ("grants and classes of data", "guards", "tools and their approval", "system prompts", "quotas", "terms and limits")
"""What follows from the route that was asked, so that it holds for an alternate, too."""

_SENSITIVITY = ("public", "internal", "confidential", "restricted")

Row = Mapping[str, Json]
Kind = Literal["endpoint", "file"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which an alternate differs from the model that it stands in for."""

    what: str
    model: str
    alternate: str
    weaker: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.model} becomes {self.alternate}" + (" (weaker)" if self.weaker else "")


@dataclass(frozen=True, slots=True)
class Pair:
    """A model, and the one that stands in for it."""

    model: str
    alternate: str
    kind: Kind
    differences: tuple[Difference, ...]
    excepted: str | None = None
    """Until when a signed exception lets a weaker alternate take over (UTC)."""

    @property
    def weaker(self) -> tuple[Difference, ...]:
        """In what the alternate is held to less."""
        return tuple(each for each in self.differences if each.weaker)

    @property
    def equivalent(self) -> bool:
        """Whether the alternate is held to the same or to more in everything."""
        return not self.weaker

    def usable(self, now: str) -> bool:
        """Return whether the alternate may take over at this time."""
        return self.equivalent or (self.excepted is not None and now < self.excepted)

    def why_not(self) -> str:
        """Return why it may not take over."""
        return f"`{self.alternate}` is weaker than `{self.model}`: {'; '.join(map(str, self.weaker))}"


def pairs(facts: Row, exceptions: Mapping[str, str] | None = None) -> tuple[Pair, ...]:
    """Return every model that has an alternate; `exceptions` says until when a weaker one may take over, by its id."""
    models = {each["id"]: each for each in facts.get("model", ())}
    found = []
    for each in models.values():
        other = models.get(each.get("alternate", ""))
        if other is not None and other is not each:
            kind: Kind = "endpoint" if "endpoint" in each else "file"
            until = (exceptions or {}).get(other["id"])
            found.append(Pair(each["id"], other["id"], kind, tuple(compare(facts, each, other)), until))
    return tuple(found)


def uncovered(facts: Row, usable: set[str]) -> list[str]:
    """Return the hosted models that nothing may take over from; what stands in for another needs no alternate itself."""
    alternates = {each["alternate"] for each in facts.get("model", ()) if "alternate" in each}
    hosted = [each["id"] for each in facts.get("model", ()) if "endpoint" in each]
    return [each for each in hosted if each not in usable and each not in alternates]


def compare(facts: Row, model: Row, other: Row) -> Iterator[Difference]:
    """Yield everything in which two models differ, as far as it is declared."""
    if ("endpoint" in model) != ("endpoint" in other):
        yield Difference("kind", _kind(model), _kind(other), weaker=True)
        return
    for aspect in _ENDPOINT if "endpoint" in model else _FILE:
        yield from aspect(facts, model, other)


def _kind(model: Row) -> str:
    return "an endpoint" if "endpoint" in model else "a file"


def _zone(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    """A wider zone lets data go further."""
    own, its = zone_of(model["endpoint"]), zone_of(other["endpoint"])
    if own != its:
        yield Difference("where data goes", own, its, ZONES.index(its) > ZONES.index(own))


def _transport(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    own, its = (each["endpoint"].partition(":")[0] for each in (model, other))
    if own != its:
        # Within one machine nobody reads along.
        yield Difference("transport", own, its, its == "http" and zone_of(other["endpoint"]) != LOOPBACK)


def _pinned(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    own, its = ("pinned" if "snapshot" in each else "not pinned" for each in (model, other))
    if own != its:
        yield Difference("version", own, its, its == "not pinned")


def _decoding(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    own, its = (dict(each.get("decoding", {})) for each in (model, other))
    for key in sorted({*own, *its}):
        if own.get(key) != its.get(key):
            yield Difference(f"decoding `{key}`", str(own.get(key, "not set")), str(its.get(key, "not set")), key in own)


def _supplier(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    own, its = (each.get("supplier", "nobody named") for each in (model, other))
    if own != its:
        yield Difference("supplier", str(own), str(its), "supplier" in model and "supplier" not in other)


def _countries(facts: Row, model: Row, other: Row) -> Iterator[Difference]:
    """Where the suppliers run, as far as places name an operator."""
    places: dict[str, set[str]] = {}
    for each in facts.get("location", ()):
        if "operator" in each and "country" in each:
            places.setdefault(each["operator"], set()).add(each["country"])
    own, its = (places.get(each.get("supplier", ""), set()) for each in (model, other))
    if own != its:
        yield Difference("country", _listed(own), _listed(its), bool(own) and not (its and its <= own))


def _data(facts: Row, model: Row, other: Row) -> Iterator[Difference]:
    """Flows that name the alternate itself may carry no more than those to the model."""
    own, its = (_carried(facts, each["id"]) for each in (model, other))
    if its - own:
        yield Difference("data that flows there", _listed(own), _listed(its), weaker=True)


def _carried(facts: Row, model: str) -> set[str]:
    return {what for flow in facts.get("flow", ()) if flow["to"] == model for what in flow["carries"]}


def _outputs(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    """Scores that may be answered help to copy or fool a model."""
    own, its = (set(each.get("outputs", ())) for each in (model, other))
    if own != its:
        yield Difference("scores that are answered", _listed(own), _listed(its), bool(its - own))


def _preprocessing(_: Row, model: Row, other: Row) -> Iterator[Difference]:
    """Pictures are looked at by the steps of the model that was asked for: others would be looked at wrongly."""
    own, its = (list(each.get("preprocess", ())) for each in (model, other))
    if own != its:
        yield Difference("preprocessing", f"{len(own)} steps", "other steps", weaker=True)


def _trained(facts: Row, model: Row, other: Row) -> Iterator[Difference]:
    """A model can give away what it was trained from."""
    known = {each["id"]: each["sensitivity"] for each in facts.get("dataset", ())}
    own, its = ([_SENSITIVITY.index(known.get(name, "restricted")) for name in each.get("trained-from", ())] for each in (model, other))
    if not its and own:
        yield Difference("trained from", _listed(model["trained-from"]), "data that is not named", weaker=True)
    elif set(model.get("trained-from", ())) != set(other.get("trained-from", ())):
        wider = max(its, default=-1) > max(own, default=-1)
        yield Difference("trained from", _listed(model.get("trained-from", ())), _listed(other["trained-from"]), wider)


def _listed(names: object) -> str:
    return ", ".join(sorted(map(str, names))) or "nothing" if isinstance(names, (set, list, tuple)) else str(names)


_Aspect = Callable[[Row, Row, Row], Iterator[Difference]]
_ENDPOINT: tuple[_Aspect, ...] = (_zone, _transport, _pinned, _decoding, _supplier, _countries, _data)
_FILE: tuple[_Aspect, ...] = (_outputs, _preprocessing, _trained, _supplier, _data)
