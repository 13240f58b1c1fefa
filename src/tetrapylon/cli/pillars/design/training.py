"""Train the persons of the system by role: modules, quizzes, results that end, and exchange with a training system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.app.training import Desk, Quiz, Taken
    from tetrapylon.design.threats.training.standing import Standing

_SCHEMA = "tetrapylon/training"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Train the persons of the system by role: modules, quizzes, results that end, and exchange with a training system."""


def _desk(directory: str | None) -> Desk:
    from tetrapylon.app.project import open_project
    from tetrapylon.app.training import desk

    return desk(open_project(directory))


@command.command("list")
@common_options
def show_all(*, directory: str | None, as_json: bool) -> int:
    """List the modules: for whom each is, its version, and when somebody last looked at it."""
    from tetrapylon.app.training import module_row

    found = _desk(directory)
    rows = [module_row(each, found.view.now()[:10]) for each in found.trained.modules.values()]
    lines = [f"{row['course'] or row['id']}  {row['title']}  ({', '.join(row['roles'])}; {row['minutes']} minutes)" for row in rows]
    lines += [f"past its review: `{row['id']}`, last looked at on {row['reviewed']}" for row in rows if row["overdue"]]
    code = 3 if any(row["overdue"] for row in rows) else 0
    emit({"schema": f"{_SCHEMA}-modules/1", "modules": rows, "exit": code}, lines, as_json=as_json)
    return code


@command.command("show")
@click.argument("module")
@common_options
def show(*, module: str, directory: str | None, as_json: bool) -> int:
    """Show what a module teaches."""
    from tetrapylon.app.training import module_data, module_row

    found = _desk(directory)
    wanted = found.module(module)
    lines = [f"# {wanted.title}", ""]
    for each in wanted.screens:
        lines += [f"## {each.title}", "", *each.text.strip().splitlines(), ""]
    data = {**module_row(wanted, found.view.now()[:10]), **module_data(wanted)}
    emit({"schema": f"{_SCHEMA}-module/1", **data, "exit": 0}, lines, as_json=as_json)
    talk(f"\nhint: its digest is {wanted.digest}; take it with `tetrapylon design training take {wanted.id} --by PERSON`")
    return 0


@command.command("take")
@click.argument("module")
@click.option("--by", "person", required=True, metavar="PERSON", help="Who takes it: a person of the manifest.")
@click.option("--answers", metavar="FILE", help="Take the answers from a TOML file instead of asking.")
@click.option("--items", "only_items", is_flag=True, help="Print what would be asked now, and record nothing.")
@click.option("--ssh-key", metavar="FILE", help="Sign with this SSH key instead of a file key.")
@passphrase_option
@common_options
def take(
    *,
    module: str,
    person: str,
    answers: str | None,
    only_items: bool,
    ssh_key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Take a module: read it, answer its questions, and have the result signed; 1 where it was not passed."""
    from tetrapylon.app import wiring
    from tetrapylon.app.deciding import Signing
    from tetrapylon.app.training import begin, finish

    found = _desk(directory)
    quiz = begin(found, module, person)
    if only_items:
        return _items(quiz, as_json=as_json)
    given = _answers(quiz, answers)
    taken = finish(found, quiz, given, Signing(wiring.read_passphrase(passphrase_file), ssh_key))
    code = 0 if taken.passed else 1
    emit({"schema": f"{_SCHEMA}-taken/1", **taken.as_json(), "exit": code}, _said(taken), as_json=as_json)
    return code


def _items(quiz: Quiz, *, as_json: bool) -> int:
    rows = [each.as_json() for each in quiz.items]
    lines = [line for each in quiz.items for line in (f"{each.id}: {each.text}", *(f"  - {option}" for option in each.options), "")]
    data = {"module": quiz.module.course, "person": quiz.person, "attempt": quiz.attempt, "items": rows}
    emit({"schema": f"{_SCHEMA}-items/1", **data, "exit": 0}, lines, as_json=as_json)
    return 0


def _answers(quiz: Quiz, path: str | None) -> dict[str, str]:
    import sys
    from pathlib import Path

    from tetrapylon.design.threats.training.quiz import read_answers
    from tetrapylon.kernel.errors import UsageError
    from tetrapylon.outside.bounds import BOUNDS
    from tetrapylon.outside.files import read_bytes

    if path is not None:
        return read_answers(read_bytes(Path(path), BOUNDS.manifest), quiz.module.id, path)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("there is nobody to ask", hint="give the answers with `--answers FILE`", code="no-terminal")
    return _asked(quiz)


def _asked(quiz: Quiz) -> dict[str, str]:
    """Show the module and ask, on the terminal."""
    from rich.console import Console
    from rich.panel import Panel
    from rich.prompt import Prompt
    from rich.text import Text

    console = Console(stderr=True)
    for each in quiz.module.screens:
        console.print(Panel(Text(each.text.strip()), title=Text(each.title)))
        Prompt.ask("[dim]Enter to go on[/dim]", console=console, default="", show_default=False)
    given: dict[str, str] = {}
    for number, item in enumerate(quiz.items, 1):
        console.print(Text(f"\n{number} of {len(quiz.items)}. {item.text}", style="bold"))
        letters = [chr(ord("a") + index) for index in range(len(item.options))]
        for letter, option in zip(letters, item.options, strict=True):
            console.print(Text(f"  {letter}  {option}"))
        chosen = Prompt.ask("your answer", console=console, choices=letters)
        given[item.id] = item.options[letters.index(chosen)]
    return given


def _said(taken: Taken) -> list[str]:
    verdict = f"passed, until {taken.expires[:10]}" if taken.passed else "not passed"
    score = f"{taken.marked.score:.0%}, needed {taken.threshold:.0%}; practical items {taken.marked.practical}"
    lines = [f"{taken.quiz.person}, `{taken.quiz.module.id}`, attempt {taken.quiz.attempt}: {verdict} ({score})"]
    for each in taken.marked.wrong:
        lines += ["", f"  {each.text}", f"  right: {each.right}", f"  {each.why}"]
    if taken.on_behalf:
        lines += ["", "signed by whoever records training, since the person's key is not on this machine"]
    return lines


@command.command("status")
@common_options
def status(*, directory: str | None, as_json: bool) -> int:
    """Show who holds a result for each module of their roles; 1 where one is missing or failed, 3 where one is out of date."""
    found = _desk(directory)
    return _standings(found, list(found.trained.standings), "status", as_json=as_json)


@command.command("due")
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True, help="How many days to look ahead.")
@common_options
def due(*, days: int, directory: str | None, as_json: bool) -> int:
    """Show who has to take what now or within some days."""
    from datetime import timedelta

    from tetrapylon.app.training import due as due_of
    from tetrapylon.outside.clock import format_time, parse_time

    found = _desk(directory)
    until = format_time(parse_time(found.view.now()) + timedelta(days=days))[:10]
    return _standings(found, due_of(found, until), "due", as_json=as_json)


def _standings(found: Desk, standings: list[Standing], what: str, *, as_json: bool) -> int:
    from tetrapylon.app.training import as_row

    refused = dict(found.trained.refused)
    states = {each.state for each in standings}
    code = 1 if refused or states & {"missing", "failed"} else 3 if "stale" in states else 0
    lines = [f"{each.state:8} {each.person}  {each.module.id}  {each.why}" for each in standings] or ["nothing is due"]
    lines += [f"does not count: {name}: {why}" for name, why in refused.items()]
    data = {"standings": [as_row(each) for each in standings], "refused": refused}
    emit({"schema": f"{_SCHEMA}-{what}/1", **data, "exit": code}, lines, as_json=as_json)
    return code


@command.command("acknowledge")
@click.argument("what", type=click.Choice(["threats", "news"]))
@click.option("--by", "person", required=True, metavar="PERSON", help="Who takes note: a person of the manifest.")
@click.option("--digest", required=True, metavar="sha256:…", help="The digest of what was read, as this command or the summary names it.")
@click.option("--ssh-key", metavar="FILE", help="Sign with this SSH key instead of a file key.")
@passphrase_option
@common_options
def acknowledge(
    *, what: Any, person: str, digest: str, ssh_key: str | None, passphrase_file: str | None, directory: str | None, as_json: bool
) -> int:
    """Sign, as a named person, that you read the summary of threats (SD1.2) or the digest of news (SD1.3) as it is now."""
    from tetrapylon.app import wiring
    from tetrapylon.app.acknowledging import acknowledge as sign
    from tetrapylon.app.declaring import Signing

    done = sign(_desk(directory), what, person, digest, Signing(wiring.read_passphrase(passphrase_file), ssh_key))
    emit({"schema": f"{_SCHEMA}-acknowledged/1", **done.as_json(), "exit": 0}, done.lines(), as_json=as_json)
    return 0


@command.command("export")
@click.argument("module")
@click.option("--scorm", type=click.Choice(["1.2", "2004"]), default="1.2", show_default=True, help="The edition of SCORM.")
@click.option("--out", required=True, metavar="FILE.zip", help="Where to write the package.")
@common_options
def export(*, module: str, scorm: Any, out: str, directory: str | None, as_json: bool) -> int:
    """Write a module as a SCORM package for a training system."""
    from pathlib import Path

    from tetrapylon.app.training import export as made
    from tetrapylon.kernel.digest import sha256
    from tetrapylon.outside.files import write_atomic

    wanted, data = made(_desk(directory), module, scorm)
    write_atomic(Path(out), data, replace=False)
    row = {"file": out, "course": wanted.course, "scorm": scorm, "bytes": len(data), "digest": sha256(data)}
    lines = [f"{out}: `{wanted.course}` as SCORM {scorm}, {len(data)} bytes"]
    emit({"schema": f"{_SCHEMA}-export/1", **row, "exit": 0}, lines, as_json=as_json)
    talk("\nhint: whoever opens the package can read the right answers; results that come back are marked as imported")
    return 0


@command.command("import")
@click.argument("file")
@passphrase_option
@common_options
def take_in(*, file: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Record results from a training system's CSV (person, module, score, completed); 1 where a row was refused."""
    from pathlib import Path

    from tetrapylon.app import wiring
    from tetrapylon.app.training import take_in as done

    found = done(_desk(directory), Path(file), wiring.read_passphrase(passphrase_file))
    taken = [{"line": each.line, "person": each.person, "module": each.module.id, "score": each.score} for each in found.taken]
    refused = [{"line": each.line, "why": each.why} for each in found.refused]
    code = 1 if refused or not taken else 0
    lines = [f"line {each['line']}: {each['person']}, {each['module']}, {each['score']:.0%}: recorded" for each in taken]
    lines += [f"line {each['line']}: refused: {each['why']}" for each in refused]
    data = {"source": found.source, "taken": taken, "refused": refused}
    emit({"schema": f"{_SCHEMA}-import/1", **data, "exit": code}, lines or ["the export has no rows"], as_json=as_json)
    return code
