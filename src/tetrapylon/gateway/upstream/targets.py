"""In which order the places are tried where a model is served: itself first, then what stands in for it.

`Targets` is the port: failover on a supplier's security status gives another implementation, and `ManifestTargets` is
the simple one that knows outages alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from tetrapylon.gateway.upstream.target import Target


class Targets(Protocol):
    """Says where a model is to be asked for now."""

    def order(self, model: str) -> Sequence[Target]:
        """Return the places to try, the best first; none if the model may be asked for nowhere."""
        ...


class Closed(Protocol):
    """The part of the switch that is asked here."""

    def closed(self, route: str) -> str | None:
        """Return why a route such as `upstream:assistant` is closed, or None."""
        ...


class ManifestTargets:
    """The model itself and its declared alternate, without those that the switch has closed as `upstream:ID`."""

    def __init__(self, targets: Mapping[str, Target], alternates: Mapping[str, str], switch: Closed) -> None:
        self._order = {model: tuple(targets[each] for each in (model, alternates.get(model, "")) if each in targets) for model in targets}
        self._switch = switch

    def order(self, model: str) -> Sequence[Target]:
        """Return the places to try."""
        return [each for each in self._order.get(model, ()) if self._switch.closed(f"upstream:{each.model}") is None]
