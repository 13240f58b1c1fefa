"""Load a model only if its bytes are the signed ones.

The file is read once; the very bytes that were verified are loaded, so a file that is exchanged in between changes
nothing. A pickle-based format (joblib) runs code when it is loaded: verifying it says whose code it is, not that it is
harmless, and a warning says so. An ONNX model with weights in other files is refused: those would be read unverified.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tetrapylon.deploy.integrity.onnxfile import has_external_data
from tetrapylon.deploy.integrity.sign import signature_path
from tetrapylon.deploy.integrity.verify import Trusted, manifest_in, read_signature
from tetrapylon.evidence.oms import WHOLE
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, RefusedError, UndecidedError, UsageError
from tetrapylon.outside.files import read_bytes, unreadable
from tetrapylon.outside.interrupts import interrupts_held_back


class PickleWarning(UserWarning):
    """A format that runs code when it is loaded was loaded, after its signature was verified."""


def verified_bytes(path: Path, trusted: bytes | Trusted, signature: Path | None = None) -> bytes:
    """Return the bytes of a model of one file, or of one file of a signed folder, once they are known to be the signed ones.

    Args:
        path: The file; a link is followed, because it is the bytes that count.
        trusted: A public key in PEM, or what else the signature is verified against.
        signature: Default: `PATH.sig`. For a file of a signed folder: inside the folder, or beside it as `FOLDER.sig`.

    Raises:
        IntegrityError: they are not (`model-changed`, `not-signed`), or the signature is wrong.
        MissingError: the file or its signature is not there.
        UsageError, UndecidedError: as `manifest_in`.
    """
    beside = signature or signature_path(path)
    manifest = manifest_in(read_signature(beside), trusted if isinstance(trusted, Trusted) else Trusted(trusted))
    signed = {each.name: each.digest for each in manifest.resources}
    name = WHOLE if WHOLE in signed else _name_in_folder(path, beside)
    if name not in signed:
        raise IntegrityError(f"`{path.name}` is not among the signed files: refused to load it", code="not-signed")
    data = read_bytes(path, _size(path))
    if signed[name] != sha256(data):
        hint = "get the model again from its source"
        raise IntegrityError(f"`{path.name}` is not what was signed: refused to load it", hint=hint, code="model-changed")
    return data


def _name_in_folder(path: Path, signature: Path) -> str:
    """Return what a signature of a folder calls the file; where the signature lies says which folder that is."""
    place, folder = path.absolute(), signature.absolute().with_name(signature.name.removesuffix(".sig"))
    root = folder if folder != signature.absolute() and place.is_relative_to(folder) else signature.absolute().parent
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def load_verified(path: Path, trusted: bytes | Trusted, signature: Path | None = None, *, loader: str | None = None) -> Any:
    """Return the model, loaded from the very bytes that were verified.

    Args:
        path: As `verified_bytes`, and so are the next two.
        trusted: What the signature is verified against.
        signature: The signature file.
        loader: `onnxruntime`, `safetensors` or `joblib` (default: by the file's suffix).

    Raises:
        IntegrityError, MissingError: as `verified_bytes`.
        RefusedError, UsageError, UndecidedError: as `verified_bytes` and `load_bytes`.
    """
    suffix = path.suffix if loader is None else _SUFFIXES.get(loader, loader)
    # What cannot be loaded is said before a large file is read.
    _loader(suffix)
    return load_bytes(verified_bytes(path, trusted, signature), suffix, name=path.name)


def installed() -> tuple[str, ...]:
    """Return the loaders whose library is installed, without importing any."""
    return tuple(name for name in _SUFFIXES if find_spec(name) is not None)


def load_bytes(data: bytes, suffix: str, *, name: str = "the model", warn: bool = True) -> Any:
    """Return the model that the bytes hold, by the suffix of its file; the bytes MUST have been verified.

    Raises:
        UsageError: no loader for such files (`no-loader`).
        RefusedError: an ONNX model that keeps weights in other files (`external-data`), or is none (`not-onnx`).
        UndecidedError: the library that loads them is not installed (`no-library`).
    """
    load = _loader(suffix)
    if warn and suffix in _PICKLES:
        message = f"`{name}` is a pickle: loading it runs what its signer put into it (its signature was verified first)"
        warnings.warn(message, PickleWarning, stacklevel=3)
    try:
        return load(data)
    except ImportError as error:
        raise UndecidedError(f"`{error.name}` is not installed", hint=f"run `pip install {error.name}`", code="no-library") from error


def _loader(suffix: str) -> Callable[[bytes], Any]:
    if suffix not in LOADERS:
        raise UsageError(f"there is no loader for `{suffix}` files", hint=f"known: {', '.join(LOADERS)}", code="no-loader")
    return LOADERS[suffix]


def _onnx(data: bytes) -> Any:
    try:
        external = has_external_data(data)
    except ValueError as error:
        raise RefusedError("the file is not an ONNX model", code="not-onnx") from error
    if external:
        hint = "export the model with its weights inside"
        raise RefusedError("the ONNX model keeps weights in other files, which would be read unverified", hint=hint, code="external-data")
    with interrupts_held_back():
        import onnxruntime

    return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])


def _safetensors(data: bytes) -> Any:
    with interrupts_held_back():
        from safetensors.numpy import load

    return load(data)


def _joblib(data: bytes) -> Any:
    with interrupts_held_back():
        import joblib

    return joblib.load(io.BytesIO(data))


LOADERS: dict[str, Callable[[bytes], Any]] = {".onnx": _onnx, ".safetensors": _safetensors, ".joblib": _joblib}
"""By suffix: onnxruntime session, dictionary of numpy arrays, whatever was dumped."""

_SUFFIXES = {"onnxruntime": ".onnx", "safetensors": ".safetensors", "joblib": ".joblib"}
_PICKLES = {".joblib"}
