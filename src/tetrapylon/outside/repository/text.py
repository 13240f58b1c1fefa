"""One text file of a repository: its text, its language, and where in it something stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tetrapylon.outside.repository.comments import without_comments
from tetrapylon.system.finding import Place

Language = Literal[
    "python",
    "notebook",
    "javascript",
    "dockerfile",
    "compose",
    "ci",
    "mcp",
    "lock",
    "env",
    "toml",
    "yaml",
    "json",
    "markdown",
    "shell",
    "text",
]
"""What a file is read as; `mcp` is a configuration of MCP servers, `lock` one of dependencies, `javascript` TypeScript, too."""


@dataclass(frozen=True)
class TextFile:
    """One file as text."""

    path: str
    """Relative to the folder that was looked at, with `/`."""

    language: Language
    text: str
    """Every line ends with `\\n`; of a notebook the cells one after the other, each with what it printed below it."""

    cells: tuple[int, ...] = ()
    """Of a notebook the offsets that its cells begin at."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @cached_property
    def code(self) -> str:
        """The text with blanks for comments, so that a pattern does not fire in them; offsets are those of the text."""
        return without_comments(self.text, self.language)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(each.end() for each in re.finditer("\n", self.text))]

    def at(self, offset: int) -> Place:
        """Return the place of the character at this offset."""
        line = bisect_right(self._starts, offset)
        cell = bisect_right(self.cells, offset)
        if not cell:
            return Place(self.path, line)
        return Place(self.path, line - bisect_right(self._starts, self.cells[cell - 1]) + 1, cell)

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[Place, re.Match[str]]]:
        """Yield each match with its place. The pattern MUST run in linear time: the text is not ours."""
        for each in pattern.finditer(self.text):
            yield self.at(each.start()), each

    def matches_in_code(self, pattern: re.Pattern[str]) -> Iterator[tuple[Place, re.Match[str]]]:
        """Yield each match outside of comments with its place. The pattern MUST run in linear time."""
        for each in pattern.finditer(self.code):
            yield self.at(each.start()), each


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file that is not text: a model, data, an archive."""

    path: str
    size: int
    """Bytes."""

    head: bytes
    """The first bytes, 4 KiB at most."""
