"""Results that a company's training system exports as CSV: each row taken or refused, with its line and the reason.

What it does: reads `person, module, score, completed` and, where the export has it, `practical` (`yes` or `no`), separated by commas,
semicolons or tabs. A person is an id of the manifest or the e-mail address that it gives as contact; a module is the course that
`design training export` made, such as `secure-coding@1a2b3c4d5e6f`, so that a result is about what was taught; a score is out of 100.
Why it matters: an export is a file that somebody could edit. It is read as such: what does not fit is refused and never repaired.

Cannot see: whether the training system recorded what happened, or who edited the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from tetrapylon.design.threats.training.module import Module
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.text import printable

MOST_BYTES = 8 << 20
MOST_ROWS = 50_000
MOST_CELL = 200
"""Characters of one cell."""

COLUMNS = ("person", "module", "score", "completed")
OPTIONAL = ("practical",)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""What a spreadsheet would compute; no value that we take begins so."""

_SCORE = re.compile(r"\d{1,3}(?:\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2})?Z?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was taken."""

    line: int
    person: str
    module: Module
    score: float
    """From 0 to 1."""

    completed: str
    """A day."""

    practical: str
    """`correct`, `wrong` or `unknown`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that was not."""

    line: int
    why: str


class _RefusedError(Exception):
    """A row does not fit."""


def read_export(
    data: bytes, facts: Mapping[str, Json], modules: Mapping[str, Module], today: str, oldest: float
) -> tuple[list[Row], list[Refused]]:
    """Return the rows that fit, and why the others do not; `oldest` is how many days a result may be old.

    Raises:
        UsageError: the file is no such export: too large, not UTF-8, without the columns, not CSV (`not-text`, `too-large`, `columns`).
    """
    text = _text(data)
    people, courses = _people(facts), {each.course: each for each in modules.values() if not each.generated}
    taken: list[Row] = []
    refused: list[Refused] = []
    for line, cells in _rows(text):
        try:
            row = _row(line, cells, people, courses)
            _timely(row.completed, today, oldest)
            taken.append(row)
        except _RefusedError as error:
            refused.append(Refused(line, str(error)))
    kept, twice = _without_doubles(taken)
    return kept, sorted([*refused, *twice], key=lambda each: each.line)


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise UsageError(f"the export is larger than {MOST_BYTES} bytes", code="too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"the export is not UTF-8 text (line {line})", hint="export it as CSV in UTF-8", code="not-text") from error
    if "\0" in text:
        raise UsageError("the export holds a zero byte", hint="export it as CSV in UTF-8", code="not-text")
    return text


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line; rows without anything are left out."""
    head = text.partition("\n")[0]
    separator = next((each for each in ",;\t" if each in head), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    names: list[str] | None = None
    count = 0
    try:
        for cells in reader:
            if names is None:
                names = _names(cells)
                continue
            count += 1
            if count > MOST_ROWS:
                raise UsageError(f"the export has more than {MOST_ROWS} rows", code="too-large")
            if any(each.strip() for each in cells):
                yield reader.line_num, _cells(names, cells)
    except csv.Error as error:
        raise UsageError(f"the export is not CSV (line {reader.line_num}): {error}", code="not-csv") from error
    if names is None:
        raise UsageError("the export is empty", code="columns")


def _names(cells: Sequence[str]) -> list[str]:
    names = [each.strip().lower() for each in cells]
    hint = f"the first line names the columns: {', '.join(COLUMNS)}, and {', '.join(OPTIONAL)} where there is one"
    missing = [each for each in COLUMNS if each not in names]
    if missing:
        raise UsageError(f"the export has no column `{missing[0]}`", hint=hint, code="columns")
    if len(set(names)) != len(names):
        raise UsageError("the export has a column twice", hint=hint, code="columns")
    return names


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    # What is wrong with the number of cells is a matter of this row.
    return dict(zip(names, cells, strict=False)) if len(cells) == len(names) else {"": str(len(cells))}


def _people(facts: Mapping[str, Json]) -> dict[str, str]:
    """Return the id of each person by everything that an export may call them."""
    found: dict[str, str] = {}
    for each in facts.get("person", ()):
        found[each["id"]] = each["id"]
        contact = str(each.get("contact") or "")
        if contact.startswith("mailto:"):
            address = contact.removeprefix("mailto:").lower()
            # An address that two share names nobody.
            found[address] = "" if address in found else each["id"]
    return found


def _row(line: int, cells: Mapping[str, str], people: Mapping[str, str], courses: Mapping[str, Module]) -> Row:
    if "" in cells:
        raise _RefusedError(f"has {cells['']} cells, which is not the number of columns")
    for name in (*COLUMNS, *OPTIONAL):
        _plain(name, cells.get(name, ""))
    said = {name: cells.get(name, "").strip() for name in (*COLUMNS, *OPTIONAL)}
    person = people.get(said["person"]) or people.get(said["person"].lower(), "")
    if not person:
        raise _RefusedError(f"`{printable(said['person'], 60)}` is no person of the manifest")
    return Row(
        line, person, _module(said["module"], courses), _score(said["score"]), _day(said["completed"]), _practical(said["practical"])
    )


def _plain(name: str, cell: str) -> None:
    if len(cell) > MOST_CELL:
        raise _RefusedError(f"`{name}` is longer than {MOST_CELL} characters")
    if cell.startswith(_FORMULA) or cell.strip().startswith(_FORMULA):
        raise _RefusedError(f"`{name}` begins as a formula does: `{printable(cell, 20)}`")
    if not cell.isprintable():
        raise _RefusedError(f"`{name}` holds characters that cannot be seen")


def _module(said: str, courses: Mapping[str, Module]) -> Module:
    if said in courses:
        return courses[said]
    name, _, digest = said.partition("@")
    now = next((course for course, each in courses.items() if each.id == name), None)
    if now is None:
        raise _RefusedError(f"`{printable(said, 60)}` is no module that can be exported")
    if not digest:
        raise _RefusedError(f"does not say which version of `{name}` it was; now it is `{now}`")
    raise _RefusedError(f"`{printable(said, 80)}` is another version; now it is `{now}`")


def _score(said: str) -> float:
    if not _SCORE.fullmatch(said) or float(said) > 100:  # noqa: PLR2004 - per cent
        raise _RefusedError(f"`{printable(said, 20)}` is no score from 0 to 100")
    return round(float(said) / 100, 4)


def _day(said: str) -> str:
    found = _DAY.fullmatch(said)
    try:
        return date.fromisoformat(found[1]).isoformat() if found else _no_day(said)
    except ValueError:
        return _no_day(said)


def _no_day(said: str) -> str:
    raise _RefusedError(f"`{printable(said, 30)}` is no day such as 2027-01-31")


def _practical(said: str) -> str:
    known = {"": "unknown", "yes": "correct", "no": "wrong"}
    if said.lower() not in known:
        raise _RefusedError(f"`practical` is `{printable(said, 20)}` and neither `yes` nor `no`")
    return known[said.lower()]


def _timely(completed: str, today: str, oldest: float) -> None:
    days = (date.fromisoformat(today) - date.fromisoformat(completed)).days
    if days < 0:
        raise _RefusedError(f"{completed} is still to come")
    if days > oldest:
        raise _RefusedError(f"{completed} is more than {oldest:g} days ago, so it holds no longer")


def _without_doubles(rows: Iterable[Row]) -> tuple[list[Row], list[Refused]]:
    """Return the rows without those that are there twice; where two disagree, neither is taken."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for each in rows:
        groups.setdefault((each.person, each.module.id, each.completed), []).append(each)
    kept: list[Row] = []
    refused: list[Refused] = []
    for group in groups.values():
        first = group[0]
        if len({(each.score, each.practical) for each in group}) > 1:
            lines = ", ".join(str(each.line) for each in group)
            refused += [Refused(each.line, f"lines {lines} disagree about the same person, module and day") for each in group]
        else:
            kept.append(first)
            refused += [Refused(each.line, f"says the same as line {first.line}") for each in group[1:]]
    return sorted(kept, key=lambda each: each.line), refused
