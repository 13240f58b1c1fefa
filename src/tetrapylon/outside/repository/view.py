"""The view of a repository that finders and looks for hazards walk: every file once, parsed once.

What could not be read, or was left out on purpose, is in `unseen`: it is never silently missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypeVar

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.repository.assembling import Assembly
from tetrapylon.outside.repository.limits import LIMITS
from tetrapylon.outside.repository.notes import Notes
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.text import Artefact, Language, TextFile
from tetrapylon.system.finding import Unseen

T = TypeVar("T")


@dataclass(frozen=True)
class Repository:
    """One repository as it was when it was read."""

    files: tuple[TextFile, ...]
    """Every text file that was read, sorted by path; Python and notebooks, too."""

    python: tuple[PythonCode, ...] = ()
    """Every Python file and every code cell of every notebook that parses."""

    artefacts: tuple[Artefact, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The names of all files in the view, text or not."""
        return frozenset((*(each.path for each in self.files), *(each.path for each in self.artefacts)))

    def of(self, *languages: Language) -> Iterator[TextFile]:
        """Yield the files of these languages."""
        return (each for each in self.files if each.language in languages)

    def calls_of(self, *names: str) -> Iterator[tuple[PythonCode, Call]]:
        """Yield every call in Python whose full name is, or ends with, one of the names."""
        words = {each.rpartition(".")[2] for each in names}
        found = dict.fromkeys(number for word in words for number in self._callers.get(word, ()))
        codes = (self.python[number] for number in (sorted(found) if len(words) > 1 else found))
        return ((code, call) for code in codes for call in code.calls_of(*names))

    @cached_property
    def _callers(self) -> Mapping[str, list[int]]:
        """By the last word of what they call the pieces of Python, as numbers."""
        found: dict[str, list[int]] = {}
        for number, code in enumerate(self.python):
            for word in code.called:
                found.setdefault(word, []).append(number)
        return found

    def once(self, name: str, make: Callable[[Self], T]) -> T:
        """Return what is made of this repository under a name, made at the first time: indexes that several parts share."""
        made: dict[str, Any] = self.__dict__.setdefault("_made", {})
        if name not in made:
            made[name] = make(self)
        return made[name]  # type: ignore[no-any-return]  # one name, one kind of thing

    @cached_property
    def digest(self) -> Digest:
        """The digest of everything that was read: the same one means that looking again finds the same."""
        texts = [[each.path, sha256(each.text.encode("utf-8", "surrogatepass"))] for each in self.files]
        others = [[each.path, each.size, sha256(each.head)] for each in self.artefacts]
        return sha256(canonical_json([texts, others, [[each.path, each.why] for each in self.unseen]]))

    @classmethod
    def of_texts(cls, texts: Mapping[str, str]) -> Self:
        """Return the view of a few texts by path, made as from a disk: for samples, and for what is not on one."""
        notes = Notes()
        assembly = Assembly(LIMITS, notes)
        for path, text in sorted(texts.items()):
            assembly.add(path, text.encode("utf-8", "surrogatepass"))
        return cls(tuple(assembly.files), tuple(assembly.python), tuple(assembly.artefacts), notes.unseen())
