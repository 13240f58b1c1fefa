"""A notebook of Jupyter: its cells as text, the code in them, and a bounded piece of what they printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tetrapylon.outside.repository.limits import Limits
from tetrapylon.outside.repository.parsing import UnparsedError, parse

_MAGIC = re.compile(r"^([ \t]*)(?:[%!?][^\n]*|[\w.]+[ \t]*=[ \t]*[%!][^\n]*|[\w.*\[\]]+\?{1,2}[ \t]*)$", re.MULTILINE)
_TIMED = ("%%time", "%%timeit", "%%capture", "%%prun", "%%memit", "%%python", "%%pypy")
"""Cell magics below which Python stands; below others stands shell, HTML and the like."""


class NotANotebookError(Exception):
    """The text is not a notebook."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    kind: str
    """`code`, `markdown` or `raw`."""

    source: str
    output: str
    """What it printed, cut; never code."""


def cells_of(text: str, limits: Limits) -> Iterator[Cell]:
    """Yield the cells of a notebook.

    Raises:
        NotANotebookError: it is not JSON, or has no cells.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotANotebookError(f"is not a notebook: {type(error).__name__}") from error
    sheets = whole.get("worksheets") if isinstance(whole, dict) else None
    first = sheets[0] if isinstance(sheets, list) and sheets else whole
    cells = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(cells, list):
        raise NotANotebookError("is not a notebook: it has no cells")
    for each in cells:
        if isinstance(each, dict):
            kind = each.get("cell_type")
            source = _joined(each.get("source", each.get("input")))
            yield Cell(kind if isinstance(kind, str) else "raw", source, _printed(each.get("outputs"))[: limits.output])


def python_of(source: str, limits: Limits) -> str | None:
    """Return the Python of a code cell with `pass` for magics and shell lines on the same lines, None if it is none."""
    start = source.lstrip()
    if start.startswith("%%"):
        if not start.startswith(_TIMED):
            return None
        source = _blank_first(source)
    if not _MAGIC.search(source) or _parses(source, limits):
        # Nothing to do, or the lines that look like magics stand in a string.
        return source
    return _MAGIC.sub(r"\1pass", source)


def _parses(source: str, limits: Limits) -> bool:
    try:
        parse(source, limits)
    except UnparsedError:
        return False
    return True


def _blank_first(source: str) -> str:
    lines = source.split("\n")
    index = next(number for number, line in enumerate(lines) if line.strip())
    lines[index] = ""
    return "\n".join(lines)


def _joined(text: Any) -> str:
    if isinstance(text, list):
        text = "".join(each for each in text if isinstance(each, str))
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else ""


def _printed(outputs: Any) -> str:
    found = []
    for each in outputs if isinstance(outputs, list) else ():
        if isinstance(each, dict):
            data = each.get("data")
            found.append(_joined(each.get("text")) or (_joined(data.get("text/plain")) if isinstance(data, dict) else ""))
    return "\n".join(filter(None, found))
