"""The branch whose runs may admit evidence to the log.

What it does: on any other branch evidence stays a draft that decides nothing.
Why it matters: whoever pushes to a branch that nobody reviews must not be able to decide a release.
"""

from __future__ import annotations

import re

from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.problem import shown
from tetrapylon.system.setting import Kind, Value

NAME = "sequencer"
KIND: Kind = "text"
SAFE: Value = "main"
WHY = "changes reach `main` only through review"
RISK = "evidence from a branch that nobody reviews can decide a release"
GOOD = ("main", "master", "trunk", "release")
BAD = ("feature/x", "*", "", "a b")

_REVIEWED = {"main", "master", "trunk", "release"}
"""Names that by convention are protected; for any other name somebody has to say that it is."""


def parse(text: str) -> Value:
    """Return the name of the branch."""
    if not re.fullmatch("[0-9A-Za-z][0-9A-Za-z._/-]{0,199}", text):
        raise UsageError(f"is `{shown(text)}`; expected the name of one branch, such as `main`")
    return text


def is_safe(value: Value) -> bool:
    """Return whether the branch is, by its name, one that changes reach through review."""
    return value in _REVIEWED
