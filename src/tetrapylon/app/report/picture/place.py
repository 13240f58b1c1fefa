"""Places for parts and arrows: zones are bands one below the other, columns go from left to right, long arrows get waypoints.

Every position follows from the order of parts and arrows alone, so the same system is drawn the same way each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tetrapylon.app.report.picture.graph import Arrow, Graph
from tetrapylon.app.report.picture.layers import columns

WIDTH, HEIGHT = 176, 52
"""Pixels of a part."""

WAY, BETWEEN = 14, 22
"""Pixels that an arrow on its way needs in a column, and between two things in a column."""

MARGIN, HEAD = 18, 26
"""Pixels around a zone's parts, and of its heading."""

_SWEEPS = 8


@dataclass
class Spot:
    """A part, or a waypoint of an arrow, in its column and zone."""

    key: str
    zone: str
    column: int
    real: bool
    y: float = 0.0
    """The middle."""

    near: list[Spot] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Pixels."""
        return HEIGHT if self.real else WAY


@dataclass(frozen=True)
class Band:
    """A zone of trust as it is drawn."""

    name: str
    top: float
    bottom: float


@dataclass(frozen=True)
class Placed:
    """Where everything is."""

    spots: dict[str, Spot]
    ways: dict[str, list[Spot]]
    """The spots that each arrow passes, by its number, from source to target."""

    bands: tuple[Band, ...]
    gap: int
    width: float
    height: float

    def left(self, column: int) -> float:
        """Return the left edge of a column."""
        return MARGIN + 6 + column * (WIDTH + self.gap)


def place(graph: Graph, gap: int) -> Placed:
    """Return where everything is; `gap` is the width between two columns, in pixels."""
    keys = [each.key for each in graph.parts]
    column = columns(keys, [(each.source, each.target) for each in graph.arrows])
    spots = {each.key: Spot(each.key, each.zone, column[each.key], real=True) for each in graph.parts}
    ways = {each.number: _way(each, spots) for each in graph.arrows}
    everything = _all(spots, ways)
    zones = _zones(graph, spots)
    stacks = _stacks(everything, zones)
    bands = _bands(stacks, zones)
    for sweep in range(_SWEEPS):
        _order(stacks, forward=sweep % 2 == 0)
    for sweep in range(_SWEEPS):
        _settle(stacks, bands, forward=sweep % 2 == 0)
    last = max((each.column for each in everything), default=0)
    width = 2 * (MARGIN + 6) + (last + 1) * WIDTH + last * gap
    return Placed(spots, ways, tuple(bands.values()), gap, width, max((each.bottom for each in bands.values()), default=0) + 6)


def _way(arrow: Arrow, spots: dict[str, Spot]) -> list[Spot]:
    """Return the spots from source to target, with waypoints in the columns between; the neighbours are told of each other."""
    source, target = spots[arrow.source], spots[arrow.target]
    step = 1 if target.column > source.column else -1
    between = [Spot(arrow.number, source.zone, column, real=False) for column in range(source.column + step, target.column, step)]
    way = [source, *between, target] if source is not target else [source, target]
    for one, other in pairwise(way):
        one.near.append(other)
        other.near.append(one)
    return way


def _all(spots: dict[str, Spot], ways: dict[str, list[Spot]]) -> list[Spot]:
    return [*spots.values(), *(spot for way in ways.values() for spot in way if not spot.real)]


def _zones(graph: Graph, spots: dict[str, Spot]) -> list[str]:
    """Return the zones from top to bottom: first where data comes from, then always what most arrows join to those above."""
    left = list(dict.fromkeys(each.zone for each in sorted(graph.parts, key=lambda each: spots[each.key].column)))
    joined: Counter[tuple[str, str]] = Counter()
    for arrow in graph.arrows:
        ends = spots[arrow.source].zone, spots[arrow.target].zone
        joined.update({ends, ends[::-1]})
    found = sorted(left, key=lambda name: (name == graph.inside, left.index(name)))[:1]
    while len(found) < len(left):
        rest = [name for name in left if name not in found]
        found.append(max(rest, key=lambda name: (sum(joined[name, above] for above in found), -left.index(name))))
    return found


Stacks = dict[tuple[str, int], list[Spot]]
"""What stands in a zone's column, from top to bottom."""


def _stacks(everything: Sequence[Spot], zones: Sequence[str]) -> Stacks:
    found: Stacks = {}
    for zone in zones:
        for column in range(max((each.column for each in everything), default=0) + 1):
            found[zone, column] = [each for each in everything if each.zone == zone and each.column == column]
    return found


def _bands(stacks: Stacks, zones: Sequence[str]) -> dict[str, Band]:
    """Return the bands, each as high as its fullest column, and put everything in the middle of its band."""
    found: dict[str, Band] = {}
    top = 4.0
    for zone in zones:
        tallest = max(_needed(stack) for (name, _), stack in stacks.items() if name == zone)
        found[zone] = Band(zone, top, top + HEAD + tallest + 2 * MARGIN - 8)
        for (name, _), stack in stacks.items():
            if name == zone:
                _spread(stack, (found[zone].top + HEAD + found[zone].bottom) / 2)
        top = found[zone].bottom + 14
    return found


def _needed(stack: Sequence[Spot]) -> float:
    return sum(each.height for each in stack) + BETWEEN * max(len(stack) - 1, 0)


def _spread(stack: Sequence[Spot], middle: float) -> None:
    y = middle - _needed(stack) / 2
    for each in stack:
        each.y = y + each.height / 2
        y += each.height + BETWEEN


def _wish(spot: Spot, *, forward: bool) -> float:
    """Return where a spot would like to be: level with its neighbours on one side, or with all if there are none there."""
    side = [each for each in spot.near if (each.column < spot.column if forward else each.column > spot.column)] or spot.near
    return sum(each.y for each in side) / len(side) if side else spot.y


def _order(stacks: Stacks, *, forward: bool) -> None:
    """Sort each column by where its spots would like to be, which takes most crossings away."""
    for (_, _), stack in sorted(stacks.items(), key=lambda each: each[0][1], reverse=not forward):
        if len(stack) > 1:
            middle = (stack[0].y - stack[0].height / 2 + stack[-1].y + stack[-1].height / 2) / 2
            wishes = {id(each): _wish(each, forward=forward) for each in stack}
            stack.sort(key=lambda each: wishes[id(each)])
            _spread(stack, middle)


def _settle(stacks: Stacks, bands: dict[str, Band], *, forward: bool) -> None:
    """Move each spot towards its neighbours' level as far as order, distances and the zone's band allow."""
    for (zone, _), stack in sorted(stacks.items(), key=lambda each: each[0][1], reverse=not forward):
        low, high = bands[zone].top + HEAD + MARGIN / 2, bands[zone].bottom - MARGIN / 2
        ys = [_wish(each, forward=forward) for each in stack]
        floor = low
        for number, each in enumerate(stack):
            ys[number] = max(ys[number], floor + each.height / 2)
            floor = ys[number] + each.height / 2 + BETWEEN
        ceiling = high
        for number in range(len(stack) - 1, -1, -1):
            ys[number] = min(ys[number], ceiling - stack[number].height / 2)
            ceiling = ys[number] - stack[number].height / 2 - BETWEEN
        for each, y in zip(stack, ys, strict=True):
            each.y = y
