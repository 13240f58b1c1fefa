"""How far clocks may differ before a time is refused, in seconds.

What it does: bounds how far the time of an observation may lie in the future of the clock that records it.
Why it matters: whoever may date a statement forward keeps it fresh for longer than it deserves.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_number

NAME = "clock-skew"
KIND: Kind = "number"
SAFE: Value = 60
WHY = "machines that keep time with NTP differ by less than a second, virtual ones after a pause by less than a minute"
RISK = "evidence can be dated forward and look fresh for longer than it is"
GOOD = ("0", "60", "300")
BAD = ("301", "-1", "1.5", "a minute")

_SAFE_SECONDS = 300
_MOST_SECONDS = 86_400


def parse(text: str) -> Value:
    """Return the tolerance in seconds."""
    return parse_number(text, 0, _MOST_SECONDS)


def is_safe(value: Value) -> bool:
    """Return whether the tolerance is five minutes at most, as Kerberos has it (RFC 4120)."""
    return isinstance(value, int) and value <= _SAFE_SECONDS
