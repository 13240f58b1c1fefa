"""A drill of the detectors: real events are replayed with changes injected, and what the watcher says is counted.

Steps and slow drifts that concern every user, and attacks by few; each with several seeds. The very watcher that runs in
production looks at them. What is measured: was every step and every drift seen, how many alarms does an unchanged replay
raise, and how often drift and attack were taken for each other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tetrapylon.operate.monitor.baseline import Baseline
from tetrapylon.operate.monitor.event import Event
from tetrapylon.operate.monitor.watching import Alarm, Watcher

BEFORE, DURING = 400, 600
"""Events that are replayed unchanged, and then with the change."""

SEEDS = 4

Inject = Callable[[Event, float, random.Random], Event]
"""An event, how far the change has come (0 to 1), and chance."""


def _slower(event: Event, far: float, chance: random.Random) -> Event:
    del chance
    return replace(event, seconds=event.seconds * (1 + 4 * far))


def _longer(event: Event, far: float, chance: random.Random) -> Event:
    del chance
    return replace(event, tokens_out=int(event.tokens_out * (1 + 3 * far)) + int(8 * far))


def _broken(event: Event, far: float, chance: random.Random) -> Event:
    return replace(event, status=502) if chance.random() < 0.4 * far else event


def _refused(event: Event, far: float, chance: random.Random) -> Event:
    return replace(event, verdict="block", status=403) if chance.random() < 0.4 * far else event


def _unfamiliar(event: Event, far: float, chance: random.Random) -> Event:
    return replace(event, ood=True) if chance.random() < 0.4 * far else event


def _by_one(inject: Inject, principal: str, share: float) -> Inject:
    def attack(event: Event, far: float, chance: random.Random) -> Event:
        mine = replace(event, principal=principal) if chance.random() < share else event
        return inject(mine, far, chance) if mine.principal == principal else mine

    return attack


def _always(**changes: str | float | bool) -> Inject:
    def attack(event: Event, far: float, chance: random.Random) -> Event:
        del far, chance
        return replace(event, **changes)  # type: ignore[arg-type]  # the names of fields, checked by the tests

    return attack


STEPS: dict[str, Inject] = {"slower": _slower, "longer": _longer, "broken": _broken, "refused": _refused, "unfamiliar": _unfamiliar}
ATTACKS: dict[str, Inject] = {
    "probing that is refused": _by_one(_always(verdict="block", status=403), "attacker", 0.25),
    "long answers drawn by one": _by_one(_always(tokens_out=4000), "attacker", 0.25),
    "unfamiliar inputs by one": _by_one(_always(ood=True), "attacker", 0.25),
    "long inputs by one": _by_one(_always(tokens_in=20000), "attacker", 0.25),
}


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found."""

    steps: int
    steps_seen: int
    drifts: int
    drifts_seen: int
    attacks: int
    attacks_seen: int
    judged: int
    """Alarms of injected changes."""

    confused: int
    """Of these, taken for the other kind."""

    delays: tuple[int, ...]
    """Events from each injected step to its first alarm."""

    quiet: int
    false_alarms: int
    """Alarms on `quiet` events without any change."""

    @property
    def confusion(self) -> float:
        """The share of judged changes that were taken for the other kind; changes that were missed count as confused."""
        missed = self.steps + self.drifts + self.attacks - self.steps_seen - self.drifts_seen - self.attacks_seen
        whole = self.judged + missed
        return round((self.confused + missed) / whole, 4) if whole else 1.0

    def sentences(self) -> list[str]:
        """Return what was found, for a reader."""
        middle = sorted(self.delays)[len(self.delays) // 2] if self.delays else 0
        return [
            f"steps seen: {self.steps_seen} of {self.steps}, after {middle} events in the middle",
            f"slow drifts seen: {self.drifts_seen} of {self.drifts}",
            f"attacks by few seen: {self.attacks_seen} of {self.attacks}",
            f"drift and attack were taken for each other in {self.confused} of {self.judged} cases",
            f"{self.false_alarms} alarms in {self.quiet} replayed events without a change",
        ]


def drill(events: list[Event], baseline: Baseline) -> Drilled:
    """Replay events of the busiest model with each change injected, and count what the watcher says."""
    busiest = max(baseline.normal, key=lambda each: baseline.normal[each].count)
    own = [each for each in events if each.key == busiest]
    outcomes: dict[str, list[tuple[int, Alarm] | None]] = {"step": [], "drift": [], "attack": []}
    for seed in range(SEEDS):
        for name, inject in STEPS.items():
            outcomes["step"].append(_replay(own, baseline, inject, f"{name} {seed}", slow=False))
            outcomes["drift"].append(_replay(own, baseline, inject, f"{name} slow {seed}", slow=True))
        outcomes["attack"] += [_replay(own, baseline, inject, f"{name} {seed}", slow=False) for name, inject in ATTACKS.items()]
    false = sum(_alarms_of(own, baseline, seed) for seed in range(SEEDS))
    seen = {kind: [each for each in found if each] for kind, found in outcomes.items()}
    confused = sum(each[1].cause != "drift" for kind in ("step", "drift") for each in seen[kind]) + sum(
        each[1].cause != "attack" for each in seen["attack"]
    )
    return Drilled(
        len(outcomes["step"]),
        len(seen["step"]),
        len(outcomes["drift"]),
        len(seen["drift"]),
        len(outcomes["attack"]),
        len(seen["attack"]),
        sum(map(len, seen.values())),
        confused,
        tuple(each[0] for each in seen["step"]),
        SEEDS * (BEFORE + DURING),
        false,
    )


def _replay(events: list[Event], baseline: Baseline, inject: Inject, seed: str, *, slow: bool) -> tuple[int, Alarm] | None:
    """Return the first alarm after the change began, and how many events later it came."""
    chance, watcher = random.Random(seed), Watcher(baseline)  # noqa: S311 - a drill, not a secret
    for _ in range(BEFORE):
        watcher.add(chance.choice(events))
    for number in range(DURING):
        far = min(1.0, 1.5 * number / DURING) if slow else 1.0
        for alarm in watcher.add(inject(chance.choice(events), far, chance)):
            return number, alarm
    return None


def _alarms_of(events: list[Event], baseline: Baseline, seed: int) -> int:
    chance, watcher = random.Random(f"quiet {seed}"), Watcher(baseline)  # noqa: S311 - a drill, not a secret
    return sum(len(watcher.add(chance.choice(events))) for _ in range(BEFORE + DURING))
