"""A card as Markdown: metadata for machines at the head, tables of labelled fields, and notes that people write by hand.

Everything but the notes is made anew from what is known; the notes survive byte for byte and are labelled declared. So a
card on disk can be compared row by row: a row that evidence feeds may be older than the evidence, anything else is drift.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tetrapylon.develop.records.field import ORIGINS, Field, Record
from tetrapylon.develop.records.markdown import cell, source, text
from tetrapylon.develop.records.yaml import yaml_lines
from tetrapylon.kernel.canonical import Json

BEGIN = "<!-- notes: what stands between these two lines is yours and survives a rebuild -->"
END = "<!-- end of notes -->"
_EMPTY = "Nothing yet."
_MADE = "<!-- made by `tetrapylon develop record`; change what people say in `records/*.toml`, or the notes below -->"
_HEAD = ("| field | value | origin | from |", "|---|---|---|---|")
_COLUMNS = 4
_TITLES = {"model-card": "Model card", "data-card": "Data card", "prompt-card": "Prompt card"}
_SHOWN = 40

Row = tuple[str, str]
"""Section and first cell."""


@dataclass(frozen=True)
class Drift:
    """How a card on disk differs from what it would be now."""

    differences: tuple[str, ...] = ()
    """Lines of a diff; empty where nothing differs that must not."""

    outdated: int = 0
    """Rows that evidence gave since the card was written."""

    unlabelled: int = 0
    """Rows without one of the four origins."""

    listed: frozenset[str] = frozenset()
    """First cells of its rows: what the card names."""


def render(record: Record, system: Mapping[str, Json], notes: str = "") -> str:
    """Return the card."""
    return "\n".join([*_front(record, system, fed=True), *_body(record, system), BEGIN, notes.strip("\n") or _EMPTY, END, ""])


def notes_of(card: str) -> str | None:
    """Return the notes of a card, or None where the marks are gone, so that nobody can say what was written by hand."""
    lines = card.split("\n")
    if lines.count(BEGIN) != 1 or lines.count(END) < 1:
        return None
    begin = lines.index(BEGIN)
    # The last mark counts: notes may quote it.
    end = len(lines) - 1 - lines[::-1].index(END)
    if end < begin:
        return None
    notes = "\n".join(lines[begin + 1 : end]).strip("\n")
    return "" if notes == _EMPTY else notes


def _front(record: Record, system: Mapping[str, Json], *, fed: bool) -> Iterator[str]:
    hub = {**record.hub, **(record.hub_fed if fed else {})}
    known = record.fields
    named = {"license": "licence", "license_name": "licence", "pipeline_tag": "task", "library_name": "format", "size_categories": "size"}
    fixed = {"tags": "declared", "datasets": "declared", "pretty_name": "derived", "model-index": "measured"}
    origins = {key: known[named[key]].origin if named.get(key) in known else fixed.get(key, "unknown") for key in hub}
    ours = {
        "card": "tetrapylon/card/1",
        "kind": record.kind,
        "id": record.id,
        "digest": record.digest,
        "system": system["id"],
        "release": system["release"],
        "origin": origins,
    }
    yield from ("---", *yaml_lines({**hub, "tetrapylon": ours}), "---")


def _body(record: Record, system: Mapping[str, Json]) -> Iterator[str]:
    yield from ("", _MADE, "", f"# {text(record.id)}", "")
    yield f"{_TITLES[record.kind]} of `{system['id']}` {text(str(system['release']))}. Each field says whether it was measured, derived,"
    yield "declared by a person, or is unknown, and where it is from."
    for section in record.sections:
        if section.fields:
            yield from ("", f"## {section.title}", "", *_HEAD)
            yield from (_row(each) for each in section.fields)
    yield from ("", "## Notes", "", *_HEAD, "| Notes | see below | declared | whoever wrote them into this file |", "")


def _row(field: Field) -> str:
    value = cell(field.value) if field.origin != "unknown" else "unknown"
    return f"| {text(field.label).strip()} | {value} | {field.origin} | {source(field.source)} |"


def compare(disk: str, record: Record, system: Mapping[str, Json]) -> Drift:
    """Return how a card on disk differs from what it would be now, its notes aside."""
    notes = notes_of(disk)
    now = render(record, system, notes or "")
    rows = _rows(disk.split("\n"))
    unlabelled = sum(_origin(line) not in ORIGINS for line in rows.values())
    listed = frozenset(first for _, first in rows)
    if notes is None:
        said = "the marks round the notes are gone" if "tetrapylon/card/1" in disk else "it is not a card that was made here"
        return Drift((said,), 0, unlabelled, listed)
    fed = {(section.title, text(each.label).strip()) for section in record.sections for each in section.fields if each.fed}
    accepted, outdated = _accepted(disk, now, rows, fed, record, system)
    if accepted == disk:
        return Drift((), outdated, unlabelled, listed)
    diff = [each.rstrip("\n") for each in difflib.unified_diff(disk.split("\n"), accepted.split("\n"), "on disk", "now", n=0, lineterm="")]
    return Drift(tuple(diff[2 : _SHOWN + 2]), outdated, unlabelled, listed)


def _accepted(disk: str, now: str, rows: Mapping[Row, str], fed: set[Row], record: Record, system: Mapping[str, Json]) -> tuple[str, int]:
    """Return the card as it may be: where evidence has come since, the older row (unknown, or not there yet) is good, too."""
    lines = now.split("\n")
    head = list(_front(record, system, fed=True))
    older = list(_front(record, system, fed=False))
    outdated = 0
    if disk.split("\n")[: len(older)] == older and older != head:
        lines, outdated = [*older, *lines[len(head) :]], 1
    kept: list[str] = []
    for key, line in _keyed(lines):
        there = rows.get(key) if key else None
        if key in fed and there != line and (there is None or _origin(there) == "unknown"):
            outdated += 1
            kept += [there] if there is not None else []
        else:
            kept.append(line)
    return "\n".join(_without_empty(kept, rows)), outdated


def _without_empty(lines: list[str], rows: Mapping[Row, str]) -> Iterator[str]:
    """Yield the lines without the head of a table that has no row yet, where the card on disk has no such section."""
    sections = {section for section, _ in rows}
    place = 0
    while place < len(lines):
        line = lines[place]
        title = line.removeprefix("## ")
        if line.startswith("## ") and title not in sections and lines[place + 2 : place + 4] == list(_HEAD):
            # Four lines of head, and the empty line that parts it from what follows.
            place += 5
            continue
        yield line
        place += 1


def _keyed(lines: Iterable[str]) -> Iterator[tuple[Row | None, str]]:
    section = ""
    inside = False
    for line in lines:
        inside = (inside or line == BEGIN) and line != END
        if line.startswith("## ") and not inside:
            section = line.removeprefix("## ")
        is_row = line.startswith("| ") and line != _HEAD[0] and not inside
        yield (section, _cells(line)[0]) if is_row else None, line


def _rows(lines: Iterable[str]) -> dict[Row, str]:
    return {key: line for key, line in _keyed(lines) if key}


def _cells(line: str) -> list[str]:
    """Return the cells of a row; a pipe after a backslash belongs to its cell."""
    cells, current, escaped = [], "", False
    for character in line.strip().removeprefix("|"):
        if character == "|" and not escaped:
            cells.append(current.strip())
            current = ""
        else:
            current += character
        escaped = character == "\\" and not escaped
    return cells or [current.strip()]


def _origin(line: str) -> str:
    cells = _cells(line)
    return cells[2] if len(cells) == _COLUMNS else ""
