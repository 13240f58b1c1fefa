"""Look at every assessment at what was published about weaknesses, and match others' advisories with what the system is made of.

Reads: `advisories/*.toml`, `lessons.toml`, the folder of published advisories, imports of others' advisories, locks, the
digests of the release. Leaves: `advisory` about the manifest where something was published, `vulns` about each lock where
something was imported. Moves: SO4.5, SO4.6, SP1.8. Without an import nothing is said about locks; what could not be
checked is no answer. Cannot see: weaknesses that nobody published; code that was copied in; whether a fix works.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, read_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.operate.lessons.advisories import BASE, LABEL, Built, build, lessons
from tetrapylon.operate.lessons.draft import FILE, FOLDER
from tetrapylon.operate.lessons.imports import FOLDER as IMPORTED
from tetrapylon.operate.lessons.imports import digest_of, kept
from tetrapylon.operate.lessons.matching import Checked, Import, Matcher
from tetrapylon.operate.lessons.valid import problems
from tetrapylon.outside.beside import digest_beside, read_beside
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.view import View

PRACTICES = ("SO4.5", "SO4.6", "SP1.8")

PUBLISHED = "disclosure"
"""Where published advisories lie, beside what else is told (`tetrapylon operate disclosure`)."""

_TOLD = 20


def observe(view: View) -> Iterator[Observation]:
    """Yield what was published, and what was matched."""
    yield from _published(view)
    yield from _matched(view)


def inputs(view: View) -> Json:
    """Return what the observations follow from; the day counts, because weaknesses fall due."""
    folder = view.root / FOLDER
    names = sorted(each.name for each in folder.glob("*.toml")) if folder.is_dir() else []
    return {
        "drafts": [digest_beside(view.root, f"{FOLDER}/{name}") for name in names],
        "lessons": digest_beside(view.root, FILE),
        "published": _published_digest(view),
        "imported": digest_of(imports_of(view)),
        "released": [each.record for each in view.released()],
        "day": view.now()[:10],
    }


def imports_of(view: View) -> Path:
    """Return the folder of what was imported."""
    return view.root / ".tetrapylon" / IMPORTED


def _published_digest(view: View) -> Json:
    folder = view.root / PUBLISHED / BASE / LABEL
    return [[str(each.relative_to(folder)), sha256(read_bytes(each))] for each in sorted(folder.glob("*/*.json"))]


def _published(view: View) -> Iterator[Observation]:
    started = view.now()
    try:
        built = build(view)
    except TetrapylonError as error:
        yield from _about_manifest(view, {"detail": [error.message], "schemaValid": False}, started)
        return
    if not built:
        return
    answers, said = _answers(view, built)
    yield from _about_manifest(view, {**answers, "detail": said[:_TOLD]}, started)


def _answers(view: View, built: Sequence[Built]) -> tuple[dict[str, Json], list[str]]:
    """Return what holds for the documents as they lie in the folder, not as they would be built."""
    said: list[str] = []
    present: list[Built] = []
    for each in built:
        data = read_beside(view.root, f"{PUBLISHED}/{BASE}/{LABEL}/{each.path}", BOUNDS.json)
        if data is None:
            said.append(f"{each.draft.id} is written and not published; run `tetrapylon operate advisory publish`")
        elif read_json(data, each.path) != each.value:
            said.append(f"{each.path} is not what its draft says; run `tetrapylon operate advisory publish`")
        else:
            present.append(each)
    whole = len(present) == len(built)
    incomplete = [f"{each.draft.id}: neither {name} nor a reason" for each in built for name in each.incomplete]
    answers: dict[str, Json] = {
        "affectedDigests": len({digest for each in present for digest in each.digests}),
        "enumerationComplete": whole and not incomplete,
    }
    try:
        wrong = [f"{each.path}: {problem}" for each in present for problem in problems(each.value)]
        answers["schemaValid"] = whole and not wrong
    except MissingError as error:
        wrong = [error.message]
    return answers, [*said, *wrong, *incomplete]


def _about_manifest(view: View, payload: dict[str, Json], started: str) -> Iterator[Observation]:
    for asset in (each for each in view.assets if each.kind == "manifest"):
        about = (Subject(asset.id, asset.digest),)
        yield Observation("advisory", about, {**payload, "tool": view.tool}, started, view.now(), "release-manager")


def _matched(view: View) -> Iterator[Observation]:
    imports = kept(imports_of(view))
    if not imports:
        return
    started = view.now()
    matcher = Matcher(imports, lessons(view), started)
    for asset in (each for each in view.assets if each.kind == "lock"):
        found = matcher.lock(view, asset.path or asset.id)
        about = (Subject(asset.id, asset.digest),)
        yield Observation("vulns", about, _vulns(view, found, imports, started), started, view.now(), "scanner")


def _vulns(view: View, found: Checked, imports: Sequence[Import], now: str) -> dict[str, Json]:
    overdue = found.overdue(now)
    rows = [
        {"id": each.advisory, "package": each.what, "severity": each.severity, "due": each.due, "decided": each.decided}
        for each in found.matches[:500]
    ]
    said = [f"{each.advisory} about {each.what} was due on {each.due[:10]}" for each in overdue[:_TOLD]]
    answers: dict[str, Json] = {"matched": len(found.matches), "overdue": len(overdue), "tool": view.tool}
    # A number that is not nought would say that the rest is fine; nobody knows.
    answers |= {} if found.unchecked else {"unchecked": 0}
    newest = max(each.imported for each in imports)
    scanner = {
        "uri": "https://tetrapylon.example/advisories",
        "version": view.tool["version"],
        "db": {"lastUpdate": newest},
        "result": rows,
    }
    return {**answers, "scanner": scanner, "detail": [*said, *found.unchecked[:_TOLD]]}
