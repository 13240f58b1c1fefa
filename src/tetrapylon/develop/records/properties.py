"""Properties of a bill: names of ours under `tetrapylon:`, references, hashes, and what evidence says."""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.field import Field, Origin
from tetrapylon.kernel.canonical import Json

_ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def prop(name: str, value: str) -> dict[str, Json]:
    """Return a property."""
    return {"name": name, "value": value}


def origin(kind: Origin, source: str, field: str = "") -> dict[str, Json]:
    """Return the property that says where a field is from, or all fields that have no such property of their own."""
    return prop(f"tetrapylon:origin:{field}" if field else "tetrapylon:origin", f"{kind}: {source.replace('`', '')}")


def origin_of(field: Field, name: str) -> dict[str, Json]:
    """Return the property that says where a field of a card is from."""
    return origin(field.origin, field.source, name)


def reference(kind: str, known: str) -> str:
    """Return the reference of something within the bill."""
    return f"{kind}:{known}"


def hash_of(text: str) -> dict[str, Json] | None:
    """Return a hash `sha256:…` as the bill writes it; an algorithm that the schema does not know gives nothing."""
    algorithm, _, content = text.partition(":")
    return {"alg": _ALGORITHMS[algorithm], "content": content} if algorithm in _ALGORITHMS else None


def cited_properties(context: Context, predicate: str, digest: str, key: str, *, about: str = "") -> Iterator[dict[str, Json]]:
    """Yield what evidence says about a digest, a property for each value of a key such as `event`."""
    for each in context.evidence.each(predicate, digest, key):
        parts = [predicate, *([str(each.payload.get(key))] if key else []), *([about] if about else [])]
        yield prop(f"tetrapylon:evidence:{':'.join(parts)}", f"measured: {each.sentence} (record {each.since})")
