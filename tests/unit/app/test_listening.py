"""What is told of work reaches whoever listens, in order, and changes nothing about the work."""

from __future__ import annotations

import pytest

from tetrapylon.app.listening import SILENT, Listener, told
from tetrapylon.cli.progress import Lines, Moving


class Heard(Listener):
    def __init__(self) -> None:
        self.said: list[tuple[str, ...]] = []

    def begin(self, step: str, parts: int = 0) -> None:
        self.said.append(("begin", step, str(parts)))

    def advance(self, part: str) -> None:
        self.said.append(("advance", part))

    def end(self, said: str = "") -> None:
        self.said.append(("end", said))


def test_each_part_is_told_before_it_is_worked_on() -> None:
    heard = Heard()
    done = [f"{part}:{len(heard.said)}" for part in told(heard, "hashing", ["a", "b"], ["first", "second"])]
    assert done == ["a:2", "b:3"]
    assert heard.said == [("begin", "hashing", "2"), ("advance", "first"), ("advance", "second"), ("end", "")]


def test_nobody_listens_by_default() -> None:
    assert list(told(SILENT, "hashing", [1, 2], ["a", "b"])) == [1, 2]


def test_lines_are_said_at_the_end_of_steps_that_have_something_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.begin("outer")
    lines.begin("hashing", 3)
    lines.advance("x")
    lines.end()
    lines.end("3 observations\x1b[31m")
    assert capsys.readouterr().err == "outer: 3 observations\\u001b[31m\n"


def test_what_moves_is_taken_away_and_leaves_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    shown = Progress(TextColumn("{task.description} {task.completed}/{task.total} {task.fields[part]}"), console=Console(quiet=True))
    moving = Moving(shown)
    moving.begin("hashing", 2)
    moving.advance("first")
    assert [(each.description, each.completed, each.total) for each in shown.tasks] == [("hashing", 0, 2)]
    moving.advance("second")
    moving.begin("inner")
    moving.advance("part")
    assert [(each.completed, each.fields["part"]) for each in shown.tasks] == [(1, "second"), (0, "part")]
    moving.end("done")
    moving.end("2 files")
    assert list(shown.tasks) == []
    assert capsys.readouterr().err == "inner: done\nhashing: 2 files\n"
