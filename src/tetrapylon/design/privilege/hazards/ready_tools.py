"""Ready-made tools and modes that give a model everything.

*What it does*: finds tools of frameworks that run shells or Python, code execution outside of a sandbox, and switches that turn
approval off.
*Why it matters*: with them a sentence that reaches the model is a command on this machine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.design.privilege.approval import agents_wait
from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.naming import given_to
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

TOOL = Rule(
    "dangerous-tool",
    "high",
    "a ready-made tool runs what the model writes",
    "A sentence that reaches the model, in a mail or on a page, is a command on this machine.",
    "take a tool that does one thing with checked arguments, or run it in a container without network, with approval for each call",
)
SANDBOX = Rule(
    "code-without-sandbox",
    "high",
    "code of the model runs outside of a sandbox",
    "What the model writes runs with the rights of this process: its files, its keys, its network.",
    'code_execution_config={"use_docker": True}; or a remote sandbox: `CodeAgent(…, executor_type="docker")`',
)
APPROVAL = Rule(
    "approval-off",
    "high",
    "approval of what an agent does is turned off",
    "Nobody sees what the agent is about to do before it is done.",
    "leave approval on, and allow single commands by name instead",
)
RULES = (TOOL, SANDBOX, APPROVAL)

_TOOLS = (
    "ShellTool", "BashProcess", "PythonREPLTool", "PythonAstREPLTool", "PythonREPL", "TerminalTool", "create_python_agent",
    "CodeInterpreterToolSpec", "BashTool", "ShellCommandTool",
)  # fmt: skip
_FROM = re.compile(r"^(?:langchain|llama_index|smolagents|crewai|agno|phi|strands|\?|haystack)")
_NAMED = frozenset({"terminal", "python_repl", "python_repl_ast", "requests_all", "shell"})
_ALLOWS = {
    "allow_dangerous_requests": "requests to any address",
    "allow_dangerous_code": "code that the model writes",
    "allow_dangerous_operations": "dangerous operations",
}
_UNASKED = re.compile(
    r"--dangerously-skip-permissions|--dangerously-bypass-approvals-and-sandbox|\bcodex\b"
    r"[^\n|;&]{0,120}--full-auto|\bgemini\b[^\n|;&]{0,120}--yolo"
    r"|\bdangerouslySkipPermissions[\"']?[ \t]?[:=][ \t]?true|[\"']?(?:permission_?[mM]ode"
    r"|defaultMode)[\"']?[ \t]?[:=][ \t]?[\"']bypassPermissions[\"']|\"Bash\(:?\*\)\""
)
_CALLS = (*_TOOLS, "load_tools", "CodeAgent", "LocalCommandLineCodeExecutor", "FileManagementToolkit", "LocalPythonExecutor")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each of them."""
    found = list(repository.calls_of(*_CALLS))
    waits = bool(found) and agents_wait(repository)
    for code, call in found if not waits else ():
        yield from _made(code, call)
    yield from _switches(repository)
    for file in repository.of("python", "javascript", "shell", "ci", "dockerfile", "compose", "json", "yaml", "toml"):
        yield from _unasked(file)


def _made(code: PythonCode, call: Call) -> Iterator[Finding]:
    last = call.name.rpartition(".")[2]
    if last in _TOOLS and (_FROM.match(call.name) or "." not in call.name):
        yield TOOL.at(call.at, f"`{last}` runs what the model writes", severity="critical")
    elif last == "load_tools":
        given = {each.value for each in ast.walk(call.node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
        for each in sorted(given & _NAMED):
            yield TOOL.at(
                call.at, f'`load_tools(["{each}"])` runs what the model writes', severity="high" if each == "requests_all" else "critical"
            )
    elif last == "CodeAgent":
        every = any(key.arg == "additional_authorized_imports" and _names_all(key.value) for key in call.node.keywords)
        executor = call.argument("executor_type") or call.argument("executor")
        local = executor is None or code.string(executor) == "local"
        if local:
            yield SANDBOX.at(
                call.at,
                "`CodeAgent` runs code of the model in this process",
                severity="high" if every else "medium",
                fix='CodeAgent(…, executor_type="docker")',
            )
    elif last == "LocalCommandLineCodeExecutor":
        yield SANDBOX.at(call.at, f"`{last}` runs code of the model on this machine", fix="DockerCommandLineCodeExecutor(work_dir=folder)")
    elif last == "FileManagementToolkit" and call.argument("root_dir", 0) is None:
        yield TOOL.at(
            call.at, "`FileManagementToolkit` without `root_dir` reaches every file", fix="FileManagementToolkit(root_dir=str(folder))"
        )


def _names_all(node: ast.expr) -> bool:
    risky = {"*", "os", "subprocess", "sys", "shutil", "socket"}
    return any(isinstance(each, ast.Constant) and each.value in risky for each in ast.walk(node))


def _switches(repository: Repository) -> Iterator[Finding]:
    for name, what in _ALLOWS.items():
        for code, _, value in given_to(repository, name):
            if _is(value, value_is=True):
                yield TOOL.at(code.at(value), f"`{name}=True` allows {what}")
    for code, how, value in given_to(repository, "allow_code_execution"):
        if how == "argument" and _is(value, value_is=True):
            fix = 'Agent(…, code_execution_mode="safe")'
            yield SANDBOX.at(code.at(value), "`allow_code_execution=True` lets the agent run code", severity="medium", fix=fix)
    for code, _, value in given_to(repository, "use_docker"):
        if _is(value, value_is=False):
            yield SANDBOX.at(code.at(value), "AutoGen runs code of the model without Docker")
    for code, how, value in given_to(repository, "auto_run"):
        if how == "variable" and "interpreter" in code.packages and _is(value, value_is=True):
            yield APPROVAL.at(code.at(value), "Open Interpreter runs commands without asking")


def _is(node: ast.expr, *, value_is: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value_is


def _unasked(file: TextFile) -> Iterator[Finding]:
    for place, match in live_matches(file, _UNASKED, "dangerously", "--full-auto", "--yolo", "bypassPermissions", "Bash("):
        yield APPROVAL.at(place, f"`{match[0][:60]}` lets an agent act without asking")


GOOD = {
    "bounded": {
        "agent.py": "from langchain_community.agent_toolkits import FileManagementToolkit\n"
        "t = FileManagementToolkit(root_dir='/srv/files')\n"
        "from smolagents import CodeAgent\na = CodeAgent(tools=[], model=m, executor_type='docker')\nconfig = {'use_docker': True}\n"
    },
    "one command": {".claude/settings.json": '{"permissions": {"allow": ["Bash(npm test:*)"]}}\n'},
    "off": {"agent.py": "chain = make(allow_dangerous_requests=False)\n"},
    "another tool": {"tools.py": "from mine import ShellTool\nt = ShellTool()\n"},
}
BAD = {
    "dangerous-tool: a shell": {"agent.py": "from langchain_community.tools import ShellTool\ntools = [ShellTool()]\n"},
    "dangerous-tool: Python": {"agent.py": "from langchain_experimental.tools import PythonREPLTool\nt = PythonREPLTool()\n"},
    "dangerous-tool: by name": {"agent.py": "from langchain.agents import load_tools\ntools = load_tools(['terminal'], llm=llm)\n"},
    "dangerous-tool: any request": {"agent.py": "a = create_openapi_agent(llm, allow_dangerous_requests=True)\n"},
    "dangerous-tool: data frames": {
        "agent.py": "from langchain_experimental.agents import create_pandas_dataframe_agent\n"
        "a = create_pandas_dataframe_agent(llm, df, allow_dangerous_code=True)\n"
    },
    "dangerous-tool: every file": {
        "agent.py": "from langchain_community.agent_toolkits import FileManagementToolkit\nt = FileManagementToolkit()\n"
    },
    "code-without-sandbox: AutoGen": {
        "agent.py": "u = UserProxyAgent('u', code_execution_config={'work_dir': 'x', 'use_docker': False})\n"
    },
    "code-without-sandbox: CrewAI": {"agent.py": "from crewai import Agent\na = Agent(role='r', allow_code_execution=True)\n"},
    "code-without-sandbox: smolagents": {
        "agent.py": "from smolagents import CodeAgent\na = CodeAgent(tools=[], model=m, additional_authorized_imports=['*'])\n"
    },
    "approval-off: a script": {"agent.sh": 'claude -p "fix it" --dangerously-skip-permissions\n'},
    "approval-off: every command": {".claude/settings.json": '{"permissions": {"allow": ["Bash(*)"]}}\n'},
    "approval-off: a file of settings": {".claude/settings.json": '{"permissions": {"defaultMode": "bypassPermissions"}}\n'},
}
