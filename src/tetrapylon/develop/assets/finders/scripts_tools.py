"""Tools, agents and prompts in JavaScript and TypeScript: AI SDK, LangChain.js, OpenAI Agents, MCP SDK, schemas.

*What it does*: looks, in scripts that import such a package, for the calls that make them, and for constants of prose called prompts.
*Why it matters*: what a model may do is as often written in TypeScript as in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import repository_talks, script_talks
from tetrapylon.develop.assets.javascript import imports_any, named_texts, text_of, texts_of
from tetrapylon.develop.assets.prose import is_prose
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_NAME = r"[\"'`](?P<name>[\w./ -]{1,80})[\"'`]"
_TOOL = (
    re.compile(r"(?P<name>\w+)\s*[:=]\s*(?:createTool|dynamicTool|tool)\(\s*\{"),
    re.compile(rf"\.(?:tool|registerTool|addTool)\(\s*(?:\{{\s*name:\s*)?{_NAME}"),
    re.compile(rf"\bnew\s+(?:DynamicStructuredTool|DynamicTool|StructuredTool|FunctionTool)\(\s*\{{\s*name:\s*{_NAME}"),
    re.compile(rf"\bfunction:\s*\{{\s*name:\s*{_NAME}"),
    re.compile(rf"\bname:\s*{_NAME}\s*,\s*(?:description:[^\n]{{0,400}}?,\s*)?(?:input_schema|inputSchema|parameters)\s*:"),
    re.compile(rf"\b(?:tool|defineTool)\(\s*(?:async\s*)?\([^)\n]{{0,200}}\)\s*=>[^;]{{0,1500}}?,\s*\{{\s*name:\s*{_NAME}"),
)
_BY_VARIABLE = re.compile(r"\.(?:registerTool|addTool|tool)\(\s*(?P<value>[A-Za-z_$][\w$.]{0,80})\s*,")
_AGENT = (
    re.compile(
        rf"\bnew\s+(?:Agent|ToolLoopAgent|Experimental_Agent|RealtimeAgent|LlmAgent)\(\s*\{{(?:[^{{}}]{{0,200}}?\bname:\s*{_NAME})?"
    ),
    re.compile(
        r"(?:\b(?:const|let)\s+(?P<name>\w+)\s*=\s*(?:await\s+)?)?(?:createReactAgent|createToolCallingAgent|createOpenAIFunctionsAgent|createAgent|initializeAgentExecutorWithOptions|new\s+StateGraph|new\s+AgentExecutor)\("
    ),
)
_SYSTEM = re.compile(r"\brole:\s*[\"'`](?:system|developer)[\"'`](?:\s+as\s+const)?\s*,\s*content:\s*(?=[\"'`])")
_VARIABLE = re.compile(
    r"\brole:\s*[\"'`](?P<role>system|developer|user)[\"'`](?:\s+as\s+const)?\s*,\s*content(?:\s*:\s*(?P<name>[A-Za-z_$][\w$]{0,60}))?\s*[,}\n]"
)
_USER = re.compile(r"\brole:\s*[\"'`]user[\"'`]\s*,\s*content:\s*(?=`)")
_KEYWORD = re.compile(r"\b(?:system|instructions|systemInstruction|systemPrompt)\s*:\s*(?=[\"'`])")
_NAMED = re.compile(
    r"(?:^|_)(?:prompt|system|instruction|persona|preamble)s?(?:$|_)|(?:Prompt|SystemMessage|Instruction|Preamble|Persona)s?(?:Template|Text|String)?$"
    r"|^(?:prompt|system|instruction)s?(?:Template|Text|Message|Content)?$|^[A-Z_]*(?:PROMPT|INSTRUCTION)[A-Z_]*$"
)
_STRING = re.compile(r"\"(?P<double>(?:\\.|[^\"\\\n])*)\"|'(?P<single>(?:\\.|[^'\\\n])*)'|`(?P<back>(?:\\.|[^`\\])*)`")
_TOOL_PACKAGES = ("ai", "@langchain", "langchain", "openai", "@anthropic-ai", "@openai", "@mastra", "@modelcontextprotocol", "genkit",
                  "llamaindex",
                  "@google/genai", "@google/generative-ai", "fastmcp", "@ai-sdk", "ollama", "groq-sdk", "@mistralai")  # fmt: skip
_SERVED = ("@modelcontextprotocol", "fastmcp")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the tools, agents and prompts of scripts."""
    served = any(imports_any(file, *_SERVED) for file in repository.of("javascript"))
    for file in repository.of("javascript"):
        if imports_any(file, *_TOOL_PACKAGES):
            yield from _tools(repository, file)
            yield from _agents(file)
        elif served and ".registerTool(" in file.text:
            # The server is handed over from a file that imports it.
            yield from _tools(repository, file)
        if repository_talks(repository):
            yield from _prompts(file)


def _tools(repository: Repository, file: TextFile) -> Iterator[Component]:
    for at, match in file.matches_in_code(_BY_VARIABLE):
        for name in texts_of(repository, file, match["value"])[:1]:
            if name and not set(name) & set(" \n$"):
                yield component("tool", name, at, "tool in a script")
    for pattern in _TOOL:
        for at, match in file.matches_in_code(pattern):
            if match["name"] not in {"tools", "const", "execute", "tool", "return"} and " " not in match["name"]:
                yield component("tool", match["name"], at, "tool in a script")


def _agents(file: TextFile) -> Iterator[Component]:
    for pattern in _AGENT:
        for at, match in file.matches_in_code(pattern):
            if "new Agent" in match[0] and not imports_any(file, "@openai/agents", "@openai/agents-core", "@openai/agents-realtime",
                "@mastra/core", "@mastra", "ai", "@ai-sdk",
                                                           "@strands-agents/sdk", "@voltagent/core", "agents"):  # fmt: skip
                continue
            yield component(
                "agent", match["name"] or file.name.partition(".")[0], at, f"`{match[0].partition('(')[0].split()[-1]}` in a script"
            )


def _prompts(file: TextFile) -> Iterator[Component]:
    seen: set[int] = set()
    for name, text, offset in named_texts(file):
        if (
            _NAMED.search(name)
            and is_prose(text)
            and (script_talks(file) or "prompt" in f"{name}{file.path}".lower())
            and name not in {"role", "content", "system"}
        ):
            seen.add(file.at(offset).line)
            yield component("prompt", name, file.at(offset), f"constant `{name}`")
    if not script_talks(file):
        return
    yield from _asked(file, seen)
    for pattern, how in ((_SYSTEM, "system message"), (_KEYWORD, "instructions")):
        for at, match in file.matches_in_code(pattern):
            found = _STRING.match(file.code, match.end())
            if found and is_prose(text_of(found)) and at.line not in seen:
                yield component("prompt", f"{file.path}:{at.line}", at, f"{how} in a script")


def _asked(file: TextFile, seen: set[int]) -> Iterator[Component]:
    """Yield the messages that are given by a variable, and those of a user that others' text is put into."""
    for _, match in file.matches_in_code(_VARIABLE):
        wanted = match["name"] or "content"
        for name, text, offset in named_texts(file):
            place = file.at(offset)
            if name == wanted and place.line not in seen and is_prose(text) and (match["role"] != "user" or "${" in text):
                seen.add(place.line)
                yield component("prompt", name, place, f"{match['role']} message in a script")
    for at, match in file.matches_in_code(_USER):
        found = _STRING.match(file.code, match.end())
        if found and "${" in text_of(found) and is_prose(text_of(found)) and at.line not in seen:
            yield component("prompt", f"{file.path}:{at.line}", at, "user message in a script")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "the AI SDK": (
        {
            "a.ts": "import { tool, streamText } from 'ai';\nstreamText({ system: 'You are a friendly weather service for sailors.',\n"
            " tools: { weather: tool({ description: 'x' }) } });\n"
        },
        {("tool", "weather"), ("prompt", "a.ts:2")},
    ),
    "MCP, schemas, agents": (
        {
            "a.ts": "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';\nserver.registerTool('add', {});\n"
            "server.tool(\n  'sub', {});\n",
            "b.ts": "import OpenAI from 'openai';\nconst t = [{ type: 'function', function: { name: 'look_up', parameters: {} } }];\n"
            "const SYSTEM_PROMPT = `You are a cook who helps people at home.`;\n",
            "c.ts": "import { Agent } from '@openai/agents';\nconst a = new Agent({ name: 'Triage', instructions: x });\n",
        },
        {("tool", "add"), ("tool", "sub"), ("tool", "look_up"), ("prompt", "SYSTEM_PROMPT"), ("agent", "Triage")},
    ),
    "others": (
        {
            "a.ts": "import https from 'https';\nconst agent = new Agent({ name: 'x' });\n"
            "const prompt = 'Do you really want to delete this boat?';\n"
            "x = { name: 'y', parameters: 1 };\nhammer: tool({});\n"
        },
        set(),
    ),
}
