"""Hash every declared model, dataset and prompt again and compare with what was signed or recorded."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@common_options
def command(*, directory: str | None, as_json: bool) -> int:
    """Hash every declared model, dataset and prompt again and compare with what was signed or recorded.

    Changes nothing and records nothing; `tetrapylon assess` leaves the same as evidence.
    """
    from tetrapylon.app.project import open_project
    from tetrapylon.app.view import project_view
    from tetrapylon.cli.progress import listening
    from tetrapylon.deploy.integrity.work import rehash
    from tetrapylon.kernel.errors import Exit

    with listening() as listener:
        found = list(rehash(project_view(open_project(directory), listener=listener)))
    rows = [{"asset": each.subjects[0].name, "digest": each.subjects[0].digest, **each.payload} for each in found]
    wrong = [each for each in rows if each["mismatched"] or each["missing"]]
    ends = Exit.BROKEN if wrong else Exit.GOOD
    lines = [f"  {each['asset']:<24} {'changed' if each in wrong else 'as recorded'}  {'; '.join(each.get('detail', []))}" for each in rows]
    emit({"schema": "tetrapylon/rehash/1", "assets": rows, "exit": int(ends)}, lines, as_json=as_json)
    return int(ends)
