"""Verify a model against its signature: every file that was signed is there, unchanged, and nothing was added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.deploy.integrity.files import NEVER_PART, hash_files, model_files
from tetrapylon.deploy.integrity.sign import inside_of
from tetrapylon.evidence.oms import WHOLE, OmsManifest
from tetrapylon.evidence.omsbundle import read_oms, verify_oms_key
from tetrapylon.kernel.errors import IntegrityError, MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock, parse_time
from tetrapylon.outside.files import inside, read_bytes


@dataclass(frozen=True)
class Trusted:
    """What a signature is verified against: one public key, or authorities at one time."""

    public_key: bytes | None = None
    """The signer's key, PEM."""

    authority: bytes | None = None
    """Certificates that the caller trusts, PEM, for a signature by certificate."""

    at: str | None = None
    """When certificates must be valid (default: now)."""


@dataclass(frozen=True)
class Scope:
    """Which files of a model are looked at."""

    ignored: Sequence[str] = ()
    """Files and folders in the model, relative to it, that were not signed and may be there."""

    only: Sequence[str] = ()
    """The files to look at, as the signature names them (default: all)."""

    ignore_unsigned: bool = False
    """Whether any file may be there that was not signed."""

    links: bool = False
    """Whether links to files are followed; the signer having done so is not enough."""


@dataclass(frozen=True)
class Compared:
    """How a model's files compare with what was signed."""

    checked: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the model is what was signed."""
        return not (self.changed or self.missing or self.added)

    def sentences(self) -> list[str]:
        """Return one sentence for each difference."""
        changed = [f"{_named(name)} was changed" for name in self.changed]
        missing = [f"{_named(name)} is missing" for name in self.missing]
        return [*changed, *missing, *(f"{_named(name)} was added" for name in self.added)]


def _named(name: str) -> str:
    return "the file itself" if name == WHOLE else f"`{name}`"


def compare(model: Path, manifest: OmsManifest, *, ignored: Sequence[str] = (), only: Sequence[str] = (), links: bool = False) -> Compared:
    """Compare the files on disk with the manifest; `only` names the files to look at, for a partial check.

    What was signed is looked at even where the signature ignores it.

    Raises:
        UsageError: `only` names a file that was not signed (`not-signed`), or a link is among the files (`symlink`).
    """
    signed = {each.name: each.digest for each in manifest.resources}
    if unknown := [name for name in only if name not in signed]:
        raise UsageError(f"`{unknown[0]}` is not among the signed files", hint="name files as the signature does", code="not-signed")
    there = model_files(model, [*manifest.ignore_paths, *NEVER_PART, *ignored], links=links)
    found = {*there, *(name for name in signed if name not in there and _is_there(model, name))}
    wanted = only or list(signed)
    looked_at = [name for name in wanted if name in found]
    digests = hash_files(model, looked_at, links=links)
    changed = tuple(name for name, digest in zip(looked_at, digests, strict=True) if digest != signed[name])
    missing = tuple(name for name in wanted if name not in found)
    added = () if only else tuple(name for name in there if name not in signed)
    return Compared(len(wanted), changed, missing, added)


def _is_there(model: Path, name: str) -> bool:
    """Return whether a signed file lies in an ignored part of the model."""
    if name == WHOLE or not model.is_dir():
        return False
    try:
        return inside(model, name).is_file()
    except MissingError:
        return False


def verify_manifest(
    signature: Path, *, public_key: bytes | None = None, authority: bytes | None = None, at: str | None = None
) -> OmsManifest:
    """Return what a signature file says, once it is known who signed it; the arguments are those of `Trusted`.

    Raises:
        MissingError: there is no signature (`no-signature`).
        IntegrityError, UndecidedError, UsageError: as `manifest_in`.
    """
    return manifest_in(read_signature(signature), Trusted(public_key, authority, at))


def read_signature(signature: Path) -> bytes:
    """Return the bytes of a signature file.

    Raises:
        MissingError: there is none (`no-signature`).
    """
    if not signature.is_file():
        raise MissingError(f"there is no signature `{signature.name}`", hint="sign the model with `tetrapylon sign`", code="no-signature")
    return read_bytes(signature, BOUNDS.json)


def manifest_in(data: bytes, trusted: Trusted) -> OmsManifest:
    """Return what the bytes of a signature say, once it is known who signed it.

    Raises:
        IntegrityError: it is wrong, or somebody else's; the codes are those of `verify_oms_key` and `verify_oms_certificate`.
        UndecidedError: it is of a kind that is not checked here.
        UsageError: neither or both were given to trust (`no-key`), or one is not what it should be.
    """
    if (trusted.public_key is None) == (trusted.authority is None):
        hint = "give either `--public-key P` or `--certificate CA`"
        raise UsageError("a signature is verified against one thing that you trust", hint=hint, code="no-key")
    if trusted.public_key is not None:
        return verify_oms_key(read_oms(data), trusted.public_key)
    from tetrapylon.evidence.certificates import load_certificates, verify_oms_certificate

    time = SystemClock().now() if trusted.at is None else trusted.at
    parse_time(time)
    return verify_oms_certificate(read_oms(data), load_certificates(trusted.authority or b""), time)


def refuse_differences(model: Path, compared: Compared) -> None:
    """Raise if the model is not what was signed.

    Raises:
        IntegrityError: it is not (`model-changed`); every difference is named.
    """
    if not compared.same:
        sentences = "; ".join(compared.sentences())
        raise IntegrityError(
            f"`{model.name}` is not what was signed: {sentences}", hint="get the model again from its source", code="model-changed"
        )


def verify_model(model: Path, signature: Path, trusted: Trusted, scope: Scope | None = None) -> tuple[OmsManifest, Compared]:
    """Return what was signed and how much of it was compared, once all of it is known to be true.

    A signature that lies inside the model's folder is no part of the model.

    Raises:
        IntegrityError: the signature is wrong or the model is not what was signed; every difference is named.
        MissingError, UsageError, UndecidedError: as `manifest_in` and `compare`.
    """
    scope = scope or Scope()
    manifest = manifest_in(read_signature(signature), trusted)
    only = scope.only or ([each.name for each in manifest.resources] if scope.ignore_unsigned else ())
    compared = compare(model, manifest, ignored=[*scope.ignored, *inside_of(model, signature)], only=only, links=scope.links)
    refuse_differences(model, compared)
    return manifest, compared
