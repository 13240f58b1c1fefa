"""Write one page that says what is known: verdict, data flows, board, decision, evidence and where it comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from tetrapylon.app.report.gather import Report


@click.command()
@click.option("--out", metavar="FILE", help="Write the page here (default: `.tetrapylon/report.html`).")
@click.option("--open", "opening", type=click.Choice(["yes", "no"]), help="Open the page in a browser (default: yes on a terminal).")
@click.option("--profile", metavar="NAME", help="Show this profile: start, core or full.")
@common_options
def command(*, out: str | None, opening: str | None, profile: str | None, directory: str | None, as_json: bool) -> int:
    """Write one page that says what is known: verdict, data flows, board, decision, evidence and where it comes from.

    Nothing is measured and nothing is recorded: run `assess` before. The page is one file that needs no network.
    """
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.report.data import report_object
    from tetrapylon.app.report.gather import gather
    from tetrapylon.cli.known import commands
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    with listening() as listener:
        report = gather(project, policy(project, profile), SystemClock().now(), commands=commands(), listener=listener)
    target = Path(out) if out else project.state("report.html")
    lines: list[str] = []
    if out or not as_json:
        lines = _page(report, target, opening=opening)
    emit(report_object(report) if as_json else {}, lines, as_json=as_json)
    return int(report.exit)


def _page(report: Report, target: Path, *, opening: str | None) -> list[str]:
    from tetrapylon.app.report.page import GENERATOR, report_page
    from tetrapylon.app.report.write import write_report
    from tetrapylon.outside.browser import has_screen, open_file

    write_report(target, report_page(report), GENERATOR.encode())
    shown = opening == "yes" or (opening is None and sys.stdout.isatty() and has_screen())
    opened = shown and open_file(target)
    said = f"{report.now.decision['verdict']}: {target}"
    return [said, *(["could not be opened in a browser here"] if shown and not opened else [])]
