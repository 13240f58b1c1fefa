"""The trigger by outage: what fails again and again within a while is left alone, tried by one, and believed only twice.

What it does: opens after so many failures in a row within a window; then, after a pause, lets one request at a time try.
Only after a few that worked in a row is it closed, and each try that fails doubles the pause, up to a limit.
Why it matters: callers do not wait for what is gone, and traffic does not swing to and fro with what comes and goes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """When to leave an upstream alone, and when to believe it again; in seconds and counts."""

    failures: int = 3
    window: float = 60.0
    pause: float = 2.0
    longest: float = 60.0
    successes: int = 2


@dataclass(slots=True)
class Circuit:
    """What is known of one upstream's outages."""

    rule: Rule
    until: float | None = None
    """Until when it is left alone; None while it is taken for well."""

    _pause: float = 0.0
    _worked: int = 0
    _times: deque[float] = field(default_factory=deque)

    @property
    def open(self) -> bool:
        """Whether it is taken for out."""
        return self.until is not None

    def lets(self, now: float) -> bool:
        """Return whether a request may try; where it is taken for out, one that may try holds back the others for a while."""
        if self.until is None:
            return True
        if now < self.until:
            return False
        # One that never says how it ended must not hold back the others for ever.
        self.until = now + self._pause
        return True

    def failed(self, now: float) -> None:
        """Count an outage."""
        self._worked = 0
        if self.until is not None:
            self._pause = min(self._pause * 2, self.rule.longest)
            self.until = now + self._pause
            return
        self._times.append(now)
        while self._times[0] <= now - self.rule.window:
            self._times.popleft()
        if len(self._times) >= self.rule.failures:
            self._pause = self.rule.pause
            self.until = now + self._pause

    def worked(self, now: float) -> None:
        """Count an answer."""
        self._times.clear()
        if self.until is None:
            return
        self._worked += 1
        if self._worked >= self.rule.successes:
            self.until, self._worked = None, 0
        else:
            self.until = now


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
