"""Write, publish and match advisories, and keep the cases of reports from outside."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app.guidance import policy as policy_of
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import read_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.operate.lessons import advisories, imports
from tetrapylon.operate.lessons.cases import Case, Event, cases, payload, pseudonym, step
from tetrapylon.operate.lessons.draft import FOLDER
from tetrapylon.operate.lessons.matching import Checked, Match, Matcher, counts
from tetrapylon.operate.lessons.others import read_foreign
from tetrapylon.operate.lessons.report import Report, read_report
from tetrapylon.operate.lessons.valid import problems
from tetrapylon.operate.lessons.work import PUBLISHED, imports_of
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.system.assets import Asset

_TEMPLATE = """\
# What is said about one weakness; `tetrapylon operate advisory publish` writes CSAF and VEX from it.
schema = "tetrapylon/advisory/1"
id = "{id}"
title = "{title}"
summary = "{title}"
no-cve = "none was asked for"
no-cwe = "not looked up yet"
no-cvss = "not scored yet"
{lesson}
[[revision]]
date = "{now}"
summary = "First version"

[[affected]]
asset = "{asset}"
release = "{affected}"
"""

_OPEN = """
[[remedy]]
kind = "none_available"
text = "Nothing is available yet"
"""

_FIXED = """
[[fixed]]
asset = "{asset}"
release = "{fixed}"

[[remedy]]
kind = "vendor_fix"
text = "Take release {fixed}"
"""


@dataclass(frozen=True)
class About:
    """What an advisory is about: an asset, in which releases, and the lesson that it left."""

    asset: str
    affected: str | None = None
    """None is this release."""

    fixed: str | None = None
    lesson: str | None = None


@dataclass(frozen=True)
class PublishedAdvisories:
    """What was written, and what is wrong with it."""

    folder: Path
    files: tuple[str, ...]
    digests: tuple[str, ...]
    problems: tuple[str, ...]


def new_advisory(project: Project, name: str, title: str, about: About) -> Path:
    """Write the draft of an advisory about an asset, of this release or of one that a gate released.

    Raises:
        MissingError: there is no such asset.
        ConflictError: there is a draft of this name already.
    """
    view = project_view(project)
    if about.asset not in {each.id for each in view.assets}:
        raise MissingError(f"the manifest declares no `{about.asset}`", hint="name a model, dataset or prompt", code="no-such-asset")
    texts = (name, title, about.affected or "", about.fixed or "", about.lesson or "")
    if any(character in "".join(texts) for character in '"\\\n') or not name.replace("-", "").isalnum():
        raise UsageError("an advisory's id has letters, digits and `-`, and what it says no quotation marks", code="bad-id")
    affected = about.affected or view.facts["system"]["release"]
    values = {"id": name, "title": title, "now": SystemClock().now(), "asset": about.asset, "affected": affected, "fixed": about.fixed}
    values["lesson"] = f'regression = "{about.lesson}"\n' if about.lesson else ""
    template = _TEMPLATE + (_FIXED if about.fixed else _OPEN)
    make_folder(project.root / FOLDER)
    path = project.root / FOLDER / f"{name.lower()}.toml"
    write_atomic(path, template.format(**values).encode(), replace=False)
    return path


def publish_advisories(project: Project, out: str | None) -> PublishedAdvisories:
    """Write every document of every draft, with its hashes, the index, the changes and who publishes.

    Raises:
        RefusedError: one is not valid (`not-valid`); nothing was written.
        MissingError: there is no draft, or the `csaf` package is not installed.
    """
    view = project_view(project)
    built = advisories.build(view)
    if not built:
        hint = "write one with `tetrapylon operate advisory new`"
        raise MissingError(f"there is no draft in `{FOLDER}`", hint=hint, code="no-advisory")
    wrong = [f"{each.path}: {problem}" for each in built for problem in problems(each.value)]
    if wrong:
        raise RefusedError(f"nothing was published: {wrong[0]}", hint="put the draft right", code="not-valid")
    folder = Path(out) if out else project.root / PUBLISHED
    files = advisories.layout(built, advisories.publisher_of(view))
    for name, data in files.items():
        make_folder((folder / name).parent)
        write_atomic(folder / name, data)
    incomplete = tuple(f"{each.draft.id}: neither {name} nor a reason" for each in built[::2] for name in each.incomplete)
    return PublishedAdvisories(folder, tuple(files), tuple(sorted({d for each in built for d in each.digests})), incomplete)


def validate(path: Path) -> list[str]:
    """Return what is wrong with a CSAF 2.0 document."""
    value = read_json(read_bytes(path, BOUNDS.json), f"`{path.name}`")
    if not isinstance(value, dict):
        raise UsageError(f"`{path}` is not a JSON object", code="malformed")
    return problems(value)


def match_document(project: Project, path: Path) -> list[Asset]:
    """Return the assets of this release that a CSAF document calls affected, by their digests.

    Raises:
        UsageError: it is no CSAF document.
    """
    value = read_json(read_bytes(path, BOUNDS.json), f"`{path.name}`")
    named = {digest for each in read_foreign(value) for digest in each.digests}
    return [each for each in project_view(project).assets if each.digest in named]


@dataclass(frozen=True)
class Imported:
    """What was taken in."""

    path: Path
    advisories: int
    unread: tuple[str, ...]


def import_advisories(project: Project, path: Path, covers: Sequence[str]) -> Imported:
    """Keep others' advisories from a file for matching off line."""
    found, unread = imports.read_file(path)
    if covers and unread:
        raise RefusedError(
            f"`{path.name}` is no whole export: {unread[0]}", hint="import it without `--covers`, or get it anew", code="not-whole"
        )
    prepare_state(project)
    kept = imports.keep(imports_of(project_view(project)), found, covers, SystemClock().now())
    return Imported(kept, len(found), tuple(unread))


@dataclass(frozen=True)
class Matched:
    """What others' advisories say about this system."""

    locks: tuple[Checked, ...]
    assets: tuple[Match, ...]
    imports: int
    counts: dict[str, int]


def match_advisories(project: Project) -> Matched:
    """Match everything that was imported with the locks and the assets.

    Raises:
        MissingError: nothing was imported, so nothing can be said (`nothing-imported`).
    """
    view = project_view(project)
    held = imports.kept(imports_of(view))
    if not held:
        hint = "run `tetrapylon develop advisories import FILE` with OSV records or CSAF documents"
        raise MissingError("no advisories of others were imported, so nothing was checked", hint=hint, code="nothing-imported")
    matcher = Matcher(held, advisories.lessons(view), SystemClock().now())
    locks = tuple(matcher.lock(view, each.path or each.id) for each in view.assets if each.kind == "lock")
    return Matched(locks, tuple(matcher.assets(view)), len(held), dict(counts(locks)))


class Desk:
    """Where reports arrive: texts stay in a private folder, what happened goes to the log."""

    def __init__(self, project: Project, passphrase: bytes | None) -> None:
        self.project = project
        self.view: ProjectView = project_view(project)
        self.policy = advisories.lessons(self.view).intake
        self.now = SystemClock().now()
        self._recorder = Recorder(project, policy_of(project), passphrase, now=self.now)

    def cases(self) -> dict[str, Case]:
        """Return every case."""
        return cases(self.view.evidence("disclosure-case"))

    def receive(self, path: Path, reporter: str | None) -> tuple[Case, Report]:
        """Take a report in: its text is kept for whoever triages, its digest goes to the log.

        Raises:
            RefusedError: the very same report is a case already (`known-report`).
        """
        report, held = read_report(path), self.cases()
        if known := next((each for each in held.values() if each.report == report.digest), None):
            raise RefusedError(f"this report is case `{known.id}` already", code="known-report")
        name = f"case-{self.now[:4]}-{len(held) + 1:04d}"
        who = None if reporter is None else pseudonym(self._salt(), reporter)
        case = Case(name, report.digest, who, "received", {"received": self.now})
        write_atomic(self._folder() / f"{name}.txt", (report.text + "\n").encode(), 0o600)
        self._record(case, "received", held)
        return case, report

    def move(self, name: str, event: Event, lesson: str | None) -> Case:
        """Record that a step of a case was done."""
        held = self.cases()
        case = step(held, name, event, lesson, self.now)
        self._record(case, event, held)
        return case

    def _record(self, case: Case, event: Event, held: dict[str, Case]) -> None:
        said: dict[str, Any] = {**payload(case, event, held, self.policy, self.now), "tool": self.view.tool}
        about = (Subject(case.id, Digest(case.report)),)
        self._recorder.file([Observation("disclosure-case", about, said, self.now, self.now, "responder")])

    def _folder(self) -> Path:
        prepare_state(self.project)
        folder = self.project.state("intake")
        make_folder(folder, 0o700)
        if not (folder / ".gitignore").exists():
            write_atomic(folder / ".gitignore", b"*\n")
        return folder

    def _salt(self) -> bytes:
        path = self._folder() / "salt"
        try:
            write_atomic(path, secrets.token_bytes(32), 0o600, replace=False)
        except TetrapylonError as error:
            if error.code != "exists":
                raise
        return read_bytes(path, 64)
