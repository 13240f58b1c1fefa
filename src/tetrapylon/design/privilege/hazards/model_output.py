"""What a model answers, or a stranger sends, decides what runs here.

*What it does*: follows answers of models, and text of requests, into code, shells, SQL, HTML, templates, paths and addresses.
*Why it matters*: whoever writes what the model reads writes what the model answers, and so what runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.design.privilege.approval import asks
from tetrapylon.outside.repository.flow import flows
from tetrapylon.outside.repository.handlers import functions_of
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words
from tetrapylon.system.finding import Finding, Rule, Severity

CODE = Rule(
    "output-to-code",
    "critical",
    "what a model answers is run as code",
    "Whoever writes what the model reads, in a mail or on a page, writes what runs here.",
    "parse data instead: `json.loads(answer)` or `ast.literal_eval(answer)`; run code only in a container without network",
)
SHELL = Rule(
    "output-to-shell",
    "critical",
    "what a model answers is run as a command",
    "Whoever writes what the model reads writes the command.",
    "map the answer to one of your own commands: `subprocess.run(COMMANDS[answer])` with a dictionary that you wrote",
)
SQL = Rule(
    "output-to-sql",
    "high",
    "what a model answers is run as SQL",
    "It may read or change every record that the login can reach.",
    "a login that may only read the tables in question, one SELECT per call, checked by a parser; values by `?`",
)
HTML = Rule(
    "output-to-html",
    "medium",
    "what a model answers is shown as HTML",
    "It can carry a script that acts in the name of whoever looks at it.",
    "show text: `st.markdown(answer)`, `{{ answer }}`, or clean it: `nh3.clean(markdown(answer))`",
)
TEMPLATE = Rule(
    "output-to-template",
    "high",
    "what a model answers is run as a template",
    "Templates of Jinja reach the objects of Python, and with them the shell.",
    "render_template_string(FIXED_TEMPLATE, answer=answer)",
)
PATH = Rule(
    "output-to-path",
    "medium",
    "what a model answers names a file",
    "`../../etc/passwd` is a name, too.",
    "path = (FOLDER / name).resolve(); if not path.is_relative_to(FOLDER): raise ValueError(name)",
)
URL = Rule(
    "output-to-url",
    "medium",
    "what a model answers names an address that is fetched",
    "It can reach services inside your network, and carry data out in the address.",
    "if urlsplit(url).hostname not in ALLOWED_HOSTS: raise ValueError(url)",
)
RULES = (CODE, SHELL, SQL, HTML, TEMPLATE, PATH, URL)

_SINKS: dict[str, Rule] = {
    **dict.fromkeys(words("eval exec builtins.eval builtins.exec compile pandas.eval runpy.run_path code.interact"), CODE),
    **dict.fromkeys(
        words("os.system os.popen subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell pexpect.spawn"), SHELL
    ),
    **dict.fromkeys(
        words(
            "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen asyncio.create_subprocess_exec"
        ),
        SHELL,
    ),
    **dict.fromkeys(
        words(
            "markupsafe.Markup flask.Markup django.utils.safestring.mark_safe fastapi.responses.HTMLResponse "
            "starlette.responses.HTMLResponse"
        ),
        HTML,
    ),
    **dict.fromkeys(words("streamlit.components.v1.html IPython.display.HTML streamlit.html"), HTML),
    **dict.fromkeys(words("flask.render_template_string jinja2.Template jinja2.Environment.from_string mako.template.Template"), TEMPLATE),
    **dict.fromkeys(words("open io.open shutil.rmtree os.remove os.unlink os.rename shutil.move shutil.copy"), PATH),
    **dict.fromkeys(words("requests.get requests.post requests.put requests.delete httpx.get httpx.post urllib.request.urlopen"), URL),
}
_METHODS: dict[str, Rule] = {
    **dict.fromkeys(words("execute executescript exec_driver_sql read_sql read_sql_query sql"), SQL),
    **dict.fromkeys(words("exec_command exec_run"), SHELL),
    **dict.fromkeys(words("write_text write_bytes unlink read_text"), PATH),
    "from_string": TEMPLATE,
}
_STRANGERS = frozenset({"person", "fetched", "retrieved"})
_WORDS = {
    "model": "what a model answers",
    "person": "what a person sent",
    "fetched": "what was fetched",
    "retrieved": "a retrieved document",
}
_STORES = words(
    "sqlite3 sqlalchemy psycopg psycopg2 pymysql mysql duckdb pandas pyodbc asyncpg aiosqlite snowflake google "
    "databricks clickhouse_connect"
)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place where such text decides."""
    for code, flow in flows(repository):
        asking: list[tuple[int, int]] | None = None
        for call in code.calls_of(*_SINKS, *_METHODS, "markdown", "write"):
            for rule, node in _sinks(code, call):
                found = _judged(rule, call, flow.origins(node))
                if not found:
                    continue
                asking = _asking(code) if asking is None else asking
                if not any(first <= call.at.line <= last for first, last in asking):
                    yield found
                    break


def _asking(code: PythonCode) -> list[tuple[int, int]]:
    """Return the lines of functions that ask a person."""
    return [(each.lineno, each.end_lineno or each.lineno) for each in functions_of(code) if asks(code, each)]


def _judged(rule: Rule, call: Call, origins: frozenset[str]) -> Finding | None:
    severity: Severity = rule.severity
    if "model" in origins:
        whose = "model"
    elif rule in (CODE, SHELL, TEMPLATE) and origins & _STRANGERS:
        whose = next(each for each in ("person", "fetched", "retrieved") if each in origins)
    else:
        return None
    name = call.name.removeprefix("?.").removeprefix("builtins.")
    return rule.at(call.at, f"{_WORDS[whose]} goes into `{name}`", severity=severity)


def _sinks(code: PythonCode, call: Call) -> Iterator[tuple[Rule, ast.expr]]:
    """Yield the arguments of a call that decide, with what they decide."""
    first = call.argument("", 0)
    method = call.name.rpartition(".")[2]
    rule = _SINKS.get(call.name)
    if rule is not None:
        yield from _of_function(rule, call, first)
    elif method in {"markdown", "write"}:
        unsafe = call.argument("unsafe_allow_html")
        if isinstance(unsafe, ast.Constant) and unsafe.value is True and first is not None:
            yield HTML, first
    elif method in _METHODS and isinstance(call.node.func, ast.Attribute):
        yield from _of_method(code, _METHODS[method], call, first)


def _of_function(rule: Rule, call: Call, first: ast.expr | None) -> Iterator[tuple[Rule, ast.expr]]:
    chosen = (
        first
        if first is not None
        else next((each.value for each in call.node.keywords if each.arg in {"args", "url", "file", "content", "source", "data"}), None)
    )
    if chosen is None:
        return
    if rule is SHELL and isinstance(chosen, ast.List) and not _is_shell(chosen):
        # A fixed program with arguments is no shell; what names the program itself is.
        if chosen.elts:
            yield rule, chosen.elts[0]
        return
    yield rule, chosen


def _is_shell(node: ast.List) -> bool:
    heads = [each.value for each in node.elts[:2] if isinstance(each, ast.Constant)]
    return any(re.search(r"(?:^|/)(?:ba|z|da)?sh$|^python3?$|^node$|^powershell$|^cmd$", str(each)) for each in heads)


def _of_method(code: PythonCode, rule: Rule, call: Call, first: ast.expr | None) -> Iterator[tuple[Rule, ast.expr]]:
    func = call.node.func
    if rule is PATH and isinstance(func, ast.Attribute):
        yield rule, func.value
    elif rule is SQL:
        given = first if first is not None else call.argument("sql")
        if given is not None and (not code.packages.isdisjoint(_STORES) or _spelt(func) in _CURSORS):
            yield (
                rule,
                given.args[0]
                if isinstance(given, ast.Call) and given.args and code.name_of(given.func).rpartition(".")[2] == "text"
                else given,
            )
    elif first is not None:
        yield rule, first


_CURSORS = words("cursor cur conn connection db session engine database c")


def _spelt(func: ast.expr) -> str:
    held = func.value if isinstance(func, ast.Attribute) else func
    return held.attr if isinstance(held, ast.Attribute) else held.id if isinstance(held, ast.Name) else ""


_ASK = (
    "from openai import OpenAI\nimport json, os, subprocess, sqlite3\nclient = OpenAI()\n\ndef ask(prompt):\n"
    "    r = client.chat.completions.create(model=M, messages=[{'role': 'user', 'content': prompt}])\n"
    "    return r.choices[0].message.content.strip()\n\n"
)

GOOD = {
    "an answer that is shown": {
        "app.py": f"{_ASK}answer = ask('?')\nprint(answer)\nwith open('answer.txt', 'w') as f:\n    f.write(answer)\n"
    },
    "one of ours": {
        "app.py": f"{_ASK}\ndef go(question):\n    name = ask(question)\n    if name not in COMMANDS:\n"
        f"        raise ValueError(name)\n    subprocess.run(name, shell=True)\n"
    },
    "values by place": {
        "app.py": _ASK + "answer = ask('?')\ndb = sqlite3.connect('x')\ndb.execute('INSERT INTO answers VALUES (?)', (answer,))\n"  # noqa: S608 - a sample, not a query
    },
    "a number": {"app.py": f"{_ASK}n = int(ask('how many?'))\nsubprocess.run(f'head -n {{n}} log', shell=True)\n"},
    "a person agrees": {
        "app.py": f"{_ASK}\ndef go():\n    command = ask('?')\n    if input(f'run {{command}}? ') != 'y':\n        return\n"
        f"    subprocess.run(command, shell=True)\n"
    },
    "a fixed program": {"app.py": f"{_ASK}subprocess.run(['espeak', ask('?')])\n"},
    "markup of our own": {"app.py": "import streamlit as st\nst.markdown('<style>h1 {color: red}</style>', unsafe_allow_html=True)\n"},
    "cleaned": {"app.py": f"{_ASK}import nh3\nfrom markupsafe import Markup\nhtml = Markup(nh3.clean(ask('?')))\n"},
    "evaluation of a model": {"train.py": "import torch\nmodel.eval()\nre.compile(pattern)\ncode = eval('1 + 1')\n"},
}
BAD = {
    "output-to-code: eval": {"app.py": f"{_ASK}answer = ask('write Python')\nresult = eval(answer)\n"},
    "output-to-code: exec of a part": {
        "app.py": f"{_ASK}import re\ntext = ask('write Python')\nfound = re.search('```python(.*)```', text)\nif found:\n"
        f"    exec(found.group(1), {{}})\n"
    },
    "output-to-code: what a person sent": {
        "app.py": "from flask import Flask, request\napp = Flask(__name__)\n\n@app.post('/calc')\ndef calc():\n"
        "    return str(eval(request.json['expression']))\n"
    },
    "output-to-code: transformers": {
        "app.py": "from transformers import pipeline\npipe = pipeline('text-generation', model='./m')\n"
        "exec(pipe('write code')[0]['generated_text'])\n"
    },
    "output-to-code: LangChain": {
        "app.py": "from langchain_openai import ChatOpenAI\nllm = ChatOpenAI(model=M)\nchain = prompt | llm | parser\n"
        "code = chain.invoke({'q': q})\nexec(code)\n"
    },
    "output-to-code: Anthropic in a class": {
        "bot.py": "import anthropic\n\nclass Bot:\n    def __init__(self):\n        self.client = anthropic.Anthropic()\n\n"
        "    def ask(self, q):\n"
        "        return self.client.messages.create(model=M, max_tokens=99, messages=[{'role': 'user', 'content': q}]).content[0].text\n\n"
        "    def run(self, q):\n        plan = self.ask(q)\n        return eval(plan)\n"
    },
    "output-to-code: a helper elsewhere": {
        "app/llm.py": _ASK,
        "app/main.py": "from app.llm import ask\n\ndef go(q):\n    return eval(ask(q))\n",
    },
    "output-to-code: cells of a notebook": {"app.py": f"{_ASK}cell = ask('?')\nwhile True:\n    exec(cell)\n    cell = ask(cell)\n"},
    "output-to-shell: a shell": {"app.py": f"{_ASK}data = json.loads(ask('?'))\nsubprocess.run(data['command'], shell=True)\n"},
    "output-to-shell: os.system": {"app.py": f"{_ASK}os.system(f'git commit -m \"{{ask(1)}}\"')\n"},
    "output-to-shell: bash": {"app.py": f"{_ASK}subprocess.run(['bash', '-c', ask('?')])\n"},
    "output-to-sql: text to SQL": {
        "app.py": f"{_ASK}\ndef answer(question):\n    sql = ask(f'SQL for {{question}}')\n"
        f"    cursor = sqlite3.connect('x').cursor()\n    return cursor.execute(sql).fetchall()\n"
    },
    "output-to-html: Streamlit": {"app.py": f"import streamlit as st\n{_ASK}st.markdown(ask(st.chat_input()), unsafe_allow_html=True)\n"},
    "output-to-html: kept in the session": {
        "app.py": "import streamlit as st\nfrom langchain.chains import ConversationalRetrievalChain\n\ndef chain():\n"
        "    return ConversationalRetrievalChain.from_llm(llm=llm, retriever=r)\n\ndef show(question):\n"
        "    response = st.session_state.conversation({'question': question})\n    st.session_state.history = response['chat_history']\n"
        "    for message in st.session_state.history:\n"
        "        st.write(TEMPLATE.replace('MSG', message.content), unsafe_allow_html=True)\n\n"
        "def main():\n    if st.button('go'):\n        st.session_state.conversation = chain()\n    show(st.text_input('Ask'))\n\nmain()\n"
    },
    "output-to-html: Markup": {"app.py": f"from markupsafe import Markup\n{_ASK}html = Markup(f'<p>{{ask(1)}}</p>')\n"},
    "output-to-template: Jinja": {"app.py": f"from jinja2 import Template\n{_ASK}Template(ask('a page')).render()\n"},
    "output-to-path: open": {
        "app.py": f"{_ASK}plan = json.loads(ask('?'))\nfor file in plan['files']:\n    with open(file['path'], 'w') as f:\n"
        f"        f.write(file['text'])\n"
    },
    "output-to-url: a request": {"app.py": f"import requests\n{_ASK}page = requests.get(ask('which page?')).text\n"},
}
