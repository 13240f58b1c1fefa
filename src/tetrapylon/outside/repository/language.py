"""What a file is read as, by its name and, where names do not tell, by its text."""

from __future__ import annotations

import re

from tetrapylon.outside.repository.text import Language

_BY_SUFFIX: dict[str, Language] = {
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    ".ipynb": "notebook",
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro"), "javascript"),
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    **dict.fromkeys((".sh", ".bash", ".zsh", ".ksh"), "shell"),
    ".env": "env",
}
_NAMED: tuple[tuple[re.Pattern[str], Language], ...] = (
    (re.compile(r"(?:^|/)(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$", re.IGNORECASE), "dockerfile"),
    (re.compile(r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$"), "compose"),
    (re.compile(r"(?:^|/)\.github/workflows/|(?:^|/)\.gitlab-ci\.ya?ml$|(?:^|/)(?:azure-pipelines|bitbucket-pipelines)\.ya?ml$"), "ci"),
    (re.compile(r"(?:^|/)\.circleci/[^/]*\.ya?ml$|(?:^|/)Jenkinsfile[^/]*$|(?:^|/)\.(?:travis|drone)\.ya?ml$"), "ci"),
    (re.compile(r"(?:^|/)(?:GNU)?[Mm]akefile$|(?:^|/)(?:Procfile|[Jj]ustfile)$"), "shell"),
    (re.compile(r"(?:^|/)(?:\.?mcp|claude_desktop_config|mcp[-_.][^/]*)\.json$|(?:^|/)\.(?:cursor|vscode)/mcp\.json$"), "mcp"),
    (
        re.compile(
            r"(?:^|/)(?:requirements|constraints)[^/]*\.(?:txt|lock|in)$|(?:^|/)requirements/[^/]*\.(?:txt|in)$|(?:^|/)[^/]*\.lock$|(?:^|/)(?:package-lock|npm-shrinkwrap)\.json$"
        ),
        "lock",
    ),
    (re.compile(r"(?:^|/)pnpm-lock\.ya?ml$"), "lock"),
    (re.compile(r"(?:^|/)\.env(?:\.[^/]*)?$"), "env"),
)
_INTERPRETERS: tuple[tuple[re.Pattern[str], Language], ...] = (
    (re.compile(r"#![^\n]{0,80}\bpython"), "python"),
    (re.compile(r"#![^\n]{0,80}\b(?:ba|z|k|da)?sh\b"), "shell"),
    (re.compile(r"#![^\n]{0,80}\b(?:node|bun|deno|tsx)\b"), "javascript"),
)
"""The first lines of programs whose names do not tell."""


def language_of(path: str, text: str = "") -> Language:
    """Return the language of a file."""
    for pattern, language in _NAMED:
        if pattern.search(path):
            return language
    suffix = path[path.rfind(".") :].lower() if "." in path.rpartition("/")[2] else ""
    if suffix == ".json" and '"mcpServers"' in text:
        return "mcp"
    if not suffix and text.startswith("#!"):
        return next((language for pattern, language in _INTERPRETERS if pattern.match(text)), "text")
    return _BY_SUFFIX.get(suffix, "text")
