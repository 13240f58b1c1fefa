"""Who may do what, for a reader: the matrix, the restrictions of tools, grants that nobody uses, and what guards cost and bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.design.privilege.cedar import Policies
from tetrapylon.design.privilege.matrix import Probe, Restricted, probes, restrictions
from tetrapylon.design.privilege.usage import unused
from tetrapylon.design.privilege.work import schemas
from tetrapylon.kernel.errors import Exit


@dataclass(frozen=True)
class Privileges:
    """What was found."""

    policies: Policies
    probes: list[Probe]
    tools: list[Restricted]
    unused: list[tuple[str, str]] | None
    """None where nothing is known of use."""

    costs: list[dict[str, Any]]

    @property
    def wrong(self) -> list[Probe]:
        """Probes to which the engine gives another answer than the manifest."""
        return [each for each in self.probes if not each.right]

    @property
    def exit(self) -> Exit:
        """How the command ends."""
        if self.wrong or any(each.missing for each in self.tools) or self.unused:
            return Exit.REFUSED
        return Exit.UNDECIDED if self.unused is None else Exit.GOOD

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {
            "schema": "tetrapylon/privileges/1",
            "policies": self.policies.digest,
            "may": [_as_row(each) for each in self.probes if each.found],
            "probes": len(self.probes),
            "wrong": [_as_row(each) for each in self.wrong],
            "tools": [{"tool": each.tool, "callers": list(each.callers), "missing": list(each.missing)} for each in self.tools],
            "unused": None if self.unused is None else [{"principal": who, "grant": grant} for who, grant in self.unused],
            "guards": self.costs,
            "exit": int(self.exit),
        }

    def lines(self) -> Iterator[str]:
        """Yield this for a reader."""
        yield f"{len(self.probes)} questions to the policies, {len(self.wrong)} answered otherwise than the manifest says"
        yield from (f"  WRONG: {each.sentence}" for each in self.wrong[:20])
        yield from ("", "who may do what; everything else is denied")
        yield from (f"  {who}  {grant}  {classes}" for (who, grant), classes in self._rows())
        yield from ("", "tools: allow-list, schema of arguments, effect, approval, budget")
        for each in self.tools:
            yield f"  {each.tool}  {'; '.join(each.missing) or 'all five'}  (may be called by {', '.join(each.callers) or 'nobody'})"
        yield ""
        if self.unused is None:
            yield "unused grants: unknown, there is no journal of use that can be read"
        else:
            yield f"unused grants: {', '.join(f'{who} {grant}' for who, grant in self.unused) or 'none'}"
        yield from ("", "what guards cost, and what they were measured to stop")
        yield from (_cost(each) for each in self.costs)
        if not self.costs:
            yield "  not measured: run `tetrapylon operate guards measure`"

    def _rows(self) -> list[tuple[tuple[str, str], str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for each in self.probes:
            if each.found:
                found.setdefault((each.principal, f"{each.action}:{each.resource}"), []).append(each.data_class)
        return [(key, "any class" if len(classes) == 4 else ", ".join(classes)) for key, classes in sorted(found.items())]  # noqa: PLR2004 - there are four


def _as_row(probe: Probe) -> dict[str, str]:
    about = {"kind": probe.kind, "principal": probe.principal, "action": probe.action}
    return {**about, "resource": probe.resource, "dataClass": probe.data_class}


def _cost(row: dict[str, Any]) -> str:
    cost = "not timed" if row["microseconds"] is None else f"{row['microseconds']:.0f} µs of CPU a text"
    brings = f"stops {row['tpr']:.1%} of what it should, {row['fpr']:.1%} of what it should not"
    return f"  {row['family']}  {cost}  {brings} ({row['cases']} cases)"


def examine(project: Project) -> Privileges:
    """Ask the engine, the schemas, the journal and the evidence.

    Raises:
        UsageError: the Cedar engine is not installed.
    """
    from tetrapylon.outside.secret import passphrase_from_environment

    view = project_view(project)
    policies = Policies(project.facts)
    policies.check()
    never = unused(project.root, project.facts, passphrase_from_environment())
    return Privileges(policies, list(probes(project.facts)), restrictions(project.facts, schemas(view)), never, _costs(view))


def _costs(view: ProjectView) -> list[dict[str, Any]]:
    """Return the newest measurement of each kind of defence for this release."""
    found: dict[str, dict[str, Any]] = {}
    for each in view.evidence("input-defence-measurement"):
        if view.release_digest in each.subjects.values():
            kept = {key: each.payload.get(key) for key in ("family", "tpr", "fpr", "cases", "microseconds")}
            found[str(kept["family"])] = kept
    return [found[name] for name in sorted(found)]
