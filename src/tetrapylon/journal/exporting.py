"""Export one tenant's entries as JSON Lines, each with the proof that it stands in a segment whose head was anchored.

The first line names the tenant and the heads. Every other line is one record: what was recorded, the head of the record in the
clear, and the path to the segment's root. Whoever checks needs no key: `commitment` in the record's head binds what was recorded.
An export proves that what it holds was recorded like this, then. That nothing of the tenant is left out is the word of whoever
made it: he knows which records are the tenant's, and others' records are nobody else's business.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.journal.entry import Entry, decode
from tetrapylon.journal.frame import BLIND, HEAD, KIND_NAMES, Record
from tetrapylon.journal.frame import Head as RecordHead
from tetrapylon.journal.heads import Head, read_head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.opening import Opener
from tetrapylon.journal.scan import read_start_of, scan_segment
from tetrapylon.journal.searching import segments
from tetrapylon.journal.segment import segment_name
from tetrapylon.kernel.canonical import Json, base64_text, canonical_json, read_base64, read_json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import Tree, leaf_hash, verify_inclusion
from tetrapylon.outside.clock import time_of
from tetrapylon.outside.disk import FolderDisk

SCHEMA = "tetrapylon/journal-export/1"

LINE = 96 << 20
"""Bytes of one line at most: the largest entry, twice, in base64 and escaped."""


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    tenant: str
    heads: tuple[Head, ...]
    entries: int
    erased: int


def export_tenant(folder: Path, ring: Ring, tenant: str, heads: Mapping[str, Head]) -> Iterator[bytes]:
    """Yield the lines of an export; `heads` are those to prove against, by segment. Records after a head are left for the next.

    Raises:
        IntegrityError: a segment is damaged.
    """
    used = [heads[segment_name(*each)] for each in segments(folder) if segment_name(*each) in heads]
    yield _line({"schema": SCHEMA, "tenant": tenant, "heads": [each.as_json() for each in used]})
    for head in used:
        yield from _segment(folder, ring, tenant, head)


def _segment(folder: Path, ring: Ring, tenant: str, head: Head) -> Iterator[bytes]:
    disk = FolderDisk(folder, private=True)
    tag, tree, mine = ring.tag("tenant", tenant), Tree(), list[Record]()
    lane, _, number = head.segment.partition("/")

    def see(record: Record) -> None:
        if len(tree) < head.records:
            tree.append(leaf_hash(record.digest))
            if record.head.tenant == tag and not record.own:
                mine.append(record)

    found = scan_segment(disk, lane, int(number), see)
    if found.broken:
        raise found.broken
    if len(tree) < head.records or tree.root().hex() != head.root:
        hint = "run `tetrapylon operate journal verify`"
        raise IntegrityError(f"`{head.segment}` is not what its head says", hint=hint, code="damaged")
    start = read_start_of(disk, head.segment)
    if mine and start is not None:
        opener = Opener(disk, ring, head.segment, start)
        yield from (_line(_row(head.segment, opener, each, tree)) for each in mine)


def _row(segment: str, opener: Opener, record: Record, tree: Tree) -> dict[str, Json]:
    opened = opener.open(record)
    row: dict[str, Json] = {
        "segment": segment,
        "index": record.head.place,
        "time": time_of(record.head.time),
        "kind": record.kind,
        "head": record.packed.hex(),
        "previous": record.previous.hex(),
        "sealed": hashlib.sha256(record.sealed).hexdigest(),
        "proof": [each.hex() for each in tree.inclusion(record.head.place)],
    }
    if opened is None:
        return {**row, "erased": True}
    return {**row, "plain": base64_text(opened.plain), "entry": readable(opened.entry)}


def readable(entry: Entry) -> dict[str, Json]:
    """Return an entry for a reader; a body that is not UTF-8 is given in base64."""
    shown: dict[str, Json] = {
        "tenant": entry.tenant,
        "subject": entry.subject,
        "route": entry.route,
        "model": entry.model,
        "principal": entry.principal,
        "labels": dict(entry.labels),
    }
    try:
        return {**shown, "body": entry.body.decode("utf-8")}
    except UnicodeDecodeError:
        return {**shown, "bodyBase64": base64_text(entry.body)}


def verify_export(lines: Iterable[bytes], trusted: Iterable[Head]) -> Exported:
    """Check every line of an export against heads that the caller trusts, and return what it holds.

    Raises:
        IntegrityError: a line is not what was recorded (`commitment`, `inclusion`), a head is not trusted (`unanchored`), a line
            is another tenant's or stands twice (`foreign`, `again`), or it is no export (`malformed`).
    """
    rows = (read_json(each, f"line {number} of the export") for number, each in enumerate(lines, 1))
    try:
        first = next(rows, None)
        if not isinstance(first, dict) or first.get("schema") != SCHEMA:
            raise IntegrityError("this is not an export of a journal", code="malformed")
        heads = {each.segment: each for each in map(read_head, first["heads"])}
        _check_heads(heads.values(), trusted)
        entries = erased = 0
        seen: set[tuple[str, int]] = set()
        for row in rows:
            held = _verify_row(row, str(first["tenant"]), heads, seen)
            entries, erased = entries + held, erased + (not held)
    except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise IntegrityError("a line of the export is malformed", code="malformed") from error
    return Exported(str(first["tenant"]), tuple(heads.values()), entries, erased)


def _check_heads(heads: Iterable[Head], trusted: Iterable[Head]) -> None:
    known = {(each.segment, each.identity, each.records, each.root) for each in trusted}
    for each in heads:
        if (each.segment, each.identity, each.records, each.root) not in known:
            raise IntegrityError(f"the head of `{each.segment}` was never anchored", hint="ask for the anchored heads", code="unanchored")


def _verify_row(row: Mapping[str, Json], tenant: str, heads: Mapping[str, Head], seen: set[tuple[str, int]]) -> bool:
    """Check one line; return whether it holds an entry (and was not erased)."""
    where = f"record {int(row['index'])} of `{str(row['segment'])[:80]}`"
    head, packed = heads[row["segment"]], bytes.fromhex(row["head"])
    record = RecordHead(*HEAD.unpack(packed))
    if (row["segment"], record.place) in seen:
        raise IntegrityError(f"{where} stands twice in the export", code="again")
    seen.add((row["segment"], record.place))
    if record.place != row["index"] or KIND_NAMES.get(record.kind) != row["kind"] or time_of(record.time) != row["time"]:
        raise IntegrityError(f"{where} is not what was recorded", code="commitment")
    digest = hashlib.sha256(bytes.fromhex(row["previous"]) + packed + bytes.fromhex(row["sealed"])).digest()
    proof = [bytes.fromhex(each) for each in row["proof"]]
    verify_inclusion(leaf_hash(digest), record.place, head.records, proof, bytes.fromhex(head.root))
    if row.get("erased") is True:
        return False
    plain = read_base64(row["plain"], where)
    if hashlib.sha256(plain).digest() != record.commitment:
        raise IntegrityError(f"{where} is not what was recorded", code="commitment")
    entry = decode(row["kind"], plain[BLIND:])
    if readable(entry) != row["entry"]:
        raise IntegrityError(f"{where} is not what was recorded", code="commitment")
    if entry.tenant != tenant:
        raise IntegrityError(f"{where} is another tenant's", code="foreign")
    return True


def _line(value: Json) -> bytes:
    return canonical_json(value) + b"\n"
