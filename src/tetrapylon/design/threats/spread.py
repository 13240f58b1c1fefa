"""What spreads along flows: breadth first, sorted, and so the same whatever order a manifest is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Neighbours = Mapping[str, tuple[str, ...]]
"""For each key, the keys that its flows lead to, sorted."""


def spread(sources: Mapping[str, str], neighbours: Neighbours, stops: Callable[[str], bool]) -> dict[str, str]:
    """Return everything that is reached, with what it was reached from.

    `sources` maps where it starts to the name of what starts there. A source is always followed; anything else that
    `stops` is reached and not followed further. Circles end, because nothing is visited twice.
    """
    found = dict(sorted(sources.items()))
    front = list(found)
    while front:
        following: list[str] = []
        for key in front:
            for each in neighbours.get(key, ()):
                if each not in found:
                    found[each] = found[key]
                    if not stops(each):
                        following.append(each)
        front = sorted(following)
    return found


def neighbours_of(pairs: Iterable[tuple[str, str]]) -> Neighbours:
    """Return the neighbours that the pairs of keys make."""
    found: dict[str, set[str]] = {}
    for source, target in pairs:
        found.setdefault(source, set()).add(target)
    return {key: tuple(sorted(each)) for key, each in found.items()}
