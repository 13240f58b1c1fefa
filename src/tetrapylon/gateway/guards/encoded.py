"""What is hidden in base64, hexadecimal digits or percent signs, one within another at most.

What it does: finds runs of encoded text, decodes them, and has what comes out looked at like everything else.
Why it matters: a model that is told to leak a key is told to encode it first.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote_to_bytes

from tetrapylon.gateway.matching import engine, options
from tetrapylon.gateway.ports import Look, Verdict

_BASE64 = r"[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{24,})*(?:\r?\n[A-Za-z0-9+/_-]{1,})?={0,2}"
_HEX = r"(?:[0-9A-Fa-f]{2}[ :,]){9,}[0-9A-Fa-f]{2}"
_PERCENT = r"(?:[A-Za-z0-9._~+/:=&-]{0,12}%[0-9A-Fa-f]{2}){4,}[A-Za-z0-9._~+/:=&-]{0,200}"
_RUNS = f"(?:{_PERCENT})|(?:{_HEX})|(?:{_BASE64})"
SIGN = r"[A-Za-z0-9+/_-]{24}|(?:[0-9A-Fa-f]{2}[ :,]){9}|(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~+/:=&-]{0,12}){4}"
"""Where this does not occur there is nothing to decode."""

OPENS = (
    r"(?:[A-Za-z0-9+/_-]{24,}\r?\n)*[A-Za-z0-9+/_=-]*",
    r"(?:[0-9A-Fa-f]{2}[ :,])*[0-9A-Fa-f]{0,2}",
    r"(?:[A-Za-z0-9._~+/:=&-]*%[0-9A-Fa-f]{2})*[A-Za-z0-9._~+/:=&-]*%?[0-9A-Fa-f]?",
)
"""At the end of a text: what may be a run that goes on."""

MOST_RUNS = 64
MOST_CHARACTERS = 256 * 1024
"""What is decoded of one text at most; one that holds more is stopped, for it cannot be looked through."""

DEPTH = 2
"""Encodings within each other that are undone."""

_READABLE = 0.8
"""The share of characters that makes a text of decoded bytes: what is not readable holds no secret that a rule could see."""


class EncodedGuard:
    """Has what is encoded looked at by `look`."""

    def __init__(self, look: Callable[[str], Sequence[Look]]) -> None:
        self._look = look
        self._runs = engine().compile(_RUNS, options())

    def look(self, text: str, start: int = 0) -> list[Look]:
        """Return what is found in encoded runs from `start` on; each finding covers the whole run."""
        return list(self._found(text, start, DEPTH))

    def _found(self, text: str, start: int, depth: int) -> Iterator[Look]:
        left = MOST_CHARACTERS
        for number, run in enumerate(self._runs.finditer(text, start)):
            begin, end = run.span()
            left -= end - begin
            if number >= MOST_RUNS or left < 0:
                yield Look(Verdict.BLOCK, "encoded-too-much", "more encoded text than can be looked through", begin, len(text))
                return
            worst = self._worst(text[begin:end], depth)
            if worst is not None:
                yield Look(worst.verdict, worst.rule, f"{worst.why}, encoded", begin, end, "[removed: encoded text]")

    def _worst(self, run: str, depth: int) -> Look | None:
        ranks = list(Verdict)
        found = [look for decoded in _decoded(run) for look in self._within(decoded, depth)]
        return max(found, key=lambda each: ranks.index(each.verdict), default=None)

    def _within(self, decoded: str, depth: int) -> Iterator[Look]:
        yield from self._look(decoded)
        if depth > 1:
            yield from self._found(decoded, 0, depth - 1)


def _decoded(run: str) -> Iterator[str]:
    """Yield every reading of a run that is text."""
    joined = "".join(run.split())
    if "%" in run:
        yield from _readable(unquote_to_bytes(run))
        return
    digits = joined.replace(":", "").replace(",", "")
    if not digits.strip("0123456789abcdefABCDEF"):
        yield from _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    plain = joined.rstrip("=").replace("-", "+").replace("_", "/")
    # Where the run has grown together with what stands before it, the groups of four begin later.
    for shift in range(4):
        part = plain[shift : shift + (len(plain) - shift) // 4 * 4]
        rest = plain[shift + len(part) :]
        padded = part + (rest + "=" * (4 - len(rest)) if len(rest) > 1 else "")
        try:
            yield from _readable(base64.b64decode(padded, validate=True))
        except (binascii.Error, ValueError):
            continue


def _readable(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    seen = sum(each.isprintable() and each != "\ufffd" for each in text)
    if text and seen >= _READABLE * len(text):
        yield text
