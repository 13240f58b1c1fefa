"""Measure a journal: read all of it once, look into its files without a key, restore a copy, and see that looking is recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.develop.assets.logs.traffic import Traffic
from tetrapylon.journal.access import Who, recorded_search
from tetrapylon.journal.checking import Report, check_journal
from tetrapylon.journal.copying import copy_journal, find_plain
from tetrapylon.journal.heads import Head
from tetrapylon.journal.index import Index, Row
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.notes import read_notes
from tetrapylon.journal.retiring import DAY, on_hold, overdue
from tetrapylon.journal.searching import Query, Reader
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import StorageError, TetrapylonError
from tetrapylon.outside.clock import milliseconds
from tetrapylon.outside.files import mode_of
from tetrapylon.outside.filelock import is_held

PROBE = "probe"
"""The lane of the searches that are made to see that searches are recorded."""

COPIED = 256 << 20
"""Bytes that are copied and restored, the newest first."""

SEARCHED = 1 << 30
"""Bytes of files in which plain text is looked for."""

IN_FLIGHT = 60_000
"""Milliseconds after which a number that is missing in a running gateway is a gap and not a request under way."""


@dataclass(frozen=True)
class Asked:
    """What a journal is measured against."""

    folder: Path
    key: Path
    ring: Ring
    facts: Mapping[str, Json]
    anchored: Sequence[Head]
    days: int
    """For how long records are kept."""

    seeds: tuple[bytes, ...] = ()


@dataclass
class Measured:
    """The answers, each None where nothing could be measured, and why."""

    answers: dict[str, Json] = field(default_factory=dict)
    detail: list[str] = field(default_factory=list)
    report: Report = field(default_factory=Report)


def measure(asked: Asked) -> Measured:
    """Return every answer about the journal."""
    traffic = Traffic(grants_of(asked.facts), asked.seeds)
    report = check_journal(asked.folder, asked.ring, asked.anchored, traffic.see)
    found = Measured(report=report)
    found.detail += [*report.problems, *report.notes]
    if not traffic.served:
        found.detail.append("no request was recorded yet")
        found.answers = {"intact": None if report.intact else False}
        return found
    found.answers["intact"] = False if not report.intact else None if report.torn else True
    found.answers["confidential"] = _confidential(asked, traffic, found)
    found.answers["available"] = _available(asked, found)
    found.answers["accessLogged"] = _access_logged(asked, found)
    _numbers(asked, traffic, found)
    _scopes(traffic, found)
    found.answers["redacted"] = _redacted(traffic, found)
    found.answers["replayed"] = traffic.replayed
    return found


def grants_of(facts: Mapping[str, Json]) -> dict[str, frozenset[str]]:
    """Return what each group and service of the manifest may read."""
    rows = [*facts.get("group", ()), *facts.get("service", ())]
    return {each["id"]: frozenset(what[5:] for what in each.get("may", ()) if what.startswith("read:")) for each in rows}


def _confidential(asked: Asked, traffic: Traffic, found: Measured) -> bool | None:
    """No byte of what was recorded stands in the clear, and nobody but the owner reads key and files."""
    seen = find_plain(asked.folder, sorted(traffic.needles), SEARCHED)
    bad = [f"`{each}` holds plain text" for each in seen.found]
    bad += [f"`{each}` can be read by other users" for each in seen.open]
    if mode_of(asked.key) & 0o077:
        bad.append("the journal's key can be read by other users")
    found.detail += bad
    if bad:
        return False
    if not traffic.needles or not seen.complete:
        found.detail.append("not every file was searched for plain text" if traffic.needles else "there is no text long enough to look for")
        return None
    return True


def _available(asked: Asked, found: Measured) -> bool | None:
    """Nothing is kept longer than the rule says, and a copy opens elsewhere and holds what the original does."""
    if not found.report.intact:
        return None
    notes = read_notes(asked.folder, asked.ring)
    before = milliseconds() - (asked.days + 1) * DAY
    late = [each.name for each in overdue(asked.folder, before) if not on_hold(notes, each.first_time, each.entry_time)]
    found.detail += [f"`{each}` is older than {asked.days} days and on no hold" for each in late]
    restored = _restored(asked, found)
    return False if late else restored


def _restored(asked: Asked, found: Measured) -> bool | None:
    try:
        with tempfile.TemporaryDirectory(prefix="tetrapylon-journal-") as place:
            target = Path(place) / "journal"
            copied = copy_journal(asked.folder, target, COPIED)
            heads = [each for each in found.report.heads if each.segment in copied.segments]
            again = check_journal(target, asked.ring, heads)
    except StorageError as error:
        found.detail.append(f"no copy could be restored: {error.message}")
        return None
    problems = again.problems if copied.complete else [each for each in again.problems if not each.endswith("is gone")]
    found.detail += [f"in a restored copy: {each}" for each in problems]
    return not problems and bool(copied.segments)


def _access_logged(asked: Asked, found: Measured) -> bool | None:
    """Make a search, and find its own record."""
    who = Who("tetrapylon", "to see that searches are recorded")
    try:
        _, receipt = recorded_search(asked.folder, asked.ring, who, Query(kinds=("access",), limit=1), lane=PROBE)
        rows = _rows(asked, receipt.segment)
        hits = [Reader(asked.folder, asked.ring).hit(each) for each in rows if each.place == receipt.index]
    except TetrapylonError as error:
        found.detail.append(f"no search could be made: {error.message}")
        return None
    logged = any(each.digest == receipt.digest and each.entry is not None and each.entry.principal == who.by for each in hits)
    if not logged:
        found.detail.append("a search that was made is not recorded")
    return logged


def _rows(asked: Asked, segment: str) -> list[Row]:
    index = Index(asked.folder, asked.ring)
    index.refresh()
    return [each for each in index.rows({"principal": "tetrapylon"}, 0, 1 << 62, ("access",)) if each.segment == segment]


def _numbers(asked: Asked, traffic: Traffic, found: Measured) -> None:
    runs = [each for each in traffic.runs.values() if each.last >= 0]
    if not runs:
        found.detail.append("no record carries a sequence number, so nobody can see whether one is missing")
        return
    live = is_held(asked.folder / "main.lock")
    young = milliseconds() - IN_FLIGHT
    gaps = sum(not live or time < young for run in runs for time in run.missing.values())
    requests = sum(each.last - each.first + 1 for each in runs)
    found.answers |= {"gaps": gaps, "requests": requests, "logged": requests - gaps}
    if gaps:
        lowest = next(number for run in runs for number in run.missing)
        found.detail.append(f"{gaps} of {requests} requests have no record, the first of them number {lowest} of its run")


def _scopes(traffic: Traffic, found: Measured) -> None:
    if not traffic.labelled:
        found.detail.append("no record says what data was retrieved")
        return
    found.answers["scopesExceeded"] = sum(traffic.exceeded.values())
    found.detail += [
        f"`{who or 'nobody'}` retrieved `{what}` {count} times without `read:{what}`"
        for (who, what), count in sorted(traffic.exceeded.items())
    ]


def _redacted(traffic: Traffic, found: Measured) -> bool | None:
    if traffic.leaks:
        said = ", ".join(f"{name} in {count}" for name, count in sorted(traffic.leaks.items()))
        found.detail.append(f"personal data stands in records that were to be redacted: {said}")
        return False
    if not traffic.redacted:
        found.detail.append("no record says that it was redacted")
        return None
    return True
