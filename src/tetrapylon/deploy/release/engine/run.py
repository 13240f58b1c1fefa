"""Sends prompts to a target at its own pace, judges every answer by every oracle, and keeps each attempt as it ends.

What was kept is not sent again, so a run that was killed goes on where it stood, and ends with the same report where the target
answers the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tetrapylon.deploy.release.engine.job import Job, Tried, kept, read_kept
from tetrapylon.deploy.release.engine.talk import converse
from tetrapylon.deploy.release.facts import Facts
from tetrapylon.deploy.release.family import Outcome
from tetrapylon.deploy.release.oracle import judge
from tetrapylon.outside.attempts import Attempts
from tetrapylon.outside.pacing import Ended, Pace, Pacer, tick
from tetrapylon.outside.target import Target


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may use; None is as much as it takes."""

    requests: int | None = None
    tokens: int | None = None
    seconds: float | None = None


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    done: int = 0
    total: int = 0
    errors: int = 0
    hits: int = 0
    requests: int = 0
    tokens: int = 0
    window: int = 0
    seconds: float = 0.0
    stopped: str = ""

    @property
    def rate(self) -> float:
        """Attempts in a second."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take at this rate."""
        return (self.total - self.done) / self.rate if self.rate else None


Watcher = Callable[[Progress], None]


@dataclass
class Engine:
    """One run against one target."""

    target: Target
    facts: Facts
    store: Attempts
    base: str
    """Stands for the pack, the seed and the target in the ids of attempts."""

    pace: Pace = field(default_factory=Pace)
    budget: Budget = field(default_factory=Budget)
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys of tenants."""

    watch: Watcher = lambda _: None
    guarded: bool = False
    """Whether a filter in front of the model is part of what is tested: then what it blocks is an answer."""

    progress: Progress = field(default_factory=Progress)
    _began: float = field(default_factory=tick)

    def read(self) -> list[Tried]:
        """Return everything that was tried, in the order of the ids."""
        return [read_kept(row) for _, row in self.store.rows()]

    @property
    def stopped(self) -> str:
        """Why the run ended before its last prompt; empty if it did not."""
        return self.progress.stopped

    async def run(self, jobs: Sequence[Job], target: Target | None = None) -> None:
        """Send what was not sent yet."""
        known = self.store.known()
        waiting = [each for each in jobs if each.name(self.base) not in known]
        self.progress.total += len(waiting)
        if self.stopped or not waiting:
            return
        asked = target or self.target

        async def work(job: Job, left: int) -> Ended:
            return await self._try(asked, job, last=left == 0)

        seconds = None if self.budget.seconds is None else max(0.0, self.budget.seconds - (tick() - self._began))
        pace = Pace(self.pace.most, self.pace.first, self.pace.rate, self.pace.tries, self.pace.longest_wait, seconds)
        pacer: Pacer[Job] = Pacer(pace, work)
        await pacer.run(self._within_budget(waiting, pacer))
        self.progress.stopped = pacer.stopped
        self.store.flush()

    def _within_budget(self, jobs: Iterable[Job], pacer: Pacer[Job]) -> Iterator[Job]:
        shown = tick()
        for each in jobs:
            self.progress.window, self.progress.seconds = int(pacer.window), tick() - self._began
            if tick() - shown > 0.5:  # noqa: PLR2004 - seconds
                shown = tick()
                self.watch(self.progress)
            if self.budget.requests is not None and self.progress.requests >= self.budget.requests:
                return pacer.stop("requests")
            if self.budget.tokens is not None and self.progress.tokens >= self.budget.tokens:
                return pacer.stop("tokens")
            yield each
        return None

    async def _try(self, target: Target, job: Job, *, last: bool) -> Ended:
        key = self.keys.get(job.case.tenant) if job.case.tenant else None
        outcome, answer = await converse(target, job.case, key)
        self.progress.requests += outcome.requests
        self.progress.tokens += outcome.tokens_in + outcome.tokens_out
        if answer.error == "throttled" and not last:
            return Ended(throttled=True, retry_after=answer.retry_after)
        if self.guarded and outcome.error == "filtered":
            outcome = Outcome(
                outcome.text, outcome.calls, "", f"blocked: {outcome.detail}"[:200], outcome.tokens_in, outcome.tokens_out, outcome.requests
            )
        hits = judge(job.case, self.facts, outcome)
        self.store.add(job.name(self.base), kept(job, outcome, hits))
        self.progress.done += 1
        self.progress.errors += bool(outcome.error)
        self.progress.hits += bool(hits)
        return Ended(throttled=answer.error == "throttled", retry_after=answer.retry_after)


def blocked(outcome: Outcome) -> bool:
    """Return whether a filter in front of the model answered."""
    return outcome.error == "filtered" or outcome.detail.startswith("blocked:")
