"""Count evidence as fresh after its time: forbidden.

What it does: states that no option or variable makes stale evidence fresh; only new evidence or a signed waiver helps.
Why it matters: an override is invisible to those who verify later, a waiver is signed, expires and counts as debt.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_choice

NAME = "freshness-override"
KIND: Kind = "fixed"
SAFE: Value = "forbidden"
WHY = "a signed waiver with an expiry does what an override would, and everybody sees it"
RISK = "a release can stand on evidence that has expired, and nobody sees it"
GOOD = ("forbidden",)
BAD = ("allowed", "90", "true")


def parse(text: str) -> Value:
    """Return the only value there is."""
    return parse_choice(text, ("forbidden",))


def is_safe(value: Value) -> bool:
    """Return whether freshness cannot be overridden."""
    return value == SAFE
