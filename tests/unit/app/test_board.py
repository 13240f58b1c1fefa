"""The board: what is not assessed is never PASS, and it reads without colour, in 80 columns, whatever stands in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.board import NOT_ASSESSED, ORDER, Known, Pillar, age_of, board_of, count
from tetrapylon.app.guidance import catalogue, profile_ids
from tetrapylon.cli.board import COLOURS, SIGNS, Screen, board_lines
from tetrapylon.kernel.columns import cells
from tetrapylon.kernel.text import printable
from tetrapylon.posture.state import State

NOW = "2026-06-01T12:00:00Z"
STATES = [str(each) for each in State]


def decision(profile: str, *, reason: str = "because", states: list[str] | None = None) -> dict[str, Any]:
    chosen = states or ["PASS"]
    rows = [
        {"id": each, "state": chosen[number % len(chosen)], "reason": reason, "evidence": [number], "waiverExpired": False}
        for number, each in enumerate(profile_ids(profile))
    ]
    return {"practices": rows, "profile": profile, "timestamp": NOW}


def board(profile: str = "core", **extra: Any) -> tuple[Pillar, ...]:
    return board_of(decision(profile, **extra), catalogue(), Known({0: "2026-05-30T12:00:00Z"}, frozenset({"assess", "doctor"})))


@pytest.mark.parametrize("profile", ["start", "core", "full"])
def test_every_practice_of_the_guidance_is_there_once(profile: str) -> None:
    rows = [row for pillar in board(profile) for row in pillar.rows]
    assert sorted(each.id for each in rows) == sorted(each["id"] for each in catalogue()["practice"])
    assert [each.name for each in board(profile)] == ["design", "development", "deployment", "operation"]


def test_what_is_planned_or_not_in_the_profile_is_not_assessed() -> None:
    rows = {row.id: row for pillar in board("start") for row in pillar.rows}
    planned = {each["id"] for each in catalogue()["practice"] if each["status"] == "planned"}
    assert {each.state for key, each in rows.items() if key in planned} == {NOT_ASSESSED}
    assert count(list(rows.values())) == {"PASS": len(profile_ids("start")), NOT_ASSESSED: 172 - len(profile_ids("start"))}
    assert rows["SD1.2"].reason == "not in the profile `start`"


def test_each_row_says_how_old_its_evidence_is_and_what_comes_next() -> None:
    first = profile_ids("core")[0]
    row = next(row for pillar in board("core") for row in pillar.rows if row.id == first)
    assert (row.age, row.observed, row.records) == ("2 d", "2026-05-30T12:00:00Z", (0,))
    assert all(row.effort and row.next for pillar in board("core") for row in pillar.rows if row.state != NOT_ASSESSED)


def test_a_command_that_is_not_there_is_not_recommended_as_if_it_were() -> None:
    found = {row.next for pillar in board("core") for row in pillar.rows}
    assert "tetrapylon assess" in found
    assert "tetrapylon deploy backup (not in this version)" in found


@pytest.mark.parametrize(
    ("then", "age"),
    [
        ("2026-06-01T11:59:30Z", "now"),
        ("2026-06-01T11:48:00Z", "12 min"),
        ("2026-06-01T07:00:00Z", "5 h"),
        ("2026-05-01T12:00:00Z", "31 d"),
        ("2026-06-01T12:00:01Z", "ahead"),
    ],
)
def test_ages_have_one_unit(then: str, age: str) -> None:
    assert age_of(then, NOW) == age


def test_every_state_has_a_sign_and_a_colour_of_its_own() -> None:
    assert set(SIGNS) == set(COLOURS) == set(ORDER)
    for column in range(3):
        assert len({each[column] for each in SIGNS.values()}) == len(SIGNS)


@pytest.mark.parametrize("profile", ["start", "core"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_wider_than_the_screen(profile: str, width: int) -> None:
    lines = list(board_lines(board(profile, states=STATES, reason="no evidence about `manifest` " * 9), Screen(width)))
    assert max(cells(each) for each in lines) <= width
    assert min(len(each) for each in lines if each) > 5


@given(st.text(st.characters(codec=None), max_size=200), st.sampled_from(STATES))
def test_a_reason_neither_steers_the_terminal_nor_breaks_the_board(reason: str, state: str) -> None:
    for line in board_lines(board("start", reason=reason, states=[state]), Screen(80)):
        line.encode("utf-8")
        assert printable(line) == line


def test_it_reads_where_the_screen_knows_ascii_alone() -> None:
    lines = list(board_lines(board("core", states=STATES), Screen(80, unicode=False)))
    assert all(each.isascii() for each in lines)


def test_a_bar_shows_whatever_there_is() -> None:
    lines = [each for each in board_lines(board("core", states=[*["PASS"] * 40, "FAIL"]), Screen(80)) if each.startswith("Secure")]
    assert len(lines) == 4
    assert any("X" in each for each in lines)
    assert all("·" in each for each in lines)
    assert "PASS" in lines[0]
    assert "not assessed" in " ".join(lines)
