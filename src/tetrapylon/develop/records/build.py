"""Build every card and the bill, compare them with what is on disk, and write what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tetrapylon.develop.records.bom import NAME, bom_bytes, build_bom
from tetrapylon.develop.records.card import compare, notes_of, render
from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.declared import FOLDER, file_names
from tetrapylon.develop.records.drift import compare_bills
from tetrapylon.develop.records.field import Record
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import ConflictError, MissingError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

CARDS = Shelf("tetrapylon.develop.records.cards")

State = Literal["current", "outdated", "drifted", "missing"]
"""`outdated` is true and complete, but evidence has come since it was written."""


@dataclass(frozen=True)
class Document:
    """One card or the bill, as it is on disk and as it would be now."""

    name: str
    """File name."""

    about: str
    """`model:ID`, `dataset:ID`, `prompt:ID` or `bom`."""

    state: State
    data: bytes
    """What it would be now."""

    differences: tuple[str, ...] = ()
    outdated: int = 0
    unlabelled: int = 0
    listed: frozenset[str] = frozenset()
    disk: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Built:
    """Everything that was built."""

    records: tuple[Record, ...]
    cards: tuple[Document, ...]
    bom: Mapping[str, Json]
    bill: Document

    @property
    def documents(self) -> tuple[Document, ...]:
        """The cards and the bill."""
        return (*self.cards, self.bill)


def records_of(context: Context) -> tuple[Record, ...]:
    """Return what is known of every declared model, dataset and prompt, sorted."""
    return tuple(record for each in CARDS for record in _records(context, each))


def _records(context: Context, name: str) -> Iterator[Record]:
    part = CARDS[name]
    for row in sorted(context.facts.get(part.TABLE, ()), key=lambda each: str(each["id"])):
        asset = context.asset(part.TABLE, row["id"])
        if asset is not None:
            yield part.record(context, row, asset)


def build(context: Context, folder: Path) -> Built:
    """Return every card and the bill beside what is in the folder."""
    records = records_of(context)
    names = {about: stem for stem, about in file_names(context.facts).items()}
    cards = tuple(_card(context, each, folder, f"{names[each.table, each.id]}.md") for each in records)
    bom = build_bom(context, records)
    return Built(records, cards, bom, _bill(bom, folder))


def _read(path: Path) -> bytes | None:
    try:
        return read_bytes(path, BOUNDS.json)
    except MissingError:
        return None


def _card(context: Context, record: Record, folder: Path, name: str) -> Document:
    disk = _read(folder / name)
    about = f"{record.table}:{record.id}"
    system = context.facts["system"]
    if disk is None:
        return Document(name, about, "missing", render(record, system).encode(), ("there is no such card",))
    text = disk.decode("utf-8", "replace")
    found = compare(text, record, system)
    state: State = "drifted" if found.differences else "outdated" if found.outdated else "current"
    now = render(record, system, notes_of(text) or "").encode()
    return Document(name, about, state, now, found.differences, found.outdated, found.unlabelled, found.listed, disk)


def _bill(bom: Mapping[str, Json], folder: Path) -> Document:
    disk, now = _read(folder / NAME), bom_bytes(bom)
    if disk is None:
        return Document(NAME, "bom", "missing", now, ("there is no such bill",))
    try:
        value = json.loads(disk)
    except (ValueError, RecursionError):
        return Document(NAME, "bom", "drifted", now, ("it is not JSON",), disk=disk)
    found = compare_bills(value, bom)
    # The same content in another spelling is another file: two runs must give the same bytes.
    respelled = () if disk == bom_bytes(value) else ("it is spelled otherwise: order, white space or escapes",)
    differences = found.differences or respelled
    state: State = "drifted" if differences else "outdated" if found.outdated else "current"
    return Document(NAME, "bom", state, now, differences, found.outdated, disk=disk)


def write(built: Built, folder: Path) -> list[Document]:
    """Write what differs and return it; a second call writes nothing.

    Raises:
        ConflictError: a file of that name is no card of ours, or the marks round its notes are gone (`not-a-card`).
    """
    changed = [each for each in built.documents if each.disk != each.data]
    for each in changed:
        _refuse_foreign(each, folder)
    if changed:
        make_folder(folder)
    for each in changed:
        write_atomic(folder / each.name, each.data)
    return changed


def _refuse_foreign(document: Document, folder: Path) -> None:
    """Refuse to overwrite what somebody wrote by hand, before the first file is written."""
    if document.disk is None or document.about == "bom":
        return
    if notes_of(document.disk.decode("utf-8", "replace")) is None:
        hint = "move the file away, write the cards anew, and copy what is yours between the two marks under `Notes`"
        raise ConflictError(f"`{folder.name}/{document.name}` holds no marks round its notes", hint=hint, code="not-a-card")


def folder_of(root: Path, out: str | None) -> Path:
    """Return where cards and bill are."""
    return root / FOLDER if out is None else Path(out)


def again(context: Context) -> bytes:
    """Build the bill anew from the same facts in another order and return its bytes: they must be the same."""
    facts = {key: list(reversed(value)) if isinstance(value, list) else value for key, value in reversed(list(context.facts.items()))}
    other = replace(context, facts=facts, assets=tuple(reversed(context.assets)), locks=tuple(reversed(context.locks)))
    return bom_bytes(build_bom(other, records_of(other)))
