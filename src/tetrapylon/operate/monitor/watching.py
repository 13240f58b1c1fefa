"""Behaviour against its baseline: when something changed, in what, and whether it looks like drift or like an attack.

Every metric of every model and tenant has a window of its own (ADWIN) that starts with the baseline's mean. What alarms is
looked at for what tells drift from attack: do the digests still stand, was something declared otherwise, and does the change
vanish when the few users who contribute most to it are left out?
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tetrapylon.operate.monitor.adwin import Adwin
from tetrapylon.operate.monitor.baseline import Baseline, Normal
from tetrapylon.operate.monitor.event import Event

Cause = Literal["drift", "attack", "change", "tampering"]

RECENT = 600
"""Events of each model and tenant that are kept to explain an alarm."""

QUIET = 300
"""Events after an alarm for which the same metric says nothing again."""

FEW = 0.15
"""The share of users that counts as few."""

LEFT = 0.35
"""If less than this share of a change is left without those few, they are its cause."""

DELTA = 0.0005
LEAST_SPREAD = {"latency": 0.1, "input": 0.1, "output": 0.1}
"""Of shares a spread of 0.05 is assumed at least: one refusal where there was never one is no change yet."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One change that was noticed."""

    key: str
    metric: str
    time: str
    before: float
    after: float
    cause: Cause
    why: str


@dataclass(slots=True)
class Stream:
    """One model and tenant as it is watched."""

    normal: Normal
    windows: dict[str, Adwin] = field(default_factory=dict)
    recent: deque[Event] = field(default_factory=lambda: deque(maxlen=RECENT))
    quiet: dict[str, int] = field(default_factory=dict)


class Watcher:
    """Takes events one by one and raises alarms; its memory is bounded by models and tenants, not by events."""

    def __init__(self, baseline: Baseline, changed: tuple[str, ...] = (), *, tampered: bool = False) -> None:
        self.baseline = baseline
        self.changed = changed
        self.tampered = tampered
        self.streams: dict[str, Stream] = {}
        self.seen = 0

    def add(self, event: Event) -> list[Alarm]:
        """Take one event and return the alarms that it raises."""
        self.seen += 1
        stream = self.streams.get(event.key)
        if stream is None:
            stream = self._stream(event.key)
            if event.key not in self.baseline.normal:
                return [Alarm(event.key, "unknown", event.time, 0.0, 1.0, "change", f"`{event.key}` has no baseline")]
        stream.recent.append(event)
        found = [each for metric, value in event.metrics().items() if (each := self._look(stream, event, metric, value))]
        return [*found, *self._tool(stream, event), *self._volume(stream, event)]

    def _stream(self, key: str) -> Stream:
        normal = self.baseline.normal.get(key, Normal())
        made = self.streams[key] = Stream(normal)
        for metric in normal.means:
            window = made.windows[metric] = Adwin(DELTA)
            # The window starts with as much of the baseline as an alarm needs to compare with: its mean and its spread.
            for number in range(min(normal.count, RECENT)):
                window.add(1.0 if number % 2 else -1.0)
        return made

    def _look(self, stream: Stream, event: Event, metric: str, value: float) -> Alarm | None:
        window = stream.windows.get(metric)
        if window is None:
            return None
        mean, spread = stream.normal.means[metric], max(stream.normal.spreads[metric], LEAST_SPREAD.get(metric, 0.05))
        changed = window.add(max(-8.0, min(8.0, (value - mean) / spread)))
        stream.quiet[metric] = stream.quiet.get(metric, 0) - 1
        if not changed or stream.quiet[metric] > 0:
            return None
        stream.quiet[metric] = QUIET
        since = min(window.count, len(stream.recent))
        late = list(stream.recent)[-since:]
        cause, why = self._cause(stream.normal, metric, late)
        return Alarm(
            event.key, metric, event.time, round(mean, 4), round(sum(each.metrics()[metric] for each in late) / len(late), 4), cause, why
        )

    def _cause(self, normal: Normal, metric: str, late: list[Event]) -> tuple[Cause, str]:
        """Return what the change looks like, and what it is told by."""
        if self.tampered:
            return "tampering", "the digests are not those of the release"
        share, few = concentration(normal, metric, late)
        if share < LEFT:
            return "attack", f"without {few} of {len({each.principal for each in late})} users {max(share, 0):.0%} of the change is left"
        if self.changed:
            return "change", f"changed since the baseline: {', '.join(self.changed[:3])}"
        return "drift", f"the digests stand, and without the {few} users who contribute most {share:.0%} of the change is left"

    def _tool(self, stream: Stream, event: Event) -> list[Alarm]:
        if not event.tool or event.tool in stream.normal.tools:
            return []
        stream.normal.tools[event.tool] = 0
        cause: Cause = "tampering" if self.tampered else "change" if self.changed else "attack"
        return [Alarm(event.key, "tool", event.time, 0.0, 1.0, cause, f"the tool `{event.tool}` was never called before")]

    def _volume(self, stream: Stream, event: Event) -> list[Alarm]:
        stream.quiet["volume"] = stream.quiet.get("volume", 0) - 1
        if len(stream.recent) < RECENT // 4 or self.seen % 32 or stream.quiet["volume"] > 0:
            return []
        late = list(stream.recent)[-RECENT // 4 :]
        most = Counter(each.principal for each in late).most_common(1)[0][1]
        share, limit = most / len(late), max(2.5 * stream.normal.most, stream.normal.most + 0.2)
        if share <= limit:
            return []
        stream.quiet["volume"] = QUIET
        why = f"one user makes {share:.0%} of the requests, and the most of one was {stream.normal.most:.0%}"
        return [Alarm(event.key, "volume", event.time, round(stream.normal.most, 4), round(share, 4), "attack", why)]


def concentration(normal: Normal, metric: str, late: list[Event]) -> tuple[float, int]:
    """Return how much of a change is left without the few users who contribute most to it, and how many those are."""
    mean = normal.means[metric]
    shift = sum(each.metrics()[metric] - mean for each in late) / len(late)
    sign = 1 if shift > 0 else -1
    by_user: dict[str, float] = {}
    for each in late:
        by_user[each.principal] = by_user.get(each.principal, 0.0) + sign * (each.metrics()[metric] - mean)
    few = max(1, round(FEW * len(by_user)))
    most = set(sorted(by_user, key=lambda user: by_user[user], reverse=True)[:few])
    rest = [each for each in late if each.principal not in most]
    # Where nobody else is left there is nothing to tell them from.
    if len(rest) < max(5, len(late) // 20) or abs(shift) < 1e-12:  # noqa: PLR2004 - too few to say anything
        return 1.0, few
    left = sum(each.metrics()[metric] - mean for each in rest) / len(rest)
    return left / shift, few


def summary(alarms: list[Alarm]) -> Mapping[str, int]:
    """Return how many alarms there are by cause."""
    return dict(Counter(each.cause for each in alarms))
