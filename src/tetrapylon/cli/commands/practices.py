"""List the practices of the guidance: id, what is asked, the kind of evidence, whether it is assessed yet."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@click.option("--profile", metavar="NAME", help="Only the practices of this profile: start, core or full.")
@click.option("--guideline", metavar="ID", help="Only those of this guideline, such as SP2.")
@common_options
def command(*, profile: str | None, guideline: str | None, directory: str | None, as_json: bool) -> int:
    """List the practices of the guidance: id, what is asked, the kind of evidence, whether it is assessed yet."""
    from tetrapylon.app.guidance import catalogue, profile_ids, shown

    del directory
    chosen = None if profile is None else set(profile_ids(profile))
    found = [each for each in catalogue()["practice"] if chosen is None or each["id"] in chosen]
    found = [each for each in found if guideline is None or each["id"].partition(".")[0] == guideline]
    lines = [f"  {each['id']:<7} {'+'.join(each['kind']):<6} {each['status']:<8} {each['title']}" for each in found]
    lines += ["", f"{len(found)} practices; A measured, E enforced, H a named person's signed statement"]
    emit({"schema": "tetrapylon/practices/1", "practices": [shown(each) for each in found], "exit": 0}, lines, as_json=as_json)
    return 0
