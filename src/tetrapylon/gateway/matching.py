"""Many rules at once, in time that grows with the text and with nothing else.

One pass of RE2 over the text tells which rules may match anywhere; only those are then looked for one by one, and what they
find goes through their validator (a checksum, a date that exists). Python's `re` is never used on foreign text: a pattern
may take it minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tetrapylon.gateway.rule import Rule
from tetrapylon.kernel.errors import UndecidedError, UsageError

MOST_CANDIDATES = 5000
"""Places in one text that one rule looks at; whoever brings more is stopped, for each costs time."""

_MEMORY = 256 << 20
"""Bytes that RE2 may use for the automaton of all rules; it is given back and begun anew when it grows beyond."""

Validator = Callable[[str], bool]


def engine() -> Any:
    """Return the module of RE2.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import re2
    except ImportError as error:
        hint = "install it with `pip install 'tetrapylon[gateway]'`"
        raise UsageError("the guards need the package `google-re2`", hint=hint, code="missing-extra") from error
    return re2


def options(memory: int = _MEMORY) -> Any:
    """Return how RE2 is to work: silently, and within this memory."""
    found = engine().Options()
    found.max_mem = memory
    found.log_errors = False
    return found


@cache
def exact_pattern(source: str) -> Any:
    """Return one pattern, compiled when it is first needed."""
    return engine().compile(source, options())


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a rule matches, as offsets into the bytes; `whole` is false for the one that says "too many"."""

    rule: Rule
    start: int
    end: int
    whole: bool = True


class Matcher:
    """Finds where any of the rules match, and tells which of some further patterns, the signs, occur at all."""

    def __init__(self, rules: Sequence[Rule], validators: Mapping[str, Validator], signs: Mapping[str, str] | None = None) -> None:
        self._rules = list(rules)
        self._validators = [validators[each.validator] if each.validator else None for each in rules]
        self._signs = dict(enumerate(signs or {}, len(self._rules)))
        self._set = engine().Set.SearchSet(options())
        for each in (*(rule.pattern.hint for rule in rules), *(signs or {}).values()):
            self._set.Add(each)
        # Always matches: where it is missing from an answer, RE2 ran out of memory, and its silence would mean nothing.
        self._sentinel = self._set.Add("")
        self._set.Compile()
        self.longest = max((each.pattern.longest for each in rules), default=0)
        self.candidates(b"")

    def candidates(self, data: bytes) -> list[int]:
        """Return the numbers of the rules that may match, and behind them those of the signs that do.

        Raises:
            UndecidedError: RE2 could not tell.
        """
        found: list[int] = self._set.Match(data) or []
        if self._sentinel not in found:
            raise UndecidedError("the rules could not be matched", code="guard-broken")
        return sorted(each for each in found if each != self._sentinel)

    def seen(self, data: bytes, start: int = 0) -> tuple[list[Match], set[str]]:
        """Return every match of a rule that begins at `start` or behind it, by place, and the signs that occur."""
        found = self.candidates(data)
        if not found:
            return [], set()
        signs = {self._signs[each] for each in found if each in self._signs}
        matches = [match for number in found if number not in self._signs for match in self._places(number, data, start)]
        return sorted(matches, key=lambda each: (each.start, -each.end)), signs

    def _places(self, number: int, data: bytes, at: int) -> Iterator[Match]:
        rule, validator = self._rules[number], self._validators[number]
        exact = exact_pattern(rule.pattern.source)
        for _ in range(MOST_CANDIDATES):
            found = exact.search(data, at)
            if found is None:
                return
            start, end = found.span()
            if validator is None or validator(data[start:end].decode("utf-8", "replace")):
                yield Match(rule, start, end)
                at = end
            else:
                # What begins later within this may still be right.
                at = _next_word(data, start, end)
        yield Match(rule, at, len(data), whole=False)


def _next_word(data: bytes, start: int, end: int) -> int:
    """Return where the next word or number within a rejected match begins, or its end."""
    at = start + 1
    while at < end and (data[at : at + 1].isalnum() <= data[at - 1 : at].isalnum()):
        at += 1
    return at


class Beginnings:
    """Tells where, at the end of a text, a match of any rule may have begun that goes on in what follows."""

    def __init__(self, rules: Sequence[Rule], more: Sequence[str] = ()) -> None:
        patterns = "|".join(sorted({*(each.pattern.begun for each in rules), *more}))
        self._open = engine().compile(rf"(?:{patterns})\z", options())

    def start(self, data: bytes) -> int:
        """Return the offset of the first byte that a match may begin with; the length where there is none."""
        found = self._open.search(data)
        return len(data) if found is None else int(found.start())
