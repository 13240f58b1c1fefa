"""Guard a text that comes in parts, so that nothing that a guard stops ever leaves, wherever the parts were cut.

The promise: let H be the guards' `hold_back`, which is at least as long as anything they look for. A character leaves
only after H more characters have come behind it (or the end), and after everything up to there was looked at as one
text. So whatever begins at a character has come whole before that character leaves.

* A match that lies across the place where the text would be cut is not cut: all of it waits.
* A match that begins in what has left already is longer than was promised: the stream is stopped, as far back as is seen.
* What is to be redacted is replaced in the part that leaves; what is to be held or blocked ends the stream.
"""

from __future__ import annotations

from dataclasses import replace

from tetrapylon.gateway.exchange import ORDER, worst
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.ports import Guards, Look, Verdict
from tetrapylon.gateway.upstream.connection import OutageError

CONTEXT = 64
"""Characters that have left and are looked at again, so that a rule sees what stands before a word."""

MOST_WAITING = 64 * 1024
"""Characters that one match may keep waiting."""

TOO_LONG = Look(Verdict.BLOCK, "stream-too-long", "what was found is longer than a stream can hold back")


class StoppedError(Exception):
    """The stream must not go on; the looks say why."""

    def __init__(self, looks: tuple[Look, ...]) -> None:
        super().__init__()
        self.looks = looks


class StreamGuard:
    """Holds back, looks, and lets go."""

    def __init__(self, guards: Guards, data_class: str) -> None:
        self._guards = guards
        self._data_class = data_class
        self._left = ""
        self._waiting = ""
        self.passed: list[Look] = []
        """What was found in what has left, advice and redactions."""

    @property
    def waiting(self) -> str:
        """What has come and not left."""
        return self._waiting

    def feed(self, text: str) -> str:
        """Take a part, and return what may leave now.

        Raises:
            StoppedError: the stream must end here.
        """
        self._waiting += text
        ready = len(self._waiting) - self._guards.hold_back
        if ready <= 0:
            return ""
        if len(self._waiting) - len(text) > self._guards.hold_back + MOST_WAITING:
            raise StoppedError((TOO_LONG,))
        return self._let_go(ready)

    def finish(self) -> str:
        """Return the rest, now that nothing follows.

        Raises:
            StoppedError: the stream must end here.
        """
        return self._let_go(len(self._waiting)) if self._waiting else ""

    def _let_go(self, cut: int) -> str:
        base = len(self._left)
        # What ends in the part that has left was judged when it left.
        looks = [
            replace(each, start=each.start - base, end=each.end - base)
            for each in self._guards.text(self._left + self._waiting, direction="out", data_class=self._data_class)
            if each.end > base
        ]
        stopping = tuple(each for each in looks if ORDER[each.verdict] >= ORDER[Verdict.HOLD])
        if stopping:
            raise StoppedError(stopping)
        redactions = [each for each in looks if each.verdict is Verdict.REDACT]
        if any(each.start < 0 for each in redactions):
            raise StoppedError((TOO_LONG,))
        for each in sorted(redactions, key=lambda each: each.start, reverse=True):
            if each.start < cut < each.end:
                cut = each.start
        return self._cut(cut, [each for each in looks if 0 <= each.start < cut])

    def _cut(self, cut: int, looks: list[Look]) -> str:
        gone, self._waiting = self._waiting[:cut], self._waiting[cut:]
        self._left = (self._left + gone)[-CONTEXT:]
        self.passed += looks
        return self._guards.apply(gone, looks) if worst(looks) is Verdict.REDACT else gone


class Events:
    """Takes server-sent events apart, however the bytes were cut."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the data of every event that is complete now.

        Raises:
            OutageError: an event is too large.
        """
        rest = self._rest + data
        if b"\r" in rest:
            rest = rest.replace(b"\r\n", b"\n")
        *events, self._rest = rest.split(b"\n\n")
        if len(self._rest) > self._limits.event_bytes:
            raise OutageError("an event of the upstream's stream is too large", code="too-large")
        return [data for each in events if (data := _data(each))]


def _data(event: bytes) -> bytes:
    """Return the data of one event; comments and other fields are passed over."""
    if event.startswith(b"data: ") and b"\n" not in event:
        return event[6:]
    lines = [each[5:].removeprefix(b" ") for each in event.split(b"\n") if each.startswith(b"data:")]
    return b"\n".join(lines)
