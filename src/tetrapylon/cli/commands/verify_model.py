"""Verify a model against its signature: nothing changed, missing or added."""

from __future__ import annotations

from pathlib import Path

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@click.argument("path", type=click.Path())
@click.option("--public-key", metavar="P", help="PEM file of the signer's public key.")
@click.option("--certificate", metavar="CA", help="PEM file of the authority that you trust, for a signature by certificate.")
@click.option("--signature", metavar="SIG", help="The signature (default: `PATH.sig`).")
@click.option("--file", "only", multiple=True, metavar="NAME", help="Look at this signed file only (repeatable).")
@click.option("--ignore", multiple=True, metavar="NAME", help="A file or folder in the model that was not signed and may be there.")
@click.option("--ignore-unsigned-files", "ignore_unsigned", is_flag=True, help="Any file may be there that was not signed.")
@click.option("--at", "at_time", metavar="TIME", help="Judge certificates at this time (default: now).")
@common_options
def command(
    *,
    path: str,
    public_key: str | None,
    certificate: str | None,
    signature: str | None,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    ignore_unsigned: bool,
    at_time: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Verify a model against its signature: nothing changed, missing or added."""
    from tetrapylon.deploy.integrity.sign import signature_path
    from tetrapylon.deploy.integrity.verify import Scope, Trusted, verify_model
    from tetrapylon.outside.files import read_bytes

    base = Path(directory or ".")
    model = base / path
    key, authority = (read_bytes(base / each) if each else None for each in (public_key, certificate))
    beside = base / signature if signature else signature_path(model)
    manifest, compared = verify_model(model, beside, Trusted(key, authority, at_time), Scope(ignore, only, ignore_unsigned))
    partly = " of those named" if only else ""
    data = {
        "schema": "tetrapylon/verify-model/1",
        "checked": compared.checked,
        "files": [each.name for each in manifest.resources],
        "exit": 0,
    }
    emit(data, [f"{model}: {compared.checked} files{partly} are what was signed"], as_json=as_json)
    return 0
