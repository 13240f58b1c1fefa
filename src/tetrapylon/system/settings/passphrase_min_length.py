"""The least length of a passphrase for a private key file, in characters.

What it does: refuses to encrypt a private key with a shorter passphrase.
Why it matters: an encrypted key file can be tried against offline, without limit and without anybody noticing.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_number

NAME = "passphrase-min-length"
KIND: Kind = "number"
SAFE: Value = 15
WHY = "15 characters is what NIST SP 800-63B-4 asks of a secret that stands alone"
RISK = "a stolen key file can be opened by trying passphrases"
GOOD = ("15", "32")
BAD = ("14", "1", "0", "2000", "long")

_LEAST = 15
_MOST = 1024


def parse(text: str) -> Value:
    """Return the length in characters."""
    return parse_number(text, 1, _MOST)


def is_safe(value: Value) -> bool:
    """Return whether the length is 15 characters at least."""
    return isinstance(value, int) and value >= _LEAST
