"""The report in short as Markdown: for the summary of a CI run.

What anybody wrote is escaped, so no name becomes a link, an image or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.pieces import SIGNS, VERDICTS
from tetrapylon.kernel.columns import one_line
from tetrapylon.posture.state import STATE_RANK, State

MARK = "<!-- tetrapylon report -->"
_SPECIAL = re.compile(r"[\\`*_{}\[\]#!|~$@]|(?<=www)\.|:(?=//)", re.IGNORECASE)
"""What makes markup, a link or a mention, wherever it stands."""

_MOST = 50


def markdown(report: Report) -> str:
    """Return the summary; the same report gives the same text."""
    return "\n".join([MARK, "", *_lines(report), ""])


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    safe = _SPECIAL.sub(lambda found: f"\\{found[0]}", one_line(text))
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """Return a text of ours as code."""
    safe = one_line(text).replace("`", "").replace("|", "\\|")
    return f"`{safe}`"


def _lines(report: Report) -> Iterator[str]:
    decision, system = report.now.decision, report.facts["system"]
    yield f"## {VERDICTS[decision['verdict']]} {decision['verdict']}: {plain(system['id'])} {plain(system['release'])}"
    yield ""
    if decision["demo"]:
        yield from ("**DEMONSTRATION: no person signed this**", "")
    yield f"Profile {typed(decision['profile'])} at {decision['timestamp']}, {decision['log']['size']} log records,"
    yield f"release {typed(decision['system']['digest'])}"
    yield from ("", *_pillars(report), "", *_open(report))
    yield from _decided(report)
    if report.threats is not None:
        yield f"Threats: {len(report.threats.threats)} kept, nothing decided about {len(report.threats.undecided)}."
    yield from (f"Not shown: {plain(each)}" for each in report.unshown)


def _pillars(report: Report) -> Iterator[str]:
    names = tuple(SIGNS)
    yield f"| pillar | {' | '.join(f'{SIGNS[each]} {each}' for each in names)} |"
    yield f"|---|{'---:|' * len(names)}"
    for pillar in report.pillars:
        counts = pillar.counts
        yield f"| {plain(pillar.title)} | {' | '.join(str(counts.get(each, 0) or '') for each in names)} |"


def _open(report: Report) -> Iterator[str]:
    bad = [each for each in report.rows if each.state in {State.FAIL, State.UNKNOWN, State.STALE}]
    if not bad:
        yield from ("Nothing stands in the way.", "")
        return
    yield from ("| practice | state | why | next |", "|---|---|---|---|")
    for each in sorted(bad, key=lambda each: STATE_RANK[State(each.state)])[:_MOST]:
        name = f"{each.id} {plain(each.title)}"
        next_step = typed(each.next or f"tetrapylon explain {each.id}")
        yield f"| {name} | {SIGNS[each.state]} {each.state} | {plain(each.reason)} | {next_step} |"
    if len(bad) > _MOST:
        yield f"| … and {len(bad) - _MOST} more | | | |"
    yield ""


def _decided(report: Report) -> Iterator[str]:
    last = report.recorded
    if last is None:
        yield "No decision has been recorded yet."
        return
    said = f"Last recorded decision: {last.decision['verdict']}, at {last.decision['timestamp']}"
    about = "on these files" if last.current else "on another state of the files"
    yield f"{said}, {about}; {'made again: the same' if last.same else '**it could not be made again: integrity broken**'}."
    yield ""
