"""Begin with a folder: draft its manifest from what is found in it and in files of other tools, and write it if there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tetrapylon.app.drafting.flows import flows_of, grants_of, places_of
from tetrapylon.app.drafting.part import Part, Pieces
from tetrapylon.app.drafting.repository import Folder, pieces_of
from tetrapylon.app.drafting.system import deployed_by, system_of
from tetrapylon.app.drafting.writing import Draft, draft
from tetrapylon.app.importing import imported
from tetrapylon.app.looks import look_for_ai
from tetrapylon.app.project import MANIFEST
from tetrapylon.kernel.errors import TetrapylonError, UsageError
from tetrapylon.kernel.text import printable
from tetrapylon.outside.files import write_atomic
from tetrapylon.outside.repository.read import read_repository
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.tree import select
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.finding import Component, Unseen


@dataclass(frozen=True)
class Begun:
    """A draft, and where it was written."""

    draft: Draft
    text: str
    path: Path
    written: bool
    unseen: tuple[Unseen, ...]

    @property
    def exit(self) -> int:
        """How the command ends: 0, since whatever is missing stands in the file as something to do."""
        return 0

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        entries = [
            {
                "table": entry.table,
                "lines": [{"key": each.key, "value": each.value, "mark": each.mark, "note": each.note} for each in entry.lines],
                "todo": list(entry.todos),
            }
            for entry in self.draft.entries
        ]
        return {
            "schema": "tetrapylon/init/1",
            "file": self.path.as_posix(),
            "written": self.written,
            "manifest": self.text,
            "entries": entries,
            "todo": list(self.draft.todos),
            "unseen": [{"path": each.path, "why": each.why, "deliberate": each.deliberate} for each in self.unseen],
            "exit": self.exit,
        }

    def lines(self) -> list[str]:
        """Return this for a reader."""
        if not self.written:
            return self.text.rstrip("\n").split("\n")
        tables, marks = self.draft.tables(), self.draft.counts()
        said = ", ".join(
            f"{count} {table}{'s' if count != 1 else ''}" for table, count in tables.items() if table not in {"system", "gate"}
        )
        return [
            f"{self.path}: {said or 'no part of an AI system was found'}",
            f"{marks['found']} lines found, {marks['guessed']} guessed, {marks['to do']} to do: each is marked in the file",
            *(f"not looked at: {printable(each.path)} {printable(each.why)}" for each in self.unseen if not each.deliberate),
            "",
            "next",
            "  tetrapylon manifest check",
            "  tetrapylon trust init",
            "  tetrapylon assess",
        ]


def begin(root: Path, sources: Sequence[str], *, force: bool, dry: bool) -> Begun:
    """Draft the manifest of a folder and write it.

    Raises:
        UsageError: the folder has a manifest already (`exists`), is none, or a source is not of a known kind.
        MissingError: a source is not there.
    """
    path = root / MANIFEST
    if not root.is_dir():
        raise UsageError(f"`{root}` is not a folder", hint="say which with `-C DIR`", code="not-a-folder")
    if path.exists() and not (force or dry):
        hint = "look at what would be written with `--dry-run`, or write it anew with `--force`"
        raise UsageError(f"there is a `{path}` already", hint=hint, code="exists")
    given = [imported(root, each) for each in sources]
    repository = read_repository(root, chosen=lambda name: name != MANIFEST)
    components, failed = look_for_ai(repository)
    unseen = (*failed, *repository.unseen)
    made = drafted(repository, components, root, given, unseen)
    text = made.text()
    # Whatever was found, what is written can be read again: this is checked before anything is.
    decode_manifest(text)
    if not dry:
        write_atomic(path, text.encode())
    return Begun(made, text, path, not dry, unseen)


def drafted(
    repository: Repository, components: Sequence[Component], root: Path, given: Sequence[Pieces] = (), unseen: Sequence[Unseen] = ()
) -> Draft:
    """Return the draft for what a repository holds and what other tools said; what was not seen is something to do."""
    folder = Folder(repository.paths)
    found = pieces_of(components, folder)
    parts: list[Part] = [each for one in (*given, found) for each in one.parts]
    # Who draws flows knows them; guesses beside them would contradict.
    flows = () if any(each.table == "flow" for each in parts) else tuple(flows_of(parts))
    granted = {each.key: each for each in grants_of(parts)}
    parts = [granted.pop(each.key, each) for each in parts]
    parts += [*granted.values(), *flows, *places_of(parts, deployed_by(repository))]
    system = {**system_of(repository, root.resolve().name, parts), **_first(given)}
    todos = [each for one in (*given, found) for each in one.todos]
    code, left = _selectable(root, system["code"].value) if "code" in system else ([], [])
    if "code" in system:
        system["code"] = replace(system["code"], value=code)
    missing = [f"look yourself: {each.path} {each.why}" for each in unseen if not each.deliberate][:_MOST_UNSEEN]
    return draft(Pieces(tuple(parts), system, (*todos, *left, *missing, *_PEOPLE)))


_MOST_UNSEEN = 20

_PEOPLE = (
    "name who answers: `[[person]]` with `id`, `roles` (owner, risk-owner, developer, operator…) and `key`, the path of their public key",
)


def _first(given: Sequence[Pieces]) -> dict[str, Any]:
    """Return what the sources say about the system as a whole, the first one first."""
    return {key: value for one in reversed(given) for key, value in one.system.items()}


def _selectable(root: Path, patterns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the patterns that choose something that can be hashed, and what is to do about the others."""
    good, todos = [], []
    for each in patterns:
        try:
            select(root, [each])
            good.append(each)
        except TetrapylonError as error:
            todos.append(f"add `{each}` to `system.code` once it can be hashed: {error.message}")
    return good, todos
