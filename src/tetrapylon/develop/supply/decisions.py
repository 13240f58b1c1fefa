"""`supply.toml`: what people decided about parts from outside: which are ours, which are used unverified, from where.

A part that can be neither pinned nor verified (a hosted model without snapshots, data from a web page) may be used, but
not silently: somebody says so, with a reason and an end. What is so marked counts as debt and not as pinned.
"""

from __future__ import annotations

from typing import Literal

from tetrapylon.system import words
from tetrapylon.system.decided import Decision, TimedDecision
from tetrapylon.system.manifest import Table

FILE = "supply.toml"


class Own(Decision, frozen=True, kw_only=True):
    """That a model or dataset was made here, so that nobody supplies it."""

    id: words.Id


class Unverified(TimedDecision, frozen=True, kw_only=True):
    """That a part is used although it cannot be pinned or verified; after `until` somebody must look again."""

    id: words.Text
    """The id of a model or dataset, or the name of a package."""


class Origin(Decision, frozen=True, kw_only=True):
    """That packages may come from this address, too."""

    url: words.Url


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/supply-decisions/1"] = "tetrapylon/supply-decisions/1"
    own: tuple[Own, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    source: tuple[Origin, ...] = ()

    def marked(self, now: str) -> set[str]:
        """Return the ids of parts that are marked, and whose mark has not ended."""
        return {each.id for each in self.unverified if each.holds(now)}
