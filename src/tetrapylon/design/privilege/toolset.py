"""Which functions a model can call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.handlers import Function, decorator_names, functions_of
from tetrapylon.outside.repository.origins import AI
from tetrapylon.outside.repository.python import PythonCode

_DECORATORS = frozenset(
    "tool function_tool tool_plain kernel_function register_for_llm register_for_execution beta_tool beta_async_tool call_tool ai_function as_tool".split()
)
_FROM = re.compile(
    r"^(?:langchain|langgraph|agents|crewai|smolagents|mcp|fastmcp|llama_index|pydantic_ai|semantic_kernel|autogen|strands|agno|phi|anthropic|google|haystack|livekit|marvin|controlflow|letta|camel|qwen_agent|transformers|\?)(?:[._]|$)"
)
_MAKERS = (
    "Tool",
    "StructuredTool",
    "Tool.from_function",
    "StructuredTool.from_function",
    "FunctionTool",
    "FunctionTool.from_defaults",
    "from_defaults",
)
_BASES = re.compile(r"^(?:BaseTool|Tool|FunctionTool|BaseToolSpec)$")
_RUNS = frozenset({"_run", "_arun", "forward", "run", "__call__"})
_LISTS = re.compile(
    r"(?:^|_)(?:tools?|functions?|toolkit|toolset|tool_map|tools_map|function_map|available_functions|dispatch\w*|tool_registry|registry|handlers)(?:_|$)",
    re.IGNORECASE,
)
_LISTED = frozenset({"tools", "functions", "function_map"})
_CALLED = re.compile(r"(?:^|_)(?:name|tool_name|function_name|func_name|fn_name|tool)$")


def tools_of(code: PythonCode) -> Iterator[Function]:
    """Yield the functions of a file that a model can call."""
    functions = {each.name: each for each in functions_of(code)}
    named = set(_named(code)) & functions.keys() if functions else set()
    within = _methods(code)
    for each in functions_of(code):
        if each.name in named or _is_decorated(each, code) or id(each) in within:
            yield each


def _is_decorated(function: Function, code: PythonCode) -> bool:
    return any(each.rpartition(".")[2] in _DECORATORS and _FROM.match(each) for each in decorator_names(function, code))


def _methods(code: PythonCode) -> set[int]:
    found = set()
    for node in code.nodes.get(ast.ClassDef, ()):
        if isinstance(node, ast.ClassDef) and any(_BASES.match(code.name_of(each).rpartition(".")[2]) for each in node.bases):
            found |= {id(each) for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name in _RUNS}
    return found


def _named(code: PythonCode) -> Iterator[str]:
    """Yield the names that stand where tools are given to a model, or where a call by name is carried out."""
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and (node.arg == "tools" or (node.arg in _LISTED and not code.packages.isdisjoint(AI))):
            yield from _within(node.value)
    for call in code.calls_of(*_MAKERS, "bind_tools", "ToolNode", "register_function", "add_tool"):
        yield from _within(call.argument("func") or call.argument("fn") or call.argument("function") or call.argument("", 0))
    asks = any(
        "tools" in {key.arg for key in each.node.keywords}
        for each in code.calls_of("create", "generate_content", "chat", "completion", "complete", "stream")
    )
    for node in code.nodes.get(ast.Assign, ()):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _LISTS.search(node.targets[0].id):
            if not asks and "tool" not in node.targets[0].id.lower():
                continue
            if isinstance(node.value, ast.List) or (asks and isinstance(node.value, ast.Dict)):
                yield from _within(node.value)
    for node in code.nodes.get(ast.Compare, ()) if asks else ():
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and _is_call_name(node.left):
            yield from (str(each.value) for each in node.comparators if isinstance(each, ast.Constant))


def _is_call_name(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return _CALLED.search(name) is not None


def _within(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for each in node.elts:
            yield from _within(each)
    elif isinstance(node, ast.Dict):
        for each in node.values:
            yield from _within(each)
