"""Connections whose other end nobody checks.

*What it does*: finds TLS verification that is turned off: in clients of HTTP and of models, for a whole process, and in Node.
*Why it matters*: whoever sits on the line reads prompts and keys, and answers in the model's place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.naming import given_to
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "tls-not-checked",
    "high",
    "the other end of a connection is not checked",
    "Whoever sits on the line reads prompts and keys, and answers in the model's place.",
    'requests.get(url, verify="/etc/ssl/certs/our-authority.pem")',
)
RULES = (RULE,)

_CLIENTS = frozenset(
    {
        "requests",
        "httpx",
        "openai",
        "anthropic",
        "aiohttp",
        "urllib3",
        "langchain_openai",
        "weaviate",
        "qdrant_client",
        "opensearchpy",
        "elasticsearch",
    }
)
_NODE = re.compile(r"NODE_TLS_REJECT_UNAUTHORIZED[\"'\]]{0,3}[ \t]?[:=][ \t]?[\"']?0\b|\brejectUnauthorized[ \t]?:[ \t]?false\b")
_SHELL = re.compile(
    r"\b(?:PYTHONHTTPSVERIFY|NODE_TLS_REJECT_UNAUTHORIZED)[ \t]?[:=][ \t]?[\"']?0\b"
    r"|\bHF_HUB_DISABLE_SSL_VERIFY[ \t]?[:=][ \t]?[\"']?1\b|\bGIT_SSL_NO_VERIFY[ \t]?[:=][ \t]?[\"']?(?:1|true)\b"
)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place that turns the check off."""
    for name in ("verify", "verify_ssl", "verify_certs"):
        for code, how, value in given_to(repository, name):
            if how != "entry" and _is_false(value) and not code.packages.isdisjoint(_CLIENTS):
                yield RULE.at(code.at(value), f"`{name}=False`" if how == "argument" else f"`{name} = False` for a whole session")
    for code in repository.python:
        for node in code.nodes.get(ast.Attribute, ()) if "ssl" in code.packages else ():
            if isinstance(node, ast.Attribute) and node.attr == "_create_unverified_context":
                yield RULE.at(code.at(node), "certificates are not checked in this process")
    yield from _settings(repository)


def _settings(repository: Repository) -> Iterator[Finding]:
    for file in repository.of("javascript"):
        for place, match in live_matches(file, _NODE, "NODE_TLS_REJECT", "rejectUnauthorized"):
            yield RULE.at(place, f"`{match[0]}`", fix="NODE_EXTRA_CA_CERTS=/etc/ssl/certs/our-authority.pem")
    for file in repository.of("dockerfile", "compose", "ci", "shell", "env", "yaml"):
        for place, match in live_matches(file, _SHELL, "PYTHONHTTPSVERIFY", "NODE_TLS", "HF_HUB_DISABLE", "GIT_SSL"):
            yield RULE.at(place, f"`{match[0]}`", fix="SSL_CERT_FILE=/etc/ssl/certs/our-authority.pem")


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


GOOD = {
    "checked": {"app.py": "import requests, httpx\nrequests.get(url, verify='/etc/ca.pem')\nclient = httpx.Client(verify=True)\n"},
    "another verify": {"app.py": "import jwt\njwt.decode(token, options={}, verify=False)\n"},
    "Node": {"app.ts": "const agent = new https.Agent({ rejectUnauthorized: true });\n"},
}
BAD = {
    "tls-not-checked: requests": {"app.py": "import requests\nr = requests.post(url, json=body, verify=False)\n"},
    "tls-not-checked: a client of a model": {
        "app.py": "import httpx\nfrom openai import OpenAI\nclient = OpenAI(http_client=httpx.Client(verify=False))\n"
    },
    "tls-not-checked: the process": {"app.py": "import ssl\nssl._create_default_https_context = ssl._create_unverified_context\n"},
    "tls-not-checked: a session": {"app.py": "import requests\ns = requests.Session()\ns.verify = False\n"},
    "tls-not-checked: Node": {"app.js": 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\n'},
    "tls-not-checked: an image": {"Dockerfile": "FROM x\nENV PYTHONHTTPSVERIFY=0\n"},
}
