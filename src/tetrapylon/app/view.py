"""The view of a project that workers get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from tetrapylon.app import decide, wiring
from tetrapylon.app.assets import Release, read_release
from tetrapylon.app.configuration import effective_settings
from tetrapylon.app.guidance import policy as policy_of
from tetrapylon.app.listening import SILENT, Listener
from tetrapylon.app.project import Project
from tetrapylon.app.recording import pending
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.evidence.rootfile import pem_of_key
from tetrapylon.evidence.statement import read_statement
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.repository.read import read_repository
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import Known
from tetrapylon.posture.fold import Record
from tetrapylon.system.assets import Asset
from tetrapylon.system.setting import Value

T = TypeVar("T")


@dataclass(frozen=True)
class ProjectView:
    """One assessment's view of a project: what is on disk is read once, evidence each time it is asked for."""

    project: Project
    policy: Mapping[str, Any]
    listener: Listener = SILENT
    _kept: dict[str, Any] = field(default_factory=dict)
    """What follows from the log as it is, kept until something is recorded."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The manifest as plain JSON."""
        return self.project.facts

    @property
    def root(self) -> Path:
        """The folder of the manifest."""
        return self.project.root

    @cached_property
    def release(self) -> Release:
        """Every declared asset by its digest, hashed once."""
        return read_release(self.project, self.listener)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every declared asset by its digest."""
        return self.release.assets

    @property
    def release_digest(self) -> str:
        """The digest over all assets."""
        return self.release.digest

    @cached_property
    def repository(self) -> Repository:
        """Every file below the root, read and parsed once."""
        return read_repository(self.root)

    @cached_property
    def settings(self) -> Mapping[str, Value]:
        """The settings of Tetrapylon that are in force."""
        return effective_settings(self.project.state())

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the policy in force."""
        return dict(self.policy["values"])

    @cached_property
    def signing_key(self) -> str | None:
        """The public key that model signatures verify against."""
        return build_key(self.project)

    @cached_property
    def known(self) -> Mapping[str, str]:
        """The digest with which each asset was first recorded."""
        return vouched_for(self.project)

    @cached_property
    def tool(self) -> dict[str, Any]:
        """Name and version of this tool."""
        return {"name": "tetrapylon", "version": metadata.version("tetrapylon")}

    def records(self) -> list[Record]:
        """Return the log as it is now, and after it the drafts of this machine."""
        # Every signature is checked once for each state of the log, not once for each worker that asks.
        state = (wiring.open_ledger(self.project).size, tuple(pending(self.project)))
        if self._kept.get("state") != state:
            self._kept.clear()
            self._kept["records"] = decide.counted_records(self.project, self.policy, self.now())
            self._kept["state"] = state
        return list(self._kept["records"])

    def from_log(self, name: str, make: Callable[[list[Record]], T]) -> T:
        """Return what is made of the records, made once for each state of the log."""
        records = self.records()
        if name not in self._kept:
            self._kept[name] = make(records)
        found: T = self._kept[name]
        return found

    def evidence(self, predicate: str) -> tuple[Known, ...]:
        """Return the statements of a kind that count, in the order of the log."""
        return self.from_log("known", self._known).get(predicate_type(predicate), ())

    def _known(self, records: list[Record]) -> dict[str, tuple[Known, ...]]:
        permitted = {predicate_type(name): roles for name, roles in self.policy["roles"].items()}
        replaced = {each.leaf.supersedes for each in records} - {None}
        found: dict[str, list[Known]] = {}
        for each in records:
            if not each.roles.isdisjoint(permitted.get(each.leaf.predicate_type, ())) and each.leaf.envelope not in replaced:
                found.setdefault(each.leaf.predicate_type, []).append(_known(each))
        return {name: tuple(each) for name, each in found.items()}

    def states(self) -> Mapping[str, str]:
        """Return the state of every practice that is assessed, on the evidence there is now."""
        return self.from_log("states", self._states)

    def _states(self, records: list[Record]) -> dict[str, str]:
        decided = decide.decide_on(self.project, policy_of(self.project, "full"), self.release, records, self.now())
        return {each["id"]: each["state"] for each in decided.decision["practices"]}

    def now(self) -> str:
        """Return the time of the machine."""
        return SystemClock().now()


def _known(record: Record) -> Known:
    statement, leaf = record.statement, record.leaf
    subjects = {each.name: str(each.digest) for each in statement.subjects} if statement else {}
    return Known(record.index, subjects, dict(statement.predicate) if statement else {}, leaf.observed_to, leaf.recorded_at)


def project_view(project: Project, policy: Mapping[str, Any] | None = None, listener: Listener = SILENT) -> ProjectView:
    """Return the project as it is now."""
    return ProjectView(project, policy or policy_of(project), listener)


def build_key(project: Project) -> str | None:
    """Return the public key that the trust root lets build models, as PEM; the newest that is not revoked."""
    try:
        grants = wiring.load_trust(project).root.grants.values()
    except MissingError:
        return None
    found = [each for each in grants if "build" in each.roles and each.revoked_at is None and each.encoding == "raw"]
    return pem_of_key(found[-1].key) if found else None


def vouched_for(project: Project) -> dict[str, str]:
    """Return the digest with which each asset was first recorded for the release that the manifest names, by `kind:id`."""
    ledger = wiring.open_ledger(project)
    wanted, release = predicate_type("integrity-check"), project.facts["system"]["release"]
    kinds = {each["id"]: kind for kind in ("model", "dataset", "prompt") for each in project.facts.get(kind, ())}
    found: dict[str, str] = {}
    for leaf in ledger.leaves():
        envelope = ledger.envelope(leaf) if leaf.predicate_type == wanted else None
        if envelope is None:
            continue
        statement = read_statement(envelope.payload)
        if statement.predicate.get("release") == release and statement.predicate.get("event") == "rehash":
            for each in statement.subjects:
                found.setdefault(f"{kinds.get(each.name, '')}:{each.name}", each.digest)
    return found
