"""The answer of `check`: what AI was found, what is dangerous about it, what was not seen, and how the command ends."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.app.fingerprint import Noted
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import Exit
from tetrapylon.system.finding import SEVERITIES, Component, Place, Severity, Unseen, is_aside

SCHEMA = "tetrapylon/check/1"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the code allows, and the reason that stands there."""

    noted: Noted
    reason: str


@dataclass(frozen=True)
class Checked:
    """One answer."""

    found: tuple[Component, ...]
    findings: tuple[Noted, ...]
    """Worst first; with a baseline only those that it does not know."""

    suppressed: tuple[Suppressed, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    """What was not looked at; with a baseline, what it knows stays here and no longer counts as incomplete."""

    failed: tuple[Unseen, ...] = ()
    """Looks that failed: faults of ours, which no baseline excuses."""

    known: int | None = None
    """How many findings the baseline knows; None without one."""

    excused: frozenset[str] = frozenset()
    """Paths that the baseline knows could not be read."""

    files: int = 0
    """How many files were looked at."""

    fail_on: Severity = "low"

    @property
    def incomplete(self) -> bool:
        """Whether something could not be read that was to be."""
        return bool(self.failed) or any(not each.deliberate and each.path not in self.excused for each in self.unseen)

    @property
    def refused(self) -> bool:
        """Whether there is a finding that fails the check."""
        return any(at_least(each.finding.severity, self.fail_on) for each in self.findings)

    @property
    def exit(self) -> int:
        """How the command ends: 1 with findings, 3 if there are none but something could not be read, 0 otherwise."""
        if self.refused:
            return int(Exit.REFUSED)
        return int(Exit.UNDECIDED if self.incomplete else Exit.GOOD)

    def as_json(self, next_commands: tuple[str, ...]) -> dict[str, Json]:
        """Return this as data."""
        found = [{"kind": each.kind, "id": each.id, "at": str(each.at), "how": each.how} for each in self.found]
        suppressed = [
            {"rule": each.noted.finding.rule, "at": str(each.noted.finding.at), "reason": each.reason} for each in self.suppressed
        ]
        unseen = [{"path": each.path, "why": each.why, "deliberate": each.deliberate} for each in (*self.failed, *self.unseen)]
        return {
            "schema": SCHEMA,
            "found": found,
            "findings": [_row(each) for each in self.findings],
            "suppressed": suppressed,
            "known": self.known or 0,
            "unseen": unseen,
            "next": list(next_commands),
            "exit": self.exit,
        }


def _row(noted: Noted) -> dict[str, Json]:
    found = noted.finding
    return {"rule": found.rule, "severity": found.severity, "at": str(found.at), "title": found.title, "why": found.why, "fix": found.fix}


def at_least(severity: Severity, least: Severity) -> bool:
    """Return whether a severity is the least one or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def by_harm(noted: Noted) -> tuple[int, bool, Place, str, str]:
    """Return what findings are ranked by: severity, production before tests and documents, then the place."""
    found = noted.finding
    return SEVERITIES.index(found.severity), is_aside(found.at.path), found.at, found.rule, found.title
