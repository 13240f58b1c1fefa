"""Tools that are declared in files: schemas of functions as JSON or YAML, and manifests of plugins.

*What it does*: reads files that hold the schema of one tool or a list of them, `ai-plugin.json` and manifests of MCP bundles.
*Why it matters*: a schema in a file is handed to the model as it lies there, and whoever edits the file changes what the model
believes that it can do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tetrapylon.develop.assets.ecosystem import repository_talks
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_LONGEST = 400_000
_MOST = 200
_SCHEMAS = frozenset({"parameters", "input_schema", "inputSchema"})
_LISTS = ("tools", "functions", "function_declarations", "functionDeclarations", "actions")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the tools that files declare."""
    for file in repository.of("json", "mcp"):
        if len(file.text) > _LONGEST:
            continue
        plugin = file.name in {"ai-plugin.json", "manifest.json"} and ("name_for_model" in file.text or "dxt_version" in file.text)
        if not plugin and not (any(each in file.text for each in _SCHEMAS) and '"name"' in file.text and repository_talks(repository)):
            continue
        try:
            whole = json.loads(file.text)
        except (ValueError, RecursionError):
            continue
        yield from _plugin(file, whole) if plugin else (found for each in _listed(whole) for found in _tool(file, each))


def _plugin(file: TextFile, whole: Any) -> Iterator[Component]:
    name = whole.get("name_for_model") if isinstance(whole, dict) else None
    if isinstance(name, str):
        yield component("tool", name, file.at(max(file.text.find("name_for_model"), 0)), "manifest of a plugin", path=file.path)
    elif isinstance(whole, dict):
        tools = whole.get("tools")
        named = [each.get("name") for each in tools if isinstance(each, dict)] if isinstance(tools, list) else []
        yield from (
            component("tool", each, file.at(max(file.text.find(f'"{each}"'), 0)), "tool of a bundle")
            for each in named
            if isinstance(each, str)
        )


def _listed(whole: Any) -> Iterator[Any]:
    """Yield what may be the schema of a tool: the file itself, or what is in its list."""
    if isinstance(whole, list):
        yield from whole[:_MOST]
    elif isinstance(whole, dict):
        inner = next((whole[each] for each in _LISTS if isinstance(whole.get(each), list)), None)
        yield from inner[:_MOST] if inner is not None else [whole]


def _tool(file: TextFile, each: Any) -> Iterator[Component]:
    inner = each.get("function") if isinstance(each, dict) else None
    schema = inner if isinstance(inner, dict) else each
    if not isinstance(schema, dict) or _SCHEMAS.isdisjoint(schema):
        return
    name, given = schema.get("name"), next(schema[key] for key in _SCHEMAS if key in schema)
    described = isinstance(inner, dict) or isinstance(schema.get("description"), str)
    if isinstance(name, str) and name and " " not in name and isinstance(given, dict) and described:
        yield component("tool", name, file.at(max(file.text.find(f'"{name}"'), 0)), "schema in a file", path=file.path)


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "schemas": (
        {
            "a.py": "import openai\n",
            "tools/weather.json": '{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}',
            "functions.json": '[{"name": "book", "description": "Books a boat", "parameters": {"type": "object"}}]',
            "t.json": '{"tools": [{"name": "look", "description": "x", "input_schema": {}}]}',
        },
        {("tool", "get_weather"), ("tool", "book"), ("tool", "look")},
    ),
    "a plugin": ({".well-known/ai-plugin.json": '{"name_for_model": "todo", "api": {}}'}, {("tool", "todo")}),
    "others": (
        {
            "a.py": "import openai\n",
            "b.json": '{"name": "job", "parameters": {"x": 1}}',
            "c.json": '[{"name": "a b", "description": "x", "parameters": {}}]',
            "manifest.json": '{"name": "page", "tools": []}',
        },
        set(),
    ),
}
