"""The records that a verdict can depend on, out of very many: so that hundreds of points of time are judged in seconds.

A verdict looks at the latest statement that counts for an asset. Of two statements of one kind about the same digests and names,
signed in the same roles, with the same answers wherever a practice says `where`, only the later one can decide. So the earlier is
left out. Kept whole are: what is missing, what was replaced or replaces, and kinds that practices look at as a whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from tetrapylon.guidelines.rules import values_at
from tetrapylon.posture.fold import Record

_WHOLE = ("waiver",)


class Essence:
    """Records are added in the order of the log; `records` gives those that matter, in that order."""

    def __init__(self, basis: Mapping[str, Any], predicates: Mapping[str, str], replaced: frozenset[str]) -> None:
        """Begin with nothing.

        Args:
            basis: The catalogue that is judged by.
            predicates: The types of statements, by short name.
            replaced: Digests of the envelopes that a later record of the log replaces.
        """
        self._paths = {predicates[name]: tuple(sorted(found)) for name, found in _paths(basis).items() if name in predicates}
        self._whole = frozenset(predicates[each] for each in _WHOLE if each in predicates)
        self._replaced = replaced
        self._latest: dict[Hashable, Record] = {}

    def add(self, records: Iterable[Record]) -> None:
        """Take in what was recorded next."""
        for record in records:
            key = self._key(record)
            self._latest.pop(key, None)
            self._latest[key] = record

    def records(self) -> list[Record]:
        """Return the records that matter, in the order of the log."""
        return sorted(self._latest.values(), key=lambda each: each.index)

    def _key(self, record: Record) -> Hashable:
        leaf, statement = record.leaf, record.statement
        if statement is None or leaf.supersedes is not None or leaf.envelope in self._replaced or leaf.predicate_type in self._whole:
            return record.index
        answers = tuple(repr(values_at(statement.predicate, path)) for path in self._paths.get(leaf.predicate_type, ()))
        names = tuple((each.name, each.digest) for each in statement.subjects)
        return leaf.predicate_type, leaf.subjects, names, record.roles, answers


def _paths(catalogue: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return, for each kind of statement, the paths that some practice tells statements apart by."""
    found: dict[str, set[str]] = {}
    for practice in catalogue["practice"]:
        for part in practice.get("part", ()):
            if "predicate" in part:
                found.setdefault(part["predicate"], set()).update(str(each[0]) for each in part.get("where", ()))
    return found


def replaced_by_any(records: Iterable[Record]) -> frozenset[str]:
    """Return the digests of all envelopes that some record says it replaces."""
    return frozenset(str(each.leaf.supersedes) for each in records if each.leaf.supersedes is not None)
