"""Sign a model file or folder, so that anybody's tool can verify it (OpenSSF Model Signing)."""

from __future__ import annotations

from pathlib import Path

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk


@click.command()
@click.argument("path", type=click.Path())
@click.option("--private-key", required=True, metavar="K", help="PEM file of an EC key (P-256, P-384 or P-521).")
@click.option("--signature", "--out", "signature", metavar="OUT", help="Write the signature here (default: `PATH.sig`).")
@click.option("--certificate-chain", metavar="PEM", help="Certificates, the signer's first: verify by authority, not by key.")
@click.option("--ignore", multiple=True, metavar="NAME", help="A file or folder in the model that is not part of it.")
@passphrase_option
@common_options
def command(
    *,
    path: str,
    private_key: str,
    signature: str | None,
    certificate_chain: str | None,
    ignore: tuple[str, ...],
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Sign a model file or folder, so that anybody's tool can verify it (OpenSSF Model Signing)."""
    from tetrapylon.app.wiring import read_passphrase
    from tetrapylon.deploy.integrity.sign import is_plain, load_private, sign_model
    from tetrapylon.evidence.certificates import load_certificates
    from tetrapylon.outside.files import read_bytes

    base = Path(directory or ".")
    chain = load_certificates(read_bytes(base / certificate_chain)) if certificate_chain else []
    key = load_private(base / private_key, read_passphrase(passphrase_file))
    if is_plain(base / private_key):
        talk(f"warning: `{private_key}` is not encrypted")
    manifest, target = sign_model(base / path, key, base / signature if signature else None, ignored=ignore, certificates=chain)
    data = {"schema": "tetrapylon/sign/1", "signature": str(target), "files": len(manifest.resources), "exit": 0}
    emit(data, [f"{target}: signed {len(manifest.resources)} files"], as_json=as_json)
    return 0
