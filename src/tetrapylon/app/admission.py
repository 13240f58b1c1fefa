"""Which suppliers the gateway may send to: those with a passed examination that is in date, and no others.

A hosted model without a supplier may be the system's own, if it stands on this machine; elsewhere somebody must be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.design.suppliers.gather import PREDICATE
from tetrapylon.design.suppliers.place import is_loopback, origin_of
from tetrapylon.design.suppliers.work import GATE
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.clock import format_time, milliseconds, parse_time
from tetrapylon.outside.switch import FileSwitch
from tetrapylon.outside.view import Known
from tetrapylon.outside.watched import WatchedFile
from tetrapylon.system.assets import Computed, declared

HINT = "run `tetrapylon design suppliers check`"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Until when a model may be sent to, or why it may not."""

    until: int
    """Milliseconds since 1970; 0 for never."""

    why: str = ""

    def refusal(self, now: int) -> str | None:
        """Return why it may not be sent to now, or None."""
        if now < self.until:
            return None
        return self.why or f"its examination has expired: {HINT}"


NEVER_ENDS = 1 << 62


def admissions(view: ProjectView) -> dict[str, Admitted]:
    """Return for each hosted model whether it may be sent to."""
    # From the manifest alone: reading every file of the system again would take long, and says nothing here.
    parts = declared(view.project.manifest)
    digests = {each.id: each.digest for each in parts if isinstance(each, Computed) and each.kind == "model-hosted"}
    hosted = [each for each in view.facts.get("model", ()) if "endpoint" in each]
    return {each["id"]: _admitted(view, each, digests[each["id"]]) for each in hosted}


def _admitted(view: ProjectView, model: Mapping[str, Any], digest: str) -> Admitted:
    supplier = model.get("supplier")
    if supplier is None:
        if is_loopback(str(model["endpoint"])):
            return Admitted(NEVER_ENDS)
        return Admitted(0, f"nobody is named as the supplier of `{model['id']}` at `{origin_of(str(model['endpoint']))}`")
    found = [each for each in view.evidence(PREDICATE) if each.payload.get("kind") == "model-hosted" and digest in each.subjects.values()]
    if not found:
        return Admitted(0, f"`{supplier}` was not examined for what `{model['id']}` is now: {HINT}")
    why = _failed(view, found[-1]) or _supplier_failed(view, str(supplier))
    return Admitted(0, f"`{supplier}` has not passed its examination ({why}): {HINT}") if why else Admitted(_until(view, found[-1]))


def _failed(view: ProjectView, look: Known) -> str:
    score, limit = float(look.payload["score"]), float(view.values["supplier-score"])
    return "" if score >= limit else f"score {score:.2f}, at least {limit:.2f} is needed"


def _supplier_failed(view: ProjectView, supplier: str) -> str:
    """Return which signal about the supplier itself is bad: its security status closes the way as an outage does."""
    found = [each for each in view.evidence(PREDICATE) if each.payload.get("kind") == "supplier" and supplier in each.subjects]
    return ", ".join(found[-1].payload.get("failed") or ()) if found else ""


def _until(view: ProjectView, look: Known) -> int:
    aged = parse_time(look.observed_to) + timedelta(days=float(view.values["supplier-days"]))
    return int(parse_time(min(str(look.payload["expires"]), format_time(aged))).timestamp() * 1000)


class SupplierSwitch:
    """The switch that people turn, and behind it what the examinations of suppliers say."""

    def __init__(self, project: Project, people: FileSwitch) -> None:
        self._project = project
        self._people = people
        self._checkpoint = WatchedFile(project.state("checkpoint"))
        self._alternates = {each.id: each.alternate for each in project.manifest.models}
        self._admitted: Mapping[str, Admitted] = {}
        self._warns = False
        self._broken: str | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read the evidence again if the log has grown; takes as long as reading the log does."""
        if not self._checkpoint.changed():
            return
        try:
            self._checkpoint.read()
            view = project_view(self._project)
            self._warns = view.settings[GATE] == "warn"
            self._admitted, self._broken = admissions(view), None
        except TetrapylonError as error:
            # What cannot be read says nothing good; it is tried again at the next look.
            self._checkpoint.forget()
            self._broken = f"the evidence about suppliers cannot be read ({error.message})"

    def closed(self, route: str) -> str | None:
        """Return why a route is closed, or None."""
        why = self._people.closed(route)
        if why is not None or self._warns:
            return why
        kind, _, model = route.partition(":")
        if kind == "upstream":
            return self.refusal(model)
        if kind == "chat" and (first := self.refusal(model)) is not None:
            alternate = self._alternates.get(model)
            return first if alternate is None or self.refusal(alternate) is not None else None
        return None

    def refusal(self, model: str) -> str | None:
        """Return why a hosted model may not be sent to, or None; a model file goes nowhere."""
        found = self._admitted.get(model)
        if found is None:
            return self._broken
        return self._broken or found.refusal(milliseconds())

    def unexamined(self) -> list[str]:
        """Return a sentence for each hosted model that may not be sent to."""
        known = {each.id for each in self._project.manifest.models if each.endpoint is not None}
        found = {each: self.refusal(each) for each in sorted(known)}
        end = "is served all the same" if self._warns else "is not served"
        return [f"`{name}` {end}: {why}" for name, why in found.items() if why]
