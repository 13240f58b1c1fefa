"""`debt.toml`: who pays which debt by when and why it was taken on, and the budget; beside the manifest."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.decided import Day, Decision
from tetrapylon.system.finding import Severity
from tetrapylon.system.manifest import Table

FILE = "debt.toml"

Limit = Annotated[int, Meta(ge=0, le=100_000, description="a whole number from 0 to 100000")]
Practices = Annotated[tuple[words.Name, ...], Meta(min_length=1, description="a list of practices such as `SV1.5`")]


class Budget(Table, frozen=True, kw_only=True):
    """How much debt there may be."""

    entries: Limit
    critical: Limit = 0


class Rule(Decision, frozen=True, kw_only=True):
    """What holds for everything that one detector finds, where nothing is said about the single entry."""

    detector: words.Name
    due: Day | None = None


class Known(Decision, frozen=True, kw_only=True):
    """What was decided about one entry of the register."""

    id: words.Id
    due: Day | None = None


class Item(Decision, frozen=True, kw_only=True):
    """A debt that a person knows and no detector finds."""

    id: words.Id
    what: words.Text
    where: words.Text
    severity: Severity
    risk: Practices
    due: Day


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/debt-decisions/1"] = "tetrapylon/debt-decisions/1"
    budget: Budget | None = None
    rule: tuple[Rule, ...] = ()
    entry: tuple[Known, ...] = ()
    item: tuple[Item, ...] = ()
