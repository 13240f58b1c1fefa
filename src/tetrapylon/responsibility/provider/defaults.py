"""Settings that are not the safest: Tetrapylon's own, and those of the user's system that stand in its code and configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.decisions import FILE, Decisions, Risk
from tetrapylon.system.finding import Finding
from tetrapylon.system.setting import differences

HAZARDS = Shelf("tetrapylon.responsibility.provider.hazards")


@dataclass(frozen=True)
class Unsafe:
    """One setting that is not at its safest value, and the record of its risk where somebody took it."""

    setting: str
    effective: str
    safe: str
    risk: str
    record: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Return this as evidence says it."""
        taken = {"riskRecord": self.record} if self.record else {}
        return {"setting": self.setting, "effective": self.effective, "safe": self.safe, **taken}


@dataclass(frozen=True)
class Compared:
    """Everything that is not at its safest, and what could not be looked at."""

    unsafe: tuple[Unsafe, ...]
    unseen: tuple[str, ...]

    @property
    def unexplained(self) -> tuple[Unsafe, ...]:
        """What nobody takes the risk of."""
        return tuple(each for each in self.unsafe if each.record is None)


def findings(repository: Repository) -> Iterator[Finding]:
    """Yield every unsafe setting that stands in the tree, worst first within each rule's file order."""
    for part in HAZARDS.values():
        yield from part.look(repository)


def compare(view: View) -> Compared:
    """Return what differs from the safest settings."""
    risks = [each for each in decisions_beside(view.root, FILE, Decisions, view.facts).risk if each.holds(view.now())]
    ours = (
        Unsafe(each.name, str(each.value), str(each.safe), each.risk, _record(risks, each.name, None))
        for each in differences(view.settings)
    )
    theirs = (_of(each, risks) for each in findings(view.repository) if each.severity != "info")
    unseen = tuple(f"`{each.path}`: {each.why}" for each in view.repository.unseen if not each.deliberate)
    return Compared((*ours, *theirs), unseen)


def _of(finding: Finding, risks: Sequence[Risk]) -> Unsafe:
    record = _record(risks, finding.rule, finding.at.path)
    return Unsafe(f"{finding.at} {finding.rule}"[:400], finding.title[:400], finding.fix[:400], finding.why, record)


def _record(risks: Sequence[Risk], setting: str, path: str | None) -> str | None:
    """Return the record that names this setting, in words: who takes the risk, why, and until when."""
    found = next((each for each in risks if each.setting == setting and each.path == path), None)
    return f"{found.reason} ({found.owner}, until {found.until})" if found else None
