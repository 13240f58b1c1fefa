"""The permissions with which private key files are made, octal.

What it does: sets the mode of new private key files, from their first byte on, whatever the umask says.
Why it matters: whoever reads a private key can sign in its holder's name.
"""

from __future__ import annotations

import re

from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.problem import shown
from tetrapylon.system.setting import Kind, Value

NAME = "key-file-mode"
KIND: Kind = "text"
SAFE: Value = "0600"
WHY = "only the owner of the key reads it"
RISK = "other accounts of the machine can sign in the holder's name"
GOOD = ("0600", "0400")
BAD = ("0640", "0644", "600", "rw-------", "0900")

_OTHERS = 0o077


def parse(text: str) -> Value:
    """Return the mode as four octal digits."""
    if not re.fullmatch("0[0-7]{3}", text):
        raise UsageError(f"is `{shown(text)}`; expected four octal digits such as `0600`")
    if not int(text, 8) & 0o400:
        raise UsageError(f"is `{text}`, with which the owner could not read the key")
    return text


def is_safe(value: Value) -> bool:
    """Return whether nobody but the owner has any access."""
    return isinstance(value, str) and not int(value, 8) & _OTHERS
