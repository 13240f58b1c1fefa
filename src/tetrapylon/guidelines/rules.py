"""Conditions as data: a path into a statement, an operator, a value.

A condition holds, does not hold, or could not be judged: a path that is missing, `null` or `"unknown"` means that a
checker could not check, which is neither a pass nor a failure. `$name` stands for a value of the policy. Paths are dotted;
`items[*].field` means every element.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

Condition = Sequence[Any]
"""`[path, operator, value]`; `none` and `some` take no value."""


class Judged(Enum):
    """How a condition came out."""

    HOLDS = "holds"
    FAILS = "fails"
    UNJUDGED = "could not be judged"


class _Missing(Enum):
    MISSING = "missing"


_MISSING: Final = _Missing.MISSING


def values_at(value: Any, path: str) -> list[Any]:
    """Return what stands at the path: one value, or one for each element where the path says `[*]`."""
    found = [value]
    for step in path.split("."):
        name, every, _ = step.partition("[*]")
        found = [each.get(name, _MISSING) if isinstance(each, Mapping) else _MISSING for each in found]
        if every:
            found = [inner for each in found for inner in (each if isinstance(each, list) else [_MISSING])]
    return found


def judge(condition: Condition, predicate: Mapping[str, Any], policy_values: Mapping[str, Any]) -> Judged:
    """Judge one condition on a statement's predicate."""
    path, operator = condition[0], condition[1]
    found = values_at(predicate, path)
    if operator in {"none", "some"}:
        return _judge_presence(operator, found)
    wanted = wanted_value(condition, policy_values)
    if not found or wanted is _MISSING or any(_unknown(each) for each in found):
        return Judged.UNJUDGED
    results = [_compare(operator, each, wanted) for each in found]
    if Judged.FAILS in results:
        return Judged.FAILS
    return Judged.UNJUDGED if Judged.UNJUDGED in results else Judged.HOLDS


def wanted_value(condition: Condition, policy_values: Mapping[str, Any]) -> Any:
    """Return the value that a condition compares with, `$name` looked up in the policy."""
    wanted = condition[2]
    if isinstance(wanted, str) and wanted.startswith("$"):
        return policy_values.get(wanted[1:], _MISSING)
    return wanted


def _unknown(value: Any) -> bool:
    return value is _MISSING or value is None or value == "unknown"


def _judge_presence(operator: str, found: list[Any]) -> Judged:
    """`none`: an empty list, or no element; `some`: something other than nothing."""
    if any(each is _MISSING or each is None for each in found):
        return Judged.UNJUDGED
    present = any(each not in ("", [], {}, "unknown") for each in found)
    return Judged.HOLDS if present == (operator == "some") else Judged.FAILS


def _compare(operator: str, value: Any, wanted: Any) -> Judged:
    """Compare two values; values of different kinds cannot be judged (a text is not below a number)."""
    try:
        outcome = _outcome(operator, value, wanted)
    except TypeError:
        return Judged.UNJUDGED
    if outcome is None:
        return Judged.UNJUDGED
    return Judged.HOLDS if outcome else Judged.FAILS


def _outcome(operator: str, value: Any, wanted: Any) -> bool | None:
    if operator in {"==", "!="}:
        # `1 == True` in Python: a count is not a flag.
        same = value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
        return same == (operator == "==")
    if operator == "in":
        return value in wanted
    if operator == "contains":
        return wanted in value
    if isinstance(value, bool) or isinstance(wanted, bool):
        return None
    ordered: dict[str, bool] = {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}
    return ordered.get(operator)
