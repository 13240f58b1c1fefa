"""Read a repository from a folder into one view, within bounds and without following links."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from tetrapylon.outside.repository.language import language_of
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import Artefact, TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Unseen

_LEFT_OUT = frozenset({".git", ".tetrapylon", ".venv", "venv", "node_modules", "__pycache__"})
_HEAD = 4096
_LARGEST_TEXT = 1 << 20


def read_repository(root: Path) -> Repository:
    """Return the view of everything below the folder."""
    files: list[TextFile] = []
    artefacts: list[Artefact] = []
    unseen: list[Unseen] = []
    for path in sorted(_paths(root)):
        name = path.relative_to(root).as_posix()
        data = path.read_bytes()
        if b"\0" in data[:_HEAD] or len(data) > _LARGEST_TEXT:
            artefacts.append(Artefact(name, len(data), data[:_HEAD]))
        else:
            text = data.decode("utf-8", "replace")
            files.append(TextFile(name, language_of(name, text), text))
    return Repository(tuple(files), tuple(_parsed(files, unseen)), tuple(artefacts), tuple(unseen))


def _paths(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _LEFT_OUT)
        yield from (path for name in names if (path := Path(folder, name)).is_file() and not path.is_symlink())


def _parsed(files: list[TextFile], unseen: list[Unseen]) -> Iterator[PythonCode]:
    for each in files:
        if each.language == "python":
            try:
                yield PythonCode(each.path, ast.parse(each.text))
            except (SyntaxError, ValueError, RecursionError) as error:
                unseen.append(Unseen(each.path, f"does not parse: {error}"))
