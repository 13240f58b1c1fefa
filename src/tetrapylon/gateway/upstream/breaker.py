"""A circuit breaker: an upstream that fails again and again is left alone for a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Breaker:
    """What is known of one upstream's outages."""

    most: int
    """Outages in a row, after which it is left alone."""

    seconds: float
    """For how long; then one request may try."""

    failures: int = 0
    until: float = 0.0

    def lets(self, now: float) -> bool:
        """Return whether a request may try; after a pause it is one request that does."""
        if self.failures < self.most:
            return True
        if now < self.until:
            return False
        self.until = now + self.seconds
        return True

    def failed(self, now: float) -> None:
        """Count an outage."""
        self.failures += 1
        if self.failures >= self.most:
            self.until = now + self.seconds

    def worked(self) -> None:
        """Forget what was: it answers."""
        self.failures = 0


@dataclass(slots=True)
class RetryBudget:
    """How many more requests may be sent a second time: a tenth of all, so that an outage is not made worse."""

    left: float = 10.0
    most: float = 10.0
    share: float = 0.1

    def sent(self) -> None:
        """Count a request that was sent the first time."""
        self.left = min(self.most, self.left + self.share)

    def take(self) -> bool:
        """Return whether one more may be sent again, and count it."""
        if self.left < 1:
            return False
        self.left -= 1
        return True
