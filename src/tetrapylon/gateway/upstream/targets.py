"""In which order the places are tried where a model is served: itself first, then what stands in for it.

`Targets` is the port. What a supplier's security status, or a person, took out of service is not tried at all; an alternate
stands here only if it is held to as much as the model that it stands in for.
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

    def why(self, model: str) -> str:
        """Return why another place than the model's own comes first, or nothing where it is only out."""
        ...


class Closed(Protocol):
    """The part of the switch that is asked here."""

    def closed(self, route: str) -> str | None:
        """Return why a route such as `upstream:assistant` is closed, or None."""
        ...


class Ordered(Protocol):
    """Which models may answer for a model now, by their ids."""

    def order(self, model: str) -> Sequence[str]:
        """Return the model itself and its alternate, without what was taken out of service."""
        ...

    def why(self, model: str) -> str:
        """Return why the model itself is not the first, or nothing where it is."""
        ...


class Alone:
    """No alternates at all."""

    def order(self, model: str) -> Sequence[str]:
        """Return the model."""
        return (model,)

    def why(self, model: str) -> str:
        """Return nothing."""
        del model
        return ""


class ManifestTargets:
    """The places of the models that may answer, without those that the switch has closed as `upstream:ID`."""

    def __init__(self, targets: Mapping[str, Target], ordered: Ordered, switch: Closed) -> None:
        self._targets = targets
        self._ordered = ordered
        self._switch = switch

    def order(self, model: str) -> Sequence[Target]:
        """Return the places to try."""
        known = [self._targets[each] for each in self._ordered.order(model) if each in self._targets]
        return [each for each in known if self._switch.closed(f"upstream:{each.model}") is None]

    def why(self, model: str) -> str:
        """Return what the switchover says, or why the model's own place is closed."""
        return self._ordered.why(model) or self._switch.closed(f"upstream:{model}") or ""
