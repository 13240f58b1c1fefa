"""What commands do with a system's journal: measure and anchor, search, export, erase, hold, delete, take in, change the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project, prepare_state
from tetrapylon.app.recording import Filed, Recorder
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.develop.assets.logs import work
from tetrapylon.develop.assets.logs.measure import Asked, Measured, measure
from tetrapylon.evidence.observation import Observation
from tetrapylon.journal import retiring
from tetrapylon.journal.access import ACCESS, Who, record_access, record_event, recorded_search
from tetrapylon.journal.checking import check_journal
from tetrapylon.journal.erasing import erase, wanted
from tetrapylon.journal.exporting import LINE, Exported, export_tenant, verify_export
from tetrapylon.journal.heads import Head, newest
from tetrapylon.journal.ingest import LINE as LOG_LINE
from tetrapylon.journal.ingest import Ingested, ingest
from tetrapylon.journal.journal import open_scribe
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.notes import Hold
from tetrapylon.journal.place import ensure_ring, journal_folder, journal_key, open_ring
from tetrapylon.journal.rotating import rotate_key
from tetrapylon.journal.searching import Hits, Query, segments
from tetrapylon.kernel.errors import ConflictError, MissingError
from tetrapylon.outside.clock import SystemClock, milliseconds
from tetrapylon.outside.files import hash_file, lines_of, write_atomic

INGEST = "ingest"
"""The lane of what was taken in from others' logs."""


@dataclass(frozen=True)
class Desk:
    """A system's journal, opened with its key."""

    project: Project
    passphrase: bytes | None
    ring: Ring

    @property
    def folder(self) -> Path:
        """Where the segments are."""
        return journal_folder(self.project.root)

    @cached_property
    def view(self) -> ProjectView:
        """The system as workers see it."""
        return project_view(self.project)

    @property
    def days(self) -> int:
        """For how long records are kept."""
        return int(self.view.settings["journal-retention-days"])

    def anchored(self) -> list[Head]:
        """Return the heads that the log holds; none where there is no log yet."""
        try:
            return work.anchored_heads(self.view)
        except MissingError:
            return []

    def record(self, observations: Sequence[Observation]) -> list[Filed]:
        """File observations as evidence, if this system has a trust root."""
        if not wiring.root_files(self.project):
            return []
        recorder = Recorder(self.project, policy(self.project), self.passphrase, now=SystemClock().now())
        return recorder.file(observations)


def open_desk(directory: str | None, passphrase_file: str | None, *, make: bool = False) -> Desk:
    """Open the journal of the system in a folder; `make` makes the key where there is no journal yet.

    Raises:
        MissingError: there is no key (`no-journal-key`), or no journal yet (`no-journal`).
    """
    project = open_project(directory)
    passphrase = wiring.read_passphrase(passphrase_file)
    if make:
        prepare_state(project)
        return Desk(project, passphrase, ensure_ring(project.root, passphrase))
    if not segments(journal_folder(project.root)):
        hint = "start the gateway with `tetrapylon serve`, or take in logs with `tetrapylon operate journal ingest`"
        raise MissingError("there is no journal yet", hint=hint, code="no-journal")
    return Desk(project, passphrase, open_ring(project.root, passphrase))


def verify(desk: Desk, seeds: Sequence[str], *, record: bool) -> tuple[Measured, list[Filed]]:
    """Measure the journal, and leave evidence of what was found."""
    started = SystemClock().now()
    key = journal_key(desk.project.root)
    sown = tuple(each.encode() for each in seeds)
    found = measure(Asked(desk.folder, key, desk.ring, desk.project.facts, desk.anchored(), desk.days, sown))
    if not record:
        return found, []
    times = (started, SystemClock().now())
    return found, desk.record(list(work.observations(found, work.manifest_of(desk.view), desk.view.tool, times)))


def anchor(desk: Desk) -> tuple[list[Head], list[Filed]]:
    """Check the chains, and put the heads of all segments into the log.

    Raises:
        IntegrityError: the journal is damaged, or not what was anchored before.
        MissingError: there is no log to anchor in (`no-trust`).
    """
    wiring.load_trust(desk.project)
    started = SystemClock().now()
    report = check_journal(desk.folder, desk.ring, desk.anchored())
    _refuse_damaged(report.problems)
    observation = work.anchor(report.heads, desk.view.tool, (started, SystemClock().now()))
    return report.heads, desk.record([observation])


def search(desk: Desk, who: Who, query: Query) -> Hits:
    """Record the search, and return what it found."""
    return recorded_search(desk.folder, desk.ring, who, query)[0]


def export(desk: Desk, who: Who, tenant: str, target: Path) -> tuple[Exported, bool]:
    """Write one tenant's entries to a new file, proved against heads that are anchored first where there is a log.

    Raises:
        ConflictError: the file is there already (`exists`).
        IntegrityError: the journal is damaged.
    """
    if target.exists():
        raise ConflictError(f"`{target}` exists already", hint="choose another name, or move it away", code="exists")
    record_access(desk.folder, desk.ring, who, "export", {"target": target.name}, tenant=tenant)
    anchored = bool(wiring.root_files(desk.project))
    heads = anchor(desk)[0] if anchored else _checked(desk)
    lines = list(export_tenant(desk.folder, desk.ring, tenant, newest(heads)))
    write_atomic(target, b"".join(lines), 0o600, replace=False)
    return verify_export(lines, heads), anchored


def check_export(desk: Desk, path: Path) -> Exported:
    """Check an export against the heads that the log holds.

    Raises:
        IntegrityError: it is not what was recorded.
    """
    return verify_export(lines_of(path, LINE), desk.anchored())


def erase_subject(desk: Desk, who: Who, subject: str, tenant: str) -> list[tuple[str, int]]:
    """Destroy the keys of a subject's records, and record that it was done; return segment and slot of each key.

    Raises:
        RefusedError: some of them are on hold (`on-hold`).
    """
    target = wanted(desk.ring, subject, tenant)
    retiring.refuse_held(desk.folder, desk.ring, target)
    said = {"subject": target.subject.hex(), "tenant": target.tenant.hex() if target.tenant else ""}
    record_access(desk.folder, desk.ring, who, "erase", said)
    keys = erase(desk.folder, desk.ring, target)
    record_event(desk.folder, desk.ring, who, "erased", {**said, "keys": str(len(keys)), "segments": str(len({each for each, _ in keys}))})
    return keys


def hold(desk: Desk, who: Who, name: str, start: int, end: int) -> Hold:
    """Put records of a time on hold, and record it."""
    new = Hold(name, start, end, who.by, who.why, SystemClock().now())
    retiring.hold(desk.folder, desk.ring, new)
    record_event(desk.folder, desk.ring, who, "hold", {"name": name, "start": str(start), "end": str(end)})
    return new


def release(desk: Desk, who: Who, name: str) -> Hold:
    """Take a hold away, and record it."""
    old = retiring.release(desk.folder, desk.ring, name)
    record_event(desk.folder, desk.ring, who, "release", {"name": name})
    return old


def retire(desk: Desk, who: Who) -> retiring.Retired:
    """Delete what is older than the rule allows; what is old but still open is sealed first, where nobody writes to it."""
    before = milliseconds() - desk.days * retiring.DAY
    for name in retiring.retire(desk.folder, desk.ring, before).open if not _writers(desk) else ():
        with open_scribe(desk.folder, desk.ring, name.partition("/")[0]) as scribe:
            scribe.seal()
    done = retiring.retire(desk.folder, desk.ring, before)
    gone = ", ".join(each.segment for each in done.deleted)
    record_event(desk.folder, desk.ring, who, "retire", {"days": str(desk.days), "deleted": gone, "held": ", ".join(done.held)})
    return done


def take_in(desk: Desk, path: Path, form: str, options: Mapping[str, str]) -> Ingested:
    """Record what another program wrote to a file."""
    digest = str(hash_file(path))
    with open_scribe(desk.folder, desk.ring, INGEST) as scribe:
        done = ingest(form, lines_of(path, LOG_LINE), options, lambda entries: _append(scribe, entries), source=path.name)
    said = {"file": path.name, "digest": digest, "recorded": str(done.recorded), "bad": str(done.bad), "skipped": str(done.skipped)}
    record_event(desk.folder, desk.ring, Who("tetrapylon", f"took in `{path.name}` as {form}"), "ingest", said)
    return done


def change_key(desk: Desk, who: Who) -> int:
    """Wrap every segment's key under a new key, and record it; return how many segments there were."""
    ring, count = rotate_key(desk.folder, journal_key(desk.project.root), desk.passphrase)
    record_event(desk.folder, ring, who, "rotate", {"segments": str(count)})
    return count


def _append(scribe: Any, entries: list[Any]) -> None:
    scribe.append(*entries)


def _writers(desk: Desk) -> list[str]:
    from tetrapylon.outside.filelock import is_held

    return [lane for lane, _ in segments(desk.folder) if lane != ACCESS and is_held(desk.folder / f"{lane}.lock")]


def _checked(desk: Desk) -> list[Head]:
    report = check_journal(desk.folder, desk.ring)
    _refuse_damaged(report.problems)
    return report.heads


def _refuse_damaged(problems: Sequence[str]) -> None:
    from tetrapylon.kernel.errors import IntegrityError

    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise IntegrityError(f"{problems[0]}{more}", hint="run `tetrapylon operate journal verify`", code="damaged")
