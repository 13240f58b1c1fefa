"""What is normal for one release: means, spreads and shares by model and tenant, and the digest that they are about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.operate.monitor.event import Event


@dataclass(slots=True)
class Normal:
    """What is normal for one model and tenant."""

    count: int = 0
    means: dict[str, float] = field(default_factory=dict)
    spreads: dict[str, float] = field(default_factory=dict)
    tools: dict[str, int] = field(default_factory=dict)
    principals: int = 0
    most: float = 0.0
    """The largest share of requests that one principal has."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is normal for a release."""

    release: str
    assets: dict[str, str]
    """Digests by `kind:id` at that time: what a change is told by."""

    first: str
    last: str
    normal: dict[str, Normal]

    @property
    def observations(self) -> int:
        """How many events it was learnt from."""
        return sum(each.count for each in self.normal.values())

    def to_bytes(self) -> bytes:
        """Return it as canonical JSON."""
        normal = {
            key: {
                "count": each.count,
                "means": {name: round(value, 9) for name, value in each.means.items()},
                "spreads": {name: round(value, 9) for name, value in each.spreads.items()},
                "tools": each.tools,
                "principals": each.principals,
                "most": round(each.most, 9),
            }
            for key, each in self.normal.items()
        }
        head = {"schema": "tetrapylon/monitor-baseline/1", "release": self.release, "assets": self.assets}
        return canonical_json({**head, "first": self.first, "last": self.last, "normal": normal})


def read_baseline(value: Any) -> Baseline:
    """Return the baseline in a parsed file.

    Raises:
        IntegrityError: it is not one (`bad-baseline`).
    """
    try:
        normal = {key: Normal(**each) for key, each in value["normal"].items()}
        return Baseline(value["release"], dict(value["assets"]), value["first"], value["last"], normal)
    except (KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(
            "the baseline cannot be read", hint="run `tetrapylon operate monitor baseline`", code="bad-baseline"
        ) from error


def learn(events: Iterable[Event], release: str, assets: dict[str, str]) -> Baseline:
    """Return what is normal in these events."""
    by_key: dict[str, list[Event]] = {}
    for each in events:
        by_key.setdefault(each.key, []).append(each)
    times = sorted(each.time for found in by_key.values() for each in found)
    normal = {key: _normal(found) for key, found in sorted(by_key.items())}
    return Baseline(release, assets, times[0] if times else "", times[-1] if times else "", normal)


def _normal(events: list[Event]) -> Normal:
    rows = [each.metrics() for each in events]
    means = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    spreads = {name: math.sqrt(sum((row[name] - mean) ** 2 for row in rows) / len(rows)) for name, mean in means.items()}
    asked = Counter(each.principal for each in events)
    tools = Counter(each.tool for each in events if each.tool)
    return Normal(len(rows), means, spreads, dict(sorted(tools.items())), len(asked), max(asked.values()) / len(rows))
