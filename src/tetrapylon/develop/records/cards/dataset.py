"""The card of a dataset.

What it does: counts rows, columns, ranges, gaps and classes, and joins them with what people say about source and use.
Why it matters: what a model learned from decides what it can do, and to whom it is unfair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.develop.records.chain import source_of
from tetrapylon.develop.records.context import Context, owner, said
from tetrapylon.develop.records.declared import Declared
from tetrapylon.develop.records.field import Field, Record, Section, derived, measured, unknown
from tetrapylon.develop.records.hub import dataset_metadata
from tetrapylon.outside.format import Described
from tetrapylon.system.assets import Asset

TABLE = "dataset"
KIND = "data-card"

REQUIRED = {
    "digest": True,
    "summary": False,
    "content": False,
    "source": False,
    "licence": False,
    "collection": False,
    "intended-use": True,
    "limitations": False,
    "sensitivity": True,
    "owner": True,
    "retention": False,
    "review-due": True,
}
TRAINING_SET = ("size", "digest", "quality", "sensitivity", "age", "relevance", "diversity")
"""The seven things to know of a training set: size, integrity, quality, sensitivity, age, relevance, diversity."""

_LABELS = {"label", "class", "target"}
_SHOWN = 16
_CLASSES = 20


def record(context: Context, row: Mapping[str, Any], asset: Asset) -> Record:
    """Return everything that is known of a dataset."""
    found = context.declared[TABLE, row["id"]]
    described = context.described.get(f"{asset.kind}:{asset.id}", Described(None, why="its content is not read"))
    sections = (
        Section("Identity", tuple(_identity(row, found, asset))),
        Section("Content", tuple(_content(row, found, described))),
        Section("Characteristics", tuple(_characteristics(row, found, described))),
        Section("Where it came from", tuple(_origin(context, row, found))),
        Section("Use and limits", tuple(_use(context, row, found))),
        Section("Measured", tuple(_measurements(context, asset))),
        Section("Life cycle", tuple(_life(context, row, found))),
    )
    made = Record(KIND, TABLE, row["id"], asset.digest, sections, REQUIRED, dataset_metadata(row, found, described))
    known = made.fields
    extra = {"trainingSet": sum(known[key].said for key in TRAINING_SET), "sourcesUnknown": int(not known["source"].said)}
    return Record(KIND, TABLE, row["id"], asset.digest, sections, REQUIRED, made.hub, extra=extra)


def _identity(row: Mapping[str, Any], found: Declared, asset: Asset) -> Iterator[Field]:
    yield derived("id", "Id", row["id"], "`tetrapylon.toml`")
    yield measured("digest", "Digest", asset.digest, f"`{row['path']}`")
    yield Field("where", "File", row["path"], "declared", "`tetrapylon.toml`")
    yield said(found, "version", "Version")
    yield said(found, "summary", "Summary")
    licence = said(found, "licence", "Licence")
    stated = row.get("licence")
    yield Field("licence", "Licence", stated, "declared", "`tetrapylon.toml`") if licence.origin == "unknown" and stated else licence


def _content(row: Mapping[str, Any], found: Declared, described: Described) -> Iterator[Field]:
    facts, source = described.facts, f"`{row['path']}`"
    yield said(found, "content", "Content")
    yield measured("format", "Format", described.format, source) if described.format else unknown("format", "Format", described.why)
    names = (("columns", "Columns"), ("truncated", "Only the beginning was counted"), ("lines", "Lines"))
    yield from (measured(key, label, facts[key], source) for key, label in names if key in facts)
    if facts.get("keys"):
        kept = [f"{key}: {count}" for key, count in list(facts["keys"].items())[:_SHOWN]]
        yield measured("keys", "Keys", kept, source)
    if facts.get("fields"):
        yield measured("ranges", "Ranges", [_range(each) for each in facts["fields"][:_SHOWN]], source)
        rest = facts["fields"][_SHOWN:]
        if rest:
            yield measured("more", "Other columns", _rest(rest), source)


def _range(column: Mapping[str, Any]) -> str:
    said_of = f"{column['low']} to {column['high']}" if column["type"] == "number" else "text"
    return f"{column['name']}: {said_of}" + (f", {column['empty']} empty" if column["empty"] else "")


def _rest(columns: list[Mapping[str, Any]]) -> str:
    numbers = [each for each in columns if each["type"] == "number"]
    lowest = f", all between {min(each['low'] for each in numbers)} and {max(each['high'] for each in numbers)}" if numbers else ""
    return f"{len(columns)} more, {len(numbers)} of numbers{lowest}"


def _characteristics(row: Mapping[str, Any], found: Declared, described: Described) -> Iterator[Field]:
    facts, source = described.facts, f"`{row['path']}`"
    rows = facts.get("rows")
    yield measured("size", "Size (rows)", rows, source) if rows is not None else said(found, "size", "Size (rows)")
    if "raggedRows" in facts:
        empty = sum(each["empty"] for each in facts["fields"])
        counted = f"{facts['repeatedRows']} repeated rows, {facts['raggedRows']} rows of another width, {empty} empty cells"
        yield measured("quality", "Quality", counted, source)
        if "quality" in found.values:
            yield Field("quality-said", "Quality, in words", found.values["quality"], "declared", found.by)
    else:
        yield said(found, "quality", "Quality")
    yield Field("sensitivity", "Sensitivity", row["sensitivity"], "declared", "`tetrapylon.toml`")
    yield derived("personal", "Personal data", row.get("personal", False), "`tetrapylon.toml`")
    yield said(found, "age", "Age")
    yield said(found, "relevance", "Relevance")
    yield _diversity(found, described, source)
    if "diversity" in found.values and _classes(found, described):
        yield Field("diversity-said", "Diversity, in words", found.values["diversity"], "declared", found.by)


def _classes(found: Declared, described: Described) -> tuple[str, Mapping[str, int]] | None:
    """Return the column of classes and how often each appears: the declared one, or the one with a usual name."""
    wanted = {found.values["label"]} if "label" in found.values else _LABELS
    for each in described.facts.get("fields", ()):
        if each["name"] in wanted and each.get("classes"):
            return each["name"], each["classes"]
    return None


def _diversity(found: Declared, described: Described, source: str) -> Field:
    classes = _classes(found, described)
    if classes is None:
        return said(found, "diversity", "Diversity")
    name, counts = classes
    listed = ", ".join(f"{value}: {count}" for value, count in list(counts.items())[:_CLASSES])
    smallest, largest = min(counts.values()), max(counts.values())
    return measured("diversity", "Diversity", f"`{name}` has {len(counts)} classes of {smallest} to {largest} rows ({listed})", source)


def _origin(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    yield source_of(context, row["id"])
    yield said(found, "collection", "Collection")
    supplier = context.supplier(row.get("supplier"))
    none = derived("supplier", "Supplier", "none", "`tetrapylon.toml` names none")
    yield Field("supplier", "Supplier", supplier, "declared", "`tetrapylon.toml`") if supplier else none


def _use(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    users = sorted(each["id"] for each in context.facts.get("model", ()) if row["id"] in each.get("trained-from", ()))
    places = sorted(each["id"] for each in context.facts.get("environment", ()) if row["id"] in each.get("holds", ()))
    yield derived("trains", "Trains", users or "no declared model", "`tetrapylon.toml`")
    yield derived("held-in", "Held in", places or "no declared environment", "`tetrapylon.toml`")
    for key, label in (("intended-use", "Intended use"), ("out-of-scope", "Out of scope"), ("limitations", "Limitations")):
        yield said(found, key, label)
    yield said(found, "considerations", "Considerations")


def _measurements(context: Context, asset: Asset) -> Iterator[Field]:
    for each in context.evidence.each("integrity-check", asset.digest, "event"):
        event = str(each.payload.get("event", ""))
        yield measured(f"integrity-check-{event}", f"Integrity {event}", each.sentence, each.source, fed=True)


def _life(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    yield owner(context, TABLE, row["id"])
    yield said(found, "retention", "Retention")
    yield said(found, "review-due", "Review due")
