"""The verdict on the evidence as it is now, why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.app.board import Row, count
from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import Section, bar, code, command, digest, facts, listed, prose, row, state, time, verdict
from tetrapylon.posture.state import STATE_RANK, State

MEANINGS = {
    "released": "Every practice of the profile is PASS, validly WAIVED or NOT APPLICABLE.",
    "refused": "At least one practice is FAIL, or a waiver that it needs has expired.",
    "could not decide": "Nothing failed, but evidence is missing, too old, or about something else.",
}
_MOST = 8


def section(report: Report) -> Section:
    """Return the section."""
    decision = report.now.decision
    said = decision["verdict"]
    reasons = _reasons(report)
    body: list[Node] = [
        h(
            "div",
            h("p", verdict(said), class_="headline"),
            h("p", MEANINGS[said]),
            *_compared(report),
            class_=f"card v-{said.replace(' ', '-')}",
        ),
        facts(_facts(report)),
        h("h3", "The profile's practices"),
        bar(count([each for each in report.rows if each.state != "not assessed"])),
        h("p", _counted(report), class_="quiet"),
    ]
    if reasons:
        body += [h("h3", "What stands in the way"), listed(_reason(each) for each in reasons[:_MOST])]
        if len(reasons) > _MOST:
            body.append(h("p", f"… and {len(reasons) - _MOST} more: see ", h("a", "the board", href="#board"), "."))
        body += [h("h3", "What to do next"), listed(_steps(reasons))]
    if report.unshown:
        body += [h("h3", "What this report could not show"), listed(prose(each) for each in report.unshown)]
    return Section("summary", "Summary", body, said)


def _facts(report: Report) -> Iterator[tuple[str, Node]]:
    decision, system = report.now.decision, report.facts["system"]
    yield "System", row(h("strong", system["id"]), f"release {system['release']}")
    yield "Purpose", str(system.get("purpose", ""))
    yield "Criticality", str(system.get("criticality", ""))
    yield "Role", str(system.get("role", ""))
    yield "Release digest", h("code", decision["system"]["digest"], class_="long")
    yield "Evaluated at", time(report.time)
    yield "Profile", code(decision["profile"])
    yield (
        "Evidence",
        f"{decision['log']['size'] - report.now.drafts} log records{f' and {report.now.drafts} drafts' if report.now.drafts else ''}",
    )
    yield "Root of trust", digest(report.fingerprint) if report.fingerprint else prose("none yet: run `tetrapylon trust init`")


def _compared(report: Report) -> Iterator[Element]:
    """Say how the posture now and the last recorded decision go together."""
    last = report.recorded
    if last is None:
        yield h("p", "No decision has been recorded yet; ", code("tetrapylon gate"), " records one.")
    elif not last.same:
        yield h("p", h("strong", "The last recorded decision could not be made again from its evidence: integrity broken."))
    elif not last.current:
        yield h("p", "The last recorded decision is about another state of the files: this release has not been decided.")
    elif last.decision["verdict"] != report.now.decision["verdict"]:
        said, profile = last.decision["verdict"], code(last.decision["profile"])
        when = time(last.decision["timestamp"])
        yield h("p", "The last recorded decision on these files was ", h("strong", said), ", by the profile ", profile, ", at ", when, ".")
    else:
        yield h("p", "The last recorded decision on these files came out the same, at ", time(last.decision["timestamp"]), ".")


def _reasons(report: Report) -> list[Row]:
    bad = [each for each in report.rows if each.state in {State.FAIL, State.UNKNOWN, State.STALE}]
    return sorted(bad, key=lambda each: STATE_RANK[State(each.state)])


def _reason(each: Row) -> Element:
    return row(state(each.state), h("a", each.id, href=f"#p-{each.id}"), h("strong", each.title), "—", prose(each.reason))


def _counted(report: Report) -> str:
    left_out = [each for each in report.rows if each.state == "not assessed"]
    planned = sum(each.reason.startswith("planned") for each in left_out)
    return (
        f"{len(report.rows) - len(left_out)} of the guidelines' {len(report.rows)} practices are in this profile. "
        f"{len(left_out)} are not assessed ({planned} of them planned) and count for nothing here."
    )


def _steps(reasons: list[Row]) -> Iterator[Node]:
    """Yield the commands that would help most, with what they would move."""
    moved: dict[str, list[str]] = {}
    for each in reasons:
        moved.setdefault(each.next or f"tetrapylon explain {each.id}", []).append(each.id)
    # What this version can do stands first; among that, what would move most.
    for typed, practices in sorted(moved.items(), key=lambda item: ("(not in" in item[0], -len(item[1])))[:3]:
        shown = ", ".join(practices[:6]) + (f" and {len(practices) - 6} more" if len(practices) > 6 else "")  # noqa: PLR2004 - as many as fit a line
        yield row(command(typed), f"— for {shown}")
