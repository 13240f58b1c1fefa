"""What is due: which work has to be done again, because something changed, evidence is missing, or it will soon be too old.

Every statement that a worker leaves says in its `tool` which part of the guidance measured it and the digest of everything
that the answer follows from. So the log itself tells what need not be measured again; there is no cache to go wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from tetrapylon.app.guidance import catalogue
from tetrapylon.app.view import ProjectView
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.predicate import predicate_types
from tetrapylon.guidelines.rules import wanted_value
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.posture.fold import Record

SHARE = 0.5
"""Evidence is renewed at half of the age at which it no longer counts: a missed run or two do no harm."""


@dataclass(frozen=True)
class Run:
    """The last time that a worker left statements."""

    inputs: str
    """The digest of everything that its answer followed from."""

    release: str
    """The digest of the release that it looked at."""

    recorded_at: str

    expires: str | None
    """When it is due again; None where its evidence does not age."""

    def holds(self, now: str) -> bool:
        """Return whether it is recent enough to stand."""
        return self.expires is None or now < self.expires


def part_of(worker: ModuleType) -> str:
    """Return the name of a worker in statements, such as `deploy/integrity`."""
    return worker.__name__.removeprefix("tetrapylon.").removesuffix(".work").replace(".", "/")


def inputs_of(worker: ModuleType, view: ProjectView) -> str:
    """Return the digest of everything that a worker's answer follows from: the release, this tool, and what else it reads."""
    return sha256(canonical_json([part_of(worker), view.tool["version"], view.release_digest, worker.inputs(view)]))


def marked(found: Iterable[Observation], worker: ModuleType, inputs: str, release: str) -> Iterator[Observation]:
    """Yield the observations with the mark of who made them from what."""
    mark = {"part": part_of(worker), "inputs": inputs, "release": release}
    for each in found:
        tool = each.payload.get("tool")
        yield replace(each, payload={**each.payload, "tool": {**tool, **mark}}) if isinstance(tool, dict) else each


def last_runs(records: Sequence[Record], policy: Mapping[str, Any]) -> dict[str, Run]:
    """Return the last run of each worker by its name; what a key signed that may not make such a claim is none."""
    names = {uri: name for name, uri in predicate_types().items()}
    found: dict[str, Run] = {}
    for each in records:
        name = names.get(each.leaf.predicate_type, "")
        tool = each.statement.predicate.get("tool") if each.statement else None
        if not isinstance(tool, dict) or each.roles.isdisjoint(policy["roles"].get(name, ())):
            continue
        run = Run(str(tool.get("inputs")), str(tool.get("release")), each.leaf.recorded_at, _expiry(each.leaf.observed_to, name, policy))
        part = str(tool.get("part"))
        found[part] = _together(found.get(part), run)
    return found


def _together(before: Run | None, run: Run) -> Run:
    """Return the later run; of statements that were recorded together the first to age makes all of them due."""
    if before is None or (before.inputs, before.recorded_at) != (run.inputs, run.recorded_at):
        return run
    return replace(run, expires=min((each for each in (before.expires, run.expires) if each is not None), default=None))


def _expiry(observed: str, predicate: str, policy: Mapping[str, Any]) -> str | None:
    days = freshness(predicate, policy)
    return None if days is None else format_time(parse_time(observed) + timedelta(days=days * SHARE))


def freshness(predicate: str, policy: Mapping[str, Any]) -> float | None:
    """Return the fewest days for which any practice counts statements of this kind, or None where none ages."""
    parts = (part for practice in catalogue()["practice"] for part in practice.get("part", ()) if part.get("predicate") == predicate)
    found = [float(wanted_value(["", "", part["freshness"]], policy["values"])) for part in parts if "freshness" in part]
    return min(found, default=None)
