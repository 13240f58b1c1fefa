"""The inventory as a command shows it: JSON, a table, CSV, and how it ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.view import project_view
from tetrapylon.develop.assets.entry import CLASSES, SENSITIVITY, Difference, Entry, Inventory
from tetrapylon.develop.assets.reconcile import take
from tetrapylon.kernel.errors import Exit

COLUMNS = ("class", "kind", "id", "digest", "locations", "owner", "known", "sensitivity", "rated", "format", "note")
_COMPARISONS = ("added", "changed", "missing", "unknown", "excluded")
_WIDE = 44


def inventory(project: Project) -> Inventory:
    """Return the inventory of a project as it is now."""
    return take(project_view(project))


def ending(found: Inventory) -> int:
    """Return how the command ends: 1 for what is wrong, 3 where something could not be looked at."""
    if found.changed or found.missing or found.unknown or found.empty or found.contradicted:
        return int(Exit.REFUSED)
    return int(Exit.UNDECIDED if found.unseen else Exit.GOOD)


def inventory_object(found: Inventory) -> dict[str, Any]:
    """Return the inventory as `tetrapylon/inventory/1`."""
    counts = {cls: sum(each.cls == cls for each in found.entries) for cls in CLASSES}
    return {
        "schema": "tetrapylon/inventory/1",
        "assets": [_row(each) for each in found.entries],
        "classes": counts,
        "empty": list(found.empty),
        "none": list(found.none),
        "contradicted": list(found.contradicted),
        **{name: [_difference(each) for each in getattr(found, name)] for name in _COMPARISONS},
        "versioned": found.versioned,
        "unseen": list(found.unseen),
        "notes": list(found.notes),
        "exit": ending(found),
    }


def _row(entry: Entry) -> dict[str, Any]:
    rated = {"sensitivity": entry.sensitivity or SENSITIVITY[entry.cls], "rated": "declared" if entry.sensitivity else "class"}
    plain = {"digest": entry.digest, "locations": list(entry.locations), "owner": entry.owner, "known": entry.known}
    return {"class": entry.cls, "kind": entry.kind, "id": entry.id, **plain, **rated, "format": entry.format, "note": entry.note}


def _difference(each: Difference) -> dict[str, str]:
    return {"kind": each.kind, "id": each.id, "at": each.at, "why": each.why}


def inventory_csv(found: Inventory) -> bytes:
    """Return the entries as CSV; nothing in it starts a formula in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in found.entries:
        row = {**_row(entry), "locations": "; ".join(entry.locations)}
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue().encode("utf-8", "surrogatepass")


def _cell(value: str | None) -> str:
    text = value or ""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def inventory_lines(found: Inventory, *, differences_only: bool = False) -> Iterator[str]:
    """Yield the inventory for a reader: each class with its assets, then what is not as it should be."""
    if not differences_only:
        for cls in CLASSES:
            entries = [each for each in found.entries if each.cls == cls]
            why = "" if entries else " (declared empty)" if cls in found.none else " (nothing, and nobody declared it empty)"
            yield f"{cls}: {len(entries)}{why}"
            yield from (_line(each) for each in entries)
            yield ""
    yield from _compared(found)


def _line(entry: Entry) -> str:
    digest = (entry.digest or "")[7:19]
    what = f"{entry.kind} {entry.format or ''}"
    return f"  {_short(entry.id):<{_WIDE}} {what:<26} {entry.known:<9} {digest:<13}{entry.owner or ''}".rstrip()


def _short(text: str) -> str:
    safe = "".join(each if each.isprintable() else "?" for each in text)
    return safe if len(safe) <= _WIDE else f"{safe[: _WIDE - 3]}..."


def _compared(found: Inventory) -> Iterator[str]:
    for name in _COMPARISONS:
        for each in getattr(found, name):
            yield _short_line(
                f"{name}: {each.kind} `{each.id}`" + (f" at `{each.at}`" if each.at not in {"", each.id} else "") + f": {each.why}"
            )
    yield from (f"declared empty, but something is listed: {each}" for each in found.contradicted)
    yield from (_short_line(f"could not be looked at: {each}") for each in found.unseen)
    yield from (_short_line(each) for each in found.notes)
    counts = ", ".join(f"{len(getattr(found, name))} {name}" for name in _COMPARISONS)
    yield f"{len(found.entries)} assets in {len({each.cls for each in found.entries})} of {len(CLASSES)} classes; {counts}"


def _short_line(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)[:400]
