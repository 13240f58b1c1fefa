"""The view of a project that workers get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.assets import read_release
from tetrapylon.app.configuration import effective_settings
from tetrapylon.app.project import Project
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.evidence.rootfile import pem_of_key
from tetrapylon.evidence.statement import read_statement
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.system.assets import Asset
from tetrapylon.system.setting import Value


@dataclass(frozen=True)
class ProjectView:
    """One assessment's view of a project."""

    facts: Mapping[str, Any]
    assets: tuple[Asset, ...]
    root: Path
    settings: Mapping[str, Value]
    signing_key: str | None
    known: Mapping[str, str]
    tool: dict[str, Any]

    def now(self) -> str:
        """Return the time of the machine."""
        return SystemClock().now()


def project_view(project: Project) -> ProjectView:
    """Return the project as it is now."""
    return ProjectView(
        facts=project.facts,
        assets=read_release(project).assets,
        root=project.root,
        settings=effective_settings(project.state()),
        signing_key=build_key(project),
        known=vouched_for(project),
        tool={"name": "tetrapylon", "version": metadata.version("tetrapylon")},
    )


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
