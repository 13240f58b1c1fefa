"""Python that stands in files of other languages: `python -c "..."` and here-documents in Dockerfiles and scripts.

*What it does*: cuts out what is handed to the interpreter, as it would arrive there.
*Why it matters*: models are often fetched by such a line while an image is built, and by nothing else.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

_COMMAND = re.compile(
    r"\bpython[\d.]*(?:[ \t]+-[A-Za-z]+)?[ \t]+-c[ \t]+(?:\"(?P<double>(?:\\.|[^\"\\]){1,8000})\"|'(?P<single>[^']{1,8000})')", re.DOTALL
)
_DOCUMENT = re.compile(r"\bpython[\d.]*(?:[ \t]+-)?[ \t]*<<-?[ \t]*['\"]?(?P<mark>\w{2,20})['\"]?[ \t]*\n")
_ESCAPED = re.compile(r"\\([\"\\$`])")
_CONTINUED = re.compile(r"[ \t]*\\\n")


def embedded(text: str) -> Iterator[tuple[str, int]]:
    """Yield each piece of Python in a text with how many lines stand above it."""
    for match in _COMMAND.finditer(text):
        source = match["single"] or _ESCAPED.sub(r"\1", _CONTINUED.sub(" ", match["double"]))
        yield textwrap.dedent(source), text.count("\n", 0, match.start("single" if match["single"] else "double"))
    for match in _DOCUMENT.finditer(text):
        end = text.find(f"\n{match['mark']}", match.end() - 1)
        if end >= 0:
            yield textwrap.dedent(text[match.end() : end + 1]), text.count("\n", 0, match.end())
