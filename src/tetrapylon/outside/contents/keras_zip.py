"""Keras since version 3: a zip with a configuration and weights.

What it does: looks for `config.json` or `metadata.json` with weights among the first entries.
Why it matters: a Lambda layer inside is code, and safe mode has had holes.
"""

from __future__ import annotations

from tetrapylon.outside.zipnames import first_names, sample

ENDINGS: tuple[str, ...] = (".keras",)
WITHIN: tuple[str, ...] = ("zip",)
RUNS_CODE = "a Lambda layer inside holds bytecode that loading runs unless safe mode is on"
GOOD: tuple[bytes, ...] = (sample("metadata.json", "config.json", "model.weights.h5"), sample("config.json", "metadata.json"))
BAD: tuple[bytes, ...] = (sample("config.json"), sample("archive/data.pkl"))


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return {"config.json", "metadata.json"} <= set(first_names(head))
