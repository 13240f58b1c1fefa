"""Addresses of files: whether a model or data lies behind one, and what a practitioner would call it."""

from __future__ import annotations

import ast
import re

from tetrapylon.develop.assets.names import is_model_path

URL = re.compile(r"(?:https?|ftp|gs|s3|hf)://[^\s\"'`<>()\[\],;|\\]{4,400}")
"""An address in text."""

_SURE = re.compile(
    r"\.(?:onnx|ort|safetensors|gguf|ggml|pth|pt|ckpt|tflite|caffemodel|weights|th|t7|keras|nemo|engine|trt|mlmodel|mlpackage|pdparams|pdmodel|task|ptl|torchscript)"
    r"(?:\.(?:zip|gz|bz2|xz|tar|tar\.gz))?$",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\.(?:bin|h5|hdf5|pb|pkl|pickle|joblib|dat|model|npz|zip|tar|tgz|gz|bz2|xz|7z|mar)$", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.gz|tar\.bz2|gz|bz2|xz|7z|rar)$", re.IGNORECASE)
_MODEL = re.compile(
    r"model|weight|checkpoint|ckpt|pretrain|backbone|encoder|decoder|detector|embedding|lora|resnet|bert|yolo", re.IGNORECASE
)
_DATA = re.compile(r"data(?:set)?s?(?:_|-|\b)|dataset|corpus|train|valid|images?\b|photos|annotations|(?:^|_)coco|imagenet", re.IGNORECASE)
_TABLE = re.compile(r"\.(?:csv|tsv|jsonl|ndjson|parquet|arrow|tfrecord|npy|npz|xlsx?)(?:\.(?:gz|zip|bz2|xz))?$", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:model|pytorch_model|diffusion_pytorch_model|tf_model|flax_model|adapter_model|model_quantized|model_optimized|weights|checkpoint|best|last"
    r"|ckpt|encoder_model|decoder_model\w*|consolidated\.\d+|ggml-model|saved_model|network)(?:[-.]fp16|[-.]int8|[-.]q4|-\d+-of-\d+)?\.\w+$",
    re.IGNORECASE,
)
_HUB = re.compile(
    r"^https?://(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/(?!datasets/|spaces/|docs|api/)([\w.-]+/[\w.-]+)/(?:resolve|raw|blob)/"
)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%[sd]|\$\{?\w+\}?")


def may_end(node: ast.AST, ends: tuple[str, ...]) -> bool:
    """Return at a glance whether an expression may be an address with one of the ends: a text, or texts put together."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and "://" in node.value
    if isinstance(node, ast.JoinedStr) and node.values:
        end, first = node.values[-1], node.values[0]
        if isinstance(end, ast.FormattedValue):
            return isinstance(first, ast.Constant) and "://" in str(first.value)
        return str(getattr(end, "value", "")).endswith(ends)
    last = node.right if isinstance(node, ast.BinOp) else None
    return isinstance(last, ast.Constant) and isinstance(last.value, str) and last.value.endswith(ends)


def is_model_url(url: str, about: str = "") -> bool:
    """Return whether a model lies behind an address, by its end, or by what else is said about it where the end alone does not tell."""
    path = _path(url)
    if "://" not in url or path.count("/") < len(("host", "file")) - 1:
        return False
    if _SURE.search(path):
        return True
    if not _MAYBE.search(path) or _TABLE.search(path):
        return False
    name = path.rpartition("/")[2]
    if _ARCHIVE.search(path) and _DATA.search(f"{name} {about}") and not _MODEL.search(name):
        return False
    return _HUB.match(url) is not None or _MODEL.search(f"{name} {about}") is not None


def is_data_url(url: str, about: str = "") -> bool:
    """Return whether data to learn from lies behind an address: a table, or an archive that is called so."""
    path = _path(url)
    if "://" not in url or is_model_url(url, about):
        return False
    return _TABLE.search(path) is not None or (_ARCHIVE.search(path) is not None and _DATA.search(f"{path} {about}") is not None)


def called(url: str) -> str:
    """Return what the file behind an address is called: its own name, with its place where that name alone says nothing.

    >>> called("https://example.org/v1/u2net.onnx?download=1")
    'u2net.onnx'
    >>> called("https://huggingface.co/org/net/resolve/main/model.onnx")
    'org/net'
    """
    path = _path(url)
    name = path.rpartition("/")[2]
    if not _GENERIC.match(name) and not _PLACEHOLDER.search(name):
        return name
    hub = _HUB.match(url)
    if hub and not _PLACEHOLDER.search(hub[1]):
        return hub[1]
    above = path.rpartition("/")[0].rpartition("/")[2]
    return name if _PLACEHOLDER.search(above) or "." in above or not above else f"{above}/{name}"


def is_open(name: str) -> bool:
    """Return whether a part of a name is only known when the program runs."""
    return _PLACEHOLDER.search(name) is not None


def speaks_of_models(text: str) -> bool:
    """Return whether words speak of a model: the name of a function, a variable or a file."""
    return _MODEL.search(text) is not None


def is_model_file(path: str) -> bool:
    """Return whether a file that something is saved as is one of a model."""
    return is_model_path(path) or _SURE.search(path) is not None


def _path(url: str) -> str:
    path = url.partition("#")[0].partition("?")[0].rstrip("/.")
    return path.removesuffix("/download")
