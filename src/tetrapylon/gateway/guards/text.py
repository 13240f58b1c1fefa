"""Text against every rule: secrets, personal data, injection, active content, ways out for data, hidden characters.

What it does: reads a text as a reader or a model would (see `reading.py`) and matches all rules of one direction at once.
Why it matters: what goes to a hosted model cannot be taken back, and what a model answers may have been written by a stranger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal

from tetrapylon.gateway.matching import Beginnings, Match, Matcher, Validator, engine, options
from tetrapylon.gateway.ports import Look, Verdict
from tetrapylon.gateway.reading import Reading, read, readings
from tetrapylon.gateway.rule import Rule

_DISGUISED = r"[013457@$!|][A-Za-z]{2}|[A-Za-z][013457@$!|][A-Za-z]"
"""Where digits stand between letters, words may have been written with digits for letters."""


class TextGuard:
    """Every rule of one direction.

    >>> from tetrapylon.gateway.rule import load_rules
    >>> guard = TextGuard(load_rules(), {}, "in")  # doctest: +SKIP
    """

    def __init__(self, rules: Sequence[Rule], validators: Mapping[str, Validator], direction: Literal["in", "out"]) -> None:
        self._direction = direction
        counted = [each for each in rules if each.verdict(direction) is not Verdict.ALLOW]
        letters = [each for each in counted if "raw" not in each.views]
        raw = [each for each in counted if "raw" in each.views]
        leet = [each for each in counted if "leet" in each.views]
        self._letters, self._raw = Matcher(letters, validators), Matcher(raw, validators)
        self._leet = Matcher(leet, validators) if leet else None
        self._disguised = engine().compile(_DISGUISED, options())
        self._begun_letters, self._begun_raw = Beginnings(letters), Beginnings(raw)
        self.longest = max(self._letters.longest, self._raw.longest)

    def look(self, text: str, start: int = 0) -> list[Look]:
        """Return what is found from `start` on; what stands before it only tells whether a word begins there."""
        views = readings(text)
        found = list(chain.from_iterable(self._found(self._letters, each, start) for each in views))
        if self._leet is not None and self._disguised.search(views[-1].data) is not None:
            found += self._found(self._leet, read(text, "leet"), start)
        if self._special(text, views[0]):
            found += self._found(self._raw, read(text, "raw"), start)
        return found

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
        for each in matcher.find(reading.data, reading.offset(start)):
            yield self._look(each, reading)

    def _look(self, match: Match, reading: Reading) -> Look:
        start, end = reading.place(match.start), reading.place(match.end, end=True)
        rule = match.rule
        if not match.whole:
            return Look(Verdict.BLOCK, rule.id, f"more places that may hold a {rule.title} than can be looked at", start, end)
        return Look(rule.verdict(self._direction), rule.id, rule.title, start, end, rule.replacement)
