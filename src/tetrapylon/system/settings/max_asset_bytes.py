"""The largest file that is hashed as part of an asset, in bytes.

What it does: refuses to hash a file that is larger, before reading it.
Why it matters: a sparse file of exabytes costs its maker nothing and would keep every later run busy for ever.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_number

NAME = "max-asset-bytes"
KIND: Kind = "number"
SAFE: Value = 1 << 40
WHY = "one tebibyte holds the largest single weight files there are, and is hashed within an hour or two"
RISK = "one planted file can keep the machine busy without end"
GOOD = ("1048576", "1099511627776")
BAD = ("1099511627777", "0", "1 TB")

_SAFE_BYTES = 1 << 40
_MOST_BYTES = (1 << 63) - 1


def parse(text: str) -> Value:
    """Return the size in bytes."""
    return parse_number(text, 1, _MOST_BYTES)


def is_safe(value: Value) -> bool:
    """Return whether the bound is one tebibyte at most."""
    return isinstance(value, int) and value <= _SAFE_BYTES
