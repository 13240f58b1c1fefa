"""What a threat model stands on, and what has changed since somebody last went through it.

A model counts as reviewed when it is made for the first time, and whenever a named person records a review of what the
system consisted of then (its basis). What has changed between that basis and the one of today is an open trigger, and
stays one until the next review: making the model again does not close it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tetrapylon.design.threats.decisions import Review
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.system.assets import Asset

WATCHED = {"model-file": "model", "model-hosted": "hosted model", "dataset": "data set", "prompt": "prompt", "tool": "tool"}
"""Kinds of assets that a threat model depends on, each with its word."""


@dataclass(frozen=True)
class Basis:
    """What the threats of a system follow from."""

    topology: str
    """The digest of elements, flows and boundaries."""

    rules: str
    """The digest of the rules."""

    assets: Mapping[str, str]
    """The digest of each model, data set, prompt and tool, by `kind:id`."""

    @property
    def digest(self) -> Digest:
        """The digest of all of it: what a review is about."""
        return sha256(canonical_json([self.topology, self.rules, sorted(self.assets.items())]))

    def as_json(self) -> dict[str, Json]:
        """Return it as data."""
        return {"digest": self.digest, "topology": self.topology, "rules": self.rules, "assets": dict(sorted(self.assets.items()))}


@dataclass(frozen=True)
class Earlier:
    """A threat model that evidence tells of."""

    basis: Basis
    day: str
    kept: Mapping[str, str]
    """The threats that it kept: their severity by name."""


def basis_of(topology: str, rules: str, assets: Iterable[Asset]) -> Basis:
    """Return the basis of a model now."""
    return Basis(topology, rules, {f"{each.kind}:{each.id}": each.digest for each in assets if each.kind in WATCHED})


def earlier_of(payload: Mapping[str, Json]) -> Earlier | None:
    """Return the model that a statement tells of, or None where it does not say what it stands on."""
    basis = payload.get("basis")
    if not isinstance(basis, Mapping) or not {"topology", "rules", "assets"} <= set(basis):
        return None
    found = Basis(str(basis["topology"]), str(basis["rules"]), dict(basis["assets"]))
    return Earlier(found, str(payload.get("observedTo", ""))[:10], dict(payload.get("kept", {})))


def triggers(now: Basis, earlier: Sequence[Earlier], reviews: Sequence[Review], day: str, most_days: float) -> Iterator[str]:
    """Yield, in words, each reason to go through the threats again; `earlier` is in the order of the log."""
    counted = [each for each in reviews if each.date <= day]
    last = max(counted, key=lambda each: each.date) if counted else None
    if last is not None:
        known = {each.basis.digest: each.basis for each in earlier} | {now.digest: now}
        reviewed, since = known.get(Digest(last.basis)), last.date
        if reviewed is None:
            yield f"the review of {since} is of a system that no statement in the log describes"
    else:
        reviewed, since = (earlier[0].basis, earlier[0].day) if earlier else (now, day)
    if reviewed is not None:
        yield from _changes(reviewed, now, since)
    age = _days(since, day)
    if age is None or age > most_days:
        yield f"the threats were last gone through on {since or 'a day that is not known'}, more than {most_days:g} days ago"


def incidents(payloads: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    """Yield whether the last statement about incidents tells of any that changed nothing."""
    open_ = payloads[-1].get("withoutLesson") if payloads else 0
    if open_:
        yield f"{open_} incidents have left no lesson yet"


def _changes(reviewed: Basis, now: Basis, since: str) -> Iterator[str]:
    for key in sorted({*reviewed.assets, *now.assets}):
        before, after = reviewed.assets.get(key), now.assets.get(key)
        if before != after:
            kind, _, name = key.partition(":")
            what = "is new" if before is None else "is gone" if after is None else "changed"
            yield f"{WATCHED.get(kind, kind)} `{name}` {what} since the threats were gone through ({since})"
    if reviewed.topology != now.topology:
        yield f"elements, flows or boundaries changed since the threats were gone through ({since})"
    if reviewed.rules != now.rules:
        yield f"the rules changed since the threats were gone through ({since})"


def _days(since: str, day: str) -> int | None:
    try:
        return (date.fromisoformat(day) - date.fromisoformat(since)).days
    except ValueError:
        return None
