"""Addresses of hosted models in code and configuration: `https://api.openai.com/...`, `http://localhost:11434`.

*What it does*: knows the hosts of providers, and the ports of servers that people run themselves.
*Why it matters*: what is called by a bare request is missed by everything that looks for a package.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import HOSTS, model_in, provider_of_url
from tetrapylon.develop.assets.seeing import hosted
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import Language
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_URL = re.compile(r"(?:https?|wss)://[\w.{}$%-]+(?::\d{2,5})?(?:/[\w.{}$@:/-]*)?")
_WORDS = (*(piece.strip(".") for piece, _ in HOSTS), ":11434", ":1234/v1", ":8000/v1", "vllm", "ollama")
_LANGUAGES: tuple[Language, ...] = (
    "javascript",
    "env",
    "compose",
    "yaml",
    "toml",
    "json",
    "shell",
    "ci",
    "dockerfile",
    "text",
    "mcp",
)
_LONGEST = 400
_NOT = (".txt", ".csv", ".jsonl", ".html", ".log", ".rst", ".svg", ".lock", ".css")
_DOCUMENTS = ("docs.", "/docs", "console.", "platform.", "status.", "github.com", "huggingface.co/docs", "/download", "ollama.com",
              "ollama.ai",
              "vllm.ai")  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the providers whose addresses stand in code."""
    for file in repository.of(*_LANGUAGES):
        if not file.name.endswith(_NOT) and any(word in file.text for word in _WORDS):
            yield from (found for at, match in file.matches_in_code(_URL) for found in _provider(match[0], at))
    wordy = {each.path for each in repository.of("python", "notebook") if any(word in each.text for word in _WORDS)}
    for code in repository.python:
        if code.path in wordy:
            yield from _in_python(repository, code)


def _in_python(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the providers in texts of a piece of Python; what it says about itself is prose."""
    prose = {id(each.value) for each in code.nodes.get(ast.Expr, ()) if isinstance(each, ast.Expr)}
    for node in code.nodes.get(ast.Constant, ()):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "://" in node.value and id(node) not in prose:
            yield from (found for match in _URL.finditer(node.value) for found in _provider(match[0], code.at(node)))
    for node in (*code.nodes.get(ast.JoinedStr, ()), *code.nodes.get(ast.BinOp, ())):
        # An address that is put together names the model more often than its parts do.
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            texts = [text for text, _ in values_of(repository).texts(code, node) if "://" in text and len(text) < _LONGEST]
            yield from (found for text in texts if model_in(text) for found in _provider(text, code.at(node)))


def _provider(url: str, at: Place) -> Iterator[Component]:
    provider = provider_of_url(url)
    if provider and not any(each in url for each in _DOCUMENTS):
        name = model_in(url)
        yield hosted(name or provider, at, f"address `{url[:80]}`", provider, url=url)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "requests": (
        {
            "a.py": "import requests\nrequests.post('https://api.openai.com/v1/chat/completions', json={})\n"
            "URL = 'http://localhost:11434/api/chat'\n",
            "b.ts": "fetch('https://api.anthropic.com/v1/messages')\n",
            "c.sh": "curl https://generativelanguage.googleapis.com/v1beta/models\n",
        },
        {("hosted-model", "openai"), ("hosted-model", "ollama"), ("hosted-model", "anthropic"), ("hosted-model", "google")},
    ),
    "models in addresses": (
        {
            "a.py": "import requests\nBASE = 'https://api-inference.huggingface.co/models'\nNAME = 'org/summary'\n"
            "requests.post(f'{BASE}/{NAME}')\n"
            "requests.post('https://generativelanguage.googleapis.com/v1beta/models/gemini-1.5-flash:generateContent?key=' + K)\n"
            "requests.post('https://x.openai.azure.com/openai/deployments/my-gpt/chat/completions')\n",
        },
        {
            ("hosted-model", "org/summary"),
            ("hosted-model", "huggingface"),
            ("hosted-model", "gemini-1.5-flash"),
            ("hosted-model", "my-gpt"),
        },
    ),
    "comments, documents and others": (
        {
            "a.ts": "// https://api.openai.com/v1\nfetch('https://example.org/api')\n",
            "README.md": "https://api.openai.com",
            "b.py": "'''Like https://api.openai.com/v1.'''\n# see https://api.openai.com/v1\nDOCS = 'https://platform.openai.com/docs'\n",
        },
        set(),
    ),
}
