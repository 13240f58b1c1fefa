"""Several NumPy arrays in one zip.

What it does: looks for an array as the first entry.
Why it matters: an array of objects inside is a pickle.
"""

from __future__ import annotations

from tetrapylon.outside.zipnames import first_names, sample

ENDINGS: tuple[str, ...] = (".npz",)
WITHIN: tuple[str, ...] = ("zip",)
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (sample("arr_0.npy"), sample("weights.npy", "bias.npy"))
BAD: tuple[bytes, ...] = (sample("readme.txt"), sample("archive/data.pkl"))


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return any(name.endswith(".npy") for name in first_names(head)[:1])
