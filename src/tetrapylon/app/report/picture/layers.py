"""Columns for the parts: an arrow leads to the right wherever it can, so that a reader follows the data from left to right.

Cycles are opened where a walk in the order of the manifest meets its own path; longest paths give the columns; what nothing leads
to moves next to what it leads to; what has no arrow at all fills the columns evenly. Nothing here depends on a hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[str, str]

_FEWEST_COLUMNS = 3


def columns(keys: Sequence[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """Return the column of each key, from 0."""
    forward = without_cycles(keys, [each for each in dict.fromkeys(pairs) if each[0] != each[1]])
    after: dict[str, list[str]] = {key: [] for key in keys}
    before: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in forward:
        after[source].append(target)
        before[target].append(source)
    found: dict[str, int] = {}
    for key in _sorted(keys, after, before):
        found[key] = max((found[each] + 1 for each in before[key]), default=0)
    for key in keys:
        if after[key] and not before[key]:
            found[key] = min(found[each] for each in after[key]) - 1
    _fill([key for key in keys if not after[key] and not before[key]], found)
    return found


def without_cycles(keys: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs, those turned round that lead back to where a walk came from."""
    after: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in pairs:
        after[source].append(target)
    state: dict[str, int] = {}
    turned: set[Pair] = set()
    for start in keys:
        stack = [(start, iter(after[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            key, rest = stack[-1]
            target = next(rest, "")
            if not target:
                state[key] = 2
                stack.pop()
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(after[target])))
            elif state[target] == 1:
                turned.add((key, target))
    return list(dict.fromkeys((target, source) if (source, target) in turned else (source, target) for source, target in pairs))


def _sorted(keys: Sequence[str], after: dict[str, list[str]], before: dict[str, list[str]]) -> list[str]:
    """Return the keys so that each comes after those that lead to it."""
    left = {key: len(before[key]) for key in keys}
    ready = [key for key in keys if not left[key]]
    found: list[str] = []
    while ready:
        key = ready.pop(0)
        found.append(key)
        for target in after[key]:
            left[target] -= 1
            if not left[target]:
                ready.append(target)
    return found


def _fill(alone: Sequence[str], found: dict[str, int]) -> None:
    width = max([_FEWEST_COLUMNS, *(column + 1 for key, column in found.items() if key not in alone)])
    for number, key in enumerate(alone):
        found[key] = number % width
