"""Names of hosted models that stand as values in Python and in configuration, whatever reads them.

*What it does*: sees `MODEL = "gpt-4o"`, `model="claude-…"` for a function of the project's own, a default, `LLM_MODEL=gpt-4o` in `.env`,
a key of YAML. *Why it matters*: between the setting and the call there is often code that nobody can follow without running it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import answering
from tetrapylon.develop.assets.names import WORDS, is_surely_hosted, is_tagged, provider_of
from tetrapylon.develop.assets.seeing import entries, hosted
from tetrapylon.outside.repository.configs import settings_of
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_MODEL = re.compile(r"model|llm|engine|deployment|embed|gpt|claude|gemini|chat", re.IGNORECASE)
_NOT = re.compile(
    r"price|pricing|cost|rate|token|limit|encod|max_|window|context|alias|map|support|known|allow|version|license|tier", re.IGNORECASE
)
_VARIABLE = re.compile(
    r"^[ \t]*(?:export |- |ENV |ARG )?[\"']?([A-Z][A-Z0-9_]{2,60})[\"']?[ \t]*[:=][ \t]*[\"']?([\w.:@/-]+)[\"']?[ \t]*$", re.MULTILINE
)
_TERRAFORM = re.compile(r"(\w+)\s*=\s*\"([\w.:@/-]+)\"")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the hosted models that are named by values."""
    wordy = {each.path for each in repository.of("python", "notebook") if any(word in each.text for word in WORDS)}
    for code in repository.python:
        if code.path in wordy:
            yield from _in_python(code)
        yield from _bodies(repository, code)
    for setting in settings_of(repository):
        key = next((each for each in reversed(setting.keys) if each != "[]"), "")
        if is_surely_hosted(setting.text) and _MODEL.search(".".join(setting.keys)) and not _NOT.search(key):
            yield hosted(setting.text, setting.at, f"setting `{key}`", provider_of(setting.text))
    for file in repository.of("env", "dockerfile", "shell", "compose", "ci", "yaml"):
        yield from _assigned(file, _VARIABLE)
    for file in repository.of("text"):
        if file.name.endswith((".tf", ".tfvars", ".ini", ".cfg", ".properties", ".conf", ".bicep")):
            yield from _assigned(file, _TERRAFORM)


def _assigned(file: TextFile, pattern: re.Pattern[str]) -> Iterator[Component]:
    for at, match in file.matches_in_code(pattern):
        if is_surely_hosted(match[2]) and _MODEL.search(match[1]):
            yield hosted(match[2], at, f"variable `{match[1]}`", provider_of(match[2]))


def _in_python(code: PythonCode) -> Iterator[Component]:
    for name, value in _named_values(code):
        for node in _values(value):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if is_tagged(text):
                yield hosted(text, code.at(node), f"`{name}`", "ollama")
            elif is_surely_hosted(text):
                yield hosted(text, code.at(node), f"`{name}`", provider_of(text))


def _bodies(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the models in bodies of requests: a dictionary with a model and what it is asked."""
    for node in code.nodes.get(ast.Dict, ()):
        found = entries(node)
        if "model" not in found or found.keys().isdisjoint({"messages", "prompt"}):
            continue
        for text, _ in values_of(repository).texts(code, found["model"]):
            if text and not set(text) & set(" \n{"):
                yield hosted(text, code.at(node), "body of a request", provider_of(text) or answering(code) or "unknown")


def _named_values(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is given to names that speak of a model: assignments, arguments, defaults, keys."""
    for name, value in _pairs(code):
        if not _NOT.search(name) and (_MODEL.search(name) or _names_its_own(value)):
            yield name, value


def _names_its_own(node: ast.expr) -> bool:
    """Return whether a text says whose model it is, so that nothing else need say that it is one: `openai/gpt-4o`."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value and is_surely_hosted(node.value)


def _pairs(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value
    for node in (*code.nodes.get(ast.Assign, ()), *code.nodes.get(ast.AnnAssign, ())):
        value = getattr(node, "value", None)
        if value is not None:
            target = node.targets[-1] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            yield getattr(target, "id", getattr(target, "attr", "")), value
    for node in code.nodes.get(ast.arguments, ()):
        if isinstance(node, ast.arguments):
            yield from _defaults(node)
    for node in code.nodes.get(ast.Dict, ()):
        yield from ((key, value) for key, value in entries(node).items() if not is_surely_hosted(key))
    for call in code.calls_of("getenv", "get", "config", "add_argument", "option", "Field", "Option"):
        yield from _default(call.node)


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*node.posonlyargs, *node.args]
    pairs = [*zip(positional[len(positional) - len(node.defaults) :], node.defaults, strict=True)]
    pairs += [(each, default) for each, default in zip(node.kwonlyargs, node.kw_defaults, strict=True) if default is not None]
    yield from ((each.arg, default) for each, default in pairs)


def _default(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield from ((first.value, each) for each in call.args[1:])
        yield from ((first.value, each.value) for each in call.keywords if each.arg == "default")


def _values(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the values that an expression chooses from; entries of lists are offers, not uses."""
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.Call):
        yield from node.args
        yield from (each.value for each in node.keywords if each.arg == "default")
    elif isinstance(node, ast.Dict):
        yield from (value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant))
    else:
        yield node


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "constants, defaults, arguments": (
        {
            "a.py": "import os\nMODEL = 'gpt-4o-mini'\ndef ask(q, model='claude-3-haiku-20240307'): ...\nrun(llm='gemini-1.5-pro')\n"
            "EMBED = os.getenv('EMBED', 'text-embedding-3-large')\nx = {'model': 'gpt-4-turbo'}\n"
        },
        {
            ("hosted-model", "gpt-4o-mini"),
            ("hosted-model", "claude-3-haiku-20240307"),
            ("hosted-model", "gemini-1.5-pro"),
            ("hosted-model", "text-embedding-3-large"),
            ("hosted-model", "gpt-4-turbo"),
        },
    ),
    "whose it is, and a tag": (
        {"a.py": "check(extractor_name='openai/gpt-4o-2024-08-06')\nDEFAULT_LLM = 'qwen2.5:7b'\nTIME = 'phi:latest'\n"},
        {("hosted-model", "openai/gpt-4o-2024-08-06"), ("hosted-model", "qwen2.5:7b")},
    ),
    "a request": (
        {"a.py": "import requests\nrequests.post('http://localhost:11434/api/generate', json={'model': 'llama3', 'prompt': p})\n"},
        {("hosted-model", "llama3")},
    ),
    "configuration": (
        {
            ".env.example": "LLM_MODEL=gpt-4o\nKEY=x\n",
            "c.yaml": "llm:\n  name: claude-3-5-sonnet-20241022\n",
            "d.toml": "[chat]\nmodel = 'command-r'\n",
        },
        {("hosted-model", "gpt-4o"), ("hosted-model", "claude-3-5-sonnet-20241022"), ("hosted-model", "command-r")},
    ),
    "prices, comparisons, lists and prose": (
        {
            "a.py": "PRICES = {'gpt-4o': 5}\nMODEL_LIMITS = {'x': 'gpt-4o'}\nif model == 'gpt-4': pass\nMODELS = ['gpt-4', 'gpt-4o']\n"
            "'''gpt-4o'''\n",
            "README.md": "MODEL=gpt-4o\n",
            "c.yaml": "title: gpt-4o\n",
        },
        set(),
    ),
}
