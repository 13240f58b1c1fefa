"""Web pages of everybody may ask this service from their visitors' browsers.

*What it does*: finds open CORS in FastAPI, Flask, Django, Express and headers, worst together with credentials.
*Why it matters*: any page that a user visits can ask the model in that user's name and read the answers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "open-cors",
    "medium",
    "any web page may call this service",
    "Any page that a user visits can ask in that user's name and read the answers.",
    'app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.org"], allow_methods=["POST"])',
)
RULES = (RULE,)

_DJANGO = re.compile(r"^(?:CORS_ALLOW_ALL_ORIGINS|CORS_ORIGIN_ALLOW_ALL)[ \t]*=[ \t]*True", re.MULTILINE)
_EXPRESS = re.compile(r"\bcors\([ \t]*(?:\)|\{[^{}]{0,300}?\borigin[ \t]*:[ \t]*(?:[\"'`]\*[\"'`]|true)[^{}]{0,300}\})")
_HEADER = re.compile(r"[\"']?Access-Control-Allow-Origin[\"']?[ \t]{0,4}[\],:][ \t]{0,4}(?:=[ \t]{0,4})?[\"']\*[\"']", re.IGNORECASE)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place that lets every origin in."""
    for code, call in repository.calls_of("add_middleware", "Middleware", "CORSMiddleware", "flask_cors.CORS", "cross_origin"):
        yield from _python(code, call)
    for file in repository.of("python"):
        for place, _ in live_matches(file, _DJANGO, "CORS_"):
            yield RULE.at(place, fix='CORS_ALLOWED_ORIGINS = ["https://app.example.org"]')
    for file in repository.of("javascript"):
        yield from _express(file)


def _python(code: PythonCode, call: Call) -> Iterator[Finding]:
    last = call.name.rpartition(".")[2]
    if last in {"CORS", "cross_origin"}:
        if "flask_cors" in code.packages:
            yield from _flask(call)
        return
    every = _stars(call.argument("allow_origins"), code) or code.string(call.argument("allow_origin_regex")) in {
        ".*",
        "^.*$",
        "https?://.*",
    }
    if every:
        worst = _is_true(call.argument("allow_credentials"))
        yield RULE.at(
            call.at,
            f"any web page may call this service{', with the credentials of its user' if worst else ''}",
            severity="high" if worst else "medium",
        )


def _flask(call: Call) -> Iterator[Finding]:
    origins = call.argument("origins")
    limited = call.argument("resources") is not None and origins is None and not _stars_within(call.argument("resources"))
    if (origins is None and not limited) or _stars(origins):
        worst = _is_true(call.argument("supports_credentials"))
        yield RULE.at(call.at, severity="high" if worst else "medium", fix='CORS(app, origins=["https://app.example.org"])')


def _express(file: TextFile) -> Iterator[Finding]:
    for place, match in live_matches(file, _EXPRESS, "cors("):
        worst = re.search(r"credentials[ \t]*:[ \t]*true", match[0]) is not None
        yield RULE.at(place, severity="high" if worst else "low", fix='app.use(cors({ origin: "https://app.example.org" }))')
    for place, _ in live_matches(file, _HEADER, "llow-", "LLOW-"):
        worst = re.search(r"Allow-Credentials[\"']?[ \t]{0,4}[,:][ \t]{0,4}[\"']?true", file.text, re.IGNORECASE) is not None
        yield RULE.at(place, severity="high" if worst else "low", fix='"Access-Control-Allow-Origin": "https://app.example.org"')


def _stars(node: ast.expr | None, code: PythonCode | None = None) -> bool:
    if isinstance(node, ast.Name) and code is not None:
        # A list that has a name of its own, given once.
        given = [
            each.value for each in code.nodes.get(ast.Assign, ()) if isinstance(each, ast.Assign) and _is_called(each.targets[0], node.id)
        ]
        return len(given) == 1 and _stars(given[0])
    if isinstance(node, ast.Constant):
        return node.value == "*"
    return isinstance(node, ast.List | ast.Tuple | ast.Set) and any(
        isinstance(each, ast.Constant) and each.value == "*" for each in node.elts
    )


def _is_called(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _stars_within(node: ast.expr | None) -> bool:
    """Return whether an entry of a dictionary of dictionaries lets every origin in, or names none."""
    if not isinstance(node, ast.Dict):
        return False
    inner = [each for each in node.values if isinstance(each, ast.Dict)]
    return any(
        isinstance(key, ast.Constant) and key.value == "origins" and _stars(value)
        for each in inner
        for key, value in zip(each.keys, each.values, strict=True)
    )


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


_FASTAPI = (
    "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\n"
    "app.add_middleware(\n    CORSMiddleware,\n"
)

GOOD = {
    "one origin": {
        "app.py": f'{_FASTAPI}    allow_origins=["https://app.example.org"],\n    allow_methods=["*"],\n    allow_headers=["*"],\n)\n'
    },
    "from settings": {"app.py": f"{_FASTAPI}    allow_origins=settings.origins,\n    allow_credentials=True,\n)\n"},
    "Flask": {"app.py": "from flask_cors import CORS\nCORS(app, origins=['https://app.example.org'])\n"},
    "Express": {"server.ts": 'import cors from "cors";\napp.use(cors({ origin: "https://app.example.org", credentials: true }));\n'},
}
BAD = {
    "open-cors: a list with a name": {"app.py": f'origins = ["*"]\n{_FASTAPI}    allow_origins=origins,\n)\n'},
    "open-cors: FastAPI": {"app.py": f'{_FASTAPI}    allow_origins=["*"],\n    allow_credentials=True,\n)\n'},
    "open-cors: Flask": {"app.py": "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\nCORS(app)\n"},
    "open-cors: Flask by path": {"app.py": "from flask_cors import CORS\nCORS(app, resources={r'/api/*': {'origins': '*'}})\n"},
    "open-cors: Django": {"settings.py": "DEBUG = False\nCORS_ALLOW_ALL_ORIGINS = True\n"},
    "open-cors: Express": {"server.js": 'const cors = require("cors");\napp.use(cors());\n'},
    "open-cors: a header": {"route.ts": 'return new Response(body, { headers: { "Access-Control-Allow-Origin": "*" } });\n'},
}
