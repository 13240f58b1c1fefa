"""Commands of a shell, wherever they stand: in scripts, images that are built and pipelines, in notebooks, and in calls of Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Place

_MAGIC = re.compile(r"^[ \t]*(?:!|%(?:sh|pip|system|conda)\b)[^\n]*", re.MULTILINE)
_CELL = re.compile(r"%%(?:bash|sh|script|system)\b")
_VISIBLE = re.compile(r"[^\n]")
_RUNNERS = ("os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
    "subprocess.Popen",
            "subprocess.getoutput", "getoutput", "asyncio.create_subprocess_shell")  # fmt: skip


class Command(TextFile):
    """A command in a call of Python: a text whose places are all that of the call."""

    def at(self, offset: int) -> Place:  # noqa: ARG002 - a call has one place
        """Return the place of the call."""
        return Place(self.path, self.cells[0], self.cells[1])


def commands_of(repository: Repository) -> tuple[TextFile, ...]:
    """Return every text that a shell reads, with places as in the files."""
    return repository.once("commands", lambda each: tuple(_commands(each)))


def _commands(repository: Repository) -> Iterator[TextFile]:
    yield from repository.of("shell", "dockerfile", "ci", "compose")
    for file in repository.of("notebook"):
        if "!" in file.text or "%" in file.text:
            yield TextFile(file.path, "shell", _blanked(file), file.cells)
    for code, call in repository.calls_of(*_RUNNERS):
        text = _words(code, call.node.args[0]) if call.node.args else ""
        if text:
            yield Command(code.path, "shell", text, (call.at.line, call.at.cell))


def _blanked(file: TextFile) -> str:
    """Return the text of a notebook with blanks for everything but commands."""
    ends = [*file.cells[1:], len(file.text)]
    parts = [file.text[: file.cells[0]]] if file.cells else []
    for start, end in zip(file.cells, ends, strict=True):
        cell = file.text[start:end]
        if _CELL.match(cell.lstrip()):
            parts.append(cell)
            continue
        kept: list[str] = []
        last = 0
        for match in _MAGIC.finditer(cell):
            kept += [_VISIBLE.sub(" ", cell[last : match.start()]), match[0].replace("!", " ", 1)]
            last = match.end()
        parts.append("".join([*kept, _VISIBLE.sub(" ", cell[last:])]))
    return "".join(parts)


def _words(code: PythonCode, node: ast.expr) -> str:
    """Return a command that is written out, in one text or as a list of words."""
    if isinstance(node, ast.List | ast.Tuple):
        return " ".join(code.string(each) or "$" for each in node.elts if isinstance(each, ast.expr))
    return code.string(node) or ""
