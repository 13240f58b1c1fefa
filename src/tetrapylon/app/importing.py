"""Files of other tools as pieces of a manifest: read within bounds, recognised by what stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from tetrapylon.app.drafting.part import Pieces
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.kernel.text import printable
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.tree import walk

IMPORTERS = Shelf("tetrapylon.app.importers")

_MOST = 200
"""How many files of a folder are read."""

Documents = dict[str, Any]
"""What the files of a source hold, by name: one for a file, several for a folder."""


def imported(root: Path, source: str) -> Pieces:
    """Return the pieces that a file or folder of another tool describes.

    Raises:
        MissingError: it is not there.
        UsageError: it is not JSON or YAML, or of no kind that is known.
    """
    path = root / source
    documents = _folder(path) if path.is_dir() else {path.name: _document(path)}
    whole, top = path.resolve(), root.resolve()
    source = whole.relative_to(top).as_posix() if whole.is_relative_to(top) else source
    for name in IMPORTERS:
        importer = IMPORTERS[name]
        if importer.recognises(documents):
            return _pieces(importer, documents, source, root)
    known = ", ".join(IMPORTERS.summary(each).rstrip(".") for each in IMPORTERS)
    raise UsageError(f"`{printable(source)}` is of no kind that is known here", hint=f"known: {known}", code="unknown-source")


def _pieces(importer: ModuleType, documents: Documents, source: str, root: Path) -> Pieces:
    found = importer.pieces(documents, source, lambda path: (root / path).is_file())
    if not isinstance(found, Pieces):
        raise TypeError(importer.__name__)
    return found


def _folder(path: Path) -> Documents:
    names = [each for each in walk(path) if each.rpartition("/")[2] in {"MLmodel", "meta.yaml"}]
    if not names:
        raise MissingError(f"`{path}` holds nothing of MLflow's: no `MLmodel` and no `meta.yaml`", code="nothing-to-import")
    return {each: _document(path / each) for each in names[:_MOST]}


def _document(path: Path) -> Any:
    data = read_bytes(path, BOUNDS.json if path.suffix.lower() == ".json" else BOUNDS.manifest)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() == ".json":
            raise UsageError(f"`{path}` is not JSON", code="not-json") from error
    return _yaml(data, path)


def _yaml(data: bytes, path: Path) -> Any:
    """Return what YAML holds; it is read as data, so no tag in it makes an object."""
    try:
        import yaml
    except ImportError as error:
        hint = "install it: `pip install 'tetrapylon[scan]'`, or give the file as JSON"
        raise MissingError(f"`{path}` is YAML, which needs the package PyYAML", hint=hint, code="no-yaml") from error
    try:
        return yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"`{path}` is neither JSON nor YAML", code="not-yaml") from error
