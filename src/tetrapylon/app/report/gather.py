"""What the report says, gathered once: the posture now, the last decision made again, the evidence and where it comes from.

Everything is read from the log, the manifest and the declared files; nothing is measured and nothing is recorded. What could not
be shown is in `unshown`, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import decide, wiring
from tetrapylon.app.board import Pillar, Row, board
from tetrapylon.app.decide import Decided, RecordedDecision
from tetrapylon.app.listening import SILENT, Listener
from tetrapylon.app.project import Project
from tetrapylon.app.report.bill import Bill, bill_of
from tetrapylon.app.report.picture.flows import Pictures, pictures
from tetrapylon.app.report.proof import Proof, proofs
from tetrapylon.app.report.threats import threats_of
from tetrapylon.app.report.waivers import Exemption, exemptions
from tetrapylon.design.threats.model import ThreatModel
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import Exit, IntegrityError
from tetrapylon.posture.decision import decide as decide_on
from tetrapylon.posture.decision import read_decision
from tetrapylon.posture.fold import Record


@dataclass(frozen=True)
class Recorded:
    """The last decision of the log, made again for this report."""

    place: RecordedDecision
    decision: Mapping[str, Any]
    same: bool
    """Whether it came out the same, byte for byte."""

    current: bool
    """Whether it is about the release as it is on disk now."""


@dataclass(frozen=True)
class Report:
    """Everything that the page shows."""

    facts: Mapping[str, Any]
    now: Decided
    pillars: tuple[Pillar, ...]
    recorded: Recorded | None
    proofs: Mapping[int, Proof]
    """The evidence that the states rest on, by log record."""

    origins: Mapping[str, str]
    """Where each assessed practice's state comes from."""

    others: Mapping[str, int]
    """How many further log records there are of each kind."""

    exemptions: tuple[Exemption, ...]
    threats: ThreatModel | None
    pictures: Pictures | None
    bill: Bill | None
    fingerprint: str | None
    """Of the root of trust, where there is one."""

    unshown: tuple[str, ...]

    @property
    def time(self) -> str:
        """When this was so, UTC."""
        return str(self.now.decision["timestamp"])

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every practice of the guidelines."""
        return tuple(row for pillar in self.pillars for row in pillar.rows)

    @property
    def exit(self) -> Exit:
        """How writing the report ends: 4 where the recorded decision could not be made again, 0 otherwise."""
        return Exit.BROKEN if self.recorded and not self.recorded.same else Exit.GOOD


def gather(
    project: Project, policy: Mapping[str, Any], now: str, *, commands: Collection[str] | None = None, listener: Listener = SILENT
) -> Report:
    """Return what is known at this time."""
    decided = decide.assess_now(project, policy, now, listener)
    listener.begin("the report")
    pillars = board(decided, commands)
    used = sorted({index for pillar in pillars for row in pillar.rows for index in row.records})
    found = proofs(project, decided, used)
    threats, without_threats = threats_of(project, decided)
    bill, without_bill = bill_of(project, decided)
    report = Report(
        facts=project.facts,
        now=decided,
        pillars=pillars,
        recorded=_recorded(project, decided),
        proofs=found.by_record,
        origins=found.origins,
        others=found.others,
        exemptions=exemptions(decided.records, policy, now),
        threats=threats,
        pictures=pictures(threats) if threats else None,
        bill=bill,
        fingerprint=wiring.load_trust(project).fingerprint if wiring.root_files(project) else None,
        unshown=(*without_threats, *without_bill),
    )
    listener.end()
    return report


def _recorded(project: Project, now: Decided) -> Recorded | None:
    """Return the last recorded decision, made again from exactly what it stood on."""
    found = decisions_in(now.records)
    if not found:
        return None
    ledger = wiring.open_ledger(project)
    data = ledger.store.get(found[-1].digest)
    decision = read_decision(data)
    basis = decide.recorded_basis(ledger, decision)
    records = now.records[: basis.checkpoint.size]
    try:
        same = canonical_json(decide_on(basis, records, decision["timestamp"])) == data
    except (IntegrityError, KeyError, TypeError, ValueError):
        same = False
    return Recorded(found[-1], decision, same, decision["system"]["digest"] == now.decision["system"]["digest"])


def decisions_in(records: Sequence[Record]) -> list[RecordedDecision]:
    """Return the decisions among records that were read already, in order."""
    wanted = predicate_type("gate-decision")
    return [
        RecordedDecision(each.index, each.leaf.recorded_at, Digest(each.statement.predicate["decision"]))
        for each in records
        if each.leaf.predicate_type == wanted and each.statement is not None
    ]
