"""Load a model of a project, verified against the project's own build key unless another is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tetrapylon.app.project import open_project
from tetrapylon.app.view import build_key
from tetrapylon.deploy.integrity.load import load_verified
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes


def load_model(path: Path, *, public_key: str | Path | None, signature: str | Path | None, directory: str | Path | None) -> Any:
    """Verify and load."""
    pem = read_bytes(Path(public_key), BOUNDS.key) if public_key else _own_key(path, directory)
    return load_verified(path, pem, Path(signature) if signature else None)


def _own_key(path: Path, directory: str | Path | None) -> bytes:
    pem = build_key(open_project(directory or path.resolve().parent))
    if pem is None:
        raise MissingError(
            "there is no build key to verify the model against", hint="give `public_key`, or run `tetrapylon trust init`", code="no-key"
        )
    return pem.encode()
