"""What git ignores by a `.gitignore`, as far as it matters for files that hold secrets."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cached_property

from tetrapylon.outside.repository.text import TextFile


class Ignores:
    """The patterns of one `.gitignore`: the last one that fits a path decides."""

    def __init__(self, file: TextFile) -> None:
        self._folder = file.path.removesuffix(file.name)
        self._lines = [line.strip() for line in file.text.splitlines() if line.strip() and not line.startswith("#")]

    @cached_property
    def _patterns(self) -> list[tuple[bool, bool, re.Pattern[str]]]:
        return [_read(line) for line in self._lines]

    def covers(self, path: str) -> bool:
        """Return whether git leaves a file out."""
        if not path.startswith(self._folder):
            return False
        parts = path.removeprefix(self._folder).split("/")
        covered = False
        for kept, rooted, pattern in self._patterns:
            tails = ["/".join(parts[: end + 1]) for end in range(len(parts))] if rooted else parts
            if any(pattern.fullmatch(each) for each in tails):
                covered = not kept
        return covered


def _read(line: str) -> tuple[bool, bool, re.Pattern[str]]:
    kept = line.startswith("!")
    text = line.removeprefix("!").rstrip("/")
    text = text.removeprefix("**/")
    rooted = "/" in text
    return kept, rooted, re.compile(translate(text.removeprefix("/")))
