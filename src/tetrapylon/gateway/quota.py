"""How much each key may ask for: a bucket of requests and one of tokens, each filled evenly over a minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from tetrapylon.gateway.refusal import RefusedRequestError

REQUESTS_PER_MINUTE = 600
TOKENS_PER_MINUTE = 200_000
"""Where the manifest says nothing else."""

MOST_BUCKETS = 100_000


@dataclass(slots=True)
class Bucket:
    """Holds what may be taken at once, and fills again within a minute."""

    most: float
    left: float
    filled: float

    def wait_for(self, amount: float, now: float) -> float:
        """Take the amount and return 0, or take nothing and return the seconds until it is there."""
        self.left = min(self.most, self.left + (now - self.filled) * self.most / 60)
        self.filled = now
        # What is larger than the bucket may be taken from a full one, or it could never be.
        needed = min(amount, self.most)
        if self.left < needed:
            return (needed - self.left) * 60 / self.most
        self.left -= amount
        return 0.0


@dataclass(frozen=True, slots=True)
class Quota:
    """What one principal's keys may ask for."""

    requests: int = REQUESTS_PER_MINUTE
    tokens: int = TOKENS_PER_MINUTE


class Quotas:
    """The buckets of every key."""

    def __init__(self, by_principal: Mapping[str, Quota], clock: Callable[[], float] = monotonic) -> None:
        self._by_principal = by_principal
        self._clock = clock
        self._requests: dict[str, Bucket] = {}
        self._tokens: dict[str, Bucket] = {}

    def request(self, key: str, principal: str) -> None:
        """Take one request.

        Raises:
            RefusedRequestError: too many were asked for.
        """
        self._take(self._requests, key, self._of(principal).requests, 1, "requests")

    def tokens(self, key: str, principal: str, amount: int) -> None:
        """Take tokens that go in.

        Raises:
            RefusedRequestError: too many were asked for.
        """
        self._take(self._tokens, key, self._of(principal).tokens, amount, "tokens")

    def spent(self, key: str, amount: int) -> None:
        """Charge tokens that came out: the bucket may go below nothing, and is paid back first."""
        if key in self._tokens:
            self._tokens[key].left -= amount

    def _of(self, principal: str) -> Quota:
        return self._by_principal.get(principal, Quota())

    def _take(self, buckets: dict[str, Bucket], key: str, most: int, amount: int, what: str) -> None:
        now = self._clock()
        bucket = buckets.get(key)
        if bucket is None:
            if len(buckets) >= MOST_BUCKETS:
                buckets.clear()
            bucket = buckets[key] = Bucket(most, most, now)
        wait = bucket.wait_for(amount, now)
        if wait:
            after = (("retry-after", str(int(wait) + 1)),)
            raise RefusedRequestError(429, "rate_limit_exceeded", f"this key may ask for {most} {what} a minute", headers=after)
