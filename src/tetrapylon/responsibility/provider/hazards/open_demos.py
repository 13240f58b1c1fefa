"""Demos and development servers that everybody can reach.

*What it does*: finds public links of Gradio, Gradio on every address without a login, debuggers and reloaders on web servers.
*Why it matters*: what was made to be shown is found within hours, and a debugger is a console for whoever finds it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

SHARE = Rule(
    "public-demo",
    "high",
    "Gradio opens a public link",
    "`share=True` puts this process on the internet, past the firewall, for everybody who has or guesses the link.",
    'demo.launch(server_name="127.0.0.1", share=False, auth=(user, password))',
)
OPEN = Rule(
    "demo-without-login",
    "medium",
    "a demo listens on every address without a login",
    "Everybody on the network can use the model at your cost, and reach what it reaches.",
    'demo.launch(server_name="127.0.0.1"), or auth=… with credentials from the environment',
)
DEBUG = Rule(
    "debug-server",
    "high",
    "a web server runs with its debugger",
    "The debugger of Werkzeug runs any Python for whoever sees an error page.",
    'app.run(debug=os.environ.get("DEBUG") == "1")',
)
RELOAD = Rule(
    "reload-server",
    "low",
    "a server with a reloader listens on every address",
    "A reloader is for development: it runs whatever is written into the folder.",
    'uvicorn.run("app:app", host="127.0.0.1", reload=True), or no reload where others can reach it',
)
RULES = (SHARE, OPEN, DEBUG, RELOAD)

_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - this is what is looked for
_RELOAD = re.compile(r"\buvicorn\b[^\n|;&]{0,200}--reload\b[^\n|;&]{0,200}")
_FLASK = re.compile(r"\bflask\b[^\n|;&]{0,100} --debug\b[^\n|;&]{0,100}|\bFLASK_DEBUG[ \t]?[:=][ \t]?[\"']?(?:1|[Tt]rue)\b")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each server that is open by how it is started."""
    for code, call in repository.calls_of("launch", "uvicorn.run", "run", "run_simple"):
        if call.name.endswith("launch"):
            yield from _gradio(code, call)
        elif call.name == "uvicorn.run":
            yield from _uvicorn(code, call)
        elif not code.packages.isdisjoint({"flask", "werkzeug", "quart", "dash"}) and (
            _is_true(call.argument("debug")) or _is_true(call.argument("use_debugger"))
        ):
            yield DEBUG.at(call.at, f"`{call.name.removeprefix('?.')}` with `debug=True`")
    for file in repository.of("dockerfile", "compose", "shell"):
        for place, match in live_matches(file, _RELOAD, "--reload"):
            if "0.0.0.0" in match[0]:  # noqa: S104
                yield RELOAD.at(place)
        for place, _ in live_matches(file, _FLASK, "flask", "FLASK_DEBUG"):
            yield DEBUG.at(place)


def _gradio(code: PythonCode, call: Call) -> Iterator[Finding]:
    if "gradio" not in code.packages:
        return
    login = call.argument("auth")
    open_to_all = login is None or (isinstance(login, ast.Constant) and login.value is None)
    if _is_true(call.argument("share")):
        yield SHARE.at(call.at, severity="high" if open_to_all else "low")
    elif open_to_all and code.string(call.argument("server_name")) in _ANY:
        yield OPEN.at(call.at, "Gradio listens on every address without a login")


def _uvicorn(code: PythonCode, call: Call) -> Iterator[Finding]:
    if _is_true(call.argument("reload")) and code.string(call.argument("host")) in _ANY:
        yield RELOAD.at(call.at)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


GOOD = {
    "at home": {
        "app.py": "import gradio as gr\nimport uvicorn\ndemo = gr.Interface(f, 'text', 'text')\ndemo.launch()\n"
        "uvicorn.run('app:app', reload=True)\n"
    },
    "with a login": {"app.py": "import gradio as gr\ndemo.launch(server_name='0.0.0.0', auth=check)\n"},
    "no debugger": {
        "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
        "app.run(host='0.0.0.0', debug=os.environ.get('DEBUG') == '1')\n"
    },
    "another launch": {"app.py": "rocket.launch(share=True)\n"},
}
BAD = {
    "public-demo: a link": {"app.py": "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\ndemo.queue().launch(share=True)\n"},
    "demo-without-login: every address": {
        "app.py": "import gradio as gr\ndemo = gr.ChatInterface(f)\ndemo.launch(server_name='0.0.0.0', server_port=7860)\n"
    },
    "debug-server: Flask": {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', debug=True)\n"
    },
    "debug-server: a file of settings": {"docker-compose.yml": "services:\n  web:\n    environment:\n      FLASK_DEBUG: 1\n"},
    "reload-server: Python": {"app.py": "import uvicorn\nuvicorn.run('app:app', host='0.0.0.0', port=8000, reload=True)\n"},
    "reload-server: an image": {"Dockerfile": "FROM x\nCMD uvicorn app:app --host 0.0.0.0 --reload\n"},
}
