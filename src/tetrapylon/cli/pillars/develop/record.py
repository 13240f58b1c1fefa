"""Write model, data and prompt cards and the bill of materials anew, or check that they still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from pathlib import Path

    from tetrapylon.develop.records.build import Built


@click.command()
@click.option("--out", metavar="DIR", help="Write to DIR instead of `records`.")
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if a card or the bill is missing or drifted.")
@common_options
def command(*, out: str | None, check: bool, directory: str | None, as_json: bool) -> int:
    """Write model, data and prompt cards and the bill of materials anew, or check that they still hold.

    Everything but your notes is made from the manifest, the files, `records/*.toml` and the evidence; a second run changes
    nothing. What nobody said is an explicit unknown that says how to fill it in.
    """
    from tetrapylon.app.project import open_project
    from tetrapylon.app.view import project_view
    from tetrapylon.develop.records.build import build, folder_of, write
    from tetrapylon.develop.records.context import read_context
    from tetrapylon.kernel.errors import Exit

    view = project_view(open_project(directory))
    folder = folder_of(view.root, out)
    built = build(read_context(view), folder)
    written = set() if check else {each.name for each in write(built, folder)}
    wrong = check and any(each.state in {"missing", "drifted"} for each in built.documents)
    ends = Exit.REFUSED if wrong else Exit.GOOD
    data = _data(built, written, check=check)
    emit({**data, "exit": int(ends)}, _lines(data, folder), as_json=as_json)
    if wrong:
        talk("\nhint: run `tetrapylon develop record` to write them anew; what people say belongs into `records/*.toml` or the notes")
    return int(ends)


def _data(built: Built, written: set[str], *, check: bool) -> dict[str, Any]:
    from tetrapylon.develop.records.elements import completeness
    from tetrapylon.develop.records.field import ORIGINS
    from tetrapylon.develop.records.valid import schema_problems

    cards = [
        {
            "file": document.name,
            "kind": record.kind,
            "id": record.id,
            "state": _state(document.name, document.state, written, check=check),
            "differences": list(document.differences),
            "missing": record.missing,
            "fields": {each: sum(known.origin == each for known in record.fields.values()) for each in ORIGINS},
        }
        for record, document in zip(built.records, built.cards, strict=True)
    ]
    clusters = completeness(built.bom)
    bill = {
        "file": built.bill.name,
        "state": _state(built.bill.name, built.bill.state, written, check=check),
        "differences": list(built.bill.differences),
        "problems": schema_problems(built.bom),
        "components": len(built.bom.get("components", ())),
        "elements": {each: sum(cluster.count(each) for cluster in clusters) for each in ORIGINS},
    }
    return {"schema": "tetrapylon/records/1", "cards": cards, "bom": bill}


def _state(name: str, state: str, written: set[str], *, check: bool) -> str:
    if check:
        return state
    return "written" if name in written else "unchanged"


def _lines(data: dict[str, Any], folder: Path) -> list[str]:
    lines = []
    for each in (*data["cards"], data["bom"]):
        lines.append(f"{each['state']:<10} {folder.name}/{each['file']}")
        if each["state"] in {"missing", "drifted"}:
            lines += [f"    {line}" for line in each["differences"]]
        if each.get("missing"):
            lines.append(f"    not complete, nobody said: {', '.join(each['missing'])}")
    counts = data["bom"]["elements"]
    known = ", ".join(f"{count} {name}" for name, count in counts.items())
    return [*lines, "", f"bill of materials: {data['bom']['components']} components, 50 elements: {known}"]
