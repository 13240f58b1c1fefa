"""What happens when a private key file without a passphrase is used.

What it does: `refuse` ends the command, `warn` says so on the error stream and goes on, `allow` goes on silently.
Why it matters: a key file without a passphrase signs for everybody who can copy it, backups included.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_choice

NAME = "unencrypted-keys"
KIND: Kind = "text"
SAFE: Value = "warn"
WHY = "build machines keep keys in their own secret stores, and a person sees the warning"
RISK = "unprotected keys stay in use because nobody is told"
GOOD = ("warn", "refuse")
BAD = ("allow", "warning", "")


def parse(text: str) -> Value:
    """Return one of `warn`, `refuse` and `allow`."""
    return parse_choice(text, ("refuse", "warn", "allow"))


def is_safe(value: Value) -> bool:
    """Return whether somebody is told."""
    return value in {"warn", "refuse"}
