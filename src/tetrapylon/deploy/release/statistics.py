"""What may be concluded from hits among prompts: exact and clustered intervals, sizes, paired tests. Pure.

The unit is the distinct prompt: tries of one prompt are not independent. Bounds are Clopper-Pearson (exact, never too narrow)
unless a function says otherwise. Sources: Clopper and Pearson 1934; Wilson 1927; McNemar 1947 (exact form); Holm 1979; Rao and Scott 1992.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CONFIDENCE = 0.95
"""One-sided: with this confidence the true share is below the upper bound (and, apart from that, above the lower one)."""

_STEPS = 200
_TINY = 1e-300


class Interval(NamedTuple):
    """A lower and an upper bound of a share."""

    low: float
    high: float


def clopper_pearson(hits: int, size: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact bounds of a share, each with the confidence on its own side; nothing seen says nothing."""
    _check(hits, size)
    if size == 0:
        return Interval(0.0, 1.0)
    rest = 1 - confidence
    low = 0.0 if hits == 0 else beta_quantile(rest, hits, size - hits + 1)
    high = 1.0 if hits == size else beta_quantile(confidence, hits + 1, size - hits)
    return Interval(low, high)


def wilson(hits: float, size: float, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score bounds, each with the confidence on its own side; `hits` and `size` may be effective numbers."""
    if size <= 0:
        return Interval(0.0, 1.0)
    z = normal_quantile(confidence)
    rate, extra = hits / size, z * z / size
    middle = (rate + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(max(0.0, rate * (1 - rate) / size + extra / (4 * size)))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def clustered(clusters: Sequence[tuple[int, int]], confidence: float = CONFIDENCE) -> Interval:
    """Return bounds of the share of hits among all tries, where tries come in clusters `(hits, tries)` of one prompt each.

    Wilson's bounds with the effective size after Rao and Scott: tries divided by the design effect, and never more than the tries
    nor fewer than the clusters. Where all clusters agree with themselves, a cluster counts as one.
    """
    clusters = [each for each in clusters if each[1]]
    tries, hits = sum(each[1] for each in clusters), sum(each[0] for each in clusters)
    count = len(clusters)
    if tries == 0:
        return Interval(0.0, 1.0)
    rate = hits / tries
    plain = rate * (1 - rate) / tries
    if plain < _TINY or count < 2:  # noqa: PLR2004 - one cluster has no spread
        return wilson(rate * count, count, confidence)
    spread = count / (count - 1) * sum((hit - rate * size) ** 2 for hit, size in clusters) / tries**2
    effective = min(float(tries), max(float(count), tries / max(spread / plain, _TINY)))
    return wilson(rate * effective, effective, confidence)


def sample_size(limit: float, hits: int = 0, confidence: float = CONFIDENCE) -> int:
    """Return how many prompts are needed so that this many hits still prove a share at or below the limit."""
    if not 0 < limit < 1:
        raise ValueError("a limit lies between 0 and 1")
    low, high = hits + 1, hits + 2
    while clopper_pearson(hits, high, confidence).high > limit:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if clopper_pearson(hits, middle, confidence).high <= limit:
            high = middle
        else:
            low = middle + 1
    return low


def hit_at_k(clusters: Sequence[tuple[int, int]], tries: int) -> float | None:
    """Return the share of prompts of which at least one among k tries hits (unbiased: over all choices of k tries).

    None where no prompt was tried k times.
    """
    usable = [(hits, size) for hits, size in clusters if size >= tries]
    if not usable:
        return None
    return sum(1 - math.comb(size - hits, tries) / math.comb(size, tries) for hits, size in usable) / len(usable)


def flip_rate(clusters: Sequence[tuple[int, int]]) -> float:
    """Return the share of prompts whose tries ended differently, among those tried more than once."""
    often = [(hits, size) for hits, size in clusters if size > 1]
    return sum(0 < hits < size for hits, size in often) / len(often) if often else 0.0


@dataclass(frozen=True, slots=True)
class Paired:
    """How two runs differ on the items that both have."""

    both: int
    only_before: int
    """Bad before and good now."""

    only_now: int
    """Good before and bad now."""

    p_worse: float
    """Exact one-sided probability of at least so many that got worse, if nothing changed."""

    p: float
    """The same, two-sided."""


def mcnemar(before: Mapping[str, bool], now: Mapping[str, bool]) -> Paired:
    """Compare by item; True is bad (a hit, a wrong answer)."""
    common = before.keys() & now.keys()
    worse = sum(now[each] and not before[each] for each in common)
    better = sum(before[each] and not now[each] for each in common)
    changed = worse + better
    return Paired(
        len(common), better, worse, binomial_tail(worse, changed, 0.5), min(1.0, 2 * binomial_tail(max(worse, better), changed, 0.5))
    )


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values adjusted for being many (step-down)."""
    found: dict[str, float] = {}
    highest = 0.0
    ordered = sorted(values.items(), key=lambda each: (each[1], each[0]))
    for place, (name, value) in enumerate(ordered):
        highest = max(highest, min(1.0, value * (len(ordered) - place)))
        found[name] = highest
    return found


def binomial_tail(least: int, size: int, share: float) -> float:
    """Return the probability of at least so many among `size`."""
    if least <= 0:
        return 1.0
    return min(1.0, math.fsum(math.comb(size, each) * share**each * (1 - share) ** (size - each) for each in range(least, size + 1)))


def protection(off: Interval, on: Interval) -> Interval:
    """Return bounds of the share of attacks that a guard takes away, from the bounds without and with it.

    Each bound is taken at its worst, so the interval is wide and holds at least as often as the two that it is made of together.
    """
    low = 1 - on.high / off.low if off.low > 0 else -math.inf
    high = 1 - on.low / off.high if off.high > 0 else 0.0
    return Interval(max(-1.0, low), min(1.0, high))


def normal_quantile(share: float) -> float:
    """Return the standard normal quantile."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the quantile of the beta distribution, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
        if high - low < 1e-15:  # noqa: PLR2004 - as fine as floats are here
            break
    return (low + high) / 2


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function (Lentz's method)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    found = d
    for m in range(1, 2000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + numerator / c
            c = c if abs(c) > _TINY else _TINY
            found *= c * d
        if abs(c * d - 1) < 1e-15:  # noqa: PLR2004 - as fine as floats are here
            break
    return found


def _check(hits: int, size: int) -> None:
    if not 0 <= hits <= size:
        raise ValueError("there are not more hits than tries, and neither is negative")
