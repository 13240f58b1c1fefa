"""How one threat model differs from another, or from what evidence tells of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapylon.design.threats.model import Threat, ThreatModel


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the threats, each by name, sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    """Threats that are closed now, or whose element is gone."""

    changed: tuple[tuple[str, str, str], ...]
    """Name, severity before, severity now."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def kept_of(model: ThreatModel) -> dict[str, str]:
    """Return the severity of each threat by what it is recorded as: what a later model is compared with."""
    return dict(sorted((recorded_as(each), each.severity) for each in model.threats))


def recorded_as(threat: Threat) -> str:
    """Return what evidence calls a threat: its name, or its id where the name would name a person."""
    return threat.id if threat.about.startswith("person:") else threat.name


def difference(before: Mapping[str, str], now: Mapping[str, str]) -> Difference:
    """Return how the threats changed."""
    return Difference(
        added=tuple(sorted(now.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - now.keys())),
        changed=tuple((name, before[name], now[name]) for name in sorted(before.keys() & now.keys()) if before[name] != now[name]),
    )
