"""Prompts, answers and request bodies that are written to logs as they are.

*What it does*: follows what people send and what models answer into loggers, and into `print` where a server runs.
*Why it matters*: people tell assistants what they would tell nobody; logs are copied, kept, and read by many.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.flow import Flow, flows
from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import Call
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "text-in-logs",
    "medium",
    "what people send is logged in the clear",
    "People tell assistants what they would tell nobody, and logs are copied, kept and read by many.",
    'logger.info("answered", extra={"request": request_id, "characters": len(text)})',
)
RULES = (RULE,)

_LEVELS = words("debug info warning warn error exception critical log")
_LOGGER = re.compile(r"^_?(?:\w+_)?(?:log|logger|logging|LOG|LOGGER)$")
_SERVERS = words("fastapi starlette flask quart django rest_framework sanic aiohttp tornado litestar slack_bolt uvicorn bentoml")
_TEXT = re.compile(
    r"(?:^|_)(?:prompts?|questions?|query|queries|messages?|msg|text|body|content|inputs?|request|req|payload|data"
    r"|json|history|conversation|documents?|mail|transcript|answers?"
    r"|repl(?:y|ies)|responses?|completions?|outputs?|results?|summary|generated|chat|context|chunks?|docs?|page)(?:_|$)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:^|_)(?:ids?|uuid|name|path|url|code|status|length|len|count|size|type|tokens|time|ms|hash|digest|keys?)$", re.IGNORECASE
)
_CONSOLE = re.compile(
    r"\b(?:console|logger|log)\.(?:log|info|debug|warn|error)\((?:[^;\n]{0,120}?[,({ `])?(req(?:uest)?\.body"
    r"|messages|prompt|userMessage|userInput|completion|answer)\b(?!\.(?:length|id|usage))"
)
_SERVES = re.compile(
    r"from [\"'](?:express|fastify|hono|next/server|koa)[\"']|require\([\"'](?:express|fastify|koa)[\"']\)|export (?:async )?function POST"
)
_ASKS = re.compile(r"[\"'](?:openai|ai|@ai-sdk/[\w-]+|@anthropic-ai/sdk|@google/generative-ai|langchain|@langchain/[\w-]+|ollama)[\"']")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each line that logs what a person sent or a model answered."""
    for code, flow in flows(repository):
        server = not code.packages.isdisjoint(_SERVERS)
        for call in code.calls_of(*_LEVELS, *(("print", "pprint") if server else ())):
            if _is_logger(call):
                yield from _logged(call, flow)
    for file in repository.of("javascript"):
        if "log" in file.text and _SERVES.search(file.text) and _ASKS.search(file.text):
            for place, match in live_matches(file, _CONSOLE):
                yield RULE.at(place, f"`{match[1]}` is logged in the clear")


def _is_logger(call: Call) -> bool:
    func = call.node.func
    if isinstance(func, ast.Name):
        return call.name.rpartition(".")[2] in {"print", "pprint"}
    held = func.value if isinstance(func, ast.Attribute) else None
    name = held.attr if isinstance(held, ast.Attribute) else held.id if isinstance(held, ast.Name) else ""
    return _LOGGER.match(name) is not None or (isinstance(held, ast.Call) and "get_logger" in call.name.lower())


def _logged(call: Call, flow: Flow) -> Iterator[Finding]:
    for each in (*call.node.args, *(key.value for key in call.node.keywords if key.arg != "exc_info")):
        for part in _parts(each):
            origins = flow.origins(part) & {"person", "model", "fetched"}
            name = _word(part)
            if origins and _TEXT.search(name) and not _ABOUT.search(name):
                whose = (
                    "what a person sent" if "person" in origins else "what a model answered" if "model" in origins else "what was fetched"
                )
                yield RULE.at(call.at, f"`{name}` ({whose}) is logged in the clear", severity="medium" if "person" in origins else "low")
                return


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        yield from (each.value for each in node.values if isinstance(each, ast.FormattedValue))
    elif isinstance(node, ast.BinOp):
        yield from (node.left, *(node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]))
    elif isinstance(node, ast.Dict):
        yield from node.values
    else:
        yield node


def _word(node: ast.expr) -> str:
    """Return the last word by which something is named: `body.question` is `question`."""
    if isinstance(node, ast.Subscript):
        key = node.slice
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else _word(node.value)
    if isinstance(node, ast.Call):
        return _word(node.func.value) if isinstance(node.func, ast.Attribute) and node.func.attr != "json" else "request"
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


_APP = (
    "import logging\nfrom fastapi import FastAPI\nfrom openai import OpenAI\napp = FastAPI()\nclient = OpenAI()\n"
    "logger = logging.getLogger(__name__)\n\n@app.post('/chat')\ndef chat(body: Chat):\n"
)
_ASK = (
    "    answer = client.chat.completions.create(model=MODEL, messages=[{'role': 'user', 'content': "
    "body.message}]).choices[0].message.content\n"
)

GOOD = {
    "lengths and names": {
        "app.py": f"{_APP}{_ASK}    logger.info('answered %d characters for %s', len(answer), body.user_id)\n"
        f"    logger.info(f'took {{body.message_id}}')\n    return answer\n"
    },
    "redacted": {"app.py": f"{_APP}{_ASK}    logger.info('got %s', redact(body.message))\n"},
    "a script that shows its answer": {
        "ask.py": "from openai import OpenAI\nclient = OpenAI()\nr = client.responses.create(model=MODEL, input=input('? '))\n"
        "print(r.output_text)\n"
    },
    "what failed": {
        "app.py": f"{_APP}    try:\n        pass\n    except Exception as error:\n        logger.exception('failed: %s', error)\n"
    },
}
BAD = {
    "text-in-logs: the question": {"app.py": f"{_APP}    logger.info(f'question: {{body.message}}')\n"},
    "text-in-logs: the answer": {"app.py": f"{_APP}{_ASK}    logging.debug('answer %s', answer)\n"},
    "text-in-logs: the whole body": {
        "app.py": "from flask import Flask, request\napp = Flask(__name__)\n\n@app.route('/chat', methods=['POST'])\n"
        "def chat():\n    data = request.get_json()\n"
        "    app.logger.info('got %s', data)\n    return {}\n"
    },
    "text-in-logs: print in a server": {"app.py": f"{_APP}{_ASK}    print('answer', answer)\n"},
    "text-in-logs: a bot": {
        "bot.py": "import logging\nfrom slack_bolt import App\napp = App()\n\n@app.event('app_mention')\n"
        "def mention(event, say):\n    text = event['text']\n    logging.info('text: ' + text)\n"
    },
    "text-in-logs: Telegram": {
        "bot.py": "import logging\nfrom telegram import Update\nlogger = logging.getLogger()\n\nasync def chat(update: Update, context):\n"
        "    message = update.message.text\n    logger.info('%s: %s', update.effective_user.id, message)\n"
    },
    "text-in-logs: TypeScript": {
        "app/api/chat/route.ts": 'import OpenAI from "openai";\n\nexport async function POST(request: Request) {\n'
        "  const { messages } = await request.json();\n"
        '  console.log("got", messages);\n}\n'
    },
}
