"""How long people wait for what they see: the report of a year's evidence, whole processes.

The system has twelve datasets, more than 5,000 statements about them, one decision a week, and the profile `core` of the 172 practices.
The baseline is the same command's help.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from tetrapylon.app import wiring
from tetrapylon.app.assets import read_release
from tetrapylon.app.guidance import catalogue, policy
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.records import record_of
from tetrapylon.app.trusting import TrustPlan, init_trust
from tetrapylon.evidence.ledger import Entry, Ledger
from tetrapylon.evidence.note import Checkpoint
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.evidence.signer import sign_statement
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.posture.decision import Basis, basis_objects, decide, decision_predicate
from tetrapylon.posture.fold import Record

STATEMENTS = 5_616
"""Nine about each of twelve datasets, every week."""
WEEKS = 52
RUNS = 5
COMMAND = str(Path(sys.executable).with_name("tetrapylon"))


def run() -> list[Figure]:
    """Return the seconds of the report now, and of the report on the year."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        first = _year(root)
        helped = statistics.median(_seconds([COMMAND, "report", "--help"], root))
        now = _seconds([COMMAND, "report", "--profile", "core", "--open", "no"], root)
        past = _seconds([COMMAND, "report", "--from", first, "--open", "no"], root)
        return [
            Figure(f"report, 172 practices, {STATEMENTS:,} statements", "s", now, 5, "most", helped),
            Figure(f"report on a year: {STATEMENTS:,} statements, {WEEKS} decisions, 365 days", "s", past, 15, "most", helped),
        ]


def _year(root: Path) -> str:
    """Make a system and a year of evidence and decisions about it, and return the year's first day."""
    names = [f"set-{number}" for number in range(12)]
    system = {"id": "year", "release": "1", "role": "provider", "criticality": "low", "purpose": "a year"}
    lines = ['schema = "tetrapylon/manifest/1"', "[system]", *(f'{key} = "{text}"' for key, text in system.items())]
    for each in names:
        lines += ["[[dataset]]", f'id = "{each}"', f'path = "{each}.csv"', 'sensitivity = "internal"']
        (root / f"{each}.csv").write_text(f"{each}\n1\n")
    (root / "tetrapylon.toml").write_text("\n".join(lines))
    project = open_project(root)
    began = datetime.now(UTC) - timedelta(days=WEEKS * 7)
    init_trust(project, TrustPlan(threshold=1, root_keys=1, days=800, passphrase=None), began.strftime("%Y-%m-%dT00:00:00Z"))
    year = Year(project, wiring.open_ledger(project))
    for week in range(WEEKS):
        at = (began + timedelta(days=7 * week)).strftime("%Y-%m-%dT%H:%M:%SZ")
        year.measure(STATEMENTS // WEEKS, at)
        year.decide(at)
    Recorder(project, policy(project), None, now=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")).publish(year.ledger)
    return began.strftime("%Y-%m-%d")


class Year:
    """A log that grows."""

    def __init__(self, project: Project, ledger: Ledger) -> None:
        self.project, self.ledger = project, ledger
        self.trust, self.release = wiring.load_trust(project), read_release(project)
        self.records: list[Record] = []
        self.count = 0

    def _record(self, role: str, about: Subject, predicate: str, contents: list[dict[str, Any]], at: str) -> None:
        signer = wiring.signer_for(self.project, [role], None)
        made = [sign_statement(Statement((about,), predicate_type(predicate), each), [signer]) for each in contents]
        for envelope, place in zip(made, self.ledger.record([Entry(each) for each in made], at), strict=True):
            self.records.append(record_of(place.index, place.leaf, envelope, self.trust, demo=False))

    def measure(self, number: int, at: str) -> None:
        """Record that datasets were looked at."""
        assets = [each for each in self.release.assets if each.kind == "dataset"]
        for asset in assets:
            payload = {"observedFrom": at, "observedTo": at, "event": "rehash", "mismatched": 0, "missing": 0, "release": "1"}
            some = [{**payload, "checked": self.count + each} for each in range(number // len(assets))]
            self.count += len(some)
            self._record("build", Subject(asset.id, asset.digest), "integrity-check", some, at)

    def decide(self, at: str) -> None:
        """Record a decision."""
        checkpoint = Checkpoint(self.trust.root.origin, self.ledger.size, self.ledger.root())
        rules = policy(self.project, "core")
        basis = Basis(catalogue(), rules, self.project.facts, self.release.refs(), self.release.digest, checkpoint)
        decision = decide(basis, self.records, at)
        for data in (*basis_objects(basis).values(), canonical_json(decision)):
            self.ledger.store.put(data)
        self._record("release-manager", Subject("release", self.release.digest), "gate-decision", [decision_predicate(decision)], at)


def _seconds(command: list[str], root: Path) -> list[float]:
    runs = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        runs.append(time.perf_counter() - began)
    return runs[1:]
