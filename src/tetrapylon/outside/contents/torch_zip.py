"""PyTorch since version 1.6: a zip with a pickle and the weights.

What it does: looks for `data.pkl` or the records of weights among the first entries.
Why it matters: loading such a file unpickles it, unless `weights_only` holds.
"""

from __future__ import annotations

from tetrapylon.outside.zipnames import first_names, sample

ENDINGS: tuple[str, ...] = (".pt", ".pth", ".bin", ".ckpt")
WITHIN: tuple[str, ...] = ("zip",)
RUNS_CODE = "loading it runs whatever code its maker put into it unless only weights are allowed"
GOOD: tuple[bytes, ...] = (sample("archive/data.pkl", "archive/data/0"), sample("archive/version", "archive/data.pkl"))
BAD: tuple[bytes, ...] = (sample("word/document.xml"), sample("data.npy"))


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return any(name.endswith("/data.pkl") or name == "data.pkl" for name in first_names(head))
