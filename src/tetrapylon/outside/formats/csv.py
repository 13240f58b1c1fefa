"""CSV: rows, columns, ranges, empty cells, repeated rows and how often each class appears.

What it does: streams the rows once, in portions, within bounds on rows, columns and length of a cell.
Why it matters: size, quality and balance of training data can be counted, so nobody needs to claim them.
"""

from __future__ import annotations

import csv
import itertools
import math
import mmap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError

SUFFIXES = (".csv", ".tsv")

_COLUMNS = 10_000
"""Columns that are looked at."""

_ROWS = 2_000_000
"""Rows that are looked at; then the answer says `truncated`."""

_PORTION = 1000
_CLASSES = 64
"""Different values up to which a column can be one of classes."""


@dataclass
class _Column:
    """What is known of one column so far."""

    low: float = math.inf
    high: float = -math.inf
    numeric: bool = True
    empty: int = 0
    values: Counter[str] | None = field(default_factory=Counter)

    def add(self, cells: tuple[str, ...]) -> None:
        empty = cells.count("")
        self.empty += empty
        known = cells if not empty else tuple(each for each in cells if each)
        if self.values is not None:
            self.values.update(known)
            if len(self.values) > _CLASSES:
                self.values = None
        if self.numeric and known:
            try:
                numbers = list(map(float, known))
            except ValueError:
                self.numeric = False
                return
            lowest, highest = min(numbers), max(numbers)
            self.low, self.high = min(self.low, lowest), max(self.high, highest)

    def facts(self, name: str) -> dict[str, Json]:
        found: dict[str, Json] = {"name": name, "type": "text", "empty": self.empty}
        if self.numeric and math.isfinite(self.low) and math.isfinite(self.high):
            found |= {"type": "number", "low": _short(self.low), "high": _short(self.high)}
        if self.values:
            found["classes"] = dict(sorted(self.values.items())[:_CLASSES])
        return found


def _short(number: float) -> int | float:
    return int(number) if number == int(number) and abs(number) < 1 << 53 else number


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return what the table holds; its first row names the columns."""
    if 0 in data[:4096]:
        raise FormatError("it is not text")
    rows = _rows(data)
    try:
        header = [each[:200] for each in next(rows, [])]
        return _table(header, rows)
    except csv.Error as error:
        raise FormatError(str(error)) from error


def _rows(data: bytes | mmap.mmap) -> Iterator[list[str]]:
    head = bytes(data[:4096]).decode("utf-8-sig", "replace").partition("\n")[0]
    separator = max((",", ";", "\t"), key=head.count)
    return csv.reader(_lines(data), delimiter=separator)


def _lines(data: bytes | mmap.mmap) -> Iterator[str]:
    """Yield the lines; a line without end would fill the memory, so it is refused."""
    at, first = 0, True
    while at < len(data):
        end = data.find(b"\n", at, at + (16 << 20))
        if end < 0 and len(data) - at > 16 << 20:
            raise FormatError("a line is longer than 16 MiB")
        stop = len(data) if end < 0 else end + 1
        yield bytes(data[at:stop]).decode("utf-8-sig" if first else "utf-8", "replace")
        at, first = stop, False


def _table(header: list[str], rows: Iterator[list[str]]) -> dict[str, Json]:
    width = len(header)
    if not 1 <= width <= _COLUMNS:
        raise FormatError(f"it has {width} columns")
    columns = [_Column() for _ in header]
    seen: set[int] = set()
    count = ragged = repeated = 0
    limited = itertools.islice(rows, _ROWS)
    while portion := list(itertools.islice(limited, _PORTION)):
        whole = [each for each in portion if len(each) == width]
        count += len(portion)
        ragged += len(portion) - len(whole)
        for row in whole:
            known = hash(tuple(row))
            repeated += known in seen
            seen.add(known)
        for column, cells in zip(columns, zip(*whole, strict=True), strict=False):
            column.add(cells)
    found: dict[str, Json] = {"rows": count, "columns": width, "raggedRows": ragged, "repeatedRows": repeated}
    if next(rows, None) is not None:
        found["truncated"] = True
    return {**found, "fields": [column.facts(name) for name, column in zip(header, columns, strict=True)]}


SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "small.csv": (
        b'\xef\xbb\xbflabel,size,note\n1,0.5,"a, b"\n2,7,\n2,7,\n3\n',
        {
            "rows": 4,
            "columns": 3,
            "raggedRows": 1,
            "repeatedRows": 1,
            "fields": [
                {"name": "label", "type": "number", "empty": 0, "low": 1, "high": 2, "classes": {"1": 1, "2": 2}},
                {"name": "size", "type": "number", "empty": 0, "low": 0.5, "high": 7, "classes": {"0.5": 1, "7": 2}},
                {"name": "note", "type": "text", "empty": 2, "classes": {"a, b": 1}},
            ],
        },
    ),
}
