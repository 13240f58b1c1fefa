"""Every family of errors ends a command with its own exit code."""

from __future__ import annotations

import pytest

from tetrapylon.kernel import errors
from tetrapylon.kernel.errors import Exit, TetrapylonError


@pytest.mark.parametrize(
    ("family", "exit_code"),
    [
        (errors.TetrapylonError, 3),
        (errors.UsageError, 2),
        (errors.RefusedError, 1),
        (errors.UndecidedError, 3),
        (errors.ConflictError, 3),
        (errors.MissingError, 3),
        (errors.StorageError, 3),
        (errors.IntegrityError, 4),
    ],
)
def test_a_family_has_its_exit_code(family: type[TetrapylonError], exit_code: int) -> None:
    error = family("it is so", hint="do this", code="so")
    assert (int(error.exit), error.message, error.hint, error.code, str(error)) == (exit_code, "it is so", "do this", "so", "it is so")


def test_hint_and_code_may_be_left_out() -> None:
    error = errors.UsageError("no")
    assert (error.hint, error.code) == ("", "")


def test_no_two_outcomes_share_a_number() -> None:
    assert sorted(Exit) == [0, 1, 2, 3, 4, 130]
