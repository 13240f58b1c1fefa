"""Models and data sets of a hub that stand in tables, lists and settings of Python, whatever reads them.

*What it does*: sees names of the form `owner/name` that are given to what speaks of a model or a data set: `MODELS = {...}`, a list,
a default of a function, a field. *Why it matters*: between a table and the loader there is often code that nobody can follow without
running it, and everything in the table may be loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import repository_learns, repository_talks
from tetrapylon.develop.assets.endpoints import answering
from tetrapylon.develop.assets.names import is_hub_name, is_surely_hosted, provider_of
from tetrapylon.develop.assets.owners import ROUTERS, is_routed, owner_of
from tetrapylon.develop.assets.seeing import TABLE, component, entries, hosted, imports_any
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Component

_MODEL = re.compile(
    r"model|checkpoint|ckpt|pretrained|backbone|encoder|embed|rerank|llm|vae|lora|controlnet|adapter|^_?repo(?:_?id)?s?$|hf_|whisper|bert|diffusion"
    r"|pipeline|diariz|tokenizer",
    re.IGNORECASE,
)
_DATASET = re.compile(r"data_?sets?(?:$|_|\b)|^_?corpora|^_?corpus", re.IGNORECASE)
_NOT = re.compile(
    r"price|pricing|cost|url|path|dir(?:ectory)?$|folder|file|licen[cs]e|author|card|space|image|docker|mime|content_type|output|save|push|upload",
    re.IGNORECASE,
)
_OWNERS = words(
    "application image text audio video multipart font data dataset datasets src model models output outputs checkpoint checkpoints"
    " weights test tests docs assets app config configs static templates tmp lib bin scripts results logs saved cache content home usr"
    " var opt api v1 v2 and or n yes true input train eval in out i read http https utf mnt root github examples resources pretrained"
)
"""What stands before the slash of a path or a kind of media, and owns nothing."""
_LOCAL = (
    "transformers", "diffusers", "peft", "sentence_transformers", "huggingface_hub", "torch", "optimum", "onnxruntime", "vllm",
    "llama_cpp", "ctranslate2",
    "faster_whisper", "datasets", "tokenizers", "flair", "setfit", "timm", "open_clip", "accelerate", "gliner", "mlx_lm", "mlx",
    "fastembed", "pyannote",
    "FlagEmbedding", "unsloth", "trl", "modelscope", "speechbrain", "tensorflow", "keras", "flax", "spacy", "TTS", "langchain_huggingface",
)  # fmt: skip
"""Packages that run models here."""
_NAMING = frozenset({"default", "model", "name", "repo", "repo_id", "model_id", "hf"})
"""Arguments of entries that are objects, by which they name a model."""
_DEEPEST = 6
_MOST = 60
_LONGEST = 100


def find(repository: Repository) -> Iterator[Component]:
    """Yield the models and data sets that are named."""
    local = any(imports_any(code, *_LOCAL) for code in repository.python)
    if not (local or repository_talks(repository) or repository_learns(repository)):
        return
    folders = frozenset(path.partition("/")[0] for path in repository.paths if "/" in path)
    texts = {each.path for each in repository.of("python", "notebook") if "/" in each.text}
    for code in repository.python:
        if code.path in texts:
            yield from _in(code, folders, local=local)


def _in(code: PythonCode, folders: frozenset[str], *, local: bool) -> Iterator[Component]:
    here = imports_any(code, *_LOCAL)
    for name, value in _given(code):
        data = _DATASET.search(name) is not None
        if _NOT.search(name) or not (data or _MODEL.search(name)):
            continue
        for node, text, inner in list(_leaves(value, name, 0))[:_MOST]:
            if not _is_name(text, folders) or is_surely_hosted(text):
                continue
            if data or _DATASET.search(inner):
                yield component("dataset", text, code.at(node), f"{TABLE} `{name}`")
            elif is_routed(text):
                yield hosted(text, code.at(node), f"{TABLE} `{name}`", provider_of(text) or text.partition("/")[0])
            elif owner_of(inner) in ROUTERS or owner_of(name) in ROUTERS:
                continue
            elif here or (local and not _asks(code)):
                yield component("model", text, code.at(node), f"{TABLE} `{name}`")
            else:
                yield hosted(text, code.at(node), f"{TABLE} `{name}`", answering(code) or provider_of(text) or "unknown")


def _asks(code: PythonCode) -> bool:
    """Return whether a piece of Python asks models of others: what it names is run there."""
    return imports_any(
        code, "openai", "litellm", "together", "groq", "replicate", "requests", "httpx", "aiohttp", "aisuite", "langchain_openai"
    )


def _is_name(text: str, folders: frozenset[str]) -> bool:
    if len(text) > _LONGEST or not is_hub_name(text):
        return False
    owner, _, name = text.partition("/")
    return owner.lower() not in _OWNERS and owner not in folders and name[:1].isalpha()


def _given(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in (*code.nodes.get(ast.Assign, ()), *code.nodes.get(ast.AnnAssign, ())):
        target = node.targets[-1] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        name = getattr(target, "id", getattr(target, "attr", ""))
        if value is not None and name:
            yield name, value
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and node.arg and isinstance(node.value, ast.Constant):
            yield node.arg, node.value
    for node in code.nodes.get(ast.arguments, ()):
        if isinstance(node, ast.arguments):
            yield from _defaults(node)
    for node in code.nodes.get(ast.Dict, ()):
        yield from ((key, value) for key, value in entries(node).items() if isinstance(value, ast.Constant))
    for call in code.calls_of("add_argument", "getenv", "get", "option", "Option"):
        first = call.node.args[0] if call.node.args else None
        default = call.argument("default", 1)
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and default is not None:
            yield first.value, default


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*node.posonlyargs, *node.args]
    pairs = [*zip(positional[len(positional) - len(node.defaults) :], node.defaults, strict=True)]
    pairs += [(each, default) for each, default in zip(node.kwonlyargs, node.kw_defaults, strict=True) if default is not None]
    yield from ((each.arg, default) for each, default in pairs)


def _leaves(node: ast.expr, key: str, depth: int) -> Iterator[tuple[ast.Constant, str, str]]:
    """Yield the texts of a table or list with the key that each stands under; one alone is a table of one."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node, node.value, key
    elif depth < _DEEPEST:
        for each, name in _within(node, key):
            yield from _leaves(each, name, depth + 1)


def _within(node: ast.expr, key: str) -> list[tuple[ast.expr, str]]:
    """Return what an expression is made of, each with the key that it stands under."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(value, str(name.value) if isinstance(name, ast.Constant) else key) for name, value in pairs]
    if isinstance(node, ast.Call):
        return [(each, key) for each in (*node.args, *(word.value for word in node.keywords if word.arg in _NAMING))]
    inner: list[ast.expr] = []
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        inner = node.elts
    elif isinstance(node, ast.IfExp):
        inner = [node.body, node.orelse]
    elif isinstance(node, ast.BoolOp):
        inner = node.values
    return [(each, key) for each in inner]


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "tables, lists, defaults and fields": (
        {
            "a.py": "import torch\nfrom .reg import pick\n",
            "reg.py": "_MODELS = {'a': {'repo': 'quay/reader-small', 'dim': 3}, 'b': Spec(repo='quay/reader-large')}\n"
            "SUPPORTED_MODELS = ['pier/one-7b', 'pier/two-7b']\ndef load(model_name='pier/three'): ...\n"
            "class S:\n    embedding_model: str = 'quay/embed'\nDATASETS = {'x': ['quay/letters', None]}\n",
        },
        {
            ("model", "quay/reader-small"),
            ("model", "quay/reader-large"),
            ("model", "pier/one-7b"),
            ("model", "pier/two-7b"),
            ("model", "pier/three"),
            ("model", "quay/embed"),
            ("dataset", "quay/letters"),
        },
    ),
    "a model that others run": (
        {"a.py": "from openai import OpenAI\nMODEL = 'pier/chat-7b'\nc = OpenAI(base_url='https://openrouter.ai/api/v1')\n"},
        {("hosted-model", "pier/chat-7b")},
    ),
    "others": (
        {
            "a.py": "import torch\nMODEL_TYPE = 'application/json'\nMODEL_DIR = 'runs/best'\nmodel = 'data/x'\nREPO = 'owner/project'[:0]\n"
            "TITLE = 'one/two'\nmodel_output = 'a/b'\n",
            "b.py": "x = {'image': 'org/model'}\n",
        },
        set(),
    ),
    "a program without models": ({"a.py": "MODEL = 'ferry/blue'\n"}, set()),
}
