"""Matches in text that is not commented out: a pattern that fires in a comment would be a false finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.system.finding import Place

_COMMENT = re.compile(r"^[ \t]*(?:#|//|\*|<!--|--[ \t])")


def line_at(file: TextFile, offset: int) -> str:
    """Return the line that a character stands on."""
    end = file.text.find("\n", offset)
    return file.text[file.text.rfind("\n", 0, offset) + 1 : len(file.text) if end < 0 else end]


def live_matches(file: TextFile, pattern: re.Pattern[str], *needs: str) -> Iterator[tuple[Place, re.Match[str]]]:
    """Yield the matches on lines that are not comments, if the file holds one of the words that each match needs.

    The pattern MUST run in linear time: the text is not ours.
    """
    if needs and not any(each in file.text for each in needs):
        return
    for match in pattern.finditer(file.text):
        if not _COMMENT.match(line_at(file, match.start())):
            yield file.at(match.start()), match
