"""How decisions and the posture board read on a terminal: without colour, in 80 columns, whatever is in the names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tetrapylon.cli.known import commands
from tetrapylon.cli.output import coloured, columns, speaks_unicode
from tetrapylon.kernel.columns import cells, fitted, one_line

if TYPE_CHECKING:
    from tetrapylon.app.board import Guideline, Pillar, Row
    from tetrapylon.app.decide import Decided

COLOURS = {
    "PASS": "green",
    "FAIL": "red",
    "UNKNOWN": "yellow",
    "STALE": "yellow",
    "WAIVED": "cyan",
    "NOT APPLICABLE": "bright_black",
    "not assessed": "bright_black",
}
SIGNS = {
    "PASS": ("✔", "+", "█"),
    "FAIL": ("✘", "x", "X"),
    "UNKNOWN": ("?", "?", "?"),
    "STALE": ("~", "~", "~"),
    "WAIVED": ("⚑", "w", "w"),
    "NOT APPLICABLE": ("-", "-", "-"),
    "not assessed": ("○", "o", "·"),
}
"""Each state's sign where the screen shows Unicode and where it does not, and its part of a bar."""

VERDICT_COLOURS = {"released": "green", "refused": "red", "could not decide": "yellow"}
DEMO = "DEMONSTRATION: no person signed this"

_BAR = 20
_LEAST_TITLE = 11
_STATE = 7
"""Columns of a state: NOT APPLICABLE, which is longer, takes the place of its neighbours, which it does not have."""

_INDENT = 36
"""Columns before a practice's title."""

_MARGIN = 13
"""Columns before what stands below a practice."""

_MOST_LINES = 3


@dataclass(frozen=True)
class Screen:
    """What the screen can do."""

    width: int = 80
    unicode: bool = True

    def sign(self, state: str) -> str:
        """Return the sign of a state in its colour."""
        return coloured(SIGNS[state][0 if self.unicode else 1], COLOURS[state])


def decision_lines(decided: Decided) -> Iterator[str]:
    """Yield a decision: the verdict, the board, and what was not looked at."""
    from tetrapylon.app.board import board

    decision = decided.decision
    yield f"{coloured(decision['verdict'], VERDICT_COLOURS[decision['verdict']])}: {_count(decision['practices'])}"
    yield from board_lines(board(decided, commands()), Screen(columns(), speaks_unicode()))
    yield ""
    yield f"{one_line(decision['system']['id'])} {one_line(decision['system']['release'])}"
    yield f"release {decision['system']['digest']}"
    yield f"profile `{decision['profile']}` at {decision['timestamp']}, evidence: {decision['log']['size']} log records"
    yield f"not assessed by this profile: {len(decision['notAssessed'])} practices"
    if not decided.recorded:
        yield f"a draft: nothing was recorded ({decided.drafts} drafts looked at)"
    if decision["demo"]:
        yield DEMO


def _count(practices: list[Mapping[str, Any]]) -> str:
    total = len(practices)
    found = [f"{number} {state}" for state in COLOURS if (number := sum(each["state"] == state for each in practices))]
    return f"{', '.join(found)} of {total} practices"


def board_lines(pillars: tuple[Pillar, ...], screen: Screen) -> Iterator[str]:
    """Yield the board: each pillar with its bar, its guidelines and their practices."""
    lines = _board_lines(pillars, screen)
    return lines if screen.unicode else (each.replace("…", ".") for each in lines)


def _board_lines(pillars: tuple[Pillar, ...], screen: Screen) -> Iterator[str]:
    after = max((cells(_short(row.next, screen)) for pillar in pillars for row in pillar.rows if row.state == "PASS"), default=0)
    for pillar in pillars:
        yield ""
        yield from _heading(pillar, screen)
        for guideline in pillar.guidelines:
            if guideline.assessed:
                yield from _guideline_lines(guideline, screen, after)
        silent = [f"{each.id} ({len(each.rows)})" for each in pillar.guidelines if each.rows and not each.assessed]
        if silent:
            yield f"  not assessed: {', '.join(silent)}"


def _heading(pillar: Pillar, screen: Screen) -> Iterator[str]:
    counts = ", ".join(f"{number} {state}" for state, number in pillar.counts.items())
    line = f"{fitted(pillar.title, 19)} {_bar(pillar.counts, screen)}  {len(pillar.rows)}: "
    lines = textwrap.wrap(counts, max(screen.width - cells(line), 24)) or [""]
    yield coloured(line + lines[0], "bold")
    yield from (" " * cells(line) + each for each in lines[1:])


def _bar(counts: Mapping[str, int], screen: Screen) -> str:
    """Return the shares as a bar; whatever there is of a state gets at least one column."""
    total = sum(counts.values())
    if total == 0:
        return "." * _BAR
    parts = {state: max(1, number * _BAR // total) for state, number in counts.items()}
    largest = max(parts, key=lambda state: parts[state])
    parts[largest] += _BAR - sum(parts.values())
    signs = {state: SIGNS[state][2] if screen.unicode else {"█": "#", "·": "."}.get(SIGNS[state][2], SIGNS[state][2]) for state in parts}
    return "".join(signs[state] * width for state, width in parts.items())


def _guideline_lines(guideline: Guideline, screen: Screen, after: int) -> Iterator[str]:
    left_out = f" ({len(guideline.left_out)} not assessed)" if guideline.left_out else ""
    title = one_line(guideline.title)
    yield f"  {guideline.id} {fitted(title, screen.width - 6 - len(left_out)).rstrip()}{left_out}"
    for row in guideline.assessed:
        yield from _row_lines(row, screen, after)


def _row_lines(row: Row, screen: Screen, after: int) -> Iterator[str]:
    """Yield a practice: in one line where all is well, with the reason and what to do below where it is not."""
    state = coloured(fitted(row.state, _STATE), COLOURS[row.state])
    head = f"    {screen.sign(row.state)} {fitted(row.id, 6)} "
    room = screen.width - _INDENT
    if row.state == "NOT APPLICABLE":
        yield head + coloured(row.state, COLOURS[row.state]) + "  " + fitted(one_line(row.reason), screen.width - 29).rstrip()
        return
    head += f"{state} {row.age:>6} {row.effort:<7} "
    if row.state == "PASS":
        yield f"{head}{fitted(one_line(row.title), max(room - after - 2, _LEAST_TITLE))}  {_short(row.next, screen)}"
        return
    yield head + fitted(one_line(row.title), room).rstrip()
    yield from _below(row, screen)


def _below(row: Row, screen: Screen) -> Iterator[str]:
    margin = " " * _MARGIN
    lines = textwrap.wrap(one_line(row.reason), screen.width - _MARGIN, break_long_words=True)
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… (`tetrapylon explain {row.id}` says all)"]
    after = f"{'→' if screen.unicode else '->'} {row.next}"
    if lines and cells(lines[-1]) + cells(after) + 2 <= screen.width - _MARGIN:
        lines[-1] += f"  {after}"
    else:
        lines.append(after)
    yield from (margin + each for each in lines)


def _short(command: str, screen: Screen) -> str:
    """Return a command as it stands behind a title, where every command is one of ours."""
    shown = command.removeprefix("tetrapylon ").replace("(not in this version)", "(to come)")
    return f"{'→' if screen.unicode else '->'} {shown}"
