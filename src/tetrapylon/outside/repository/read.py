"""Read a repository from a folder into one view, within bounds, without following links and without ever failing half way."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tetrapylon.outside.repository.assembling import Assembly
from tetrapylon.outside.repository.decoding import is_text
from tetrapylon.outside.repository.language import language_of
from tetrapylon.outside.repository.limits import LIMITS, Limits
from tetrapylon.outside.repository.notes import Notes
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.walking import Found, files_below, first_bytes

_DATA = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".txt", ".log", ".xml", ".svg", ".sql", ".parquet", ".html", ".md")
"""Text that is data or prose where it is long: seen by its name and its head, as data is."""


def read_repository(root: Path, limits: Limits = LIMITS, chosen: Callable[[str], bool] | None = None) -> Repository:
    """Return the view of everything below the folder, or only of the files whose names are chosen.

    Raises:
        MissingError: there is no such folder (`no-such-file`).
        StorageError: the folder itself cannot be read (`unreadable`).
    """
    notes = Notes()
    assembly = Assembly(limits, notes)
    left = limits.all_text
    with _without_collector():
        for found in sorted(files_below(root, limits, notes), key=lambda each: each.name):
            if chosen is not None and not chosen(found.name):
                continue
            data = _data(found, limits, left)
            if isinstance(data, str):
                notes.not_read(found.name, data)
            elif found.size > len(data) and found.size > limits.head:
                _add_head(assembly, found, data)
            else:
                left -= len(data)
                assembly.add(found.name, data)
    return Repository(tuple(assembly.files), tuple(assembly.python), tuple(assembly.artefacts), notes.unseen())


def _data(found: Found, limits: Limits, left: int) -> bytes | str:
    """Return all bytes of a file that is to be read as text, the first ones of another, or why there are none."""
    if found.size > min(_longest(found.name, limits), left):
        return first_bytes(found.path, limits.head)
    if found.name.endswith(_BINARY):
        return first_bytes(found.path, limits.head)
    data = first_bytes(found.path, found.size + 1)
    if isinstance(data, str) or len(data) <= found.size:
        return data
    return "changed while it was read"


_BINARY = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".zip", ".gz", ".xz", ".bz2", ".zst", ".7z", ".tar", ".whl", ".jar",
    ".so", ".dll", ".dylib", ".exe", ".o", ".a", ".class", ".woff", ".woff2", ".ttf", ".otf", ".mp3", ".mp4", ".wav", ".flac", ".avi",
    ".mov", ".onnx", ".safetensors", ".gguf", ".pt", ".pth", ".ckpt", ".bin", ".h5", ".hdf5", ".keras", ".tflite", ".npy", ".npz",
    ".parquet", ".feather", ".arrow", ".pkl", ".pickle", ".joblib", ".db", ".sqlite", ".sqlite3",
)  # fmt: skip
"""What is never text: reading the head is enough."""


def _longest(name: str, limits: Limits) -> int:
    return limits.long_text if language_of(name) in {"lock", "notebook"} else limits.text


def _add_head(assembly: Assembly, found: Found, head: bytes) -> None:
    """Add a file that was not read as a whole, and say so where that leaves something unseen."""
    if is_text(head) and not found.name.lower().endswith(_DATA + _BINARY):
        assembly.notes.not_read(found.name, "is too large to be read as text")
    assembly.add_artefact(found.name, found.size, head)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the garbage collector: trees have no cycles, and looking for some takes three times as long as parsing."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was read stays: no later collection is to walk millions of nodes.
        gc.freeze()
        if on:
            gc.enable()
