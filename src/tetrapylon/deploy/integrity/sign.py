"""Sign a model: hash its files and write the OpenSSF signature beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.deploy.integrity.files import read_model
from tetrapylon.evidence.modelkey import read_private
from tetrapylon.evidence.oms import OmsManifest, sign_oms
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes, write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate


def signature_path(model: Path) -> Path:
    """Return where a model's signature is written unless somebody says otherwise."""
    return model.with_name(f"{model.name}.sig") if model.name else model.resolve().with_name(f"{model.resolve().name}.sig")


def load_private(path: Path, passphrase: bytes | None) -> EllipticCurvePrivateKey:
    """Return the private key in a PEM file.

    Raises:
        UsageError: as `read_private`.
        MissingError: there is no such file.
    """
    return read_private(read_bytes(path, BOUNDS.key), passphrase, f"`{path.name}`")


def is_plain(path: Path) -> bool:
    """Return whether the key file is not encrypted."""
    return b"ENCRYPTED" not in read_bytes(path, BOUNDS.key)


def inside_of(model: Path, signature: Path) -> list[str]:
    """Return the signature's name inside the model's folder, if that is where it lies: it never signs itself."""
    whole, part = model.resolve(), signature.resolve()
    return [part.relative_to(whole).as_posix()] if part != whole and part.is_relative_to(whole) else []


def sign_model(
    model: Path,
    key: EllipticCurvePrivateKey,
    target: Path | None = None,
    *,
    ignored: Sequence[str] = (),
    certificates: Sequence[Certificate] = (),
    links: bool = False,
    replace: bool = True,
) -> tuple[OmsManifest, Path]:
    """Hash and sign a model; return what was signed, and where the signature is.

    Args:
        model: A file or a folder.
        key: On P-256, P-384 or P-521.
        target: Where the signature is written (default: `MODEL.sig`); it is no part of what it signs, also inside the folder.
        ignored: Files and folders in the model, relative to it, that are not signed.
        certificates: Stand in for the key, the signer's first.
        links: Whether links to files are followed.
        replace: Whether a signature that is there already is replaced.

    Raises:
        MissingError, UsageError, StorageError, UndecidedError: as `read_model`, `sign_oms` and `write_atomic`.
        ConflictError: there is a signature already, and it was not to be replaced (`exists`).
    """
    target = target or signature_path(model)
    manifest = read_model(model, [*ignored, *inside_of(model, target)], links=links)
    write_atomic(target, sign_oms(manifest, key, certificates), replace=replace)
    return manifest, target
