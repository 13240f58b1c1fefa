"""Who may answer for a model now: itself first and then its alternate, unless the switchover says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tetrapylon.develop.supply.failover.plan import Pair
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.switchover import FileSwitchover


class Order:
    """The alternates of one manifest under what was switched; asked for every request, so nothing is read that did not change."""

    def __init__(self, pairs: Iterable[Pair], switchover: FileSwitchover, now: Callable[[], str] | None = None) -> None:
        self._pairs = {each.model: each for each in pairs}
        self._switchover = switchover
        self._now = now or SystemClock().now

    def order(self, model: str) -> Sequence[str]:
        """Return who may be asked, the best first; nobody where the model was switched away from and nothing may take over."""
        pair = self._pairs.get(model)
        if pair is None:
            return (model,)
        if self._switchover.broken:
            return ()
        switched = self._switchover.switched(model)
        may = self._may(pair)
        if switched is not None:
            return (pair.alternate,) if may and switched.to == pair.alternate else ()
        return (model, pair.alternate) if may else (model,)

    def why(self, model: str) -> str:
        """Return why the model itself is not asked, or nothing where it is."""
        if model not in self._pairs:
            return ""
        if self._switchover.broken:
            return "nobody knows what was switched: the file that says so cannot be read"
        switched = self._switchover.switched(model)
        return "" if switched is None else f"{switched.trigger}: {switched.why}"

    def _may(self, pair: Pair) -> bool:
        if self._switchover.barred(pair.alternate) is not None:
            return False
        return pair.equivalent or pair.usable(self._now())
