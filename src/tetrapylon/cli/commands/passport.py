"""Write the passport of a decision: what a customer needs to verify it offline."""

from __future__ import annotations

from pathlib import Path

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.option("--out", metavar="FOLDER", help="Write the passport here (default: `.tetrapylon/passport`).")
@click.option(
    "--level", type=click.Choice(["public", "customer", "regulator"]), default="customer", show_default=True, help="Whom it is for."
)
@click.option("--decision", metavar="DIGEST", help="The decision to show (default: the last).")
@passphrase_option
@common_options
def command(*, out: str | None, level: str, decision: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Write the passport of a decision: what a customer needs to verify it offline."""
    from tetrapylon.app import decide, passports, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    found = decide.find_decision(wiring.open_ledger(project), digest=decision)
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    target = Path(out) if out else project.state("passport")
    with listening() as listener:
        listener.begin("the passport")
        files = passports.make_passport(recorder, found, level)
        passports.write_passport(files, target)
        listener.end()
    fingerprint = wiring.load_trust(project).fingerprint
    data = {
        "schema": "tetrapylon/passport-written/1",
        "passport": str(target),
        "level": level,
        "files": len(files),
        "trust": fingerprint,
        "exit": 0,
    }
    lines = [
        f"passport: {target} ({len(files)} files, level `{level}`)",
        f"trust root: {fingerprint}",
        "",
        "give the trust root to your customers by another way",
    ]
    emit(data, lines, as_json=as_json)
    return 0
