"""Show what can go wrong with the declared system, why, and what is decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.design.threats.compare import Difference
    from tetrapylon.design.threats.look import Looked

FORMATS = ("text", "otm", "mermaid", "dot", "draft")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Show every threat, and every closed one with its reason.")
@click.option("--against", metavar="FILE", help="Compare with the threats of another manifest (default: the last recorded model).")
@click.option("--summary", "only_summary", is_flag=True, help="Print the summary that leaders sign, as Markdown.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="Print it for other tools, or a draft of `threats.toml`."
)
@click.option("--review", "person", metavar="PERSON", help="Record in `threats.toml` that PERSON went through the threats as they are now.")
@common_options
def command(
    *, everything: bool, against: str | None, only_summary: bool, form: str, person: str | None, directory: str | None, as_json: bool
) -> int:
    """Show what can go wrong with the declared system, why, and what is decided about it."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.view import project_view
    from tetrapylon.design.threats.look import look
    from tetrapylon.design.threats.writing import record_review
    from tetrapylon.kernel.errors import UsageError

    if as_json and form != "text":
        raise UsageError(f"`--json` and `--format {form}` are two forms", hint="leave one of them out")
    view = project_view(open_project(directory))
    looked = look(view)
    if person is not None:
        talk(f"recorded in `threats.toml`:\n{record_review(view, looked, person)}\n")
        looked = look(view)
    code = _code(looked)
    if only_summary:
        _print_summary(looked, code, as_json=as_json)
        return code
    if form != "text":
        _print_other(looked, form)
        return code
    _print(looked, _difference(looked, against), code, everything=everything, as_json=as_json)
    return code


def _code(looked: Looked) -> int:
    """Return 1 where something high is undecided or accepted for ever, 3 where anything else is open."""
    model = looked.model
    if model.pressing or model.without_expiry:
        return 1
    return 3 if model.undecided or looked.uncovered or looked.triggers else 0


def _difference(looked: Looked, against: str | None) -> tuple[str, Difference] | None:
    from pathlib import Path

    from tetrapylon.design.threats.compare import difference, kept_of
    from tetrapylon.design.threats.model import threat_model
    from tetrapylon.outside.bounds import BOUNDS
    from tetrapylon.outside.files import read_bytes
    from tetrapylon.system.decode import decode_manifest
    from tetrapylon.system.manifest import manifest_facts

    if against is not None:
        other = manifest_facts(decode_manifest(read_bytes(Path(against), BOUNDS.manifest), against))
        return f"`{against}`", difference(kept_of(threat_model(other)), looked.kept)
    if looked.earlier:
        last = looked.earlier[-1]
        return f"the model recorded on {last.day}", difference(last.kept, looked.kept)
    return None


def _print(looked: Looked, against: tuple[str, Difference] | None, code: int, *, everything: bool, as_json: bool) -> None:
    from tetrapylon.design.threats.output import as_json as data_of
    from tetrapylon.design.threats.text import lines

    model = looked.model
    data = {**data_of(model, looked.basis, looked.uncovered, looked.triggers, against), "exit": code} if as_json else {}
    emit(data, lines(model, looked.uncovered, looked.triggers, against, everything=everything), as_json=as_json)
    if model.pressing and not as_json:
        talk("\nhint: decide in `threats.toml`; `tetrapylon design threats --format draft` prints a draft of it")
    elif looked.triggers and not as_json:
        talk("\nhint: go through the threats, then run `tetrapylon design threats --review PERSON`")


def _print_summary(looked: Looked, code: int, *, as_json: bool) -> None:
    from tetrapylon.design.threats.summary import summary, summary_digest

    text, digest = summary(looked.model), summary_digest(looked.model)
    emit({"schema": "tetrapylon/threats-summary/1", "summary": text, "digest": digest, "exit": code}, text.splitlines(), as_json=as_json)
    talk(f'\nhint: to sign it, run `tetrapylon attest SD1.2 --person PERSON --statement "I have read {digest}"`')


def _print_other(looked: Looked, form: str) -> None:
    import json
    import sys

    from tetrapylon.design.threats.otm import as_otm
    from tetrapylon.design.threats.picture import dot, mermaid
    from tetrapylon.design.threats.writing import draft

    if form == "otm":
        sys.stdout.write(json.dumps(as_otm(looked.model), ensure_ascii=False, indent=2) + "\n")
    else:
        makers = {"mermaid": mermaid, "dot": dot, "draft": draft}
        sys.stdout.write("\n".join(makers[form](looked.model)) + "\n")
