"""From outcomes and answers to a score: what was measured stands, an answer counts where nothing was, and both are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tetrapylon.design.suppliers.check import Case, Check, Outcome, Verdict, checks_for
from tetrapylon.design.suppliers.questions import Question, Questions

By = Literal["measured", "answered", "nobody"]


@dataclass(frozen=True, slots=True)
class Row:
    """One check or question, and what it came to."""

    name: str
    weight: int
    verdict: Verdict
    by: By
    why: str
    signal: bool = False
    contradicted: str = ""
    """What the supplier answered, where something measured says otherwise."""

    count: int = 0


@dataclass(frozen=True)
class Weighed:
    """Everything about one subject."""

    case: Case
    rows: tuple[Row, ...]
    counts: float
    """The share that an answer counts."""

    @property
    def score(self) -> float:
        """The share of the weight that is good: measured counts whole, answered in part, unknown not at all."""
        return self._share({Verdict.GOOD})

    @property
    def best(self) -> float:
        """What the score would be if everything unknown were good."""
        return self._share({Verdict.GOOD, Verdict.OPEN})

    def _share(self, verdicts: set[Verdict]) -> float:
        total = sum(each.weight for each in self.rows)
        found = sum(each.weight * (self.counts if each.by == "answered" else 1) for each in self.rows if each.verdict in verdicts)
        return round(found / total, 4) if total else 0.0

    @property
    def failed(self) -> list[str]:
        """Names of what is bad."""
        return [each.name for each in self.rows if each.verdict is Verdict.BAD]

    @property
    def open(self) -> list[str]:
        """Names of what is unknown."""
        return [each.name for each in self.rows if each.verdict is Verdict.OPEN]

    @property
    def answered(self) -> list[str]:
        """Names of what rests on an answer alone."""
        return [each.name for each in self.rows if each.by == "answered"]

    @property
    def contradicted(self) -> list[str]:
        """Sentences: where an answer and a measurement disagree."""
        return [f"{each.name}: {each.contradicted}" for each in self.rows if each.contradicted]

    def row(self, name: str) -> Row | None:
        """Return one row, if it was asked."""
        return next((each for each in self.rows if each.name == name), None)


def weigh(case: Case, questions: Questions) -> Weighed:
    """Return what all checks and questions say about the case; of a supplier only its signals are asked."""
    return Weighed(case, tuple(_rows(case, questions)), questions.counts)


def _rows(case: Case, questions: Questions) -> Iterator[Row]:
    for name, check in checks_for(case.kind):
        outcome = check.look(case) if case.kind != "supplier" or check.SIGNAL else None
        if outcome is not None:
            yield _row(name, check, outcome, case, questions)
    if case.kind == "model-hosted":
        yield from (_asked(case, each) for each in questions.unmeasured)


def _row(name: str, check: Check, outcome: Outcome, case: Case, questions: Questions) -> Row:
    said = case.sheet.answers.get(check.QUESTION, "") if case.sheet and check.QUESTION else ""
    if outcome.verdict is not Verdict.OPEN:
        against = {Verdict.GOOD: "no", Verdict.BAD: "yes"}[outcome.verdict] == said
        contradicted = f"the supplier answered `{said}`, and what was measured says: {outcome.why}" if against else ""
        return Row(name, check.WEIGHT, outcome.verdict, "measured", outcome.why, check.SIGNAL, contradicted, outcome.count)
    mandatory = bool(check.QUESTION) and questions[str(check.QUESTION)].mandatory
    if said == "yes":
        return Row(name, check.WEIGHT, Verdict.GOOD, "answered", f"the supplier says so; {outcome.why}", check.SIGNAL)
    if said == "no" or (said and mandatory):
        return Row(name, check.WEIGHT, Verdict.BAD, "answered", f"the supplier answers `{said}`", check.SIGNAL, count=1)
    return Row(name, check.WEIGHT, Verdict.OPEN, "nobody", outcome.why, check.SIGNAL)


def _asked(case: Case, question: Question) -> Row:
    said = case.sheet.answers.get(question.id, "") if case.sheet else ""
    if said == "yes" or (said == "not-applicable" and not question.mandatory):
        return Row(question.id, question.weight, Verdict.GOOD, "answered", f"the supplier answers `{said}`")
    if said:
        return Row(question.id, question.weight, Verdict.BAD, "answered", f"the supplier answers `{said}`")
    return Row(question.id, question.weight, Verdict.OPEN, "nobody", "the supplier was not asked, or its answer does not count")
