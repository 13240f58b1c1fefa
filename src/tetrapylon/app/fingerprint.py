"""What makes a finding the same one in another version of its file: its rule, its file and the words of its line.

Where the line stands does not count, so code that moves keeps its fingerprints; of equal lines in one file, each has
its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from tetrapylon.system.finding import Finding, Place

if TYPE_CHECKING:
    from tetrapylon.outside.repository.view import Repository


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding with its fingerprint."""

    finding: Finding
    fingerprint: str
    """32 hexadecimal digits."""


def noted(findings: Iterable[Finding], repository: Repository) -> Iterator[Noted]:
    """Yield each finding with its fingerprint, in the order of the places."""
    lines = _Lines(repository)
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in sorted(findings, key=lambda each: (each.at, each.rule, each.title)):
        key = (each.rule, each.at.path, lines.at(each.at))
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        yield Noted(each, sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])


class _Lines:
    """The lines of a repository's files, split when they are asked for."""

    def __init__(self, repository: Repository) -> None:
        self._files = {each.path: each for each in repository.files}
        self._split: dict[tuple[str, int], list[str]] = {}

    def at(self, place: Place) -> str:
        """Return the line with single spaces inside and none at its ends; the file as a whole has none."""
        key = (place.path, place.cell)
        if key not in self._split:
            self._split[key] = self._text(place).split("\n")
        lines = self._split[key]
        return " ".join(lines[place.line - 1].split()) if 0 < place.line <= len(lines) else ""

    def _text(self, place: Place) -> str:
        file = self._files.get(place.path)
        if file is None:
            return ""
        return file.text[file.cells[place.cell - 1] :] if 0 < place.cell <= len(file.cells) else file.text
