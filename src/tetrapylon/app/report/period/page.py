"""The page about a period: states over time as bars and as text, gaps, failures, exceptions, decisions, samples, keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.page import Heading, whole_page
from tetrapylon.app.report.period.gather import Past, Period
from tetrapylon.app.report.period.points import NOT_KNOWN, Span
from tetrapylon.app.report.period.samples import HOW
from tetrapylon.app.report.pieces import SIGNS, Section, code, digest, facts, folded, listed, prose, slug, state, table, time, verdict
from tetrapylon.app.report.sections.exceptions import waiver


def period_page(period: Period) -> bytes:
    """Return the page."""
    system = period.facts["system"]
    heading = Heading(f"{system['id']} {system['release']}", period.until, None, demo=bool(system.get("demo", False)))
    sections = [_overview(period), _states(period), _gaps(period), _decisions(period), _exceptions(period), _samples(period), _keys(period)]
    return whole_page(heading, sections, f"Evidence about {heading.name}, {period.since[:10]} to {period.until[:10]}")


def _overview(period: Period) -> Section:
    different = [each for each in period.decisions if not each.same]
    pairs: list[tuple[str, Node]] = [
        ("From", time(period.since)),
        ("To", time(period.until)),
        ("Looked at", f"{period.points} points: the beginning, each decision, each end of a day"),
        ("Log", f"{period.records} records in the period, {period.log[0]} in all"),
        ("Root of the log", h("code", period.log[1], class_="long")),
        ("Root of trust", digest(period.fingerprint)),
    ]
    body: list[Node] = [facts(pairs)]
    if different:
        body.append(h("p", h("strong", f"{len(different)} decisions could not be made again: integrity broken.")))
    body += [
        h("h3", "How to read this"),
        listed(
            [
                "Each state was made again from the records that the log held at that point.",
                "The release, catalogue and policy are those of the last decision before that point.",
                "Between two points nothing is looked at: a gap shorter than a day can lie between them.",
                "What a release consisted of is known from decisions alone. Before the first one every state is not known.",
                prose("The log itself is checked by `tetrapylon log verify`; every signature was checked when this page was made."),
            ]
        ),
    ]
    return Section("overview", "Overview", body, f"{len(period.decisions)} decisions")


def _states(period: Period) -> Section:
    if not period.spans:
        return Section("states", "States over time", [h("p", "No decision had been recorded by the end of the period.")], "none")
    rows = [_state_row(period, practice, row) for practice, row in period.spans.items()]
    detail = folded(["Every change, with its reason"], _changes(period))
    body: list[Node] = [table("States over time", ("practice", "over the period", "at the end"), rows, "timeline"), detail]
    return Section("states", "States over time", body, f"{len(rows)} practices")


def _state_row(period: Period, practice: str, row: Sequence[Span]) -> list[Node]:
    name = h("span", h("span", practice, class_="id"), h("span", period.titles.get(practice, ""), class_="title"), class_="practice")
    return [name, _line(period, row), state(row[-1].state)]


def _line(period: Period, row: Sequence[Span]) -> Element:
    """Return a practice's states as a bar whose parts are as long as they lasted."""
    whole = max(_seconds(period.since, period.until), 1)
    merged: list[tuple[str, float]] = []
    for each in row:
        lasted = _seconds(each.since, each.until)
        if merged and merged[-1][0] == each.state:
            merged[-1] = (each.state, merged[-1][1] + lasted)
        else:
            merged.append((each.state, lasted))
    parts = [_piece(name, max(int(lasted * 1000 / whole), 1)) for name, lasted in merged]
    said = ", then ".join(f"{name} for {_lasted(lasted)}" for name, lasted in merged)
    return h("div", *parts, class_="bar thin", role="img", aria_label=said, title=said)


def _piece(name: str, share: int) -> Element:
    shown = "not assessed" if name == NOT_KNOWN else name
    return h("span", SIGNS.get(shown, ""), class_=f"s-{slug(shown)}", style=f"flex-grow:{share}")


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


def _lasted(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86_400)
    return f"{days} d {rest // 3600} h" if days else f"{rest // 3600} h {rest % 3600 // 60} min"


def _changes(period: Period) -> Element:
    rows = (_span(each) for row in period.spans.values() for each in row)
    return table("Changes", ("practice", "from", "to", "state", "why", "records"), rows)


def _span(each: Span) -> list[Node]:
    records = ", ".join(str(index) for index in each.records[:8]) + (" …" if len(each.records) > 8 else "")  # noqa: PLR2004 - as many as fit
    return [each.practice, time(each.since), time(each.until), state(each.state), prose(each.reason), records]


def _gaps(period: Period) -> Section:
    heads = ("practice", "from", "to", "lasted", "state", "why")
    body: list[Node] = []
    for title, found, none in (
        ("Times without valid evidence", period.gaps, "There was valid evidence for every practice at every point."),
        ("Times of failure", period.failures, "No practice failed at any point."),
    ):
        body.append(h("h3", f"{title}: {len(found)}"))
        body.append(table(title, heads, (_gap(each) for each in found)) if found else h("p", none))
    return Section("gaps", "Gaps and failures", body, f"{len(period.gaps)} and {len(period.failures)}")


def _gap(each: Span) -> list[Node]:
    return [
        each.practice,
        time(each.since),
        time(each.until),
        _lasted(_seconds(each.since, each.until)),
        state(each.state),
        prose(each.reason),
    ]


def _decisions(period: Period) -> Section:
    if not period.decisions:
        return Section("decisions", "Decisions", [h("p", "No decision was recorded in the period.")], "none")
    heads = ("recorded", "verdict", "profile", "release", "record", "made again", "to make it again")
    return Section(
        "decisions", "Decisions", [table("Decisions", heads, (_past(each) for each in period.decisions))], str(len(period.decisions))
    )


def _past(each: Past) -> list[Node]:
    made = each.decided
    system = made.decision["system"]
    release = h("span", f"{system['release']} ", digest(system["digest"]))
    same = "the same bytes" if each.same else h("strong", "DIFFERENT")
    command = code(f"tetrapylon gate --decision {made.digest}")
    return [time(made.recorded_at), verdict(made.decision["verdict"]), made.decision["profile"], release, str(made.index), same, command]


def _exceptions(period: Period) -> Section:
    if not period.exemptions:
        return Section("exceptions", "Exceptions", [h("p", "No waiver held in the period.")], "none")
    heads = ("practice", "at the end", "about", "owner", "reason", "signed", "ends", "record")
    return Section(
        "exceptions", "Exceptions", [table("Waivers", heads, (waiver(each) for each in period.exemptions))], str(len(period.exemptions))
    )


def _samples(period: Period) -> Section:
    body: list[Node] = [
        h(
            "p",
            "Seed: ",
            code(period.seed),
            ". ",
            prose(HOW[0].upper() + HOW[1:]),
            ". Without ",
            code("--seed"),
            " it follows from the log and the period.",
        ),
    ]
    if period.samples:
        heads = ("record", "statement", "about", "observed", "signed by", "checked for this page", "to check it again")
        body.append(table("Sample", heads, _sample_rows(period)))
    else:
        body.append(h("p", "The period holds no evidence to draw from."))
    return Section("samples", "Samples", body, str(len(period.samples)))


def _sample_rows(period: Period) -> Iterator[list[Node]]:
    for each in period.samples:
        about = listed(each.subjects[:5]) if len(each.subjects) > 1 else each.subjects[0]
        statement = h("span", each.predicate, " ", digest(each.envelope))
        yield [str(each.record), statement, about, time(each.observed), ", ".join(each.signers), each.checked, code(each.verify)]


def _keys(period: Period) -> Section:
    heads = ("holder", "roles", "key", "valid from", "until", "revoked", "independent", "records signed")
    rows: list[list[Node]] = []
    for each in period.keys:
        grant = each.grant
        name = f"{grant.holder}{' (demonstration)' if grant.demo else ''}"
        revoked: Node = time(grant.revoked_at) if grant.revoked_at else "no"
        independent = "yes" if grant.independent else "no"
        valid = (time(grant.not_before), time(grant.not_after), revoked)
        rows.append([name, ", ".join(grant.roles), digest(grant.key.keyid), *valid, independent, str(each.signed)])
    said = h("p", "As the root of trust in force now speaks of them; ", code("tetrapylon trust show"), " lists it.", class_="quiet")
    return Section("keys", "Keys and roles", [said, table("Keys", heads, rows)], str(len(rows)))
