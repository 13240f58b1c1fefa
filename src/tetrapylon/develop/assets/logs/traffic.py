"""What the entries say together: missing numbers, retrievals outside their scope, personal data, cases that can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tetrapylon.develop.assets.logs.personal import personal_data
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.frame import Record
from tetrapylon.journal.opening import Opened
from tetrapylon.kernel.canonical import Json

ANSWERS = frozenset({"answer", "stream", "refusal", "hold"})

MOST_MISSING = 1_000_000
"""Missing numbers that are remembered one by one."""

CASES = 1_000
"""Cases that are put together again at most."""

NEEDLES = 32
_NEEDLE = 24
"""Bytes of plain text that are looked for in the files."""

_SHORT = 8
"""Names shorter than this stand in random bytes by chance."""


@dataclass
class Run:
    """One run of the gateway, by the numbers that it gave to requests."""

    whole: bool
    """Whether its first record is here: retention may have deleted it."""

    first: int = -1
    last: int = -1
    missing: dict[int, int] = field(default_factory=dict)
    """Number to the time at which a later one was recorded."""

    def count(self, number: int, time: int) -> None:
        """Take in a number."""
        if self.last < 0:
            # A run numbers from 1.
            self.first = self.last = 1 if self.whole else number
            if number > 1 and self.whole:
                self._miss(1, number, time)
        elif number > self.last + 1:
            self._miss(self.last + 1, number, time)
        self.missing.pop(number, None)
        self.last = max(self.last, number)

    def _miss(self, start: int, stop: int, time: int) -> None:
        self.missing.update(dict.fromkeys(range(start, min(stop, start + MOST_MISSING - len(self.missing))), time))


@dataclass
class Traffic:
    """Everything that is counted while a journal is read once."""

    grants: Mapping[str, frozenset[str]]
    """What each group and service may read, by its id."""

    seeds: tuple[bytes, ...] = ()
    """Personal data that was sent on purpose, and must not be found."""

    runs: dict[str, Run] = field(default_factory=dict)
    served: int = 0
    """Entries of requests and answers."""

    retrievals: int = 0
    labelled: int = 0
    """Entries that say what was retrieved, if only that nothing was."""

    exceeded: dict[tuple[str, str], int] = field(default_factory=dict)
    """(principal, data): retrievals without a grant."""

    redacted: int = 0
    """Entries that say that they were redacted."""

    leaks: dict[str, int] = field(default_factory=dict)
    needles: set[bytes] = field(default_factory=set)
    cases: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    _writer: dict[str, str] = field(default_factory=dict)
    """The run that writes a lane, as its records go by."""

    def see(self, name: str, record: Record, opened: Opened | None) -> None:
        """Take in one record."""
        lane = name.partition("/")[0]
        if record.own:
            if record.kind == "run" and opened is not None:
                self._begin(lane, opened.own)
            return
        run = self._writer.get(lane, "")
        if record.head.sequence:
            self.runs.setdefault(run, Run(whole=False)).count(record.head.sequence, record.head.time)
        if opened is not None:
            self._entry(run, record, opened.entry)

    @property
    def replayed(self) -> int:
        """How many cases have both what was asked and what came of it."""
        return sum("request" in kinds and not ANSWERS.isdisjoint(kinds) for kinds in self.cases.values())

    def _begin(self, lane: str, said: Mapping[str, Json]) -> None:
        run = str(said.get("run", ""))
        self._writer[lane] = run
        self.runs.setdefault(run, Run(whole=said.get("counted") == 0))

    def _entry(self, run: str, record: Record, entry: Entry) -> None:
        if entry.kind in {"access", "event"}:
            return
        self.served += 1
        if record.head.sequence:
            self._case(run, record.head.sequence, entry.kind)
        self._scope(entry)
        self._personal(entry)
        self._needle(entry)

    def _case(self, run: str, number: int, kind: str) -> None:
        key = (run, number)
        if key in self.cases or len(self.cases) < CASES:
            self.cases.setdefault(key, set()).add(kind)

    def _scope(self, entry: Entry) -> None:
        if "data" not in entry.labels:
            return
        self.labelled += 1
        for each in entry.labels["data"].replace(",", " ").split():
            self.retrievals += 1
            if each not in self.grants.get(entry.principal, frozenset()):
                key = (entry.principal, each)
                self.exceeded[key] = self.exceeded.get(key, 0) + 1

    def _personal(self, entry: Entry) -> None:
        kinds = ["seeded"] if any(each in entry.body for each in self.seeds) else []
        if "redacted" in entry.labels:
            self.redacted += 1
            kinds += personal_data(entry.body)
        for each in kinds:
            self.leaks[each] = self.leaks.get(each, 0) + 1

    def _needle(self, entry: Entry) -> None:
        if len(self.needles) < NEEDLES:
            middle = max(len(entry.body) - _NEEDLE, 0) // 2
            texts = [each.encode("utf-8", "replace") for each in (entry.subject, entry.tenant)]
            chunk = entry.body[middle : middle + _NEEDLE]
            wanted = [each for each in texts if len(each) >= _SHORT] + ([chunk] if len(chunk) == _NEEDLE and len(set(chunk)) > 4 else [])  # noqa: PLR2004
            self.needles.update(wanted)
