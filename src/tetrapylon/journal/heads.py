"""The head of a segment: how many records it has and the root over them, small enough to be anchored elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import IntegrityError


@dataclass(frozen=True, slots=True)
class Head:
    """What a segment held at one moment; a later head of the same segment continues it."""

    segment: str
    identity: str
    """Hexadecimal; another segment of the same name has another."""

    records: int
    root: str
    """RFC 6962 root over the records' digests, hexadecimal."""

    digest: str
    """The last record's digest, hexadecimal."""

    sealed: bool

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        return {
            "segment": self.segment,
            "identity": self.identity,
            "records": self.records,
            "root": self.root,
            "digest": self.digest,
            "sealed": self.sealed,
        }


def read_head(value: Mapping[str, Json]) -> Head:
    """Return the head that the data holds.

    Raises:
        IntegrityError: it is no head (`malformed`).
    """
    try:
        texts = [str(value[each]) for each in ("segment", "identity", "root", "digest")]
        return Head(texts[0], texts[1], int(value["records"]), texts[2], texts[3], bool(value["sealed"]))
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError("this is not the head of a segment", code="malformed") from error


def newest(heads: Iterable[Head]) -> dict[str, Head]:
    """Return the longest head of each segment."""
    found: dict[str, Head] = {}
    for each in heads:
        if each.segment not in found or each.records >= found[each.segment].records:
            found[each.segment] = each
    return found
