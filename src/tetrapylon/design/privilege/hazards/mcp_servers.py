"""MCP servers that reach too much, change by themselves, or are never asked about.

*What it does*: reads configurations of MCP: file servers on a whole disk or home, packages fetched without a version at each start,
tools that are approved beforehand, servers over plain HTTP.
*Why it matters*: an MCP server runs with the rights of whoever starts it, and what it says is read by the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule

WIDE = Rule(
    "mcp-wide-files",
    "high",
    "an MCP server reaches all files",
    "A sentence that reaches the model can read keys from the home folder, and write into start files.",
    '"args": ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "./docs"]',
)
UNPINNED = Rule(
    "mcp-unpinned",
    "medium",
    "an MCP server is fetched without a version at each start",
    "Whoever takes over the package runs code here at the next start.",
    '"args": ["-y", "PACKAGE@1.2.3"]; for uvx: `PACKAGE==1.2.3`',
)
UNASKED = Rule(
    "mcp-auto-approve",
    "medium",
    "tools of an MCP server are approved beforehand",
    "Nobody sees these calls before they are made.",
    '"autoApprove": []',
)
PLAIN = Rule(
    "mcp-plain-http",
    "medium",
    "an MCP server is reached over plain HTTP",
    "Whoever sits on the line reads what the model reads and says what it is told.",
    '"url": "https://…"',
)
RULES = (WIDE, UNPINNED, UNASKED, PLAIN)

_EVERYTHING = re.compile(r"/|~/?|\$\{?(?:HOME|env:HOME|userHome)\}?/?|/(?:home|Users|root|etc)(?:/[^/]+)?/?|[A-Za-z]:[\\/]{0,2}")
_VERSION = re.compile(r".@(?!latest$)v?\d[\w.-]*$")
_UVX_VERSION = re.compile(r"==\d|@\d|@[0-9a-f]{40}")
_HARMLESS = re.compile(r"^(?:get|list|search|read|find|describe|show|query|fetch|resolve|lookup)", re.IGNORECASE)
_OPTION_WITH_VALUE = frozenset({"--package", "-p", "--from", "--python", "--with", "--index", "-c", "--call"})
_LOCAL = re.compile(r"http://(?:localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal|[\w-]+[:/])")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield what is wrong with each server of each configuration."""
    for file in repository.of("mcp", "json"):
        if file.language == "mcp" or '"mcpServers"' in file.text or '"mcp"' in file.text:
            for name, server in _servers(file):
                yield from _judged(file, name, server)


def _servers(file: TextFile) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        facts = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    mcp = facts.get("mcp") if isinstance(facts, dict) else None
    for holder in (facts, mcp):
        for key in ("mcpServers", "servers"):
            found = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(found, dict):
                yield from ((str(name), each) for name, each in found.items() if isinstance(each, dict))


def _judged(file: TextFile, name: str, server: Mapping[str, object]) -> Iterator[Finding]:
    given = server.get("args")
    command = str(server.get("command", "")).rpartition("/")[2]
    words = [str(each) for each in given] if isinstance(given, list) else []
    if command in {"cmd", "cmd.exe"}:
        words = [each for each in words if each not in {"/c", "/C"}]
    if command not in _RUNNERS and words[:1] and words[0] in _RUNNERS:
        command, words = words[0], words[1:]
    yield from _files(file, name, words)
    package = _package(command, words)
    if package and not (_UVX_VERSION if command in {"uvx", "uv", "pipx"} else _VERSION).search(package):
        yield UNPINNED.at(_place(file, name, package), f"MCP server `{name}` runs whatever `{package}` is at each start")
    url = server.get("url") or server.get("serverUrl")
    if isinstance(url, str) and url.startswith("http://") and not _LOCAL.match(url):
        yield PLAIN.at(_place(file, name, url), f"MCP server `{name}` is reached over plain HTTP")
    for key in ("autoApprove", "alwaysAllow"):
        allowed = server.get(key)
        names = (
            [str(each) for each in allowed if not _HARMLESS.match(str(each))]
            if isinstance(allowed, list)
            else ["*"]
            if allowed is True
            else []
        )
        if names:
            yield UNASKED.at(
                _place(file, name, f'"{key}"'),
                f"`{names[0]}` of MCP server `{name}` is approved beforehand",
                severity="high" if "*" in names else "medium",
            )


_RUNNERS = frozenset({"npx", "bunx", "pnpx", "uvx", "pipx", "npx.cmd"})


def _files(file: TextFile, name: str, words: list[str]) -> Iterator[Finding]:
    if not any("filesystem" in each for each in words):
        return
    for each in words:
        if _EVERYTHING.fullmatch(each):
            yield WIDE.at(_place(file, name, f'"{each}"'), f"MCP server `{name}` reaches every file below `{each}`")
            return


def _package(command: str, words: list[str]) -> str:
    """Return the package that a command fetches and runs, or nothing."""
    if command not in _RUNNERS:
        return ""
    skip = False
    for place, each in enumerate(words):
        if each in {"--package", "-p", "--from"} and place + 1 < len(words):
            return words[place + 1]
        if skip or each.startswith("-") or each in {"run", "exec"}:
            skip = each in _OPTION_WITH_VALUE
            continue
        return "" if each.startswith((".", "/")) else each
    return ""


def _place(file: TextFile, name: str, text: str) -> Place:
    start = max(file.text.find(f'"{name}"'), 0)
    found = file.text.find(text, start)
    return file.at(found if found >= 0 else start)


def _sample(**server: object) -> str:
    return json.dumps({"mcpServers": {"files": server}}, indent=2) + "\n"


GOOD = {
    "one folder, one version": {
        ".mcp.json": _sample(command="npx", args=["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "./docs"]),
        ".cursor/mcp.json": _sample(command="uvx", args=["mcp-server-git==2025.7.1", "--repository", "."]),
        ".vscode/mcp.json": '{"servers": {"mine": {"command": "python", "args": ["server.py"]}, "web": {"url": "http://localhost:3000/mcp"}}}\n',
    },
    "broken": {".mcp.json": "{"},
    "approved to read": {"mcp.json": _sample(command="node", args=["server.js"], autoApprove=["get_weather", "list_files"])},
}
BAD = {
    "mcp-wide-files: everything": {
        ".mcp.json": _sample(command="npx", args=["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "/"])
    },
    "mcp-wide-files: the home folder": {
        "claude_desktop_config.json": _sample(command="npx", args=["@modelcontextprotocol/server-filesystem@2025.8.21", "~"])
    },
    "mcp-unpinned: npx": {".cursor/mcp.json": _sample(command="npx", args=["-y", "@modelcontextprotocol/server-github"])},
    "mcp-unpinned: uvx": {".mcp.json": _sample(command="uvx", args=["mcp-server-fetch"])},
    "mcp-unpinned: latest": {".mcp.json": _sample(command="npx", args=["-y", "@playwright/mcp@latest"])},
    "mcp-auto-approve: writing": {"mcp.json": _sample(command="node", args=["server.js"], autoApprove=["write_file"])},
    "mcp-plain-http: a server": {".mcp.json": _sample(url="http://mcp.example.org/sse")},
}
