"""The policy: every number that a practice leaves open, who may sign what, who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tetrapylon.guidelines.shape import check_keys, read_table
from tetrapylon.kernel.errors import UsageError

AUDIENCES = ("public", "customer", "regulator", "never")
LARGEST = 1_000_000_000
"""No number of a policy is larger: calendars end before a day or second count above it does."""


@dataclass(frozen=True)
class Policy:
    """Values by name, roles by predicate, and the least audience of each predicate's statements."""

    values: dict[str, Any]
    roles: dict[str, tuple[str, ...]]
    disclosure: dict[str, str]


def load_policy(text: str, overrides: dict[str, Any] | None = None) -> Policy:
    """Return the policy, some of its values changed by the system's own.

    Raises:
        UsageError: the text is malformed (`bad-data`), or an override is of no known value or of another kind (`bad-policy`).
    """
    table = read_table(text, "the policy")
    check_keys(table, ("value", "roles", "disclosure"), (), "the policy")
    for each in table["value"]:
        check_keys(each, ("name", "value", "unit", "reason"), (), f"the policy's value {each.get('name')}")
    values = {each["name"]: each["value"] for each in table["value"]}
    if set(table["disclosure"].values()) - set(AUDIENCES):
        raise UsageError("the policy names an audience that is not known", code="bad-data")
    return Policy(
        {**values, **_checked(values, overrides or {})}, {name: tuple(each) for name, each in table["roles"].items()}, table["disclosure"]
    )


def _checked(values: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    for name, value in overrides.items():
        if name not in values:
            raise UsageError(
                f"`gate.policy.{name}` is not a value of the policy", hint=f"values: {', '.join(sorted(values))}", code="bad-policy"
            )
        if not _same_kind(value, values[name]):
            raise UsageError(f"`gate.policy.{name}` must be like {values[name]!r}, numbers from 0 to {LARGEST}", code="bad-policy")
    return overrides


def _same_kind(value: Any, default: Any) -> bool:
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and 0 <= value <= LARGEST
    return isinstance(value, type(default))
