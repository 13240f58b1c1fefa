"""Addresses of hosted models in code and configuration: `https://api.openai.com/...`, `http://localhost:11434`.

*What it does*: knows the hosts of providers, and the ports of servers that people run themselves.
*Why it matters*: what is called by a bare request is missed by everything that looks for a package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.endpoints import HOSTS, provider_of_url
from tetrapylon.develop.assets.seeing import hosted
from tetrapylon.outside.repository.text import Language
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_URL = re.compile(r"(?:https?|wss)://[\w.{}$%-]+(?::\d{2,5})?(?:/[\w.{}$@:/-]*)?")
_WORDS = (*(piece.strip(".") for piece, _ in HOSTS), ":11434", ":1234/v1", ":8000/v1", "vllm", "ollama")
_LANGUAGES: tuple[Language, ...] = (
    "python",
    "notebook",
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
_NOT = (".txt", ".csv", ".jsonl", ".html", ".log", ".rst", ".svg", ".lock", ".css")
_DOCUMENTS = ("docs.", "/docs", "console.", "platform.", "status.", "github.com", "huggingface.co/docs", "/download", "ollama.com",
              "ollama.ai",
              "vllm.ai")  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the providers whose addresses stand in code."""
    for file in repository.of(*_LANGUAGES):
        if file.name.endswith(_NOT) or not any(word in file.text for word in _WORDS):
            continue
        for at, match in file.matches_in_code(_URL):
            provider = provider_of_url(match[0])
            if provider and not any(each in match[0] for each in _DOCUMENTS):
                yield hosted(provider, at, f"address `{match[0][:80]}`", provider, url=match[0])


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
    "comments, documents and others": (
        {
            "a.ts": "// https://api.openai.com/v1\nfetch('https://example.org/api')\n",
            "README.md": "https://api.openai.com",
            "b.py": "# see https://api.openai.com/v1\nDOCS = 'https://platform.openai.com/docs'\n",
        },
        set(),
    ),
}
