"""The view of a repository that finders and looks for hazards walk: every file once, parsed once.

What could not be read, or was left out on purpose, is in `unseen`: it is never silently missing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.repository.language import language_of
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.text import Artefact, Language, TextFile
from tetrapylon.system.finding import Unseen


@dataclass(frozen=True)
class Repository:
    """One repository as it was when it was read."""

    files: tuple[TextFile, ...]
    """Every text file that was read, sorted by path; Python and notebooks, too."""

    python: tuple[PythonCode, ...] = ()
    """Every Python file and every code cell of every notebook that parses."""

    artefacts: tuple[Artefact, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    def of(self, *languages: Language) -> Iterator[TextFile]:
        """Yield the files of these languages."""
        return (each for each in self.files if each.language in languages)

    def calls_of(self, *names: str) -> Iterator[tuple[PythonCode, Call]]:
        """Yield every call in Python whose full name is, or ends with, one of the names."""
        return ((code, call) for code in self.python for call in code.calls_of(*names))

    @cached_property
    def digest(self) -> Digest:
        """The digest of everything that was read: the same one means that looking again finds the same."""
        texts = [[each.path, sha256(each.text.encode("utf-8", "surrogatepass"))] for each in self.files]
        others = [[each.path, each.size, sha256(each.head)] for each in self.artefacts]
        return sha256(canonical_json([texts, others, [[each.path, each.why] for each in self.unseen]]))

    @classmethod
    def of_texts(cls, texts: Mapping[str, str]) -> Self:
        """Return the view of a few texts by path: for samples, and for what is not on a disk."""
        files = tuple(TextFile(path, language_of(path, text), text) for path, text in sorted(texts.items()))
        python = tuple(PythonCode(each.path, ast.parse(each.text)) for each in files if each.language == "python")
        return cls(files, python)
