"""Follow symbolic links inside assets: never.

What it does: states that models, data and code are hashed without following links; a link is refused.
Why it matters: a link makes the digest speak of bytes that lie elsewhere and change without the asset changing.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_choice

NAME = "follow-symlinks"
KIND: Kind = "fixed"
SAFE: Value = "never"
WHY = "a digest speaks only of bytes inside the folder of the manifest"
RISK = "an asset can change, or leave the folder, without its digest saying so"
GOOD = ("never",)
BAD = ("always", "inside", "true")


def parse(text: str) -> Value:
    """Return the only value there is."""
    return parse_choice(text, ("never",))


def is_safe(value: Value) -> bool:
    """Return whether links are refused."""
    return value == SAFE
