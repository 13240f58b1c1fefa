"""Text against every rule: secrets, personal data, injection, active content, ways out for data, hidden characters.

What it does: reads a text as a reader or a model would (see `reading.py`) and matches all rules of one direction at once.
Why it matters: what goes to a hosted model cannot be taken back, and what a model answers may have been written by a stranger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tetrapylon.gateway.matching import Beginnings, Match, Matcher, Validator
from tetrapylon.gateway.ports import Look, Verdict
from tetrapylon.gateway.reading import Reading, read, readings
from tetrapylon.gateway.rule import Rule

_DISGUISED = r"\b[013457][A-Za-z]{3}|[@$!|][A-Za-z]{3}|[A-Za-z][013457@$!|][A-Za-z]{2}"
"""Where digits stand between letters, words may have been written with digits for letters."""

_NEVER = r"[^\x{0}-\x{10FFFF}]"
"""Matches nothing."""


class TextGuard:
    """Every rule of one direction, and a sign: a pattern by which text is known that something else is to look at."""

    def __init__(
        self,
        rules: Sequence[Rule],
        validators: Mapping[str, Validator],
        direction: Literal["in", "out"],
        sign: str = _NEVER,
        opens: Sequence[str] = (),
    ) -> None:
        self._direction = direction
        counted = [each for each in rules if each.verdict(direction) is not Verdict.ALLOW]
        letters = [each for each in counted if "raw" not in each.views]
        raw = [each for each in counted if "raw" in each.views]
        leet = [each for each in counted if "leet" in each.views]
        self._letters = Matcher(letters, validators, {"sign": sign, "disguised": _DISGUISED})
        self._raw, self._leet = Matcher(raw, validators), Matcher(leet, validators)
        self._begun_letters, self._begun_raw = Beginnings(letters, opens), Beginnings(raw)
        self.longest = max(self._letters.longest, self._raw.longest)

    def look(self, text: str, start: int = 0) -> list[Look]:
        """Return what is found from `start` on; what stands before it only tells whether a word begins there."""
        return self.seen(text, start)[0]

    def seen(self, text: str, start: int = 0) -> tuple[list[Look], bool]:
        """Return what is found from `start` on, and whether the sign stands anywhere."""
        found: list[Look] = []
        signs: set[str] = set()
        views = readings(text)
        for each in views:
            matches, seen = self._letters.seen(each.data, each.offset(start))
            found += [self._look(match, each) for match in matches]
            signs |= seen
        if "disguised" in signs:
            found += self._found(self._leet, read(text, "leet"), start)
        if self._special(text, views[0]):
            found += self._found(self._raw, read(text, "raw"), start)
        return found, "sign" in signs

    def begun(self, text: str) -> int:
        """Return the place from which on something may have begun that the text does not yet show whole."""
        views = readings(text)
        places = [each.place(self._begun_letters.start(each.data)) for each in views]
        if self._special(text, views[0]):
            raw = read(text, "raw")
            places.append(raw.place(self._begun_raw.start(raw.data)))
        return min(places)

    @staticmethod
    def _special(text: str, plain: Reading) -> bool:
        """Return whether the text has characters that only the rules for hidden ones look at."""
        return len(plain.data) != len(text) or not text.isascii()

    def _found(self, matcher: Matcher, reading: Reading, start: int) -> Iterator[Look]:
        return (self._look(each, reading) for each in matcher.seen(reading.data, reading.offset(start))[0])

    def _look(self, match: Match, reading: Reading) -> Look:
        start, end = reading.place(match.start), reading.place(match.end, end=True)
        rule = match.rule
        if not match.whole:
            return Look(Verdict.BLOCK, rule.id, f"more places that may hold a {rule.title} than can be looked at", start, end)
        return Look(rule.verdict(self._direction), rule.id, rule.title, start, end, rule.replacement)
