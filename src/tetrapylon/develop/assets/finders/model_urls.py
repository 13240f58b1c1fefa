"""Models that are fetched from an address: from releases, buckets and hubs, by a library, a script or an image that is built.

*What it does*: sees addresses that end as models do, wherever they stand (constants, tables of models, commands), and what is saved as a
model by a downloader. *Why it matters*: whoever can change what lies at the address changes the system, and it is in no tree and no
lock file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.addresses import URL, called, is_model_file, is_model_url, is_open, may_end, speaks_of_models
from tetrapylon.develop.assets.commands import commands_of
from tetrapylon.develop.assets.ecosystem import repository_learns
from tetrapylon.develop.assets.seeing import component, entries, path_id
from tetrapylon.outside.repository.python import Call, PythonCode, literal
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.text import Language
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_DOWNLOADS: dict[str, tuple[tuple[str, int], tuple[str, int]]] = {
    "pooch.retrieve": (("url", 0), ("fname", 2)),
    "gdown.download": (("url", 0), ("output", 1)),
    "gdown.cached_download": (("url", 0), ("path", 1)),
    "wget.download": (("url", 0), ("out", 1)),
    "urlretrieve": (("url", 0), ("filename", 1)),
    "download_url_to_file": (("url", 0), ("dst", 1)),
    "load_state_dict_from_url": (("url", 0), ("file_name", 9)),
    "load_file_from_url": (("url", 0), ("file_name", 3)),
    "download_url": (("url", 0), ("filename", 2)),
    "cached_download": (("url", 0), ("filename", 9)),
    "download_from_url": (("url", 0), ("path", 1)),
    "download_file": (("url", 0), ("path", 1)),
    "get_file": (("origin", 1), ("fname", 0)),
}
"""What fetches a file: its arguments for the address and for the name that it gets."""

_ELSEWHERE: tuple[Language, ...] = ("javascript", "yaml", "json", "toml", "compose", "ci", "env", "mcp")
_NOT = re.compile(r"(?:^|/)(?:tests?|__tests__|docs?|fixtures?)/|(?:^|/)(?:package(?:-lock)?\.json|test_[^/]*)$", re.IGNORECASE)
_ENDS = ("th", "pt", "onnx", "ckpt", "safetensors", "gguf", "ggml", "tflite", "caffemodel", "weights", "bin", "h5", "pb", "pkl", "zip",
    "gz",
         "keras", "task", "joblib", "tgz", "tar", "bz2", "t7", "pdparams", "nemo", "dat", "model", "mlmodel", "ptl")  # fmt: skip
_ADDRESSES = frozenset({"url", "link", "download_url", "model_url", "href", "weights_url", "uri"})


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models that are fetched."""
    for code in repository.python:
        if not _NOT.search(code.path):
            yield from _in_python(repository, code)
    for code, call in repository.calls_of(*_DOWNLOADS):
        yield from _fetched(repository, code, call)
    for text in commands_of(repository):
        for at, match in text.matches_in_code(URL):
            yield from _model(match[0], at, "fetched by a command", "")
    for file in repository.of(*_ELSEWHERE):
        if "://" in file.text and not _NOT.search(file.path):
            yield from (found for at, match in file.matches_in_code(URL) for found in _model(match[0], at, "address in a file", ""))


def _model(url: str, at: Place, how: str, about: str) -> Iterator[Component]:
    url = url.rstrip(".,:}")
    if is_model_url(url, about) and not is_open(called(url)):
        yield component("model", called(url), at, how, url=url)


def _in_python(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the models whose addresses stand in a piece of Python, whole or put together."""
    named = _named(repository, code)
    skipped = {id(each.value) for each in code.nodes.get(ast.Expr, ()) if isinstance(each, ast.Expr)}
    for node in code.nodes.get(ast.Dict, ()):
        yield from _registered(repository, code, node, skipped)
    for node in (*code.nodes.get(ast.Constant, ()), *code.nodes.get(ast.JoinedStr, ()), *code.nodes.get(ast.BinOp, ())):
        if id(node) in skipped or not isinstance(node, ast.expr) or not may_end(node, _ENDS):
            continue
        texts = [text for text, _ in values_of(repository).texts(code, node)]
        for text in texts or [literal(node) or ""]:
            if text.count("://") == 1 and not set(text) & set(" \n"):
                yield from _model(text, code.at(node), "address of a model", named.get(id(node), ""))


def _named(repository: Repository, code: PythonCode) -> dict[int, str]:
    """Return by the `id` of an expression the names that it is given: of a variable, and of the key in a table."""
    found = dict(scopes_of(repository).targets(code))
    for node in code.nodes.get(ast.Dict, ()):
        outer = found.get(id(node), "")
        found.update({id(value): f"{outer} {key}" for key, value in entries(node).items()})
    return found


def _registered(repository: Repository, code: PythonCode, node: ast.AST, skipped: set[int]) -> Iterator[Component]:
    """Yield the model of an entry that names a file and where to fetch it from, perhaps in an archive."""
    found = entries(node)
    address = next((each for key, each in found.items() if key.lower() in _ADDRESSES), None)
    if address is None:
        return
    url = values_of(repository).text(code, address) or ""
    for key, each in found.items():
        if (
            each is not address
            and isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and "://" in url
            and is_model_file(each.value)
        ):
            skipped.add(id(address))
            yield component("model", each.value, code.at(each), f"entry `{key}` of a table of models", url=url)
            return


def _fetched(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    """Yield what a downloader saves as a model, where the address does not tell what it is."""
    (given, first), (name, second) = next(
        arguments for key, arguments in _DOWNLOADS.items() if call.name == key or call.name.endswith(f".{key}")
    )
    values = values_of(repository)
    address = call.argument(given, first) or call.argument("id")
    urls = [text for text, _ in values.texts(code, address)]
    if any(is_model_url(each, "model") and not is_open(called(each)) for each in urls):
        return
    files = [text for text, _ in values.texts(code, call.argument(name, second)) if is_model_file(text)]
    for each in files:
        yield component(
            "model",
            path_id(repository, each, code.path),
            call.at,
            f"saved by `{call.name.removeprefix('?.')}`",
            url=urls[0] if urls else None,
        )
    function = scopes_of(repository).function_at(code, call.node)
    if (
        not files
        and not urls
        and address is not None
        and function
        and speaks_of_models(function.node.name)
        and repository_learns(repository)
    ):
        text = literal(address) or ast.unparse(address)
        yield component("model", text[:120], call.at, f"fetched by `{call.name.removeprefix('?.')}`", named="no")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "addresses in Python": (
        {
            "a.py": "import pooch, torch\nBASE = 'https://example.org/releases/v1/'\n"
            "MODELS = {'tiny': BASE + 'tiny.pt', 'base': BASE + 'base.pt'}\n"
            "pooch.retrieve('https://example.org/u2.onnx', None)\nTAG = 'v2'\nurl = f'https://example.org/{TAG}/net_g.pth'\n"
            "WEIGHTS_URL = 'https://example.org/files/9/face.h5'\nHUB = 'https://huggingface.co/org/net/resolve/main/model.onnx'\n"
        },
        {("model", each) for each in ("tiny.pt", "base.pt", "u2.onnx", "net_g.pth", "face.h5", "org/net")},
    ),
    "a table of archives, and what is saved": (
        {
            "a.py": "import gdown\nT = {'latin': {'filename': 'latin.pth', 'url': 'https://example.org/latin.zip'}}\n"
            "gdown.download(id='1abc', output='weights/face.pth')\n"
        },
        {("model", "latin.pth"), ("model", "weights/face.pth")},
    ),
    "commands and files": (
        {
            "get.sh": "curl -L -o x https://huggingface.co/o/Big-GGUF/resolve/main/big.Q4_K_M.gguf\n",
            "Dockerfile": "FROM x\nADD https://example.org/det.onnx /m/\n",
            "c.yaml": "weights: https://example.org/seg.ckpt?raw=true\n",
            "b.ts": "const url = 'https://example.org/pose.tflite';\n",
        },
        {("model", "big.Q4_K_M.gguf"), ("model", "det.onnx"), ("model", "seg.ckpt"), ("model", "pose.tflite")},
    ),
    "a name that only the program knows": (
        {"a.py": "import pooch, torch\ndef download_models(name):\n    pooch.retrieve(f'https://example.org/r/{name}', None)\n"},
        {("model", "https://example.org/r/{}")},
    ),
    "other addresses": (
        {
            "a.py": "'''See https://example.org/a.onnx'''\nURL = 'https://example.org/app.bin'\nD = 'https://example.org/train_images.zip'\n"
            "urlretrieve('https://example.org/logo.png', 'logo.png')\n# https://example.org/b.pt\n",
            "README.md": "https://example.org/c.pt\n",
            "b.ts": "fetch('https://example.org/x.zip')\n",
        },
        set(),
    ),
}
