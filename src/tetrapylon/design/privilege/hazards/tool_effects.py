"""Functions that a model may call, that do harm, and that nobody approves.

*What it does*: finds the functions that are given to a model as tools (decorators, lists, MCP, dispatch by name) and looks at what
they do: run code or commands, change records, delete, write, send, pay. A confirmation on the way takes the finding away.
*Why it matters*: whoever gets a sentence before the model, in a mail or on a page, makes the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.design.privilege.approval import agents_wait, asks, is_marked
from tetrapylon.design.privilege.effects import Effect, effects
from tetrapylon.design.privilege.toolset import tools_of
from tetrapylon.outside.repository.handlers import functions_of
from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import SEVERITIES, Finding, Rule, Severity

RULE = Rule(
    "tool-without-approval",
    "high",
    "a tool does harm and nobody approves its calls",
    "Whoever gets a sentence before the model, in a mail or on a page, makes the call.",
    'ask before it happens: `if input(f"{name}({arguments})? [y/N] ") != "y": return "refused"`, '
    '`needs_approval=True`, or `interrupt_before=["tools"]`',
)
RULES = (RULE,)

_DISPATCH = re.compile(r"(?:call|run|execute|dispatch|handle|process|invoke)_(?:tool|function)|tool_calls?$")
_TOOL = re.compile(
    r"\b(?:tool|betaZodTool|zodTool)\(\{|\.(?:tool|registerTool|addTool)\([ \t\n]{0,80}(?:[\"'`]|\{)"
    r"|\bdynamicTool\(\{|new DynamicStructuredTool\(\{|new DynamicTool\(\{"
)
_APPROVES = re.compile(r"confirm|approv|needsApproval|elicit|humanInTheLoop|askUser|interrupt\(", re.IGNORECASE)
_LONGEST = 4_000
_DOES: tuple[tuple[re.Pattern[str], str, Severity], ...] = (
    (re.compile(r"\beval\([ \t]*[A-Za-z_$]|\bnew Function\(|\bvm\.run\w*\("), "runs code that the model writes", "critical"),
    (
        re.compile(r"(?<![.\w])(?:exec|execSync|execAsync|execPromise)\([ \t]*(?:[A-Za-z_$]|`[^`\n]{0,200}\$\{)"),
        "runs shell commands that the model writes",
        "critical",
    ),
    (re.compile(r"\b(?:spawn|spawnSync|execFile|execFileSync)\([ \t]*[A-Za-z_$]"), "runs programs", "critical"),
    (
        re.compile(
            r"\b(?:fs|fsp|fsPromises|promises)\.(?:unlink|rm|rmdir|rmSync|unlinkSync)\(|\.(?:deleteOne|deleteMany|destroy"
            r"|deleteObject)\("
        ),
        "deletes",
        "high",
    ),
    (re.compile(r"\b(?:fs|fsp|fsPromises|promises)\.(?:writeFile|appendFile|writeFileSync|appendFileSync)\("), "writes files", "high"),
    (re.compile(r"\bstripe\.\w{1,40}\.create\(|\.refunds\.create\("), "moves money", "high"),
    (re.compile(r"\.(?:sendMail|sendEmail)\(|\bresend\.emails\.send\(|\.emails\.send\(|chat\.postMessage\("), "sends messages", "high"),
    (
        re.compile(
            r"\.(?:query|execute|unsafe|\$queryRawUnsafe|\$executeRawUnsafe)\([ \t]*(?:[a-zA-Z_$][\w.$]{0,60}[ \t]*[,)]"
            r"|`[^`\n]{0,200}\$\{)"
        ),
        "runs SQL that the model writes",
        "high",
    ),
)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each such tool once, where it is defined."""
    tools = list(tools_of(repository))
    waits = bool(tools) and agents_wait(repository)
    for code, function in tools if not waits else ():
        if is_marked(function) or asks(code, function) or _dispatch_asks(code):
            continue
        functions = {each.name: each for each in functions_of(code)}
        worst = _worst(list(effects(code, function, functions)))
        if worst:
            yield RULE.at(code.at(function), f"tool `{function.name}` {worst.what}, and nobody approves it", severity=worst.severity)
    for file in repository.of("javascript"):
        yield from _javascript(file)


def _dispatch_asks(code: PythonCode) -> bool:
    """Return whether the function of the file that carries out calls asks first."""
    return any(_DISPATCH.search(each.name) and asks(code, each) for each in functions_of(code))


def _worst(found: list[Effect]) -> Effect | None:
    return min(found, key=lambda each: SEVERITIES.index(each.severity), default=None)


def _javascript(file: TextFile) -> Iterator[Finding]:
    for place, match in live_matches(file, _TOOL, "tool", "Tool"):
        block = _block(file.text, match.end())
        if _APPROVES.search(block):
            continue
        for pattern, what, severity in _DOES:
            if pattern.search(block):
                yield RULE.at(
                    place,
                    f"a tool {what}, and nobody approves it",
                    severity=severity,
                    fix="tool({ …, needsApproval: true }), or leave out `execute` and let a person confirm",
                )
                break


def _block(text: str, start: int) -> str:
    """Return what stands within the brackets that were just opened, as far as it is worth reading."""
    depth = 1
    for place in range(start, min(start + _LONGEST, len(text))):
        depth += (text[place] in "({[") - (text[place] in ")}]")
        if depth <= 0:
            return text[start:place]
    return text[start : start + _LONGEST]


_AGENT = "import subprocess, os, smtplib\nfrom langchain_core.tools import tool\n\n"

GOOD = {
    "tools that read": {
        "agent.py": f'{_AGENT}@tool\ndef weather(city: str) -> str:\n    """Weather."""\n'  # noqa: S608 - a sample, not a query
        f'    return requests.get(URL, params={{"city": city}}).text\n\n'
        '@tool\ndef read(name: str):\n    """Read."""\n    return open(FILES[name]).read()\n\n@tool\n'
        'def orders(number: str):\n    """Orders."""\n'
        '    return db.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchall()\n'
    },
    "a person is asked": {
        "agent.py": f'{_AGENT}@tool\ndef shell(command: str) -> str:\n    """Run."""\n    if input(f"run {{command}}? ") != "y":\n'
        f'        return "refused"\n'
        "    return subprocess.run(command, shell=True, capture_output=True).stdout\n"
    },
    "the framework asks": {
        "agent.py": "from agents import function_tool\n\n@function_tool(needs_approval=True)\nasync def delete(path: str):\n"
        "    os.remove(path)\n",
    },
    "the agent stops": {
        "agent.py": f'{_AGENT}@tool\ndef delete(path: str):\n    """Delete."""\n    os.remove(path)\n\n'
        f'graph = builder.compile(interrupt_before=["tools"])\n'
    },
    "a fixed program": {
        "agent.py": f'{_AGENT}@tool\ndef uptime() -> str:\n    """Uptime."""\n    return subprocess.check_output(["uptime"]).decode()\n'
    },
    "no tools": {"clean.py": "import os\n\ndef clean(path):\n    os.remove(path)\n"},
    "TypeScript": {
        "tools.ts": 'export const weather = tool({ description: "w", inputSchema: z.object({}), execute: async ({ city }) => '
        "fetch(url(city)) });\n"
        "export const rm = tool({ needsApproval: true, execute: async ({ path }) => fs.unlink(path) });\n"
    },
}
BAD = {
    "tool-without-approval: a shell": {
        "agent.py": f'{_AGENT}@tool\ndef shell(command: str) -> str:\n    """Run."""\n'
        f"    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout\n"
    },
    "tool-without-approval: eval": {
        "agent.py": "from agents import function_tool\n\n@function_tool\ndef calculate(expression: str) -> str:\n"
        "    return str(eval(expression))\n"
    },
    "tool-without-approval: MCP": {
        "server.py": 'import os\nfrom mcp.server.fastmcp import FastMCP\nmcp = FastMCP("files")\n\n@mcp.tool()\n'
        'async def remove(path: str) -> str:\n    os.remove(path)\n    return "gone"\n'
    },
    "tool-without-approval: mail": {
        "mail.py": 'import smtplib\nfrom langchain.agents import Tool\n\ndef send(text):\n    with smtplib.SMTP("mail") as s:\n'
        "        s.sendmail(A, B, text)\n\n"
        'tools = [Tool(name="send", func=send, description="sends")]\n'
    },
    "tool-without-approval: dispatch by name": {
        "app.py": "import json\nimport stripe\nfrom openai import OpenAI\nclient = OpenAI()\n\n"
        "def refund_order(order, amount):\n    stripe.Refund.create(charge=order, amount=amount)\n\n"
        "AVAILABLE_FUNCTIONS = {'refund_order': refund_order}\nr = client.chat.completions.create(model=M, messages=m, tools=TOOLS)\n"
        "for call in r.choices[0].message.tool_calls:\n    AVAILABLE_FUNCTIONS[call.function.name](**json.loads(call.function.arguments))\n"
    },
    "tool-without-approval: a branch for each name": {
        "app.py": "def drop(table):\n    db.execute(f'DROP TABLE {table}')\n\ndef go(client):\n"
        "    r = client.messages.create(model=M, max_tokens=9, tools=TOOLS, messages=m)\n"
        "    if r.content[0].name == 'drop':\n        drop(**r.content[0].input)\n"
    },
    "tool-without-approval: a class": {
        "tools.py": "from crewai.tools import BaseTool\n\nclass Write(BaseTool):\n    name = 'write'\n\n"
        "    def _run(self, path: str, text: str):\n        with open(path, 'w') as f:\n            f.write(text)\n"
    },
    "tool-without-approval: another service": {
        "tools.py": "import httpx\nfrom langchain_core.tools import tool\n_http = httpx.Client(base_url=URL)\n\n@tool\n"
        "def cancel(number: str):\n"
        '    """Cancel."""\n    return _http.delete(f\'/bookings/{number}\').json()\n'
    },
    "tool-without-approval: in a file of its own": {
        "tools.py": "import os\n\ndef remove(path):\n    os.remove(path)\n",
        "agent.py": "from google import genai\nfrom tools import remove\nconfig = types.GenerateContentConfig(tools=[remove])\n",
    },
    "tool-without-approval: deeper": {
        "agent.py": f'{_AGENT}def _sh(c):\n    return os.popen(c).read()\n\n@tool\ndef run(command: str):\n    """Run."""\n'
        f"    return _sh(command)\n"
    },
    "tool-without-approval: TypeScript": {
        "tools.ts": 'import { exec } from "child_process";\nexport const run = tool({\n  description: "run",\n'
        "  execute: async ({ command }) => {\n    return exec(command);\n  },\n});\n"
    },
    "tool-without-approval: MCP in TypeScript": {
        "server.ts": 'server.tool("remove", { path: z.string() }, async ({ path }) => {\n'
        "  await fs.rm(path, { recursive: true });\n  return { content: [] };\n});\n"
    },
}
