"""The register of debt as a command shows it: JSON, a table, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.view import project_view
from tetrapylon.develop.debt.register import Entry, Register, take
from tetrapylon.kernel.errors import Exit
from tetrapylon.system.finding import SEVERITIES


def register(project: Project) -> Register:
    """Return the register of a project as it is now."""
    return take(project_view(project))


def ending(found: Register) -> int:
    """Return how the command ends: 1 where something critical is overdue, 3 where something could not be looked at."""
    if found.overdue_critical:
        return int(Exit.REFUSED)
    return int(Exit.UNDECIDED if found.unseen else Exit.GOOD)


def register_object(found: Register) -> dict[str, Any]:
    """Return the register as `tetrapylon/debt/1`."""
    return {
        "schema": "tetrapylon/debt/1",
        "entries": [_row(each, found.today) for each in found.entries],
        "detectors": list(found.detectors),
        "trend": {"since": found.last, "added": list(found.added), "paid": [str(each["id"]) for each in found.paid]},
        "summary": {
            "entries": len(found.entries),
            "overdue": len(found.overdue),
            "overdueCritical": len(found.overdue_critical),
            "incomplete": len(found.incomplete),
            "bySeverity": {each: sum(entry.severity == each for entry in found.entries) for each in SEVERITIES},
            "overBudget": found.over_budget,
        },
        "unseen": list(found.unseen),
        "notes": list(found.notes),
        "exit": ending(found),
    }


def _row(entry: Entry, today: str) -> dict[str, Any]:
    named = ("id", "detector", "what", "where", "severity", "owner", "reason", "due")
    plain = {name: getattr(entry, name) for name in named}
    return {**plain, "risk": list(entry.risk), "firstSeen": entry.first_seen, "lacks": list(entry.lacks), "overdue": entry.overdue(today)}


def register_lines(found: Register) -> Iterator[str]:
    """Yield the register for a reader: worst first, then what changed and what is not decided."""
    for each in found.entries:
        mark = "OVERDUE " if each.overdue(found.today) else ""
        yield f"{each.id}  {each.severity:<8} due {each.due}  {mark}{each.owner or 'nobody'}"
        yield _printable(f"  {each.what} ({each.where})")
        yield _printable(f"  {each.detector}; risk: {', '.join(each.risk)}; {each.reason or 'no reason'}")
    if found.entries:
        yield ""
    yield f"{len(found.entries)} debts by {len(found.detectors)} detectors: {len(found.overdue)} overdue, {len(found.incomplete)} undecided"
    if found.last:
        yield f"since {found.last}: {len(found.added)} added, {len(found.paid)} paid"
        yield from (_printable(f"  paid: {each['what']} ({each['where']})") for each in found.paid)
    if found.over_budget is not None:
        yield "over budget" if found.over_budget else "within budget"
    yield from (_printable(f"could not be looked at: {each}") for each in found.unseen)
    yield from (_printable(each) for each in found.notes)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)[:400]
