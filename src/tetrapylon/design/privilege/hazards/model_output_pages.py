"""What a model answers decides what a script or a web page does.

*What it does*: finds answers of models in `eval`, `new Function`, `exec`, raw SQL and raw HTML in JavaScript and TypeScript, and
answers that templates put out unescaped.
*Why it matters*: whoever writes what the model reads writes a script that acts in the name of whoever looks at the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.design.privilege.scripts import Script
from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.origins import AI
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

CODE = Rule(
    "script-output-to-code",
    "critical",
    "what a model answers is run as code",
    "Whoever writes what the model reads, in a mail or on a page, writes what runs here.",
    "JSON.parse(answer), checked against a schema; code only in a container without network",
)
SHELL = Rule(
    "script-output-to-shell",
    "critical",
    "what a model answers is run as a command",
    "Whoever writes what the model reads writes the command.",
    "execFile(COMMANDS[answer]) with commands that you wrote",
)
SQL = Rule(
    "script-output-to-sql",
    "high",
    "what a model answers is run as SQL",
    "It may read or change every record that the login can reach.",
    "a login that may only read, one SELECT per call, checked by a parser; values by parameter",
)
HTML = Rule(
    "script-output-to-html",
    "medium",
    "what a model answers is shown as HTML",
    "It can carry a script that acts in the name of whoever looks at it.",
    "element.textContent = answer, <ReactMarkdown>{answer}</ReactMarkdown>, or DOMPurify.sanitize(html)",
)
RULES = (CODE, SHELL, SQL, HTML)

_SINKS: tuple[tuple[Rule, re.Pattern[str], tuple[str, ...]], ...] = (
    (CODE, re.compile(r"(?<![.\w])(?:eval|new Function|vm\.runIn\w{1,20})\(([^\n;]{1,300})"), ("eval(", "Function(", "vm.run")),
    (SHELL, re.compile(r"(?<![.\w])(?:exec|execSync|execAsync|execPromise|spawn|spawnSync|execFile)\(([^\n,;]{1,300})"), ("exec", "spawn")),
    (
        SQL,
        re.compile(r"\.(?:query|execute|unsafe|raw|\$queryRawUnsafe|\$executeRawUnsafe)\(([^\n,;]{1,300})"),
        (".query(", ".execute(", ".unsafe(", ".raw(", "RawUnsafe("),
    ),
    (
        HTML,
        re.compile(
            r"\.(?:innerHTML|outerHTML)[ \t]*\+?=(?!=)[ \t]*(`[^`]{1,1000}|[^\n;`][^\n;]{0,300})"
            r"|\.insertAdjacentHTML\([^,\n]{1,60},([^\n;]{1,300})|document\.write\(([^\n;]{1,300})|__html:([^\n}]{1,300})"
            r"|v-html=\"([^\"\n]{1,200})\"|\{@html ([^}\n]{1,200})\}"
        ),
        ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "__html", "v-html", "{@html"),
    ),
)
_ANSWER = re.compile(
    r"(?:^|[._\s])(?:answer|response|completion|reply|generated|llm_?output|ai_?(?:message|text|response|output)"
    r"|message\.content|msg\.content|m\.content|summary)\w*",
    re.IGNORECASE,
)
_UNESCAPED = re.compile(
    r"\{\{-?[ \t]{0,4}([\w.\[\]'\"]{1,80})[ \t]{0,4}\|[ \t]{0,4}safe\b"
    r"|\{\{\{[ \t]{0,4}([\w.]{1,80})[ \t]{0,4}\}\}\}|<%-[ \t]{0,4}([\w.]{1,80})"
)
_PAGES = (".html", ".jinja", ".jinja2", ".j2", ".htm", ".hbs", ".ejs", ".mustache")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each place where such text decides."""
    project = any(not each.packages.isdisjoint(AI) for each in repository.python)
    scripts = [Script(each) for each in repository.of("javascript") if not each.name.endswith((".min.js", ".d.ts"))]
    if not project and not any(each.asks for each in scripts):
        return
    for script in scripts:
        yield from _script(script.file, script)
    for file in repository.files:
        if file.name.endswith(_PAGES):
            yield from _page(file)


def _script(file: TextFile, script: Script) -> Iterator[Finding]:
    for rule, pattern, needs in _SINKS:
        # What comes from a service of one's own is looked at where it becomes a page.
        if rule is not HTML and not script.asks:
            continue
        for place, match in live_matches(file, pattern, *needs):
            given = next((each for each in match.groups() if each), "")
            named = (
                rule is HTML
                and script.asks
                and _ANSWER.search(given) is not None
                and not re.search(r"sanitize|purify|escape", given, re.IGNORECASE)
            )
            if script.holds(given) or named:
                where = match[0][: match[0].find(given)].strip(" .=({")
                yield rule.at(place, f"what {'a model' if script.asks else 'the service of a model'} answers goes into `{where}`")


def _page(file: TextFile) -> Iterator[Finding]:
    for place, match in live_matches(file, _UNESCAPED, "safe", "{{{", "<%-"):
        name = next((each for each in match.groups() if each), "")
        if _ANSWER.search(name):
            yield HTML.at(
                place, f"`{name}` is put into the page unescaped", fix=f"{{{{ {name} }}}}, or clean it first: `nh3.clean({name})`"
            )


_ASK = (
    'import OpenAI from "openai";\nconst client = new OpenAI();\n'
    "const completion = await client.chat.completions.create({ model, messages });\n"
    "const answer = completion.choices[0].message.content;\n"
)

GOOD = {
    "text": {
        "app.ts": f'{_ASK}element.textContent = answer;\nconst n = parseInt(answer);\nexec(`head -n ${{n}} log`);\nlist.innerHTML = "";\n'
    },
    "cleaned": {"app.ts": f"{_ASK}element.innerHTML = DOMPurify.sanitize(answer);\n"},
    "no model": {"app.ts": "element.innerHTML = answer;\neval(code);\n", "page.html": "{{ answer|safe }}\n"},
    "a page": {"templates/chat.html": "<p>{{ answer }}</p>{{ form.csrf|safe }}\n", "app.py": "import openai\n"},
    "values by parameter": {
        "app.ts": f'{_ASK}await db.query("INSERT INTO answers VALUES ($1)", [answer]);\nconst found = /x/.exec(answer);\n'  # noqa: S608 - a sample, not a query
    },
}
BAD = {
    "script-output-to-code: eval": {"app.ts": f"{_ASK}const result = eval(answer);\n"},
    "script-output-to-code: a function": {"app.js": f"{_ASK}const code = answer.trim();\nconst run = new Function(code);\n"},
    "script-output-to-shell: exec": {
        "agent.ts": 'import { generateText } from "ai";\nconst { text } = await generateText({ model, prompt });\nexecSync(text);\n'
    },
    "script-output-to-sql: a query": {"sql.ts": f"{_ASK}const sql = answer.replace(/```/g, '');\nconst rows = await pool.query(sql);\n"},
    "script-output-to-html: the page": {"app.js": f"{_ASK}document.getElementById('a').innerHTML = answer;\n"},
    "script-output-to-html: what the service answers": {
        "app.py": "import openai\n",
        "static/app.js": 'const response = await fetch("/api/recipes", { method: "POST" });\nconst recipe = await response.json();\n'
        "out.innerHTML = `\n  <h1>${recipe.title}</h1>`;\n",
    },
    "script-output-to-html: React": {
        "chat.tsx": 'import { useChat } from "ai/react";\nexport function Chat() {\n  const { messages } = useChat();\n'
        "  return messages.map((m) => <div dangerouslySetInnerHTML={{ __html: m.content }} />);\n}\n"
    },
    "script-output-to-html: a template": {"templates/chat.html": "<div>{{ answer|safe }}</div>\n", "app.py": "import openai\n"},
}
