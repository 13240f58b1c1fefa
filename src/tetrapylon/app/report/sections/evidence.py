"""The evidence that states rest on, with who signed it and where it comes from."""

from __future__ import annotations

from collections import Counter

from tetrapylon.app.board import age_of
from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import NOTHING, Section, code, digest, folded, listed, row, table, time
from tetrapylon.app.report.proof import Proof
from tetrapylon.posture.answer import COUNTERSIGNED, ENFORCED, RECOMPUTED, WORD

MEANINGS = {
    RECOMPUTED: "derived from other evidence for this report; anybody can derive it again",
    COUNTERSIGNED: "signed by a key of somebody else than the provider",
    ENFORCED: "left by a control of the provider each time it acts",
    WORD: "measured or stated by the provider, on the provider's machines",
}


def section(report: Report) -> Section:
    """Return the section."""
    found = list(report.proofs.values())
    counts = Counter(report.origins.values())
    body: list[Node] = [
        h("p", "A signature shows who said something, and that it was not changed since. It does not make it true."),
        h("h3", "Where the states come from"),
        table(
            "Origins of the practices' states",
            ("origin", "practices", "what it means"),
            ([name, str(counts[name]), said] for name, said in MEANINGS.items()),
        ),
        h("h3", "The records"),
    ]
    if found:
        heads = ("record", "statement", "about", "observed", "signed by", "origin", "moves")
        rows = (_row(report, each) for each in found)
        body.append(folded([f"{len(found)} records that the states rest on"], table("Evidence", heads, rows), open_=len(found) <= 40))  # noqa: PLR2004 - a page
    else:
        body.append(h("p", "No state rests on any evidence yet."))
    body.append(_others(report))
    body.append(
        h(
            "p",
            code("tetrapylon log verify"),
            " checks every record, every signature and the checkpoint; ",
            code("tetrapylon log show"),
            " lists them.",
        )
    )
    return Section("evidence", "Evidence", body, f"{len(found)} records")


def _row(report: Report, each: Proof) -> list[Node]:
    about = listed(each.subjects[:5]) if len(each.subjects) > 1 else (each.subjects or (NOTHING,))[0]
    name = h("span", str(each.record), " (draft)" if each.draft else None, id=f"r-{each.record}")
    observed = time(each.observed, age_of(each.observed, report.time))
    return [
        name,
        row(each.predicate, digest(each.envelope)),
        about,
        observed,
        ", ".join(each.signers) or "nobody known",
        each.origin,
        ", ".join(each.practices),
    ]


def _others(report: Report) -> Element:
    if not report.others:
        return h("p", "There are no other records.", class_="quiet")
    said = ", ".join(f"{number} {name}" for name, number in report.others.items())
    return h("p", f"Other records, which no state of this profile rests on: {said}.", class_="quiet")
