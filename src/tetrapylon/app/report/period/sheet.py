"""The period as one CSV sheet that a spreadsheet opens without obeying it.

A cell that a spreadsheet would take for a formula begins with an apostrophe; what cannot be seen is spelled out; each row says in
its first column what it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tetrapylon.app.report.period.gather import EVERY, Key, Past, Period
from tetrapylon.app.report.period.points import Span
from tetrapylon.app.report.period.samples import Sample
from tetrapylon.app.report.waivers import Exemption
from tetrapylon.kernel.columns import one_line

HEADS = ("kind", "id", "from", "to", "state", "detail", "who", "records", "verify")

MARK = b'"' + '","'.join(HEADS).encode() + b'"'
"""How every sheet begins, after its byte order mark."""

_FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
"""What begins a formula, also in the wide forms that some programs take for the same."""


def sheet(period: Period) -> bytes:
    """Return the sheet: UTF-8 with its mark, which spreadsheets need to see."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in _rows(period):
        writer.writerow([cell(each) for each in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def cell(text: str) -> str:
    """Return a text as a cell that is only ever a text."""
    shown = one_line(text)
    return f"'{shown}" if shown[:1] in _FORMULA else shown


Cells = tuple[str, str, str, str, str, str, str, str, str]


def _rows(period: Period) -> Iterator[Cells]:
    for row in period.spans.values():
        yield from (_span("state", each) for each in row)
    yield from (_span("gap", each) for each in period.gaps)
    yield from (_span("failure", each) for each in period.failures)
    yield from (_exception(each) for each in period.exemptions)
    yield from (_decision(each) for each in period.decisions)
    yield from (_sample(each) for each in period.samples)
    yield from (_key(each) for each in period.keys)


def _exception(each: Exemption) -> Cells:
    detail = f"{each.reason} (about {', '.join(each.subjects)})"
    return "exception", each.practice, each.since, each.expires, each.standing, detail, each.owner, str(each.record), _show(each.record)


def _decision(past: Past) -> Cells:
    made = past.decided
    system, again = made.decision["system"], "the same" if past.same else "DIFFERENT"
    detail = f"{made.decision['profile']}: release {system['release']} {system['digest']}; made again: {again}"
    when = (made.recorded_at, made.recorded_at, made.decision["verdict"])
    return "decision", made.digest, *when, detail, "", str(made.index), f"tetrapylon gate --decision {made.digest}"


def _sample(each: Sample) -> Cells:
    detail = f"{each.predicate} about {', '.join(each.subjects)}; checked: {each.checked}"
    return "sample", each.envelope, each.observed, each.recorded, "", detail, ", ".join(each.signers), str(each.record), each.verify


def _key(key: Key) -> Cells:
    grant = key.grant
    detail = f"{grant.key.algorithm}; signed {key.signed} records in the period{'; independent' if grant.independent else ''}"
    state = f"revoked {grant.revoked_at}" if grant.revoked_at else "demonstration key" if grant.demo else "granted"
    who = f"{grant.holder} ({', '.join(grant.roles)})"
    return "key", grant.key.keyid, grant.not_before, grant.not_after, state, detail, who, "", "tetrapylon trust show"


def _show(record: int) -> str:
    return f"tetrapylon log show --record {record}"


def _explain(practice: str) -> str:
    return "tetrapylon log show" if practice == EVERY else f"tetrapylon explain {practice}"


def _span(kind: str, each: Span) -> Cells:
    records = " ".join(str(index) for index in each.records)
    return kind, each.practice, each.since, each.until, each.state, each.reason, "", records, _explain(each.practice)
