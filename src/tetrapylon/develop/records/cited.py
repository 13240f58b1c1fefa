"""Evidence as cards and bills cite it: the latest statement about a digest, and the record since which it has said the same.

Every assessment leaves new statements that mostly say what the last ones said. A card that named the newest record would
change with each, so it names the first record of the unbroken run that says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.view import Known

_PASSING = frozenset({"observedFrom", "observedTo", "tool", "detail", "demo", "release"})
"""Keys that do not belong to what a statement says about its subject."""

_LONGEST = 300

Reader = Callable[[str], Sequence[Known]]
"""Returns the statements of a kind that count, in the order of the log."""


@dataclass(frozen=True, slots=True)
class Cited:
    """What the evidence of one kind says about one digest."""

    predicate: str
    payload: Mapping[str, Json]
    since: int
    """The first record of the unbroken run that says the same."""

    @property
    def source(self) -> str:
        """Where it is from, for a card."""
        return f"`{self.predicate}`, record {self.since}"

    @property
    def sentence(self) -> str:
        """Return what it says, the same for the same statement."""
        return said(self.payload)


def said(payload: Mapping[str, Json]) -> str:
    """Return the single values of a payload in one line."""
    kept = [(key, value) for key, value in sorted(payload.items()) if key not in _PASSING and isinstance(value, str | int | float | bool)]
    return ", ".join(f"{key} {str(value).lower() if isinstance(value, bool) else value}" for key, value in kept)[:_LONGEST]


class Evidence:
    """The statements of the log that count, read once for each kind."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._known: dict[str, dict[str, list[Known]]] = {}

    def by_digest(self, predicate: str) -> dict[str, list[Known]]:
        """Return the statements of a kind by the digest that they are about, in the order of the log."""
        if predicate not in self._known:
            found: dict[str, list[Known]] = {}
            for each in self._read(predicate):
                for digest in {str(digest) for digest in each.subjects.values()}:
                    found.setdefault(digest, []).append(each)
            self._known[predicate] = found
        return self._known[predicate]

    def cited(self, predicate: str, digest: str, where: Mapping[str, Json] | None = None) -> Cited | None:
        """Return what the latest statement of a kind says about a digest; `where` chooses among events of one kind."""
        wanted = where or {}
        found = [each for each in self.by_digest(predicate).get(digest, ()) if all(each.payload.get(key) == wanted[key] for key in wanted)]
        return _cited(predicate, found) if found else None

    def fingerprint(self, predicates: Sequence[str]) -> Digest:
        """Return the digest of what the statements of these kinds say about what: the same one means that nothing new was said."""
        said_of = [
            [name, digest, sha256(_meaning(each.payload))]
            for name in predicates
            for digest, found in self.by_digest(name).items()
            for each in found
        ]
        return sha256(canonical_json(sorted({canonical_json(each).decode() for each in said_of})))

    def each(self, predicate: str, digest: str, key: str) -> Iterator[Cited]:
        """Yield what is said about a digest for each value of a key, such as each `event` or `suite`."""
        groups: dict[str, list[Known]] = {}
        for each in self.by_digest(predicate).get(digest, ()):
            groups.setdefault(str(each.payload.get(key, "")), []).append(each)
        for _, found in sorted(groups.items()):
            yield _cited(predicate, found)


def _cited(predicate: str, found: Sequence[Known]) -> Cited:
    last = _meaning(found[-1].payload)
    since = found[-1]
    for each in reversed(found):
        if _meaning(each.payload) != last:
            break
        since = each
    return Cited(predicate, found[-1].payload, since.record)


def _meaning(payload: Mapping[str, Json]) -> bytes:
    return canonical_json({key: value for key, value in payload.items() if key not in _PASSING})
