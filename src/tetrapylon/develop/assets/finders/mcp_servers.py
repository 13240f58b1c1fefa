"""MCP servers: made in code, configured for a client, or started by one.

*What it does*: reads `FastMCP(...)` and `McpServer(...)`, `mcpServers` and `servers` in configuration files, and the parameters
clients give.
*Why it matters*: such a server hands tools to whatever model is connected, and is often fetched anew at each start.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from tetrapylon.develop.assets.javascript import imports_any
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_MADE = re.compile(r"\bnew\s+(?:McpServer|Server|FastMCP|MCPServer)\(\s*\{[^{}]{0,200}?\bname:\s*[\"'`]([^\"'`\n]{1,80})[\"'`]")
_COMMENT = re.compile(r"^\s*//[^\n]*$", re.MULTILINE)
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_TOML = re.compile(r"^\[mcp_?[sS]ervers\.\"?([\w.-]+)\"?\]", re.MULTILINE)
_CLIENTS = ("StdioServerParameters", "MCPServerStdio", "MCPServerSse", "MCPServerStreamableHttp", "MCPServerHTTP", "MCPServerSSE",
            "MCPServerStreamableHTTP",
            "HostedMCPTool", "MCPToolset", "McpToolset", "MultiServerMCPClient", "sse_client", "streamablehttp_client",
            "StdioConnectionParams",
            "BasicMCPClient", "MCPTools", "StdioTransport", "SSETransport")  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the servers."""
    for code, call in repository.calls_of("FastMCP", "Server", "MCPServer", "create_sdk_mcp_server"):
        if call.name.startswith(("mcp.", "fastmcp.", "claude_agent_sdk.")):
            name = values_of(repository).text(code, call.argument("name", 0))
            yield component("mcp-server", name or code.path, call.at, f"`{call.name.rpartition('.')[2]}`", path=code.path)
    for file in repository.of("javascript"):
        if imports_any(file, "@modelcontextprotocol/sdk", "@modelcontextprotocol", "fastmcp", "mcp-framework"):
            yield from (
                component("mcp-server", match[1], at, "server in a script", path=file.path) for at, match in file.matches_in_code(_MADE)
            )
    for file in repository.of("mcp", "json", "toml", "yaml"):
        yield from _configured(file)
    for code, call in repository.calls_of(*_CLIENTS):
        if any(each.startswith(("mcp", "agents", "pydantic_ai", "langchain_mcp", "google.adk", "fastmcp", "smolagents", "llama_index",
            "agno", "autogen", "strands"))
               for each in code.imports.values()):  # fmt: skip
            yield from _started(repository, code, call)


def _configured(file: TextFile) -> Iterator[Component]:
    if file.language == "toml":
        yield from (component("mcp-server", match[1], at, "configuration") for at, match in file.matches_in_code(_TOML))
        return
    if file.language == "yaml" or "ervers" not in file.text or len(file.text) > 1 << 20:
        return
    try:
        whole = json.loads(_LAST_COMMA.sub("", _COMMENT.sub("", file.text)))
    except (ValueError, RecursionError):
        return
    for servers in _servers(whole, file):
        for name, each in servers.items():
            if isinstance(each, dict) and ({"command", "url", "httpUrl", "serverUrl"} & each.keys()):
                offset = max(file.text.find(json.dumps(name)), 0)
                yield component("mcp-server", name, file.at(offset), f"configuration in `{file.name}`", **_facts(each))


def _servers(whole: Any, file: TextFile) -> Iterator[dict[str, Any]]:
    if not isinstance(whole, dict):
        return
    own = file.language == "mcp" or "mcp" in file.name
    nested = whole.get("mcp")
    found = [whole.get("mcpServers"), whole.get("context_servers"), whole.get("mcp.servers"), whole.get("servers") if own else None]
    found += [nested.get("servers"), nested] if isinstance(nested, dict) else []
    yield from (each for each in found if isinstance(each, dict))


def _facts(server: dict[str, Any]) -> dict[str, str | None]:
    given = server.get("args")
    words = (
        [str(server.get("command", "")), *(str(each) for each in given if isinstance(each, str))]
        if isinstance(given, list)
        else [str(server.get("command", ""))]
    )
    url = next((str(server[each]) for each in ("url", "httpUrl", "serverUrl") if server.get(each)), None)
    return {"command": " ".join(words).strip() or None, "url": url}


def _started(repository: Repository, code: PythonCode, call: Call) -> Iterator[Component]:
    how = f"client `{call.name.rpartition('.')[2]}`"
    first = call.node.args[0] if call.node.args else None
    if call.name.endswith("MultiServerMCPClient") and isinstance(first, ast.Dict):
        for key in first.keys:
            name = values_of(repository).text(code, key)
            if name:
                yield component("mcp-server", name, call.at, how)
        return
    found = call.argument("name")
    name = values_of(repository).text(code, found) or _target(repository, code, call.node)
    if name:
        yield component("mcp-server", name, call.at, how)


def _target(repository: Repository, code: PythonCode, node: ast.AST) -> str | None:
    """Return what a client starts or talks to: an address, a package or a script among the texts it is given."""
    words: list[str] = []
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            words.append(each.value)
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            words += [text for text, _ in values_of(repository).texts(code, each)[:2]]
    likely = [each for each in words if each.startswith(("http://", "https://"))] or [
        each for each in words if each.endswith((".py", ".js", ".mjs", ".ts"))
    ]
    likely += [each for each in words if each.startswith("@") or "mcp" in each.lower()]
    return likely[0] if likely else None


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "in code": (
        {
            "a.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('ops')\n",
            "b.ts": "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';\n"
            "new McpServer({ name: 'files', version: '1' });\n",
        },
        {("mcp-server", "ops"), ("mcp-server", "files")},
    ),
    "configured": (
        {
            ".mcp.json": '{"mcpServers": {"fs": {"command": "npx", "args": ["-y", "x"]}, "far": {"url": "https://x.example/mcp"}}}',
            ".vscode/mcp.json": '{\n  // ours\n  "servers": {"gh": {"command": "docker",}}\n}',
            "claude_desktop_config.json": '{"mcpServers": {"db": {"command": "uvx"}}}',
        },
        {("mcp-server", "fs"), ("mcp-server", "far"), ("mcp-server", "gh"), ("mcp-server", "db")},
    ),
    "started": (
        {"a.py": "from mcp import StdioServerParameters\nStdioServerParameters(command='python', args=['server.py'])\n"},
        {("mcp-server", "server.py")},
    ),
    "others": (
        {
            "a.json": '{"servers": {"web": {"command": "x"}}}',
            "a.py": "from http.server import Server\nServer('x')\n",
            "b.json": '{"mcpServers": 3}',
        },
        set(),
    ),
}
