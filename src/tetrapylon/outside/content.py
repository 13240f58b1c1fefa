"""What a file really is, by its first bytes: names promise, content tells.

Each format is one part of `contents/` and offers

* `ENDINGS`: the endings of names that promise this format;
* `WITHIN`: the more general formats that it is written in, which match as well (a torch file is a zip);
* `RUNS_CODE`: why loading such a file can run what somebody put into it, or nothing where it cannot;
* `matches(head, size)`: whether the first bytes (4 KiB at most) of a file of `size` bytes are of this format;
* `GOOD` and `BAD`: heads that are, and that only look like it.

A head can lie about what follows: this says what a loader would take the file for, not that it is whole or harmless.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.repository.view import Repository

FORMATS = Shelf("tetrapylon.outside.contents")

HEAD = 4096
"""Bytes that are looked at."""

EMPTY = "empty"
"""The format of a file without a byte."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one file is taken for."""

    path: str
    format: str | None
    """The most specific format that its content has; None where no format is known that does."""

    promised: tuple[str, ...]
    """The formats that its name promises."""

    runs_code: str = ""
    """Why loading it can run code, or nothing."""

    @property
    def disagrees(self) -> bool:
        """Whether the content is known and is not what the name promises."""
        return self.format is not None and bool(self.promised) and not {self.format, *_general(self.format)} & set(self.promised)


def recognise(path: str, head: bytes, size: int | None = None) -> Recognised:
    """Return what a file of this name and these first bytes is; `size` is that of the whole file."""
    found = format_of(head[:HEAD], len(head) if size is None else size)
    reason = str(FORMATS[found].RUNS_CODE) if found is not None and found in FORMATS else ""
    return Recognised(path, found, promised(path), reason)


def format_of(head: bytes, size: int) -> str | None:
    """Return the most specific format of these bytes, or nothing."""
    if size == 0:
        return EMPTY
    found = [name for name, part in FORMATS.items() if part.matches(head, size)]
    general = {each for name in found for each in _general(name)}
    return next((name for name in found if name not in general), None)


def promised(path: str) -> tuple[str, ...]:
    """Return the formats that the name promises, from the ending on."""
    name = path.rpartition("/")[2].lower()
    longest = max((ending for ending in _endings() if name.endswith(ending)), key=len, default="")
    return _endings().get(longest, ())


@cache
def _endings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, part in FORMATS.items():
        for ending in part.ENDINGS:
            found[ending] = (*found.get(ending, ()), name)
    return found


@cache
def _general(name: str) -> tuple[str, ...]:
    """Return the formats that this one is written in, however far up."""
    above = tuple(FORMATS[name].WITHIN) if name in FORMATS else ()
    return tuple(dict.fromkeys(each for parent in above for each in (parent, *_general(parent))))


def recognised_in(repository: Repository) -> Iterator[Recognised]:
    """Yield every file whose content or name is of a known format; a pickle of protocol 0 is text."""
    for each in repository.artefacts:
        found = recognise(each.path, each.head, each.size)
        if found.format is not None or found.promised:
            yield found
    for file in repository.files:
        if file.language == "text":
            head = file.text[:HEAD].encode("utf-8", "surrogatepass")[:HEAD]
            found = recognise(file.path, head, max(len(head), len(file.text)))
            if (found.format not in {None, EMPTY}) or found.promised:
                yield found
