"""Keys, tokens and passwords that stand in the repository.

*What it does*: finds keys of known providers by their form in every file, and long random values where a secret belongs by its
name. What git ignores by `.gitignore` is left out. The value is never shown, its first four characters at most.
*Why it matters*: everybody who can read the repository, its history or an image built from it can use the key.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.deploy.access.ignores import Ignores
from tetrapylon.deploy.access.tokens import TOKENS, Token, is_key_name, is_placeholder, is_secret_value
from tetrapylon.outside.repository.naming import names_given
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule, Severity

RULE = Rule(
    "plaintext-secret",
    "critical",
    "a secret stands in the repository",
    "Everybody who can read the repository, its history or an image built from it can use it.",
    'revoke it with its provider now, then read it at run time: `os.environ["NAME"]`, a secret store, or `${{ secrets.NAME }}`',
)
RULES = (RULE,)

_PAIR = re.compile(
    r"((?:[kK]ey|KEY|[tT]oken|TOKEN|[sS]ecret|SECRET|[pP]assw(?:or)?d"
    r"|PASSW(?:OR)?D))[\"']?[ \t]{0,8}(?::[ \t]?(?:string|str)[ \t]{0,4})?(?:=>|:=|[:=])[ \t]{0,8}"
    r"([\"'`]?)([A-Za-z0-9_\-+/=.~!@#%^&*]{16,512})\2(?=[\s,;)}\]\"']|$)"
)
_ENV_LINE = re.compile(r"\bENV[ \t]+(\w+)[ \t]+()([^\s=]{16,512})[ \t]*$", re.MULTILINE)
_DATABASE = re.compile(r"://[^\s:/@\"'<>{}$]{0,60}:([^\s/@\"'<>{}$%]{6,100})@([\w-]+(?:\.[\w-]+)+)")
_SCHEME = re.compile(r"(?:postgres(?:ql)?(?:\+\w+)?|mysql(?:\+\w+)?|mongodb(?:\+srv)?|rediss?|amqps?)$")
_LONGEST_SCHEME = 30
_PLAIN = ("env", "yaml", "compose", "ci", "toml", "json", "mcp", "javascript", "dockerfile", "shell", "text")
_DATA = (".csv", ".tsv", ".svg", ".txt", ".xml", ".html", ".log", ".map", ".min.js", ".lock", ".sum", ".po")
_COMMON = frozenset({"password", "postgres", "secret", "passwd", "admin123", "changeme"})
_SHOWN = 4
_LONGEST_NAME = 60
_RUN = re.compile(r"[A-Za-z0-9_-]{20,}")
"""What keys are made of, at their least length: finding these runs is far cheaper than looking for each kind of key."""

_OTHERS = tuple(
    each for each in TOKENS if not re.fullmatch(r"[A-Za-z0-9_-]+", each.begins) or each.begins == "eyJ" or each.begins.startswith("-")
)
_BY_START: dict[str, list[Token]] = {}
for _each in TOKENS:
    if _each not in _OTHERS:
        _BY_START.setdefault(_each.begins[:2], []).append(_each)
_Seen = tuple[Place, str, Severity]


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each secret once."""
    ignores = [Ignores(file) for file in repository.files if file.name == ".gitignore"]
    seen: set[Place] = set()
    for place, what, severity in _everything(repository):
        if place not in seen and not any(each.covers(place.path) for each in ignores):
            seen.add(place)
            yield RULE.at(place, what, severity=severity)


def _everything(repository: Repository) -> Iterator[_Seen]:
    yield from _named(repository)
    for file in repository.files:
        yield from _known(file)
        if file.language in _PLAIN and not file.name.endswith(_DATA):
            yield from _pairs(file)


def _named(repository: Repository) -> Iterator[_Seen]:
    """Yield what Python gives to a name for a secret: a variable, an argument, an entry."""
    for name, found in names_given(repository).items():
        texts = [(code, value, value.value) for code, _, value in found if isinstance(value, ast.Constant) and isinstance(value.value, str)]
        for code, value, text in texts if is_key_name(name) else ():
            known = _kind(text)
            if known:
                yield code.at(value), *known
            elif is_secret_value(text):
                yield code.at(value), f"`{name}` is written out (`{text[:_SHOWN]}…`)", "high"


def _kind(text: str) -> tuple[str, Severity] | None:
    """Return whose key a text is, as it may be shown, and how bad that is."""
    for token in TOKENS:
        if token.begins in text and (match := token.pattern.search(text)) and not is_placeholder(match[0][len(token.begins) :]):
            return _said(token, match[0]), token.severity
    return None


def _said(token: Token, text: str) -> str:
    return f"{token.whose} stands in the repository" + (f" (`{text[:_SHOWN]}…`)" if text.isascii() and not text.startswith("-") else "")


def _known(file: TextFile) -> Iterator[_Seen]:
    for token, match in _tokens(file.text):
        if not is_placeholder(match[0][len(token.begins) :]):
            yield file.at(match.start()), _said(token, match[0]), token.severity
    if "://" in file.text and file.language != "markdown":
        for place, match in file.matches(_DATABASE):
            scheme = _SCHEME.search(file.text, max(0, match.start() - _LONGEST_SCHEME), match.start())
            if scheme and not is_placeholder(match[1]) and match[1].lower() not in _COMMON:
                yield place, f"the password of a database at `{match[2]}` is written out", "high"


def _tokens(text: str) -> Iterator[tuple[Token, re.Match[str]]]:
    for run in _RUN.finditer(text):
        found = ((token, token.pattern.match(text, run.start())) for token in _BY_START.get(run[0][:2], ()))
        yield from [(token, match) for token, match in found if match][:1]
    for token in _OTHERS:
        if token.begins in text:
            yield from ((token, match) for match in token.pattern.finditer(text))


def _pairs(file: TextFile) -> Iterator[_Seen]:
    """Yield what a line of settings gives to a name for a secret."""
    for pattern in (_PAIR, _ENV_LINE) if file.language == "dockerfile" else (_PAIR,):
        for match in pattern.finditer(file.text):
            name = _name_before(file.text, match.end(1))
            if is_key_name(name) and is_secret_value(match[3]):
                yield file.at(match.start()), f"`{name}` is written out (`{match[3][:_SHOWN]}…`)", "high"


def _name_before(text: str, end: int) -> str:
    """Return the name that ends here."""
    start = end
    while start > max(0, end - _LONGEST_NAME) and (text[start - 1].isalnum() or text[start - 1] in "_.-"):
        start -= 1
    return text[start:end]


_NOISE = "Zq3vT8mK5xW1nB7cR9pL2sD4fG6hJ0yAeU"
"""Samples are put together from parts, so that no scanner takes this file for one with secrets."""

_HEX = "9f86d081884c7d659a2feaa0c55ad015"

GOOD = {
    "from the environment": {
        "app.py": 'import os\nclient = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\ntoken = os.getenv("HF_TOKEN", "")\n'
        'password = "correct horse"\n',
        ".env.example": "OPENAI_API_KEY=sk-...\nANTHROPIC_API_KEY=your-key-here\nHF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
        "SECRET_KEY=<generate one>\n",
        "compose.yaml": "services:\n  app:\n    environment:\n      OPENAI_API_KEY: ${OPENAI_API_KEY}\n"
        "      API_TOKEN: ${API_TOKEN:?set it}\n",
        ".github/workflows/ci.yml": "env:\n  OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}\n",
    },
    "ignored by git": {".gitignore": "*.pyc\n/.env\n!.env.example\n", ".env": f"OPENAI_API_KEY=sk-proj-{_NOISE}\n"},
    "no secrets": {
        "app.py": 'eos_token = "<|endoftext|>"\nmax_tokens = 4096\ntokenizer = "bert-base-uncased-1234"\n'
        'key = "user.session.v2.cache"\ncache_key = "a8f3kd93kf02kd93"\n',
        "app.ts": 'const apiKey = process.env.OPENAI_API_KEY ?? "";\nconst token = await getToken("github-oauth2-flow");\n',
        "package-lock.json": f'{{"integrity": "sha512-{_NOISE}=="}}\n',
    },
    "obviously invented": {
        "tests/test_app.py": 'client = OpenAI(api_key="sk-test-key")\nother = "sk-1234567890abcdef1234567890abcdef1234567890abcdef"\n'
    },
    "a database of its own": {
        "compose.yaml": "services:\n  app:\n    environment:\n      DATABASE_URL: postgresql://app:s3cr3tpassword@db:5432/app\n"
    },
}
BAD = {
    "plaintext-secret: OpenAI": {"app.py": f'from openai import OpenAI\nclient = OpenAI(api_key="sk-proj-{_NOISE}")\n'},
    "plaintext-secret: Anthropic in a notebook": {
        "demo.ipynb": '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": ["key = '
        '\\"sk-ant-api03-' + _NOISE + '\\"\\n"]}],'
        ' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
    },
    "plaintext-secret: Hugging Face in an image": {"Dockerfile": f"FROM x@sha256:0\nENV HF_TOKEN=hf_{_NOISE}\n"},
    "plaintext-secret: AWS in a file of settings": {
        "config.yaml": f"aws_access_key_id: AKIA{_NOISE.upper()[:16]}\naws_secret_access_key: {_NOISE}abcd12\n"
    },
    "plaintext-secret: a committed environment": {".env": f"# ours\nGROQ_API_KEY=gsk_{_NOISE}{_NOISE}\n"},
    "plaintext-secret: by its name": {"settings.py": f'AZURE_OPENAI_API_KEY = "{_HEX}"\n'},
    "plaintext-secret: TypeScript": {"src/llm.ts": f'const client = new Client({{ apiKey: "{_HEX}" }});\n'},
    "plaintext-secret: CI": {
        ".github/workflows/ci.yml": f"env:\n  PINECONE_API_KEY: {_HEX[:8]}-{_HEX[8:12]}-4a5b-{_HEX[12:16]}-{_HEX[16:28]}\n"
    },
    "plaintext-secret: MCP": {".mcp.json": f'{{"mcpServers": {{"g": {{"command": "g", "env": {{"GITHUB_TOKEN": "ghp_{_NOISE}ab"}}}}}}}}\n'},
    "plaintext-secret: a private key": {"key.pem": "-----BEGIN " + f"PRIVATE KEY-----\n{_NOISE}{_NOISE}\n"},
    "plaintext-secret: a database": {"app.py": f'url = "postgresql://app:{_HEX[:14]}@db.example.org:5432/app"\n'},
}
