"""`inventory.toml`: what people decided about the inventory; beside the manifest, because it changes with the tree.

It stands apart from the manifest, whose digest is what evidence is about: to look at one more stray file and say that
it is no asset must not stale every practice. It stands apart from `records/`, whose files are named after assets.
"""

from __future__ import annotations

import re
from typing import Literal

from tetrapylon.develop.assets.entry import Class
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.tree import translate
from tetrapylon.system import words
from tetrapylon.system.decided import Decision
from tetrapylon.system.finding import Component
from tetrapylon.system.manifest import Table

FILE = "inventory.toml"


class Empty(Decision, frozen=True, kw_only=True):
    """That a class is empty on purpose."""

    cls: Class


class Excluded(Decision, frozen=True, kw_only=True):
    """That something which was found is no asset of the system: a sample, somebody else's, a thing that looks like one."""

    kind: Literal["model", "hosted-model", "dataset", "prompt", "tool", "mcp-server", "vector-store"]
    id: words.Text | None = None
    path: words.Glob | None = None
    """Where: a file, a folder or a pattern."""

    def covers(self, component: Component) -> bool:
        """Return whether this is what was decided about."""
        if component.kind != self.kind or (self.id is not None and self.id != component.id):
            return False
        return self.path is None or bool(_pattern(self.path).fullmatch(component.at.path))


class Rated(Table, frozen=True, kw_only=True):
    """Who answers for an asset, and how sensitive it is."""

    id: words.Id
    owner: words.Id | None = None
    sensitivity: words.Sensitivity | None = None


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/inventory-decisions/1"] = "tetrapylon/inventory-decisions/1"
    none: tuple[Empty, ...] = ()
    exclude: tuple[Excluded, ...] = ()
    asset: tuple[Rated, ...] = ()


def check(decisions: Decisions) -> Decisions:
    """Return the decisions, if none of them excludes a whole kind.

    Raises:
        UsageError: an exclusion names neither an id nor a path (`too-wide`), or its path is no pattern.
    """
    for index, each in enumerate(decisions.exclude):
        if each.id is None and each.path is None:
            hint = "name what was looked at: `id`, `path`, or both"
            raise UsageError(f"`exclude[{index}]` in `{FILE}` excludes every {each.kind}", hint=hint, code="too-wide")
        if each.path is not None:
            _pattern(each.path)
    return decisions


def _pattern(glob: str) -> re.Pattern[str]:
    special = any(each in glob for each in "*?[")
    return re.compile(translate(glob) if special else rf"{re.escape(glob)}(?:/.*)?", re.DOTALL)
