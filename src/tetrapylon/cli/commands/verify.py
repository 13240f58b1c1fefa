"""Verify a passport offline, against a trust root that you got by another way."""

from __future__ import annotations

from pathlib import Path

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.argument("passport", type=click.Path())
@click.option("--trust", metavar="FILE|FINGERPRINT", help="The provider's trust root, or its fingerprint (`sha256:…`).")
@click.option("--artefact", "artefacts", metavar="PATH", multiple=True, help="Compare this file or folder with the release.")
@click.option("--last", metavar="CHECKPOINT", help="The checkpoint that you kept from an earlier passport.")
@click.option("--require", metavar="PROFILE", type=click.Choice(["start", "core", "full"]), help="The least profile that you accept.")
@click.option("--keep-checkpoint", metavar="FILE", help="Write the verified checkpoint to FILE, for `--last` next time.")
@click.option("--record", metavar="LEDGER", help="Record the result as evidence in this log of your own.")
@click.option("--key", metavar="K", help="The private key (PEM) that signs that record.")
@passphrase_option
@common_options
def command(
    *,
    passport: str,
    trust: str | None,
    artefacts: tuple[str, ...],
    last: str | None,
    require: str | None,
    keep_checkpoint: str | None,
    record: str | None,
    key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Verify a passport offline, against a trust root that you got by another way."""
    from tetrapylon.app.passports import read_passport
    from tetrapylon.app.verification import make_anchor, record_verification
    from tetrapylon.evidence.native import check_native
    from tetrapylon.outside.files import write_atomic
    from tetrapylon.posture.answer import verification_lines, verification_object
    from tetrapylon.posture.verify import verify_passport

    base = Path(directory or ".")
    anchor = make_anchor(base, trust=trust, artefacts=artefacts, last=last, require=require)
    found = verify_passport(read_passport(base / passport), anchor, check_native)
    if keep_checkpoint and found.anchored:
        write_atomic(base / keep_checkpoint, found.checkpoint)
    if record:
        record_verification(found, base / record, base / key if key else None, passphrase_file)
    emit(verification_object(found), verification_lines(found), as_json=as_json)
    return int(found.exit)
