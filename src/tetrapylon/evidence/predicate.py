"""What statements may say: predicate types by short name, decoded strictly, with their JSON Schemas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.shelf import Shelf

PREDICATES = Shelf("tetrapylon.evidence.predicates")


@cache
def predicate_type(name: str) -> str:
    """Return the URI of a predicate type.

    Raises:
        UsageError: there is no such predicate.
    """
    return str(PREDICATES.part(name, "predicate").TYPE)


@cache
def predicate_types() -> Mapping[str, str]:
    """Return every predicate's URI, by short name."""
    return {name: predicate_type(name) for name in PREDICATES}


def name_of(uri: str) -> str:
    """Return the short name of a predicate type.

    Raises:
        UsageError: we know no such type.
    """
    for name, known in predicate_types().items():
        if known == uri:
            return name
    raise UsageError(
        f"`{uri[:120]}` is not a kind of statement that is known here", hint=f"known: {', '.join(PREDICATES)}", code="unknown-predicate"
    )


def decode(name: str, predicate: Mapping[str, Json]) -> Any:
    """Return the typed payload of a predicate.

    Raises:
        IntegrityError: it is not of its type; the message names the path (`malformed-predicate`).
    """
    payload = PREDICATES.part(name, "predicate").Payload
    try:
        return msgspec.convert(predicate, payload)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"a `{name}` statement is malformed: {error}", code="malformed-predicate") from error


def json_schema(name: str) -> dict[str, Json]:
    """Return the JSON Schema of a predicate."""
    return dict(msgspec.json.schema(PREDICATES.part(name, "predicate").Payload))
