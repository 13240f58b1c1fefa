"""How the journal's commands read what they are given and show what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tetrapylon.kernel.errors import UsageError

if TYPE_CHECKING:
    from tetrapylon.app.recording import Filed
    from tetrapylon.develop.assets.logs.measure import Measured
    from tetrapylon.journal.searching import Hits, Query

ANSWERS = {
    "intact": "intact",
    "confidential": "confidential",
    "available": "available",
    "accessLogged": "access is recorded",
    "redacted": "redacted",
    "gaps": "missing requests",
    "scopesExceeded": "retrievals outside their scope",
}
"""What is measured, in words."""

_COUNTS = ("gaps", "scopesExceeded")


def measured_rows(found: Measured, filed: Sequence[Filed]) -> tuple[dict[str, Any], list[str]]:
    """Return what a measurement found, as data and for a reader."""
    answers = {name: found.answers.get(name) for name in ANSWERS}
    wrong = [name for name, value in answers.items() if value is False or (name in _COUNTS and value)]
    unknown = [name for name, value in answers.items() if value is None]
    ends = 4 if not found.report.intact else 1 if wrong else 3 if unknown else 0
    report = found.report
    data = {
        "schema": "tetrapylon/journal-verify/1",
        "answers": {**answers, **{name: found.answers.get(name) for name in ("requests", "logged", "replayed")}},
        "records": report.records,
        "entries": report.entries,
        "erased": report.erased,
        "segments": [each.as_json() for each in report.heads],
        "detail": found.detail,
        "evidence": [each.index for each in filed],
        "exit": ends,
    }
    lines = [f"{report.records} records in {len(report.heads)} segments, {report.entries} entries, {report.erased} of them erased"]
    lines += [f"  {ANSWERS[name]:<32} {_said(name, value)}" for name, value in answers.items()]
    return data, [*lines, *(f"  {each}" for each in found.detail)]


def _said(name: str, value: Any) -> str:
    if value is None:
        return "could not be measured"
    return str(value) if name in _COUNTS else "yes" if value else "NO"


def hit_rows(hits: Hits) -> tuple[dict[str, Any], list[str]]:
    """Return what a search found, as data and for a reader; 3 where it was not searched to the end."""
    from tetrapylon.journal.exporting import readable
    from tetrapylon.outside.clock import time_of

    rows: list[dict[str, Any]] = []
    for each in hits.found:
        row = {"segment": each.segment, "index": each.index, "time": time_of(each.time), "kind": each.kind, "digest": each.digest}
        rows.append({**row, "entry": None if each.entry is None else readable(each.entry), "erased": each.entry is None})
    ends = 0 if hits.complete else 3
    data = {"schema": "tetrapylon/journal-search/1", "entries": rows, "looked": hits.looked, "complete": hits.complete, "exit": ends}
    lines = [_line(row) for row in rows] or ["nothing was found"]
    return data, [*lines, *([] if hits.complete else ["there is more: raise `--limit`, or ask for less"])]


def _line(row: Mapping[str, Any]) -> str:
    where = f"  {row['time']}  {row['segment']}#{row['index']:<6} {row['kind']:<9}"
    entry = row["entry"]
    if entry is None:
        return f"{where} erased"
    body = " ".join(str(entry.get("body", "(not text)")).split())[:80]
    shown = "".join(each if each.isprintable() else "?" for each in body)
    return f"{where} {entry['tenant'] or '-'} {entry['principal'] or '-'} {entry['route'] or '-'}  {shown}"


def query_of(wanted: Mapping[str, Any]) -> Query:
    """Return the query that options stand for.

    Raises:
        UsageError: a time or a kind is none.
    """
    from tetrapylon.journal.entry import KINDS
    from tetrapylon.journal.searching import FOREVER, Query

    for each in wanted["kinds"]:
        if each not in KINDS:
            raise UsageError(f"`{each[:40]}` is no kind of entry", hint=f"kinds: {', '.join(KINDS)}", code="bad-kind")
    names = ("tenant", "subject", "principal", "route", "model", "verdict")
    words = {name: wanted[name] for name in names if wanted[name]}
    start, end = moment(wanted["start"], 0), moment(wanted["end"], FOREVER)
    return Query(words, tuple(wanted["kinds"]), start, end, wanted["text"], wanted["limit"])


def moment(text: str | None, otherwise: int) -> int:
    """Return a time in milliseconds since 1970.

    Raises:
        UsageError: it is no time (`bad-time`).
    """
    from tetrapylon.outside.clock import parse_time

    return otherwise if text is None else int(parse_time(text).timestamp() * 1000)


def mapping_of(maps: Sequence[str]) -> dict[str, str]:
    """Return where the fields of a line stand.

    Raises:
        UsageError: one is not `FIELD=PATH` (`bad-map`).
    """
    found = {}
    for each in maps:
        name, sign, path = each.partition("=")
        if not (name and sign and path):
            raise UsageError(f"`{each[:80]}` is not `FIELD=PATH`", hint="such as `--map tenant=org.id`", code="bad-map")
        found[f"map.{name}"] = path
    return found
