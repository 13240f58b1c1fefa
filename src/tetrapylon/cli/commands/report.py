"""Write one page that says what is known: verdict, data flows, threats, board, decision, evidence and where it comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from tetrapylon.app.project import Project


@click.command()
@click.option("--out", metavar="FILE", help="Write the page here (default: `.tetrapylon/report.html`).")
@click.option("--open", "opening", type=click.Choice(["yes", "no"]), help="Open the page in a browser (default: yes on a terminal).")
@click.option("--profile", metavar="NAME", help="Show this profile: start, core or full.")
@click.option("--markdown", metavar="FILE", help="Write a summary in Markdown, for CI; `-` is stdout.")
@click.option("--from", "since", metavar="DATE", help="For auditors: report on a period, from this day …")
@click.option("--to", "until", metavar="DATE", help="… to this day (default: today).")
@click.option("--csv", metavar="FILE", help="Write the period as a sheet, too.")
@click.option("--samples", default=20, show_default=True, type=click.IntRange(0, 1000), help="How many records to draw from the period.")
@click.option("--seed", metavar="TEXT", help="Draw by this seed (default: one that follows from the log and the period).")
@common_options
def command(
    *,
    out: str | None,
    opening: str | None,
    profile: str | None,
    markdown: str | None,
    since: str | None,
    until: str | None,
    csv: str | None,
    samples: int,
    seed: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Write one page that says what is known: verdict, data flows, threats, board, decision, evidence and where it comes from.

    Nothing is measured and nothing is recorded: run `assess` before. The page is one file that needs no network. With
    `--from` it is about a period: states over time, gaps, exceptions, decisions, samples and keys.
    """
    from tetrapylon.app.project import open_project
    from tetrapylon.kernel.errors import UsageError

    project = open_project(directory)
    page = Page(project, out, opening, as_json=as_json)
    if since is None:
        if until or csv:
            raise UsageError("`--to` and `--csv` are about a period", hint="say with `--from DATE` where it begins", code="no-period")
        return _now(page, profile, markdown)
    if profile or markdown:
        raise UsageError("`--profile` and `--markdown` are about now, not about a period", hint="leave out `--from`", code="two-reports")
    return _period(page, (since, until), csv, (samples, seed))


class Page:
    """Where a page goes, and how to speak about it."""

    def __init__(self, project: Project, out: str | None, opening: str | None, *, as_json: bool) -> None:
        self.project = project
        self.out = out
        self.opening = opening
        self.as_json = as_json

    def wanted(self, *others: str | None) -> bool:
        """Return whether the page is to be written: it was named, or nothing else was asked for."""
        return self.out is not None or not (self.as_json or any(others))

    def write(self, data: bytes, name: str) -> list[str]:
        """Write the page, show it where that is wanted, and return what to say."""
        from tetrapylon.app.project import prepare_state
        from tetrapylon.app.report.page import GENERATOR
        from tetrapylon.app.report.write import write_report
        from tetrapylon.outside.browser import has_screen, open_file

        if self.out is None:
            prepare_state(self.project)
        target = Path(self.out) if self.out else self.project.state(name)
        write_report(target, data, GENERATOR.encode())
        shown = self.opening == "yes" or (self.opening is None and sys.stdout.isatty() and has_screen())
        opened = shown and open_file(target)
        return [f"report: {target}", *(["it could not be opened in a browser here"] if shown and not opened else [])]


def _now(page: Page, profile: str | None, markdown: str | None) -> int:
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.report.data import report_object
    from tetrapylon.app.report.gather import gather
    from tetrapylon.app.report.markdown import MARK
    from tetrapylon.app.report.markdown import markdown as summary
    from tetrapylon.app.report.page import report_page
    from tetrapylon.app.report.write import write_report
    from tetrapylon.cli.known import commands
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    with listening() as listener:
        report = gather(page.project, policy(page.project, profile), SystemClock().now(), commands=commands(), listener=listener)
    lines = page.write(report_page(report), "report.html") if page.wanted(markdown) else []
    if markdown == "-":
        lines += summary(report).splitlines()
    elif markdown:
        write_report(Path(markdown), summary(report).encode(), MARK.encode())
        lines.append(f"summary: {markdown}")
    if markdown != "-":
        lines.append(f"{report.now.decision['verdict']}, as the evidence is at {report.time}")
    emit(report_object(report) if page.as_json else {}, lines, as_json=page.as_json)
    return int(report.exit)


def _period(page: Page, days: tuple[str, str | None], csv: str | None, drawing: tuple[int, str | None]) -> int:
    from tetrapylon.app.report.period.data import period_object
    from tetrapylon.app.report.period.gather import Asked, check_period, gather_period
    from tetrapylon.app.report.period.page import period_page
    from tetrapylon.app.report.period.sheet import MARK, sheet
    from tetrapylon.app.report.write import write_report
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock, parse_date

    now = SystemClock().now()
    asked = Asked(parse_date(days[0]), parse_date(days[1] or now[:10]), *drawing)
    check_period(asked, now)
    with listening() as listener:
        period = gather_period(page.project, asked, now, listener)
    data = period_object(period)
    lines = page.write(period_page(period), "report-period.html") if page.wanted(csv) else []
    if csv:
        write_report(Path(csv), sheet(period), MARK)
        lines.append(f"sheet: {csv}")
    said = f"{len(period.decisions)} decisions, {len(period.gaps)} times without valid evidence, {len(period.failures)} of failure"
    lines += [f"{period.since} to {period.until}: {said}", f"sample of {len(period.samples)} records, seed {period.seed}"]
    emit(data, lines, as_json=page.as_json)
    return int(data["exit"])
