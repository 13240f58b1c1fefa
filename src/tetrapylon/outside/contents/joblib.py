"""What joblib dumped: a pickle with arrays between, plain or compressed.

What it does: looks for joblib's own wrapper of arrays in a pickle, and for the compressions that joblib writes.
Why it matters: loading it runs whatever code its maker put into it, and scikit-learn models come like this.
"""

from __future__ import annotations

ENDINGS: tuple[str, ...] = (".joblib",)
WITHIN: tuple[str, ...] = ("pickle", "gzip", "bzip2", "xz", "zlib")
RUNS_CODE = "loading it runs whatever code its maker put into it"
GOOD: tuple[bytes, ...] = (
    b"\x80\x04\x95\x80\x00\x00\x00\x00\x00\x00\x00\x8c\x13joblib.numpy_pickle\x94\x8c\x11NumpyArrayWrapper\x94\x93\x94",
    b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\nq\x00)\x81",
)
BAD: tuple[bytes, ...] = (b"joblib.numpy_pickle is a module", b"\x80\x04\x95\x00")


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    del size
    return head[:1] == b"\x80" and b"joblib.numpy_pickle" in head
