"""Text before a model reads it: what it carries that a person does not see."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.kernel.shelf import Shelf
from tetrapylon.operate.monitor.carrier import Sign

CARRIERS = Shelf("tetrapylon.operate.monitor.carriers")


def signs(text: str) -> Mapping[str, Sign]:
    """Return what each look says about the text."""
    return {name: CARRIERS[name].look(text) for name in CARRIERS}
