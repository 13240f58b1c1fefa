"""Measure the guards of the running system, or see what they do with a text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from tetrapylon.gateway.measuring import Measured


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Measure the guards of the running system, or see what they do with a text."""


@command.command("measure")
@click.option("--dry-run", is_flag=True, help="Record nothing.")
@click.option("--misses", is_flag=True, help="Print what was missed and what was stopped wrongly.")
@passphrase_option
@common_options
def measure(*, dry_run: bool, misses: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Run labelled cases through the real guards, and record how many are told apart, as evidence for this release."""
    from tetrapylon.app.project import open_project
    from tetrapylon.gateway.guarding import build_guards
    from tetrapylon.gateway.measured import measure_all, recorded

    project = open_project(directory)
    guards = build_guards(project.facts, project.root)
    found, others = measure_all(guards)
    filed = [] if dry_run else recorded(project, guards, found, passphrase_file)
    rows = [each.as_json() for each in found]
    data: dict[str, Any] = {"schema": "tetrapylon/guards/1", "rules": len(guards.rules), "rulesDigest": guards.digest, "measured": rows}
    data |= {"development": [each.as_json() for each in others], "records": [each.index for each in filed]}
    if misses:
        data["misses"] = {each.cases.family: {"missed": list(each.missed), "wrong": list(each.wrong)} for each in found}
    lost = sum(each.missing for each in found)
    emit({**data, "exit": int(bool(lost))}, _lines(len(guards.rules), found, others, misses=misses), as_json=as_json)
    return int(bool(lost))


def _lines(rules: int, found: list[Measured], others: list[Measured], *, misses: bool) -> Iterator[str]:
    yield f"{rules} rules; of the cases that are ours, like the rules:"
    yield from (_line(each) for each in found)
    if others:
        yield "of cases by others, which rules may be tuned on:"
        yield from (_line(each) for each in others)
    for each in found if misses else ():
        yield from (f"  missed ({each.cases.family}): {text!a}" for text in each.missed)
        yield from (f"  wrong ({each.cases.family}): {text!a}" for text in each.wrong)


def _line(found: Measured) -> str:
    row = found.as_json()
    caught = f"catches {found.caught} of {found.bad}, {found.tpr:.1%} {_percent(row['tprInterval'])}" if found.bad else "holds nothing bad"
    wrongly = f"stops {found.alarms} of {found.good} wrongly, {found.fpr:.1%} {_percent(row['fprInterval'])}"
    return f"  {found.cases.family}: {caught}; {wrongly}; {found.microseconds:.0f} µs of CPU a text"


def _percent(interval: list[float]) -> str:
    return f"({interval[0]:.1%} to {interval[1]:.1%})"


@command.command("try")
@click.argument("text", required=False)
@click.option("--out", "outward", is_flag=True, help="As text on its way from a model, not to it.")
@click.option("--class", "data_class", default="internal", show_default=True, help="The class of the data.")
@common_options
def attempt(*, text: str | None, outward: bool, data_class: str, directory: str | None, as_json: bool) -> int:
    """See what the guards do with TEXT (or with what comes on stdin)."""
    from tetrapylon.app.project import open_project
    from tetrapylon.gateway.guarding import build_guards
    from tetrapylon.gateway.ports import Verdict

    project = open_project(directory)
    guards = build_guards(project.facts, project.root)
    given = sys.stdin.read() if text is None else text
    looks = guards.text(given, direction="out" if outward else "in", data_class=data_class)
    worst = max((list(Verdict).index(each.verdict) for each in looks), default=0)
    rows = [{"verdict": each.verdict.value, "rule": each.rule, "why": each.why, "start": each.start, "end": each.end} for each in looks]
    stopped = worst >= list(Verdict).index(Verdict.HOLD)
    passed = None if stopped else guards.apply(given, looks)
    data = {"schema": "tetrapylon/guarded/1", "verdict": list(Verdict)[worst].value, "looks": rows, "passed": passed, "exit": int(stopped)}
    lines = [f"{row['verdict']}  {row['rule']}: {row['why']} (characters {row['start']} to {row['end']})" for row in rows]
    emit(data, [*lines, "nothing passes" if stopped else f"passes: {passed}"], as_json=as_json)
    return int(stopped)
