"""Hosted models that settings name by whose they are: `OLLAMA_MODEL=gemma2`, a provider beside a model, the body of a request.

*What it does*: takes the provider from the name of the setting, from the key beside it, or from the address that the file sends to.
*Why it matters*: names of models change faster than any list of them; whose they are is said beside them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import answering, asked_host
from tetrapylon.develop.assets.names import is_hub_name, is_model_path, provider_of
from tetrapylon.develop.assets.owners import PROVIDERS, ROUTERS, owner_of
from tetrapylon.develop.assets.seeing import entries, hosted, imports_any
from tetrapylon.outside.repository.configs import Setting, settings_of, variables_of
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Component

_VALUE = re.compile(r"[A-Za-z@][\w.:@/+-]{1,99}$")
_MODEL_KEYS = frozenset({"model", "model_name", "model_id", "modelname", "modelid", "deployment", "name"})
_PROVIDER_KEYS = frozenset(
    {"provider", "llm_provider", "backend", "api_type", "type", "vendor", "service", "engine", "client", "model_provider"}
)
_ASKED = frozenset({"image", "images", "input", "inputs", "voice", "audio", "max_tokens", "contents", "documents", "texts", "query"})
_WORDS = words(
    "true false none null default auto model string str self name custom local embeddings embedding test dummy fake mock unknown any"
    " other placeholder"
)


def find(repository: Repository) -> Iterator[Component]:
    """Yield the hosted models whose provider is said beside them."""
    for code in repository.python:
        yield from _owned(code)
        if imports_any(code, "requests", "httpx", "aiohttp", "urllib", "urllib3"):
            yield from _bodies(repository, code)
    for name, given in variables_of(repository).items():
        provider = owner_of(name)
        if provider is not None:
            yield from (
                hosted(text, at, f"variable `{name}`", provider or provider_of(text) or "unknown") for text, at in given if _is_model(text)
            )
    yield from _paired(repository)


def _is_model(text: str) -> bool:
    return _VALUE.match(text) is not None and text.lower() not in _WORDS and "://" not in text and not is_model_path(text)


def _owned(code: PythonCode) -> Iterator[Component]:
    for name, value in _given(code):
        provider = owner_of(name)
        if provider is None:
            continue
        nodes = [value]
        if isinstance(value, ast.Call):
            nodes = [*value.args[1:], *(each.value for each in value.keywords if each.arg in {"default", "fallback"})]
            nodes += value.args[:1] if code.name_of(value.func).rpartition(".")[2] in {"Field", "field", "str"} else []
        elif isinstance(value, ast.BoolOp):
            nodes = value.values
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_model(node.value):
                if is_hub_name(node.value) and provider not in ROUTERS:
                    # Whose weights they are, not who runs them.
                    continue
                yield hosted(node.value, code.at(node), f"`{name}`", provider or provider_of(node.value) or "unknown")


def _given(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in (*code.nodes.get(ast.Assign, ()), *code.nodes.get(ast.AnnAssign, ())):
        target = node.targets[-1] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if value is not None:
            yield getattr(target, "id", getattr(target, "attr", "")), value
    for node in code.nodes.get(ast.Dict, ()):
        yield from entries(node).items()
    for call in code.calls_of("getenv", "get", "config", "str_env"):
        first = call.node.args[0] if call.node.args else None
        default = call.argument("default", 1)
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and default is not None:
            yield first.value, default


def _bodies(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the models in bodies of requests that are no messages: pictures, speech, vectors."""
    for node in code.nodes.get(ast.Dict, ()):
        found = entries(node)
        if "model" not in found or found.keys().isdisjoint(_ASKED) or not found.keys().isdisjoint({"messages", "prompt"}):
            continue
        provider = answering(code) or asked_host(code)
        for text, _ in values_of(repository).texts(code, found["model"]) if provider else ():
            if _is_model(text):
                yield hosted(text, code.at(node), "body of a request", provider)


def _paired(repository: Repository) -> Iterator[Component]:
    """Yield the models of settings that have a provider beside them."""
    groups: dict[tuple[str, tuple[str, ...]], dict[str, Setting]] = {}
    for each in settings_of(repository):
        if each.keys:
            groups.setdefault((each.at.path, each.keys[:-1]), {}).setdefault(each.keys[-1].lower(), each)
    for group in groups.values():
        said = next(
            (group[each].text.lower() for each in _PROVIDER_KEYS if each in group and group[each].text.lower().split("_")[0] in PROVIDERS),
            "",
        )
        model = next(
            (group[each] for each in ("model", "model_name", "model_id", "modelname", "modelid", "deployment", "name") if each in group),
            None,
        )
        if said and model is not None and _is_model(model.text) and model.text.lower() != said:
            provider = PROVIDERS[said.split("_")[0]]
            yield hosted(model.text, model.at, f"setting `{model.keys[-1]}`", provider or provider_of(model.text) or "unknown")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "whose it is in the name": (
        {
            "a.py": "import os\nclass T:\n    envs = {'OLLAMA_MODEL': 'pebble2', 'GROQ_API_KEY': 'x'}\n"
            "NAME = os.getenv('MISTRAL_CHAT_MODEL', 'gravel-large')\nopenai_model: str = 'sand-4'\n",
            ".env": "GROQ_MODEL=slate-70b\n",
        },
        {("hosted-model", "pebble2"), ("hosted-model", "gravel-large"), ("hosted-model", "sand-4"), ("hosted-model", "slate-70b")},
    ),
    "a provider beside it, and a body": (
        {
            "c.json": '{"llm": {"provider": "ollama", "model": "pebble3.2"}}',
            "c.yaml": "chat:\n  provider: azure_openai\n  deployment: house-chat\n",
            "b.py": "import httpx\nAPI = 'https://api.quarry.example'\nMODEL = 'quarry/cut-out'\n"
            "httpx.post(f'{API}/images', json={'model': MODEL, 'image': x})\n",
        },
        {("hosted-model", "pebble3.2"), ("hosted-model", "house-chat"), ("hosted-model", "quarry/cut-out")},
    ),
    "others": (
        {
            "a.py": "OPENAI_API_KEY = 'x'\nCAR_MODEL = 'kombi'\nollama_model = None\nx = {'model': 'kombi', 'input': 1}\n"
            "OLLAMA_MODEL_PATH = 'm'\n",
            "c.yaml": "job:\n  type: google\n  schedule: daily\ncar:\n  provider: garage\n  model: kombi\n",
        },
        set(),
    ),
}
