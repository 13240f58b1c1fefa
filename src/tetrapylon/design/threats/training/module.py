"""A training module: what is taught to whom, and the bank of questions that shows whether it was understood.

What it does: reads modules from TOML, strictly: those that ship with Tetrapylon (`modules/`, one file each) and those of the
project (`training/*.toml` beside the manifest). A project's file is a module of its own, or adds screens and questions to one
of ours with `extends`: that is how an incident becomes an item that everybody meets.
Why it matters: a module is named in results by the digest of everything it says, so a result is about exactly what was taught.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tetrapylon.design.threats.rule import RULES
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, digest_hex, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import package_text
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem
from tetrapylon.system.shape import shape_problems

SCHEMA = "tetrapylon/training-module/1"
FOLDER = "training"
"""The project's own modules, beside the manifest."""

MOST_FILES = 200
REVIEW_DAYS = 365
"""A module that nobody looked at for a year is past its review (DSIT Code of Practice 1.1.1)."""

_PACKAGE = "tetrapylon.design.threats.training.modules"
_GATHERED = 100
_END = r"(?![\s\S])"
_UNSEEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"

Day = Annotated[str, Meta(pattern=rf"^\d{{4}}-\d{{2}}-\d{{2}}{_END}", description="a day such as `2027-01-31`")]
Long = Annotated[str, Meta(pattern=rf"^[^{_UNSEEN}]{{1,8000}}{_END}", description="text without control characters (8000 at most)")]
Line = Annotated[str, Meta(pattern=rf"^[^\n\t{_UNSEEN}]{{1,600}}{_END}", description="one line of text (600 at most)")]
Lines = Annotated[tuple[Line, ...], Meta(description="a list of lines of text")]
Minutes = Annotated[int, Meta(ge=1, le=480, description="a whole number from 1 to 480")]
Draw = Annotated[int, Meta(ge=1, le=50, description="a whole number from 1 to 50")]
Kind = Literal["answer", "threat", "where", "decision"]
"""What a practical item asks: which practice answers a threat, what threatens an element, where a threat applies, what was decided."""


class Screen(Table, frozen=True, kw_only=True):
    """One screen of text."""

    title: Line
    text: Long


class Question(Table, frozen=True, kw_only=True):
    """One question of the bank, with the wrong answers that people give."""

    id: words.Id
    text: Line
    right: Line
    wrong: Lines
    why: Line


class Module(Table, frozen=True, kw_only=True):
    """One module."""

    schema: Literal["tetrapylon/training-module/1"] = "tetrapylon/training-module/1"
    id: words.Id
    title: Line
    version: words.Release
    reviewed: Day
    """The day on which somebody last looked whether it is still right."""

    roles: words.Roles
    minutes: Minutes = 20
    draw: Draw = 6
    """How many questions are drawn from the bank."""

    practical: Annotated[tuple[Kind, ...], Meta(description="a list of `answer`, `threat`, `where` and `decision`")] = ("threat",)
    threats: Annotated[tuple[words.Id, ...], Meta(description="a list of kinds of threats")]
    """The kinds of threats that it teaches; practical items are about those of them that the system has."""

    screens: tuple[Screen, ...] = msgspec.field(name="screen", default=())
    questions: tuple[Question, ...] = msgspec.field(name="question", default=())
    generated: bool = False
    """Whether it is made anew from the system each time, so that its digest is no measure of age."""

    @property
    def digest(self) -> Digest:
        """The digest of everything that it says and asks."""
        return sha256(canonical_json(msgspec.to_builtins(self)))

    @property
    def course(self) -> str:
        """What it is called in other systems: its id and the beginning of its digest."""
        return f"{self.id}@{digest_hex(self.digest)[:12]}"


class Addition(Table, frozen=True, kw_only=True):
    """Screens and questions that a project adds to a module."""

    schema: Literal["tetrapylon/training-module/1"] = "tetrapylon/training-module/1"
    extends: words.Id
    reason: Line
    """Why, such as the incident that it comes from."""

    threats: Annotated[tuple[words.Id, ...], Meta(description="a list of kinds of threats")] = ()
    screens: tuple[Screen, ...] = msgspec.field(name="screen", default=())
    questions: tuple[Question, ...] = msgspec.field(name="question", default=())


def shipped() -> dict[str, Module]:
    """Return the modules that ship with Tetrapylon, by id."""
    names = sorted(each.name for each in files(_PACKAGE).iterdir() if each.name.endswith(".toml"))
    found = [decode_module(package_text(_PACKAGE, name), name) for name in names]
    return {each.id: each for each in found if isinstance(each, Module)}


def modules(root: Path) -> dict[str, Module]:
    """Return every module of a project, by id: ours with what the project adds, and its own.

    Raises:
        UsageError: a file of the project is not valid, has the id of another, or adds to a module that there is not.
    """
    found = shipped()
    own = [(path.name, decode_module(read_bytes(path, BOUNDS.manifest), f"{FOLDER}/{path.name}")) for path in _files(root)]
    for name, each in own:
        if isinstance(each, Module):
            if each.id in found or each.id == "digest":
                raise UsageError(
                    f"`{FOLDER}/{name}`: there is a module `{each.id}` already", hint="add to it with `extends`", code="exists"
                )
            found[each.id] = each
    for name, each in own:
        if isinstance(each, Addition):
            found[each.extends] = _extended(found.get(each.extends), each, f"{FOLDER}/{name}")
    return dict(sorted(found.items()))


def _files(root: Path) -> list[Path]:
    folder = root / FOLDER
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if len(paths) > MOST_FILES:
        raise UsageError(f"`{FOLDER}` holds more than {MOST_FILES} modules", code="too-many-files")
    # Answers of people may lie beside modules.
    return [each for each in paths if not each.name.endswith(".answers.toml")]


def decode_module(text: str | bytes, name: str) -> Module | Addition:
    """Return the module in the text, or what it adds to one.

    Raises:
        ManifestError: a `UsageError` with everything that is wrong and where.
    """
    table = read_toml(text, name)
    kind = Addition if "extends" in table else Module
    problems = list(_schema(table)) or list(islice(shape_problems(table, kind), _GATHERED))
    if problems:
        raise ManifestError(name, problems, table)
    found = msgspec.convert(table, Addition) if "extends" in table else msgspec.convert(table, Module)
    problems = list(islice(_sense(found), _GATHERED))
    if problems:
        raise ManifestError(name, problems, table)
    return found


def _schema(table: Mapping[str, Json]) -> Iterator[Problem]:
    if table.get("schema") != SCHEMA:
        what = "is missing" if "schema" not in table else "is not one that this version reads"
        yield Problem("schema", what, "schema", f'begin the file with `schema = "{SCHEMA}"`')


def _sense(found: Module | Addition) -> Iterator[Problem]:
    """Yield what no shape shows: questions that cannot be asked, and threats that no rule knows."""
    seen: set[str] = set()
    for index, each in enumerate(found.questions):
        if each.id in seen:
            yield Problem(f"question[{index}].id", f"`{each.id}` is there twice", "duplicate-id")
        seen.add(each.id)
        if len(each.wrong) < 2 or len({each.right, *each.wrong}) <= len(each.wrong):  # noqa: PLR2004 - two, besides the right one
            yield Problem(
                f"question[{index}].wrong", "needs two answers or more that differ from each other and from the right one", "bad-value"
            )
    for index, threat in enumerate(found.threats):
        if threat not in RULES:
            yield Problem(f"threats[{index}]", f"`{threat}` is no kind of threat", "no-such-id", "run `tetrapylon design threats --all`")
    if isinstance(found, Module):
        if len(found.questions) < found.draw:
            yield Problem("draw", f"is {found.draw}, and there are {len(found.questions)} questions", "bad-value")
        if found.generated:
            yield Problem("generated", "is for modules that are made from the system", "bad-value")


def _extended(module: Module | None, addition: Addition, name: str) -> Module:
    if module is None:
        raise UsageError(f"`{name}` adds to `{addition.extends}`, which is no module", code="no-such-id")
    twice = {each.id for each in module.questions} & {each.id for each in addition.questions}
    if twice:
        raise UsageError(f"`{name}`: `{module.id}` has a question `{min(twice)}` already", code="duplicate-id")
    return msgspec.structs.replace(
        module,
        threats=(*module.threats, *(each for each in addition.threats if each not in module.threats)),
        screens=(*module.screens, *addition.screens),
        questions=(*module.questions, *addition.questions),
        draw=module.draw + min(2, len(addition.questions)),
    )
