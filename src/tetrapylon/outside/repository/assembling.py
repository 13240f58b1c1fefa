"""Texts and heads of files put together into the view of a repository: the same for what is on a disk and for samples."""

from __future__ import annotations

import ast

from tetrapylon.outside.repository.decoding import decoded, is_text
from tetrapylon.outside.repository.embedding import embedded
from tetrapylon.outside.repository.language import language_of
from tetrapylon.outside.repository.limits import Limits
from tetrapylon.outside.repository.notebook import Cell, NotANotebookError, cells_of, python_of
from tetrapylon.outside.repository.notes import Notes
from tetrapylon.outside.repository.parsing import UnparsedError, parse
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import Artefact, TextFile

_MINIFIED_LINE = 5_000
_MINIFIED_MEAN = 400


class Assembly:
    """A view in the making; files MUST be added in the order of their paths."""

    def __init__(self, limits: Limits, notes: Notes) -> None:
        self.limits = limits
        self.notes = notes
        self.files: list[TextFile] = []
        self.python: list[PythonCode] = []
        self.artefacts: list[Artefact] = []
        self._python_left = limits.all_python

    def add_artefact(self, path: str, size: int, head: bytes) -> None:
        """Add a file of which only the head is kept."""
        self.artefacts.append(Artefact(path, size, head[: self.limits.head]))

    def add(self, path: str, data: bytes) -> None:
        """Add a file that was read as a whole."""
        if not is_text(data[: self.limits.head]):
            self.add_artefact(path, len(data), data)
            return
        text, note = decoded(data, python=path.endswith((".py", ".pyi", ".pyw")))
        if note:
            self.notes.left_out(path, note)
        language = language_of(path, text)
        if language == "notebook":
            self._add_notebook(path, text)
        elif language == "javascript" and _is_minified(path, text):
            self.notes.left_out(path, "is a minified script")
        else:
            self.files.append(TextFile(path, language, text))
            if language == "python":
                self._parse(path, text)
            elif language in {"dockerfile", "shell", "ci"} and "python" in text:
                self._add_embedded(path, text)

    def _add_embedded(self, path: str, text: str) -> None:
        """Add the Python that other files hold in one piece; what does not parse there was never whole, and is not missed."""
        for source, line in embedded(text):
            try:
                tree, nodes = parse(source, self.limits)
            except UnparsedError:
                continue
            ast.increment_lineno(tree, line)
            code = PythonCode(path, tree)
            code.__dict__["nodes"] = nodes
            self.python.append(code)

    def _parse(self, path: str, text: str, cell: int = 0, before: PythonCode | None = None) -> PythonCode | None:
        """Parse one piece of Python and return it, or what came before it if it does not parse."""
        self._python_left -= len(text)
        if self._python_left < 0:
            self.notes.not_read(path, f"is beyond {self.limits.all_python >> 20} MiB of Python and was read as text alone")
            return before
        try:
            tree, nodes = parse(text, self.limits)
        except UnparsedError as error:
            where = f"cell {cell} " if cell else ""
            self.notes.not_read(path, f"{where}{error} and was read as text alone")
            return before
        code = PythonCode(path, tree, cell, before)
        # What `nodes` is made of on demand is here already.
        code.__dict__["nodes"] = nodes
        self.python.append(code)
        return code

    def _add_notebook(self, path: str, text: str) -> None:
        try:
            cells = list(cells_of(text, self.limits))
        except NotANotebookError as error:
            self.notes.not_read(path, f"{error} and was read as text alone")
            if len(text) <= self.limits.text:
                self.files.append(TextFile(path, "notebook", text))
            return
        self.files.append(_as_text(path, cells))
        before: PythonCode | None = None
        for number, each in enumerate(cells, start=1):
            source = python_of(each.source, self.limits) if each.kind == "code" else None
            if source is not None:
                before = self._parse(path, source, number, before)


def _as_text(path: str, cells: list[Cell]) -> TextFile:
    starts: list[int] = []
    parts: list[str] = []
    length = 0
    for each in cells:
        starts.append(length)
        part = f"{each.source}\n" + (f"{each.output}\n" if each.output else "")
        parts.append(part)
        length += len(part)
    return TextFile(path, "notebook", "".join(parts), tuple(starts))


def _is_minified(path: str, text: str) -> bool:
    if path.endswith((".min.js", ".min.mjs", ".bundle.js")):
        return True
    lines = text.count("\n") + 1
    if len(text) < _MINIFIED_LINE or len(text) // lines < _MINIFIED_MEAN:
        return False
    return max(map(len, text.split("\n"))) > _MINIFIED_LINE
