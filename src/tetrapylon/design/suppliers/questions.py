"""The questions that suppliers are asked, and what each answer counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tetrapylon.guidelines.shape import read_table
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.shelf import package_text


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    id: str
    text: str
    evidence: str
    """What would answer it in its place."""

    mandatory: bool
    weight: int = 1
    check: str | None = None
    """The check that measures it, where one does."""


@dataclass(frozen=True)
class Questions:
    """Every question, in order."""

    all: tuple[Question, ...]
    counts: float
    """The share of its weight that a signed answer counts, where something measured counts all of it."""

    @property
    def digest(self) -> Digest:
        """The digest of what is asked: another set of questions is another questionnaire."""
        return sha256(canonical_json([[each.id, each.text] for each in self.all]))

    @property
    def unmeasured(self) -> tuple[Question, ...]:
        """Questions that can only be answered."""
        return tuple(each for each in self.all if each.check is None)

    def __getitem__(self, name: str) -> Question:
        return next(each for each in self.all if each.id == name)


@cache
def questions() -> Questions:
    """Return the questions."""
    found = read_table(package_text("tetrapylon.design.suppliers", "questionnaire.toml"), "the questionnaire")
    return Questions(tuple(Question(**each) for each in found["question"]), float(found["answer-counts"]))
