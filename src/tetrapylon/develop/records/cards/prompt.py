"""The card of a prompt.

What it does: measures length and placeholders, and joins them with owner, purpose, tests and the date of review.
Why it matters: a prompt is code that nobody reviews as code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.develop.records.context import Context, owner, said
from tetrapylon.develop.records.declared import Declared
from tetrapylon.develop.records.field import Field, Record, Section, derived, measured, unknown
from tetrapylon.develop.records.hub import prompt_metadata
from tetrapylon.outside.format import Described
from tetrapylon.system.assets import Asset

TABLE = "prompt"
KIND = "prompt-card"

REQUIRED = {"id": True, "digest": True, "owner": True, "purpose": True, "tests": True, "review-due": True}


def record(context: Context, row: Mapping[str, Any], asset: Asset) -> Record:
    """Return everything that is known of a prompt."""
    found = context.declared[TABLE, row["id"]]
    described = context.described.get(f"{asset.kind}:{asset.id}", Described(None, why="it is a folder"))
    sections = (
        Section("Identity", tuple(_identity(row, found, asset))),
        Section("Content", tuple(_content(row, described))),
        Section("Use and limits", tuple(_use(context, row, found))),
        Section("Measured", tuple(_measurements(context, asset))),
        Section("Life cycle", tuple(_life(context, row, found))),
    )
    return Record(KIND, TABLE, row["id"], asset.digest, sections, REQUIRED, prompt_metadata(found))


def _identity(row: Mapping[str, Any], found: Declared, asset: Asset) -> Iterator[Field]:
    yield derived("id", "Id", row["id"], "`tetrapylon.toml`")
    yield measured("digest", "Digest", asset.digest, f"`{row['path']}`")
    yield Field("where", "File", row["path"], "declared", "`tetrapylon.toml`")
    yield said(found, "version", "Version")
    yield said(found, "summary", "Summary")


def _content(row: Mapping[str, Any], described: Described) -> Iterator[Field]:
    facts, source = described.facts, f"`{row['path']}`"
    if "characters" not in facts:
        yield unknown("characters", "Characters", described.why)
        return
    for key, label in (("characters", "Characters"), ("words", "Words"), ("lines", "Lines")):
        yield measured(key, label, facts[key], source)
    yield measured("placeholders", "Placeholders", facts["placeholders"] or "none", source)


def _use(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    yield (
        Field("model", "Model", row["model"], "declared", "`tetrapylon.toml`")
        if "model" in row
        else unknown("model", "Model", "nobody said; name the prompt's `model` in `tetrapylon.toml`")
    )
    yield said(found, "purpose", "Purpose")
    yield _tests(context, found)
    yield said(found, "limitations", "Limitations")
    yield said(found, "considerations", "Considerations")


def _tests(context: Context, found: Declared) -> Field:
    """Return the tests by digest; one that is not there makes the field unknown."""
    paths = found.values.get("tests", ())
    absent = [each for each in paths if each not in context.present]
    if absent:
        return unknown("tests", "Tests", f"`{absent[0]}` is not there ({found.by})")
    if not paths:
        return said(found, "tests", "Tests")
    return measured("tests", "Tests", [f"{each} {context.present[each]}" for each in paths], found.by)


def _measurements(context: Context, asset: Asset) -> Iterator[Field]:
    for predicate, key in (("integrity-check", "event"), ("test-result", "suite")):
        for each in context.evidence.each(predicate, asset.digest, key):
            name = str(each.payload.get(key, ""))
            yield measured(f"{predicate}-{name}", f"{predicate} {name}", each.sentence, each.source, fed=True)


def _life(context: Context, row: Mapping[str, Any], found: Declared) -> Iterator[Field]:
    yield owner(context, TABLE, row["id"])
    yield said(found, "licence", "Licence")
    yield said(found, "retention", "Retention")
    yield said(found, "review-due", "Review due")
