"""From the text of `tetrapylon.toml` to a manifest, or to an error that names every place that is wrong.

Three steps, each only when the one before found nothing: the syntax of TOML, the shape of each table (`shape.py`),
and what holds between tables (`links.py`). Whatever the bytes are, the answer is a manifest or a `UsageError`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.links import link_problems
from tetrapylon.system.manifest import SCHEMA, Manifest
from tetrapylon.system.problem import ManifestError, Problem
from tetrapylon.system.shape import shape_problems

_GATHERED = 100
"""How many problems are looked for: nobody reads more, and a hostile file holds many."""

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def decode_manifest(text: str | bytes, name: str = "tetrapylon.toml") -> Manifest:
    """Return the manifest that the text declares; `name` is what errors call the file.

    Raises:
        ManifestError: a `UsageError` with everything that is wrong (`toml-syntax`, `not-text`, `schema`, `unknown-key`,
            `missing-key`, `bad-value`, `bad-path`, `duplicate-id`, `duplicate-value`, `no-such-id`, …).
    """
    return manifest_of(read_toml(text, name), name)


def manifest_of(table: Mapping[str, Json], name: str = "tetrapylon.toml") -> Manifest:
    """Return the manifest that the parsed table declares.

    Raises:
        ManifestError: as `decode_manifest`.
    """
    problems = list(_schema(table)) or list(islice(shape_problems(table, Manifest), _GATHERED))
    if problems:
        raise ManifestError(name, problems, table)
    manifest = msgspec.convert(table, Manifest)
    broken = list(islice(link_problems(manifest), _GATHERED))
    if broken:
        raise ManifestError(name, broken, table)
    return manifest


def read_toml(text: str | bytes, name: str) -> dict[str, Json]:
    """Return the table that a TOML file holds; `name` is what errors call the file.

    Raises:
        UsageError: not UTF-8 (`not-text`), not TOML, with line and column (`toml-syntax`), or nested too deep (`too-deep`).
    """
    known = _text(text, name)
    try:
        return tomllib.loads(known)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), known, name) from error
    except RecursionError as error:
        raise UsageError(f"`{name}` is nested too deep", code="too-deep") from error
    except ValueError as error:
        # `tomllib` hands numbers and dates to Python, whose refusals have no position.
        raise UsageError(f"`{name}` holds a number or a date that cannot be read", code="toml-syntax") from error


def _text(text: str | bytes, name: str) -> str:
    try:
        raw = text.encode("utf-8") if isinstance(text, str) else text
        return raw.decode("utf-8-sig")
    except UnicodeError as error:
        line = raw[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else 0
        where = f" (line {line})" if line else ""
        raise UsageError(f"`{name}` is not UTF-8 text{where}", hint="save the file as UTF-8", code="not-text") from error


def _syntax(said: str, text: str, name: str) -> UsageError:
    """Return the error with a line and a column, also where the parser only says that the text ended."""
    found = _POSITION.search(said)
    line, column = (found[1], found[2]) if found and found[1] else _end(text)
    reason = _POSITION.sub("", said)
    reason = reason[:1].lower() + reason[1:]
    return UsageError(f"`{name}` is not valid TOML: {reason} (line {line}, column {column})", hint=_advice(reason), code="toml-syntax")


def _end(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    return str(len(lines)), str(len(lines[-1]) + 1)


def _advice(reason: str) -> str:
    if reason.startswith("cannot overwrite"):
        return "a key or a table is there twice; tables that repeat are written `[[name]]`"
    if reason.startswith(("invalid value", "invalid character")):
        return 'text stands in quotes: `key = "value"`'
    return ""


def _schema(table: Mapping[str, Json]) -> Iterator[Problem]:
    """Check the schema first: under another one, everything else would look wrong."""
    found = table.get("schema")
    if found != SCHEMA:
        what = "is missing" if "schema" not in table else "is not one that this version reads"
        yield Problem("schema", what, "schema", f'begin the file with `schema = "{SCHEMA}"`')
