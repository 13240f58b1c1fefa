"""Accept signatures of demonstration keys at the gate.

What it does: lets evidence that was signed with keys made by a demonstration decide a release.
Why it matters: nobody holds those keys, so such a signature says nothing about a person or a machine. Even with this
setting on, only a system whose manifest says `system.demo = true` accepts them, and every verdict says so.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_flag

NAME = "allow-demo-keys"
KIND: Kind = "flag"
SAFE: Value = False
WHY = "a release is decided by keys that somebody holds"
RISK = "a release can be decided by signatures that nobody answers for"
GOOD = ("false",)
BAD = ("true", "yes", "")


def parse(text: str) -> Value:
    """Return whether demonstration keys may count."""
    return parse_flag(text)


def is_safe(value: Value) -> bool:
    """Return whether demonstration keys are refused."""
    return value is False
