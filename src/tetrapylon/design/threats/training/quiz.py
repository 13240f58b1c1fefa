"""A quiz: which questions somebody gets, in which order, and how the answers count.

What it does: draws from a module's bank by a seed that follows from system, module, person and attempt, so the same attempt can
be made again and looked at, while the next one asks something else. A result needs the threshold over all items, and every
practical item right: who knows the words but not this system has not passed.
Why it matters: what is measured is skill and not presence.

Cannot see: who sat at the keyboard, and whether somebody told them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import msgspec

from tetrapylon.design.threats.training.module import Module
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem
from tetrapylon.system.shape import shape_problems

PRACTICAL = 2
"""Practical items of one quiz, where the system's threats give so many."""

ANSWERS = "tetrapylon/training-answers/1"


@dataclass(frozen=True, slots=True)
class Item:
    """One question as it is asked."""

    id: str
    text: str
    options: tuple[str, ...]
    right: str
    why: str
    practical: bool = False

    def as_json(self) -> dict[str, Json]:
        """Return what may be shown before it is answered."""
        return {"id": self.id, "text": self.text, "options": list(self.options), "practical": self.practical}


@dataclass(frozen=True, slots=True)
class Marked:
    """What the answers were worth."""

    score: float
    """The share of items that were right."""

    practical: Literal["correct", "wrong", "unknown"]
    """Unknown where no practical item was asked."""

    wrong: tuple[Item, ...]
    unanswered: tuple[str, ...]

    def passed(self, threshold: float) -> bool:
        """Return whether this is enough."""
        return self.score >= threshold and self.practical == "correct"


class _Answer(Table, frozen=True, kw_only=True):
    item: words.Text
    chosen: words.Text


class _Answers(Table, frozen=True, kw_only=True):
    schema: Literal["tetrapylon/training-answers/1"] = "tetrapylon/training-answers/1"
    module: words.Id
    # No table by item: names of items hold words by which others look for prompts and secrets.
    answers: tuple[_Answer, ...] = msgspec.field(name="answer", default=())


def seed_of(system: str, module: Module, person: str, attempt: int) -> str:
    """Return the seed of one attempt."""
    return digest_hex(sha256(canonical_json([system, module.id, person, attempt])))


def ordered(seed: str, texts: Sequence[str]) -> list[str]:
    """Return the texts in the order that the seed gives them."""
    return sorted(texts, key=lambda each: sha256(canonical_json([seed, each])))


def draw(module: Module, seed: str, practical: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items of a quiz: some questions of the bank, then the practical items."""
    chosen = ordered(seed, [each.id for each in module.questions])[: module.draw]
    known = {each.id: each for each in module.questions}
    return (*(_item(known[each], seed) for each in chosen), *practical)


def bank(module: Module) -> Iterator[Item]:
    """Yield every question of the module, with options in an order that says nothing."""
    for each in module.questions:
        yield _item(each, module.id)


def _item(question: object, seed: str) -> Item:
    from tetrapylon.design.threats.training.module import Question

    assert isinstance(question, Question)
    options = ordered(f"{seed}:{question.id}", [question.right, *question.wrong])
    return Item(question.id, question.text, tuple(options), question.right, question.why)


def items_digest(items: Sequence[Item]) -> Digest:
    """Return the digest of what was asked, in the order in which it was."""
    return sha256(canonical_json([each.as_json() for each in items]))


def mark(items: Sequence[Item], answers: Mapping[str, str]) -> Marked:
    """Return what the answers are worth; an item without one of its options as answer is wrong."""
    wrong = tuple(each for each in items if answers.get(each.id) != each.right)
    unanswered = tuple(each.id for each in items if answers.get(each.id) not in each.options)
    practical = [each for each in items if each.practical]
    skill: Literal["correct", "wrong", "unknown"] = "unknown"
    if practical:
        skill = "wrong" if any(each in wrong for each in practical) else "correct"
    return Marked(round((len(items) - len(wrong)) / len(items), 4) if items else 0.0, skill, wrong, unanswered)


def read_answers(text: bytes, module: str, name: str) -> dict[str, str]:
    """Return a person's answers, by item, from a TOML file.

    Raises:
        ManifestError: a `UsageError`: not of that form, or answers to another module.
    """
    table = read_toml(text, name)
    problems = list(islice(shape_problems(table, _Answers), 100))
    if not problems and table["module"] != module:
        problems = [Problem("module", f"is `{table['module']}`, and `{module}` is being taken", "bad-value")]
    if problems:
        raise ManifestError(name, problems, table)
    return {each.item: each.chosen for each in msgspec.convert(table, _Answers).answers}
