"""Tools that a model may call, in Python: decorated functions, classes and objects of frameworks, schemas, functions handed to agents.

*What it does*: tells the decorators and classes of LangChain, the OpenAI Agents SDK, MCP, CrewAI, smolagents, Pydantic AI and
others from those of other packages by what is imported, and reads JSON schemas of tools.
*Why it matters*: a tool is what a model can do to the world.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import talks
from tetrapylon.develop.assets.makers import made_names
from tetrapylon.develop.assets.seeing import component, imports_any
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_PACKAGES = (
    "langchain", "langgraph", "crewai", "smolagents", "agents", "mcp", "fastmcp", "pydantic_ai", "autogen", "llama_index", "haystack",
    "strands", "agno",
    "phi", "google.adk", "google.genai", "google.generativeai", "semantic_kernel", "claude_agent_sdk", "camel", "dspy", "composio",
    "anthropic", "openai",
    "controlflow", "letta", "mirascope", "llm", "chainlit", "vertexai", "qwen_agent", "transformers", "ollama", "agent_framework",
    "livekit", "magentic",
)  # fmt: skip
_DECORATORS = frozenset({"tool", "function_tool", "kernel_function", "ai_function", "tool_plain", "beta_tool", "beta_async_tool",
                         "register_tool",
                         "register_for_llm", "register_for_execution", "sk_function", "structured_tool", "toolify",
                         "prompt_tool"})  # fmt: skip
_ON_OBJECTS = frozenset({"tool", "tool_plain", "register_for_llm", "register_for_execution", "register_tool", "function_tool"})
_OWNERS = ("mcp.", "fastmcp.", "pydantic_ai.", "autogen.", "agents.", "llama_index.", "haystack.", "agent_framework.", "mirascope.")
_MAKERS = ("StructuredTool.from_function", "Tool.from_function", "FunctionTool.from_defaults", "FunctionTool", "StructuredTool", "Tool",
           "FunctionDeclaration",
           "ComponentTool", "QueryEngineTool.from_defaults", "QueryEngineTool", "create_retriever_tool", "AgentTool", "tool_from_function",
           "FunctionDeclaration.from_func", "LongRunningFunctionTool", "create_tool")  # fmt: skip
_BASES = frozenset({"BaseTool", "Tool", "StructuredTool", "BaseToolkit", "Toolkit"})
_READY = ("Tool", "ToolKit", "Toolkit", "SearchRun", "SearchResults", "QueryRun", "Tools", "PythonREPL")
_READY_PACKAGES = ("langchain_community.", "langchain_experimental.", "langchain_tavily.", "crewai_tools.", "smolagents.", "agents.",
                   "langchain.tools", "agno.tools",
                   "langchain_google_community.", "autogen_ext.tools", "phi.tools", "langchain.agents", "pydantic_ai.common_tools",
                   "strands_tools.",
                   "google.adk.tools")  # fmt: skip
_TAKERS = ("bind_tools", "create_react_agent", "create_agent", "Agent", "LlmAgent", "AgentExecutor", "CodeAgent", "ToolCallingAgent",
           "GenerativeModel", "ToolNode",
           "FunctionAgent", "ReActAgent", "AssistantAgent", "create_tool_calling_agent", "create_openai_functions_agent",
           "initialize_agent", "chat",
           "generate_content", "GenerateContentConfig", "from_tools", "create_openai_tools_agent", "tool_runner", "ChatAgent",
           "FunctionCallingAgent",
           "create_structured_chat_agent", "add_tool", "register_function", "Tool", "create_deep_agent", "Crew", "create_sdk_mcp_server",
           "AgentWorkflow")  # fmt: skip
_FEW = 5
"""Keys that a tool of the provider has at most; what has more is a block of an answer."""

_BUILT_IN = frozenset(
    {"web_search", "web_search_preview", "file_search", "code_interpreter", "computer_use_preview", "image_generation", "retrieval"}
)


def find(repository: Repository) -> Iterator[Component]:
    """Yield the tools."""
    uses = any(_uses(code) for code in repository.python)
    for code in repository.python:
        if uses:
            yield from _decorated(repository, code)
            yield from _classes(repository, code)
        yield from _schemas(repository, code)
        if _uses(code):
            yield from _made(repository, code)
            yield from _handed(repository, code)


def _uses(code: PythonCode) -> bool:
    return imports_any(code, *_PACKAGES)


def _decorated(repository: Repository, code: PythonCode) -> Iterator[Component]:
    for node in (*code.nodes.get(ast.FunctionDef, ()), *code.nodes.get(ast.AsyncFunctionDef, ())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for each in node.decorator_list:
            if _is_tool(repository, code, each):
                name = _given(repository, code, each) or node.name
                yield component("tool", name, code.at(node), f"`@{ast.unparse(each)[:60]}`", effect=None, function=node.name)
                break


def _is_tool(repository: Repository, code: PythonCode, decorator: ast.expr) -> bool:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = code.name_of(node)
    word = name.rpartition(".")[2]
    if word not in _DECORATORS:
        return False
    if name.startswith(_PACKAGES) and not isinstance(node, ast.Attribute):
        return True
    if isinstance(node, ast.Attribute) and word in _ON_OBJECTS:
        if code.name_of(node).startswith(tuple(f"{each}." for each in _PACKAGES)):
            return True
        owners = made_names(repository, code, node.value)
        if owners:
            return any(each.startswith(_OWNERS) for each in owners)
        # An object that comes from elsewhere, called as people call servers and agents.
        return isinstance(node.value, ast.Name) and any(each in node.value.id.lower() for each in ("mcp", "agent", "server", "toolset"))
    return False


def _given(repository: Repository, code: PythonCode, decorator: ast.expr) -> str | None:
    if not isinstance(decorator, ast.Call):
        return None
    call = Call("", decorator, code.at(decorator))
    node = call.argument("name", 0) or call.argument("name_override")
    name = values_of(repository).text(code, node)
    return name if name and " " not in name else None


def _made(repository: Repository, code: PythonCode) -> Iterator[Component]:
    for call in code.calls_of(*_MAKERS):
        if not call.name.startswith(_PACKAGES):
            continue
        node = call.argument("name") or (call.argument("", 0) if isinstance(call.argument("", 0), ast.Constant) else None)
        name = values_of(repository).text(code, node)
        if name is None:
            function = next(
                (found for each in ("func", "fn", "coroutine", "async_fn", "function") if (found := call.argument(each)) is not None),
                call.argument("", 0),
            )
            name = function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else None
        if name and not call.name.startswith(("google.genai.types.Tool", "vertexai")):
            yield component("tool", name, call.at, f"`{call.name.rpartition('.')[2]}` of {call.name.partition('.')[0]}")
    for call in code.calls:
        word = call.name.rpartition(".")[2]
        if word.endswith(_READY) and call.name.startswith(_READY_PACKAGES) and word not in {"Tool", "StructuredTool", "FunctionTool"}:
            yield component("tool", word, call.at, f"`{word}` of {call.name.partition('.')[0]}")


def _classes(repository: Repository, code: PythonCode) -> Iterator[Component]:
    for node in code.nodes.get(ast.ClassDef, ()):
        if isinstance(node, ast.ClassDef) and any(_is_base(code, each) for each in node.bases):
            name = next(
                (
                    found
                    for each in node.body
                    if _targets(each) == "name" and (found := values_of(repository).text(code, getattr(each, "value", None)))
                ),
                None,
            )
            yield component("tool", name or node.name, code.at(node), "class of a tool")


def _is_base(code: PythonCode, base: ast.expr) -> bool:
    name = code.name_of(base)
    return name.rpartition(".")[2] in _BASES and name.startswith(_PACKAGES)


def _targets(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _schemas(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the tools whose schemas are literal dictionaries."""
    for node in code.nodes.get(ast.Dict, ()):
        if not isinstance(node, ast.Dict) or len(node.keys) > 12:  # noqa: PLR2004 - no schema has more
            continue
        keys = {
            key.value: value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
        named = keys.get("name")
        if isinstance(named, ast.Constant | ast.Name) and (
            "input_schema" in keys or "inputSchema" in keys or ("parameters" in keys and "description" in keys)
        ):
            name = values_of(repository).text(code, named)
            if name and " " not in name:
                yield component("tool", name, code.at(node), "schema of a tool")
        kind = keys.get("type")
        if isinstance(kind, ast.Constant) and kind.value in _BUILT_IN and talks(code) and len(keys) < _FEW:
            yield component("tool", str(kind.value), code.at(node), "tool of the provider")


def _handed(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the functions of ours that an agent or a model is given as tools."""
    for call in code.calls_of(*_TAKERS):
        node = call.argument("tools") or call.argument("function_declarations")
        word = call.name.rpartition(".")[2]
        if word in {"add_tool", "register_function"}:
            given = call.argument("fn", 0) or call.argument("f")
            node = ast.List([given], ast.Load()) if isinstance(given, ast.Name) else None
        if node is None and word in {
            "bind_tools",
            "ToolNode",
            "create_react_agent",
            "create_agent",
            "from_tools",
            "create_tool_calling_agent",
        }:
            node = call.argument("", 1 if word.startswith("create") else 0)
        for each in _elements(repository, code, node):
            if isinstance(each, ast.Name) and (where := _function(repository, code, each.id)) is not None:
                yield component("tool", each.id, where[0].at(where[1]), f"function given to `{word}`")


def _elements(repository: Repository, code: PythonCode, node: ast.expr | None, depth: int = 0) -> Iterator[ast.expr]:
    if isinstance(node, ast.List | ast.Tuple):
        yield from node.elts
    elif isinstance(node, ast.BinOp):
        yield from _elements(repository, code, node.left, depth)
        yield from _elements(repository, code, node.right, depth)
    elif isinstance(node, ast.Name) and depth < 3:  # noqa: PLR2004 - a list, of a list, of a list
        scopes = scopes_of(repository)
        function = scopes.function_at(code, node)
        for each in (scopes.assigned(code, node.id, function) if function else []) or scopes.assigned(code, node.id, None):
            yield from _elements(repository, code, each, depth + 1)


def _function(repository: Repository, code: PythonCode, name: str) -> tuple[PythonCode, ast.AST] | None:
    imported = code.imports.get(name)
    modules = [(code, name)] if imported is None else list(scopes_of(repository).module_of(code, imported))
    for module, called in modules:
        for node in (*module.nodes.get(ast.FunctionDef, ()), *module.nodes.get(ast.AsyncFunctionDef, ())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == called:
                # A decorated one has been seen, perhaps by another name.
                return None if any(_is_tool(repository, module, each) for each in node.decorator_list) else (module, node)
    return None


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "decorators": (
        {
            "a.py": "from langchain_core.tools import tool\nfrom agents import function_tool\nfrom mcp.server.fastmcp import FastMCP\n"
            "mcp = FastMCP('x')\n"
            "@tool\ndef find(a): ...\n@tool('send_mail')\ndef send(a): ...\n@function_tool\nasync def look(): ...\n@mcp.tool()\n"
            "def run(c): ...\n"
        },
        {("tool", "find"), ("tool", "send_mail"), ("tool", "look"), ("tool", "run")},
    ),
    "schemas": (
        {
            "a.py": "T = [{'type': 'function', 'function': {'name': 'weather', 'description': 'x', 'parameters': {}}}]\n"
            "A = {'name': 'lookup', 'input_schema': {'type': 'object'}}\n"
        },
        {("tool", "weather"), ("tool", "lookup")},
    ),
    "functions, classes and objects": (
        {
            "a.py": "from langchain.tools import BaseTool, Tool\nfrom langgraph.prebuilt import create_react_agent\n"
            "from langchain_community.tools import DuckDuckGoSearchRun\n"
            "class Calc(BaseTool):\n    name: str = 'calculator'\nTool(name='search', func=f, description='x')\ndef add(a): ...\n"
            "TOOLS = [add]\ncreate_react_agent(m, TOOLS)\nDuckDuckGoSearchRun()\n"
        },
        {("tool", "calculator"), ("tool", "search"), ("tool", "add"), ("tool", "DuckDuckGoSearchRun")},
    ),
    "others": (
        {
            "a.py": "tool = 'hammer'\ndef tool(f): return f\n@tool\ndef saw(): ...\nclass Tool: ...\nTool(name='x')\n"
            "{'name': 'x', 'parameters': 1}\n",
            "b.py": "from invoke import tool\n@app.tool()\ndef x(): ...\n",
        },
        set(),
    ),
}
