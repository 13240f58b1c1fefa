"""What the gateway does with a supplier's model that has not passed its examination: refuse, or warn.

What it does: with `refuse`, the gateway sends nothing to a supplier's address without evidence of a passed examination that
is in date; with `warn`, it says so when it starts and goes on.
Why it matters: what was sent to a supplier cannot be taken back, so the examination comes first.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_choice

NAME = "unexamined-suppliers"
KIND: Kind = "text"
SAFE: Value = "refuse"
WHY = "nothing is sent to a supplier that was not examined"
RISK = "what users say goes to suppliers that nobody examined, or that failed"
GOOD = ("refuse",)
BAD = ("warn", "allow", "")


def parse(text: str) -> Value:
    """Return what the gateway does."""
    return parse_choice(text, ("refuse", "warn"))


def is_safe(value: Value) -> bool:
    """Return whether unexamined suppliers are refused."""
    return value == SAFE
