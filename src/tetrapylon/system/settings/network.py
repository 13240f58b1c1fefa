"""Use the network outside a command whose very purpose is a network peer.

What it does: lets commands fetch what they lack. Off, only an endpoint that the manifest declares is ever spoken to.
Why it matters: a verdict must not depend on what a server answers today, and what is judged must not leak.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_flag

NAME = "network"
KIND: Kind = "flag"
SAFE: Value = False
WHY = "what is decided depends on what is here, and nothing leaves"
RISK = "answers can depend on servers, and names of models and data can leave the machine"
GOOD = ("false",)
BAD = ("true", "on", "False")


def parse(text: str) -> Value:
    """Return whether the network may be used."""
    return parse_flag(text)


def is_safe(value: Value) -> bool:
    """Return whether the network stays unused."""
    return value is False
