"""The policy: whole, explained, and changed only where a system may change it."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from typing import Any

import pytest

from tetrapylon.guidelines.policy import AUDIENCES, LARGEST, load_policy
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import package_text

TEXT = package_text("tetrapylon.guidelines", "policy.toml")
POLICY = load_policy(TEXT)

ROLES = {
    "build", "scanner", "red-team", "reviewer", "leader", "responder", "release-manager", "owner", "risk-owner", "developer",
    "data-scientist", "operator", "user-representative", "supplier", "sequencer",
}  # fmt: skip


def test_every_value_has_a_unit_and_a_reason_and_stands_once() -> None:
    table = tomllib.loads(TEXT)["value"]
    assert all(each["unit"] and each["reason"] for each in table)
    names = [each["name"] for each in table]
    assert len(set(names)) == len(names)
    assert all(0 <= each["value"] <= 1 for each in table if each["unit"] == "share")


def test_roles_are_known_and_persons_sign_for_persons() -> None:
    assert {role for roles in POLICY.roles.values() for role in roles} <= ROLES
    assert not {"build", "scanner", "red-team", "sequencer"} & set(POLICY.roles["attestation"])
    assert set(POLICY.disclosure.values()) <= set(AUDIENCES)


def test_personal_data_is_shown_to_nobody() -> None:
    assert {POLICY.disclosure[each] for each in ("training", "attestation", "user-acknowledgement")} == {"never"}


@pytest.mark.parametrize(
    "overrides",
    [
        {"nonsense": 1},
        {"leader-days": "long"},
        {"leader-days": -1},
        {"leader-days": True},
        {"leader-days": float("nan")},
        {"leader-days": float("inf")},
        {"clock-skew-seconds": LARGEST + 1},
    ],
)
def test_overrides_change_known_values_only(overrides: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        load_policy(TEXT, overrides)
    assert caught.value.code == "bad-policy"
    assert f"gate.policy.{next(iter(overrides))}" in caught.value.message


def test_an_override_counts_and_leaves_the_rest() -> None:
    changed = load_policy(TEXT, {"leader-days": 90})
    assert changed.values == {**POLICY.values, "leader-days": 90}
    assert (changed.roles, changed.disclosure) == (POLICY.roles, POLICY.disclosure)


def test_the_largest_number_is_one_that_calendars_can_add() -> None:
    largest = load_policy(TEXT, {"clock-skew-seconds": LARGEST}).values["clock-skew-seconds"]
    assert datetime.fromisoformat("2026-06-01T00:00:00Z") + timedelta(seconds=largest) > datetime.fromisoformat("2050-01-01T00:00:00Z")
    with pytest.raises(OverflowError):
        timedelta(days=LARGEST * 10)


@pytest.mark.parametrize(
    "change",
    [
        ('vsa = "public"', 'vsa = "everybody"'),
        ('unit = "days"', 'units = "days"'),
        ("[disclosure]", "[secrecy]"),
        ("[roles]", "[roles"),
    ],
)
def test_mistakes_in_the_policy_are_refused(change: tuple[str, str]) -> None:
    assert change[0] in TEXT
    with pytest.raises(UsageError) as caught:
        load_policy(TEXT.replace(*change, 1))
    assert caught.value.code == "bad-data"
