"""A stream of text of which nothing leaves that a rule would have stopped in the whole.

What it does: holds back exactly what may be the beginning of something, mostly the last word, and lets the rest go.
Why it matters: an answer that is guarded piece by piece leaks whatever falls on the edge between two pieces.

However the text is cut into pieces, what comes out is the same: the guarded whole, up to what stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tetrapylon.gateway.ports import Look, Verdict

MOST_HELD = 16 * 1024
"""Characters that are held back at most; a stream that needs more, such as one long encoded run, is stopped."""

_STOPS = (Verdict.HOLD, Verdict.BLOCK)
_CONTEXT = 8
"""Characters that have left and are kept, to tell whether a word begins where the rest does."""


class StreamGuard:
    """Takes the pieces of one stream, and gives what may leave."""

    def __init__(
        self,
        look: Callable[[str, int], Sequence[Look]],
        begun: Callable[[str], int],
        apply: Callable[[str, Sequence[Look]], str],
    ) -> None:
        self._look, self._begun, self._apply = look, begun, apply
        self._context = self._held = ""
        self.looks: list[Look] = []
        """What was found in what has left, and what stopped the stream; offsets count from the beginning of the stream."""

        self.stopped: Look | None = None
        """What stopped the stream, if something did: nothing leaves any more."""

        self._left = 0

    def feed(self, piece: str) -> str:
        """Take the next piece; return what may leave now."""
        if self.stopped is not None:
            return ""
        within = piece.isalnum() and self._held[-1:].isalnum() and len(self._held) < MOST_HELD
        self._held += piece
        # A word that only got longer is held anyway; looking at it again with each of its letters would take long.
        return "" if within else self._release(final=False)

    def finish(self) -> str:
        """Say that the stream has ended; return the rest of what may leave."""
        return "" if self.stopped is not None else self._release(final=True)

    def _release(self, *, final: bool) -> str:
        try:
            return self._released(final=final)
        except Exception as error:  # noqa: BLE001 - whatever fails in a guard, nothing leaves
            self._stop(Look(Verdict.BLOCK, "guard-failed", f"a guard failed: {type(error).__name__}"))
            return ""

    def _released(self, *, final: bool) -> str:
        before = len(self._context)
        text = self._context + self._held
        cut = len(text) if final else max(before, self._begun(text))
        found: Sequence[Look] = self._look(text, before) if cut > before else ()
        cut = _between(found, cut)
        passing = [each for each in found if each.end <= cut]
        stop = min((each for each in passing if each.verdict in _STOPS), key=lambda each: each.start, default=None)
        if stop is not None:
            cut = _between(found, stop.start)
            passing = [each for each in passing if each.end <= cut]
        gone = self._apply(text[before:cut], [replace(each, start=each.start - before, end=each.end - before) for each in passing])
        self.looks += [self._placed(each, before) for each in passing]
        self._left += cut - before
        if stop is not None:
            self._stop(self._placed(stop, cut))
        self._context, self._held = text[max(0, cut - _CONTEXT) : cut], text[cut:]
        if len(self._held) > MOST_HELD:
            self._stop(Look(Verdict.BLOCK, "stream-held", "more must be held back than a stream may hold", self._left, self._left))
        return gone

    def _placed(self, look: Look, origin: int) -> Look:
        return replace(look, start=look.start - origin + self._left, end=look.end - origin + self._left)

    def _stop(self, look: Look) -> None:
        self.stopped = look
        self.looks.append(look)
        self._held = ""


def _between(found: Sequence[Look], cut: int) -> int:
    """Return the last place up to the cut that stands within none of what was found."""
    while True:
        within = min((each.start for each in found if each.start < cut < each.end), default=cut)
        if within == cut:
            return cut
        cut = within
