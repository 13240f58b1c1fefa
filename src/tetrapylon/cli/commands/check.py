"""Find the AI in a folder and what is dangerous about it: no manifest, no key, no network, nothing written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.system.finding import Severity

SEVERITIES = ["critical", "high", "medium", "low", "info"]


@click.command()
@click.argument("paths", nargs=-1, metavar="[DIR | FILE...]")
@click.option("--fail-on", type=click.Choice(SEVERITIES), default="low", show_default=True, help="End with 1 from this severity on.")
@click.option("--baseline", metavar="FILE", help="Only what FILE does not know counts.")
@click.option("--write-baseline", metavar="FILE", help="Write a baseline that knows everything that is found now, and end with 0.")
@click.option("--ci", is_flag=True, help="For CI: without a file named below, print SARIF on stdout.")
@click.option("--sarif", metavar="FILE", help="Write SARIF 2.1.0 to FILE (`-`: stdout).")
@click.option("--junit", metavar="FILE", help="Write JUnit XML to FILE (`-`: stdout).")
@click.option("--markdown", metavar="FILE", help="Write a summary in Markdown to FILE (`-`: stdout).")
@common_options
def command(
    *,
    paths: tuple[str, ...],
    fail_on: Severity,
    baseline: str | None,
    write_baseline: str | None,
    ci: bool,
    sarif: str | None,
    junit: str | None,
    markdown: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Find the AI in a folder and what is dangerous about it: no manifest, no key, no network, nothing written.

    Looks at DIR (default: the working directory), or only at the FILEs. Files are written only where an option names one.
    """
    from tetrapylon.app.checking import check
    from tetrapylon.app.delivery import Outputs, deliver, wanted
    from tetrapylon.cli.findings import checked_lines, summary
    from tetrapylon.kernel.shelf import Shelf

    outputs = Outputs(baseline=write_baseline, sarif=sarif, junit=junit, markdown=markdown, ci=ci, json=as_json)
    asked = wanted(paths, directory, fail_on=fail_on, baseline=baseline, outputs=outputs)
    delivered = deliver(check(asked), asked, outputs, frozenset(Shelf("tetrapylon.cli.commands")))
    if delivered.on_stdout is not None:
        sys.stdout.write(delivered.on_stdout)
        talk(summary(delivered.checked))
    else:
        emit(delivered.json, checked_lines(delivered.checked, delivered.commands), as_json=as_json)
    return delivered.exit
