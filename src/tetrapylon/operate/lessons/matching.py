"""Advisories of others against what this system is made of, off line: locks by package and version, assets by digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.operate.lessons.draft import Lessons, NotAffected
from tetrapylon.operate.lessons.others import Concern, Foreign
from tetrapylon.operate.lessons.versions import affects
from tetrapylon.outside.beside import read_beside
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.lock import LARGEST, Package, python_name, read_lock
from tetrapylon.outside.view import View


@dataclass(frozen=True, slots=True)
class Import:
    """What was imported at one time."""

    imported: str
    covers: tuple[str, ...]
    """Ecosystems of which it is a whole export: only these count as looked at."""

    newest: str
    """When the newest advisory in it was changed."""

    advisories: tuple[Foreign, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One advisory that concerns one package or asset."""

    advisory: str
    title: str
    severity: str
    what: str
    where: str
    published: str
    due: str
    decided: str | None
    """Why it was decided not to concern this system."""


@dataclass
class Checked:
    """What was found in one lock."""

    lock: str
    packages: int = 0
    unchecked: list[str] = field(default_factory=list)
    """What could not be checked, each with the reason."""

    matches: list[Match] = field(default_factory=list)

    def overdue(self, now: str) -> list[Match]:
        """Return what should have been closed before."""
        return [each for each in self.matches if each.decided is None and each.due < now]


class Matcher:
    """Every advisory that was imported, by package and by digest."""

    def __init__(self, imports: Iterable[Import], lessons: Lessons, now: str) -> None:
        held = list(imports)
        self._lessons = lessons
        self._now = now
        oldest = format_time(parse_time(now) - timedelta(days=lessons.patching.export_days))
        self.covered = {each for one in held if one.imported >= oldest and one.newest >= oldest for each in one.covers}
        newest = {each.id: each for one in sorted(held, key=lambda one: one.imported) for each in one.advisories}
        self._packages: dict[tuple[str, str], list[tuple[Foreign, Concern]]] = {}
        self._digests: dict[str, list[Foreign]] = {}
        for foreign in newest.values():
            for concern in foreign.concerns:
                self._packages.setdefault((concern.ecosystem, concern.name), []).append((foreign, concern))
            for digest in foreign.digests:
                self._digests.setdefault(digest, []).append(foreign)

    def lock(self, view: View, path: str) -> Checked:
        """Return what the advisories say about one lock; what cannot be read was not checked."""
        found = Checked(path)
        try:
            text = read_beside(view.root, path, LARGEST)
            lock = read_lock(path, (text or b"").decode("utf-8"))
        except (TetrapylonError, UnicodeDecodeError) as error:
            found.unchecked.append(f"`{path}` cannot be read: {error}")
            return found
        found.unchecked += [f"not understood: {each}" for each in lock.unread]
        for package in lock.packages:
            if not package.local:
                found.packages += 1
                self._package(package, path, found)
        return found

    def assets(self, view: View) -> list[Match]:
        """Return the advisories that name a digest of this release."""
        held = [(asset, foreign) for asset in view.assets for foreign in self._digests.get(asset.digest, ())]
        return [self._match(foreign, f"{asset.kind} {asset.id}", asset.id, asset.id) for asset, foreign in held]

    def _package(self, package: Package, path: str, found: Checked) -> None:
        known = f"{package.name} {package.version or ''}".strip()
        if package.version is None:
            found.unchecked.append(f"{known}: the lock gives no version")
            return
        if package.ecosystem not in self.covered:
            found.unchecked.append(f"{known}: no recent export of all advisories of {package.ecosystem} was imported")
        for foreign, concern in self._packages.get((package.ecosystem, package.name), ()):
            answer = affects(package.ecosystem, package.version, concern.versions, concern.ranges)
            if answer is None:
                found.unchecked.append(f"{known}: its version cannot be compared with those of {foreign.id}")
            elif answer:
                found.matches.append(self._match(foreign, known, path, package.name))

    def _match(self, foreign: Foreign, what: str, where: str, name: str) -> Match:
        days = getattr(self._lessons.patching, foreign.severity)
        start = foreign.published or self._now
        due = format_time(parse_time(start) + timedelta(days=days))
        decided = next((each.reason for each in self._decided(foreign.id, name)), None)
        return Match(foreign.id, foreign.title, foreign.severity, what, where, start, due, decided)

    def _decided(self, advisory: str, name: str) -> Iterator[NotAffected]:
        for each in self._lessons.not_affected:
            if each.advisory == advisory and python_name(each.package) == python_name(name) and each.holds(self._now):
                yield each


def counts(found: Sequence[Checked]) -> Mapping[str, int]:
    """Return how much was looked at, over all locks."""
    return {
        "packages": sum(each.packages for each in found),
        "unchecked": sum(len(each.unchecked) for each in found),
        "matched": sum(len(each.matches) for each in found),
    }
