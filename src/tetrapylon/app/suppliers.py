"""Suppliers for a person: who they are and how they stand, a check that asks their addresses, and what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy as policy_of
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Filed, Recorder
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.design.suppliers.check import Reached, Verdict
from tetrapylon.design.suppliers.gather import World
from tetrapylon.design.suppliers.place import origin_of, security_txt
from tetrapylon.design.suppliers.securitytxt import read_security_txt
from tetrapylon.design.suppliers.weigh import Row, Weighed
from tetrapylon.design.suppliers.work import before_first_use, examined, failed_of, observe
from tetrapylon.kernel.errors import Exit, TetrapylonError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.fetching import fetch
from tetrapylon.system.assets import Asset

_MARKS = {Verdict.GOOD: "good", Verdict.BAD: "BAD", Verdict.OPEN: "unknown"}


@dataclass(frozen=True)
class Examined:
    """One subject and how it stands."""

    asset: Asset
    weighed: Weighed
    before_first_use: bool | None

    @property
    def exit(self) -> Exit:
        """How a command about it alone would end."""
        if self.asset.kind == "supplier":
            failed = failed_of(self.weighed)
            return Exit.UNDECIDED if failed is None else Exit.REFUSED if failed else Exit.GOOD
        if self.asset.kind == "lock":
            return self._of_rows("safe-loading", "maintained")
        limit = self.weighed.case.limits["supplier-score"]
        if self.weighed.score >= limit:
            return Exit.GOOD if self.before_first_use is not False else Exit.REFUSED
        return Exit.UNDECIDED if self.weighed.best >= limit else Exit.REFUSED

    def _of_rows(self, *names: str) -> Exit:
        verdicts = {row.verdict for row in self.weighed.rows if row.name in names}
        return Exit.REFUSED if Verdict.BAD in verdicts else Exit.UNDECIDED if Verdict.OPEN in verdicts else Exit.GOOD

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        rows = [
            {"check": each.name, "verdict": each.verdict.value, "by": each.by, "weight": each.weight, "why": each.why}
            for each in self.weighed.rows
        ]
        return {
            "kind": self.asset.kind,
            "id": self.asset.id,
            "digest": self.asset.digest,
            "supplier": self.weighed.case.supplier or None,
            "score": self.weighed.score,
            "limit": self.weighed.case.limits["supplier-score"],
            "beforeFirstUse": self.before_first_use,
            "checks": rows,
            "contradicted": self.weighed.contradicted,
            "exit": int(self.exit),
        }

    def lines(self, *, whole: bool) -> Iterator[str]:
        """Yield this for a reader; without `whole` only what is not good."""
        said = {Exit.GOOD: "passes", Exit.REFUSED: "FAILS", Exit.UNDECIDED: "cannot be told"}[self.exit]
        bad, open_ = len(self.weighed.failed), len(self.weighed.open)
        counted = f"score {self.weighed.score:.2f}, {bad} bad, {open_} unknown, {len(self.weighed.rows)} asked"
        yield f"{self.asset.kind} {self.asset.id}: {said}; {counted}"
        yield from (_line(each) for each in self.weighed.rows if whole or each.verdict is not Verdict.GOOD)
        yield from (f"  disagrees: {each}" for each in self.weighed.contradicted)


def _line(row: Row) -> str:
    return f"  {_MARKS[row.verdict]:7}  {row.name}{' (answered)' if row.by == 'answered' else ''}: {row.why}"


@dataclass(frozen=True)
class Standing:
    """Everything that was examined."""

    all: tuple[Examined, ...]
    filed: tuple[Filed, ...] = ()
    asked: tuple[Reached, ...] = ()

    @property
    def exit(self) -> Exit:
        """How the command ends: the worst of all."""
        ends = {each.exit for each in self.all}
        return Exit.REFUSED if Exit.REFUSED in ends else Exit.UNDECIDED if Exit.UNDECIDED in ends else Exit.GOOD

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        asked = [{"url": each.url, "status": each.status, "why": each.why} for each in self.asked]
        records = [each.index for each in self.filed if each.index is not None]
        subjects = [each.as_json() for each in self.all]
        return {"schema": "tetrapylon/suppliers/1", "subjects": subjects, "asked": asked, "records": records, "exit": int(self.exit)}

    def lines(self, *, whole: bool = False) -> Iterator[str]:
        """Yield this for a reader."""
        for each in self.all:
            yield from each.lines(whole=whole)
        if not self.all:
            yield "nothing comes from a supplier: no lock, hosted model or supplier is declared"
        for reached in self.asked:
            yield f"asked {reached.url}: {reached.why or f'status {reached.status}'}"


def standing(project: Project, only: str | None = None) -> Standing:
    """Return how everything stands, without asking anybody and recording nothing.

    Raises:
        UsageError: nothing of this id comes from a supplier.
    """
    found = _examined(project_view(project))
    return Standing(_only(found, only))


def check(project: Project, passphrase_file: str | None, *, record: bool, offline: bool) -> Standing:
    """Ask the suppliers' addresses, examine everything, and record it as evidence."""
    view = project_view(project)
    asked = {} if offline else dict(_asked(view))
    found = _examined(view, asked)
    filed: list[Filed] = []
    if record:
        policy = policy_of(project)
        recorder = Recorder(project, policy, wiring.read_passphrase(passphrase_file), now=SystemClock().now())
        filed = recorder.file(list(observe(view, asked)))
    return Standing(found, tuple(filed), tuple(asked.values()))


def _examined(view: ProjectView, asked: Mapping[str, Reached] | None = None) -> tuple[Examined, ...]:
    return tuple(Examined(asset, weighed, before_first_use(view, weighed.case)) for asset, weighed in examined(view, asked))


def _only(found: Sequence[Examined], wanted: str | None) -> tuple[Examined, ...]:
    kept = tuple(each for each in found if wanted in {None, each.asset.id, each.weighed.case.supplier})
    if wanted is not None and not kept:
        known = ", ".join(dict.fromkeys(each.asset.id for each in found)) or "none"
        raise UsageError(f"nothing `{wanted[:64]}` comes from a supplier", hint=f"known: {known}", code="unknown-supplier")
    return kept


def _asked(view: ProjectView) -> Iterator[tuple[str, Reached]]:
    """Ask each supplier of a hosted model once where weaknesses are reported."""
    declared = {each.id: each.security_txt for each in World(view, view.now(), {}).declared.supplier}
    origins = {origin_of(str(each["endpoint"])) for each in view.facts.get("model", ()) if "endpoint" in each}
    answers: dict[str, Reached] = {}
    for each in view.facts.get("model", ()):
        if "endpoint" in each and each.get("supplier"):
            url = declared.get(each["supplier"]) or security_txt(str(each["endpoint"]))
            # The network is spoken to only where the manifest says so, unless a setting allows more.
            if url not in answers:
                answers[url] = _reach(url, view.now(), allowed=origin_of(url) in origins or view.settings["network"] is True)
            yield str(each["id"]), answers[url]


def _reach(url: str, now: str, *, allowed: bool) -> Reached:
    if not allowed:
        return Reached(url, now, None, why="the setting `network` is off, and the manifest declares no model there")
    try:
        said = fetch(url)
    except TetrapylonError as error:
        return Reached(url, now, None, why=error.message)
    contact, expires = read_security_txt(said.body) if said.status == 200 else (None, None)  # noqa: PLR2004
    return Reached(url, now, said.status, contact, expires)
