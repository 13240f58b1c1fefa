"""Which functions a model can call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.handlers import Function, decorator_names, functions_of
from tetrapylon.outside.repository.naming import given_to, names_given
from tetrapylon.outside.repository.origins import AI
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words

_DECORATORS = words(
    "tool function_tool tool_plain kernel_function register_for_llm register_for_execution beta_tool "
    "beta_async_tool call_tool ai_function as_tool"
)
_FRAMEWORKS = AI | words("mcp fastmcp strands agno phi livekit marvin controlflow letta camel qwen_agent langchain_mcp_adapters google_adk")
_FROM = re.compile(rf"^(?:{'|'.join(sorted(_FRAMEWORKS))}|\?)(?:[._]|$)")
_MAKERS = ("Tool", "StructuredTool", "Tool.from_function", "StructuredTool.from_function", "FunctionTool", "from_defaults")
_TAKERS = ("bind_tools", "ToolNode", "register_function", "add_tool")
_BASES = words("BaseTool Tool FunctionTool BaseToolSpec")
_RUNS = words("_run _arun forward run __call__")
_LISTS = re.compile(
    r"(?:^|_)(?:tools?|functions?|toolkit|toolset|available_functions|dispatch\w*|registry|handlers)(?:_|$)|(?:^"
    r"|_)(?:tool|tools|function)_map(?:_|$)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?:^|_)(?:name|tool_name|function_name|func_name|fn_name|tool)$")
_ASKS = ("create", "generate_content", "chat", "completion", "acompletion", "complete", "stream", "converse")


def tools_of(repository: Repository) -> Iterator[tuple[PythonCode, Function]]:
    """Yield the functions that a model can call, with their files: those that are named where tools are, in any file."""
    near, far = _named(repository)
    decorated = {id(call) for call in _framework_files(repository)}
    for code in repository.python:
        names = near.get(id(code), set()) | far.get(_stem(code), set())
        if not names and id(code) not in decorated:
            continue
        within = _methods(code)
        for each in functions_of(code):
            if each.name in names or id(each) in within or _is_decorated(each, code):
                yield code, each


def _framework_files(repository: Repository) -> Iterator[PythonCode]:
    return (each for each in repository.python if not each.packages.isdisjoint(_FRAMEWORKS))


def _stem(code: PythonCode) -> str:
    return code.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def _is_decorated(function: Function, code: PythonCode) -> bool:
    return any(each.rpartition(".")[2] in _DECORATORS and _FROM.match(each) for each in decorator_names(function, code))


def _methods(code: PythonCode) -> set[int]:
    found = set()
    for node in code.nodes.get(ast.ClassDef, ()):
        if isinstance(node, ast.ClassDef) and any(code.name_of(each).rpartition(".")[2] in _BASES for each in node.bases):
            found |= {id(each) for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name in _RUNS}
    return found


def _named(repository: Repository) -> tuple[dict[int, set[str]], dict[str, set[str]]]:
    """Return the names of functions that stand where tools do: by the file that they stand in, and by the module they come from."""
    near: dict[int, set[str]] = {}
    far: dict[str, set[str]] = {}
    for code, name in _standing(repository):
        near.setdefault(id(code), set()).add(name)
        full = code.imports.get(name, "")
        if "." in full:
            module, _, original = full.rpartition(".")
            far.setdefault(module.rpartition(".")[2], set()).add(original)
    return near, far


def _standing(repository: Repository) -> Iterator[tuple[PythonCode, str]]:
    asking = {
        id(code) for code, call in repository.calls_of(*_ASKS) if any(key.arg in {"tools", "functions"} for key in call.node.keywords)
    }
    for code, how, value in given_to(repository, "tools", "functions", "function_map"):
        if how == "argument" and (not code.packages.isdisjoint(_FRAMEWORKS) or id(code) in asking):
            yield from ((code, each) for each in _within(value))
    for code, call in repository.calls_of(*_MAKERS, *_TAKERS):
        held = call.argument("func") or call.argument("fn") or call.argument("function") or call.argument("", 0)
        if not code.packages.isdisjoint(_FRAMEWORKS):
            yield from ((code, each) for each in _within(held))
    for name, found in names_given(repository).items():
        if _LISTS.search(name):
            yield from _listed(name, [(each.code, each.value) for each in found if each.how == "variable"], asking)
    for code in repository.python:
        if id(code) in asking:
            yield from ((code, each) for each in _compared(code))


def _listed(name: str, found: list[tuple[PythonCode, ast.expr]], asking: set[int]) -> Iterator[tuple[PythonCode, str]]:
    """Yield what stands in a list of tools; in a table of functions by name only where a model is asked with tools, too."""
    for code, value in found:
        near = id(code) in asking or ("tool" in name.lower() and not code.packages.isdisjoint(_FRAMEWORKS))
        if isinstance(value, ast.List | ast.Dict) and near:
            yield from ((code, each) for each in _within(value))


def _compared(code: PythonCode) -> Iterator[str]:
    for node in code.nodes.get(ast.Compare, ()):
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
        for value in node.values:
            yield from _within(value)
