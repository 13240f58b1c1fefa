"""The picture as SVG: written by our own builder, coloured by the page's style sheet, readable without colour.

Outside actors have square corners, what works round ones, and what is kept lies between two lines. Every arrow carries its number,
and in a small picture what it carries; the table below the picture says everything in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tetrapylon.app.report.html import Element, h
from tetrapylon.app.report.picture.graph import Arrow, Graph, Mark, Part, Standing
from tetrapylon.app.report.picture.place import HEIGHT, WIDTH, Band, Placed, Spot, place
from tetrapylon.kernel.columns import cells, fitted, one_line

FEW = 14
"""Up to so many arrows say what they carry; more would cover each other."""

_CELL, _SMALL = 7.6, 6.4
"""Pixels of a character in a part's name, and in the smaller texts."""

_KEPT = frozenset({"dataset", "store", "journal", "prompt", "code", "dependencies", "policy", "configuration"})
_OUTSIDE = frozenset({"actor", "group", "person", "supplier"})
_WIDE_GAP, _NARROW_GAP = 196, 104
_WIDE = 1100
"""Pixels above which a picture is printed on a page that lies on its side."""

_LONGEST = 26
"""Columns of what is written on an arrow."""

_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
"""How far along an arrow its label may stand, best first."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class _Canvas:
    graph: Graph
    placed: Placed
    ports: dict[tuple[str, str, int], float]
    """Where an arrow touches a part: by part, arrow, and side (1 right, -1 left)."""

    few: bool
    name: str


def draw(graph: Graph, name: str, title: str, description: str) -> Element:
    """Return the picture; `name` is unique among the pictures of a page."""
    few = len(graph.arrows) <= FEW
    placed = place(graph, _WIDE_GAP if few else _NARROW_GAP)
    canvas = _Canvas(graph, placed, _ports(graph, placed), few, name)
    size = {"viewBox": f"0 0 {_n(placed.width)} {_n(placed.height)}", "width": _n(placed.width), "height": _n(placed.height)}
    return h(
        "svg",
        h("title", title, id=f"{name}-title"),
        h("desc", description, id=f"{name}-text"),
        h("defs", _head(f"{name}-flow", "flow"), _head(f"{name}-relation", "relation")),
        *(_band(each, placed.width, inside=each.name == graph.inside) for each in placed.bands),
        *(_line(canvas, each) for each in graph.arrows),
        *(_part(canvas, each) for each in graph.parts),
        *_labels(canvas),
        role="img",
        aria_labelledby=f"{name}-title {name}-text",
        class_="picture wide" if placed.width > _WIDE else "picture",
        **size,
    )


def _n(value: float) -> str:
    """Return a number with at most one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def _head(name: str, class_: str) -> Element:
    shape = h("path", d="M0 0 L9 4 L0 8 Z", class_=f"head {class_}")
    return h(
        "marker",
        shape,
        id=name,
        markerWidth=12,
        markerHeight=11,
        viewBox="0 0 9 8",
        refX=8,
        refY=4,
        orient="auto",
        markerUnits="userSpaceOnUse",
    )


def _band(band: Band, width: float, *, inside: bool) -> Element:
    box = h("rect", x=4, y=_n(band.top), width=_n(width - 8), height=_n(band.bottom - band.top), rx=12)
    name = h("text", fitted(one_line(band.name), 60).rstrip(), x=18, y=_n(band.top + 20))
    return h("g", box, name, class_="zone inside" if inside else "zone")


def _ports(graph: Graph, placed: Placed) -> dict[tuple[str, str, int], float]:
    """Return where arrows touch parts: spread over the side in the order of what is at their other end."""
    sides: dict[tuple[str, int], list[tuple[float, int, str]]] = {}
    for number, arrow in enumerate(graph.arrows):
        way = placed.ways[arrow.number]
        for end, other in ((way[0], way[1]), (way[-1], way[-2])):
            if end is not other:
                sides.setdefault((end.key, 1 if other.column > end.column else -1), []).append((other.y, number, arrow.number))
    found: dict[tuple[str, str, int], float] = {}
    for (key, side), touching in sides.items():
        for place_, (_, _, name) in enumerate(sorted(touching), start=1):
            found[key, name, side] = placed.spots[key].y - HEIGHT / 2 + HEIGHT * place_ / (len(touching) + 1)
    return found


Point = tuple[float, float]


def _segments(canvas: _Canvas, arrow: Arrow) -> list[tuple[Point, Point]]:
    """Return where an arrow crosses each gap between columns: from, to."""
    way = canvas.placed.ways[arrow.number]
    return [(_touch(canvas, arrow, one, other), _touch(canvas, arrow, other, one)) for one, other in pairwise(way)]


def _touch(canvas: _Canvas, arrow: Arrow, spot: Spot, other: Spot) -> Point:
    side = 1 if other.column > spot.column else -1
    x = canvas.placed.left(spot.column) + (WIDTH if side > 0 else 0)
    return x, canvas.ports.get((spot.key, arrow.number, side), spot.y) if spot.real else spot.y


def _line(canvas: _Canvas, arrow: Arrow) -> Element:
    if arrow.source == arrow.target:
        path = _loop(canvas, arrow)
    else:
        pieces: list[str] = []
        for one, other in _segments(canvas, arrow):
            middle = (one[0] + other[0]) / 2
            pieces.append(f"{'L' if pieces else 'M'}{_n(one[0])} {_n(one[1])}")
            pieces.append(f"C{_n(middle)} {_n(one[1])} {_n(middle)} {_n(other[1])} {_n(other[0])} {_n(other[1])}")
        path = " ".join(pieces)
    crossing = " crossing" if arrow.crosses else ""
    head = f"url(#{canvas.name}-{arrow.way})"
    return h("path", d=path, class_=f"arrow {arrow.way}{crossing}", marker_end=head, marker_start=head if arrow.both else None)


def _loop(canvas: _Canvas, arrow: Arrow) -> str:
    spot = canvas.placed.spots[arrow.source]
    x, y = canvas.placed.left(spot.column) + WIDTH / 2, spot.y + HEIGHT / 2
    return f"M{_n(x - 24)} {_n(y)} C{_n(x - 24)} {_n(y + 20)} {_n(x + 24)} {_n(y + 20)} {_n(x + 24)} {_n(y)}"


def _part(canvas: _Canvas, part: Part) -> Element:
    spot = canvas.placed.spots[part.key]
    x, y = canvas.placed.left(spot.column), spot.y - HEIGHT / 2
    kind = one_line(f"{part.kind} · {part.note}" if part.note else part.kind)
    return h(
        "g",
        h("title", one_line(f"{part.label} ({kind}), {part.zone}")),
        *_shape(part, x, y),
        h("text", _cut(kind, WIDTH - 20, _SMALL), x=_n(x + WIDTH / 2), y=_n(y + 20), class_="kind"),
        h("text", _cut(one_line(part.label), WIDTH - 20, _CELL), x=_n(x + WIDTH / 2), y=_n(y + 38), class_="name"),
        *_badge(canvas.graph.marks.get(part.key, ()), x + WIDTH, y),
        class_="part",
    )


def _cut(text: str, width: float, cell: float) -> str:
    return fitted(text, max(int(width / cell), 2)).rstrip()


def _shape(part: Part, x: float, y: float) -> Iterator[Element]:
    if part.kind in _KEPT:
        yield h("rect", x=_n(x), y=_n(y), width=WIDTH, height=HEIGHT, class_="fill")
        yield h("path", d=f"M{_n(x)} {_n(y)} h{WIDTH} M{_n(x)} {_n(y + HEIGHT)} h{WIDTH}", class_="edge")
    else:
        yield h("rect", x=_n(x), y=_n(y), width=WIDTH, height=HEIGHT, rx=0 if part.kind in _OUTSIDE else 16, class_="fill edge")


def _badge(marks: Sequence[Mark], right: float, top: float) -> Iterator[Element]:
    if marks:
        text = _threats(marks)
        width = cells(text) * _SMALL + 12
        box = h("rect", x=_n(right - width + 6), y=_n(top - 9), width=_n(width), height=18, rx=9)
        name = h("text", text, x=_n(right - width / 2 + 6), y=_n(top + 4))
        yield h("g", h("title", ", ".join(each.id for each in marks)), box, name, class_=f"badge {_worst(marks)}")


def _worst(marks: Sequence[Mark]) -> Standing:
    found = {each.standing for each in marks}
    return "open" if "open" in found else "claimed" if "claimed" in found else "settled"


def _threats(marks: Sequence[Mark]) -> str:
    worst = _worst(marks)
    number = sum(each.standing == worst for each in marks)
    return {"open": f"⚠ {number} open", "claimed": f"{number} claimed", "settled": f"✓ {number}"}[worst]


def _labels(canvas: _Canvas) -> Iterator[Element]:
    """Yield what stands on the arrows, moved along them so that it covers neither a part nor each other."""
    taken: list[Box] = [_box_of(canvas, each) for each in canvas.graph.parts]
    # Flat arrows have the fewest places to choose from, so they choose first.
    for arrow in sorted(canvas.graph.arrows, key=lambda each: _rise(canvas, each)):
        marks = canvas.graph.marks.get(arrow.number, ())
        text = _text(canvas, arrow, marks)
        width = cells(text) * _SMALL + 14
        x, y = _free(_candidates(canvas, arrow), width, taken)
        taken.append((x - width / 2, y - 9, x + width / 2, y + 9))
        box = h("rect", x=_n(x - width / 2), y=_n(y - 9), width=_n(width), height=18, rx=9)
        said = f"{arrow.number}: {arrow.source} to {arrow.target}, {arrow.label}{f', crosses {arrow.crosses}' if arrow.crosses else ''}"
        class_ = f"label {arrow.way}{' crossing' if arrow.crosses else ''}{f' {_worst(marks)}' if marks else ''}"
        yield h("g", h("title", one_line(said)), box, h("text", text, x=_n(x), y=_n(y + 4)), class_=class_)


def _box_of(canvas: _Canvas, part: Part) -> Box:
    spot = canvas.placed.spots[part.key]
    left = canvas.placed.left(spot.column)
    return left, spot.y - HEIGHT / 2, left + WIDTH, spot.y + HEIGHT / 2


def _rise(canvas: _Canvas, arrow: Arrow) -> float:
    way = canvas.placed.ways[arrow.number]
    return sum(abs(one.y - other.y) for one, other in pairwise(way))


def _text(canvas: _Canvas, arrow: Arrow, marks: Sequence[Mark]) -> str:
    still = sum(each.open for each in marks)
    warned = f" ⚠{still}" if still else ""
    if not canvas.few:
        return f"{arrow.number}{warned}"
    return fitted(one_line(f"{arrow.number} {arrow.label}"), _LONGEST).rstrip() + warned


def _candidates(canvas: _Canvas, arrow: Arrow) -> list[Point]:
    if arrow.source == arrow.target:
        spot = canvas.placed.spots[arrow.source]
        return [(canvas.placed.left(spot.column) + WIDTH / 2, spot.y + HEIGHT / 2 + 16)]
    segments = _segments(canvas, arrow)
    on_it = [_along(*each, t) for t in _PLACES for each in segments]
    return [(x, y + aside) for aside in (0, -12, 12, -24, 24) for x, y in on_it]


def _along(one: Point, other: Point, t: float) -> Point:
    """Return a point of the curve between two columns."""
    middle = (one[0] + other[0]) / 2
    s = 1 - t
    x = s**3 * one[0] + 3 * s * s * t * middle + 3 * s * t * t * middle + t**3 * other[0]
    y = (s**3 + 3 * s * s * t) * one[1] + (3 * s * t * t + t**3) * other[1]
    return x, y


def _free(candidates: Sequence[Point], width: float, taken: Sequence[Box]) -> Point:
    """Return the first place where nothing is, or the one where least is covered."""
    least, best = float("inf"), candidates[0]
    for x, y in candidates:
        covered = sum(_common((x - width / 2, y - 9, x + width / 2, y + 9), each) for each in taken)
        if covered < least:
            least, best = covered, (x, y)
        if not covered:
            break
    return best


def _common(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
