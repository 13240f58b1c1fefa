"""Files in the tree that hold a model, by what is in them and by their name.

*What it does*: knows the beginnings of ONNX, safetensors, GGUF, HDF5, TFLite, PyTorch archives and pickles, and the names that
weights have.
*Why it matters*: a file of weights is what everything else rests on, and several of these formats run code when they are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.names import MODEL_SUFFIXES
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.text import Artefact, TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_SHARD = re.compile(r"-\d{3,5}-of-\d{3,5}(?=\.)")
_MAYBE = (".bin", ".pkl", ".pickle", ".h5", ".hdf5", ".pb", ".model", ".task", ".dill", ".dat", ".pickle.gz", ".pkl.gz")
_ML = re.compile(rb"sklearn|xgboost|lightgbm|catboost|torch|keras|tensorflow|numpy|joblib|pipeline", re.IGNORECASE)
_BY_HEAD = (
    (b"GGUF", "gguf"), (b"GGML", "ggml"), (b"ggjt", "ggml"), (b"lmgg", "ggml"), (b"\x89HDF\r\n\x1a\n", "hdf5"), (b"\x93NUMPY", "numpy"),
)  # fmt: skip
_NOT = re.compile(
    r"(?:^|/)(?:vocab|tokenizer|optimizer|scheduler|rng_state|training_args|embeddings?|index|data|cache|features?|scaler|encoder|names?|labels?)[\w-]*\.\w+$"
)
_TEXTS = ((".txt", "tree\nversion=", "lightgbm"), (".model", "tree\nversion=", "lightgbm"), (".json", '{"learner":', "xgboost"))


def find(repository: Repository) -> Iterator[Component]:
    """Yield the files that hold models."""
    for artefact in repository.artefacts:
        kind = _format(artefact)
        if kind:
            path = _SHARD.sub("", artefact.path)
            yield component("model", path, Place(artefact.path), f"file of the format {kind}", path=artefact.path, format=kind)
    for file in repository.files:
        yield from _text(file)


def _format(artefact: Artefact) -> str:
    head, name = artefact.head, artefact.path.lower()
    known = next((kind for start, kind in _BY_HEAD if head.startswith(start)), "")
    found = ""
    if known in {"gguf", "ggml"}:
        found = known
    elif head[4:8] == b"TFL3":
        found = "tflite"
    elif name.endswith(MODEL_SUFFIXES):
        found = name.rpartition(".")[2]
    elif name.rpartition("/")[2] == "saved_model.pb":
        found = "saved-model"
    elif name.endswith(_MAYBE) and not _NOT.search(name) and _is_weights(head, name, known):
        found = {"hdf5": "hdf5", "bin": "pytorch"}.get(known or name.rpartition(".")[2], "pickle")
    return found


def _is_weights(head: bytes, name: str, known: str) -> bool:
    """Return whether a file of an ambiguous name holds weights: an HDF5, an archive of PyTorch, a pickle that names a library."""
    if name.endswith((".h5", ".hdf5")):
        return known == "hdf5" and (b"layer" in head or b"model" in head or "model" in name or "weight" in name)
    if name.endswith(".bin"):
        return head.startswith((b"PK", b"\x80")) or "model" in name.rpartition("/")[2]
    pickled = head[:1] == b"\x80" or head.startswith((b"\x1f\x8b", b"(", b"c", b"PK"))
    return pickled and (_ML.search(head) is not None or re.search(r"model|clf|classif|regress|forest|predict", name) is not None)


def _text(file: TextFile) -> Iterator[Component]:
    lowered = file.path.lower()
    for suffix, start, kind in _TEXTS:
        if lowered.endswith(suffix) and file.text[:400].replace(" ", "").startswith(start):
            yield component("model", file.path, Place(file.path), f"file of {kind}", path=file.path, format=kind)
            return
    if lowered.endswith((".onnx", ".safetensors", ".gguf", ".pt", ".pth", ".joblib", ".tflite", ".keras", ".ckpt", ".mlmodel")):
        # A pointer of Git LFS, or a sample.
        how = "pointer of Git LFS" if file.text.startswith("version https://git-lfs") else "file by its name"
        yield component("model", _SHARD.sub("", file.path), Place(file.path), how, path=file.path)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "by content and name": (
        {
            "m/a.onnx": "\b\x07\0",
            "m/b-00001-of-00002.safetensors": "\0",
            "m/b-00002-of-00002.safetensors": "\0",
            "c.gguf": "GGUF\0",
            "clf.pkl": "(\0sklearn.ensemble",
        },
        {("model", "m/a.onnx"), ("model", "m/b.safetensors"), ("model", "c.gguf"), ("model", "clf.pkl")},
    ),
    "by text": (
        {"a.txt": "tree\nversion=v3\n", "b.json": '{"learner":{}}', "c.onnx": "version https://git-lfs.github.com/spec/v1\n"},
        {("model", "a.txt"), ("model", "b.json"), ("model", "c.onnx")},
    ),
    "others": ({"a.bin": "\0\1", "cache.pkl": "(\0sklearn", "b.png": "\0", "c.json": "{}", "d.txt": "tree", "x.pkl": "(\0users"}, set()),
}
