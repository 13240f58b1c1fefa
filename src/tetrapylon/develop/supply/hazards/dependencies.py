"""Dependencies that are chosen anew at each installation.

*What it does*: finds requirements without exact versions, without hashes, and packages of Node without a lock.
*Why it matters*: a package that was taken over, or a version that was yanked into a mirror, gets in with the next build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule

UNPINNED = Rule(
    "unpinned-dependency",
    "medium",
    "dependencies are not pinned",
    "The next build takes whatever version is newest on that day, a hijacked one, too.",
    "uv pip compile --generate-hashes requirements.in -o requirements.txt",
)
HASHES = Rule(
    "missing-hashes",
    "low",
    "dependencies are pinned without hashes",
    "A version says which file was meant; only its hash says that it is that file.",
    "uv pip compile --generate-hashes requirements.in -o requirements.txt && pip install --require-hashes -r requirements.txt",
)
NO_LOCK = Rule(
    "no-lock",
    "low",
    "dependencies have no lock",
    "Two builds of the same commit install different packages.",
    "commit a lock: `uv lock`, `poetry lock` or `npm install --package-lock-only`",
)
RULES = (UNPINNED, HASHES, NO_LOCK)

_PYTHON_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "pixi.lock", "conda-lock.yml")
_NODE_LOCKS = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-lock.yml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
)
_REQUIREMENTS = re.compile(r"(?:^|/)requirements[\w.-]*\.txt$|(?:^|/)requirements/[\w.-]+\.txt$")
_NAMED = re.compile(r"[A-Za-z0-9][\w.-]*[ \t]*(?:\[[^\]]*\])?[ \t]*")
_DEPENDENCIES = re.compile(r"^dependencies[ \t]*=[ \t]*\[[ \t]*(?:\n[ \t]*)?[\"']|^\[tool\.poetry\.dependencies\]", re.MULTILINE)
_LIBRARY = re.compile(r"^Classifier|\bTopic :: Software Development :: Libraries", re.MULTILINE)


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each list of dependencies that does not say which files are meant, once."""
    names = {each.path for each in repository.files} | {each.path for each in repository.artefacts}
    for file in repository.files:
        if _REQUIREMENTS.search(file.path):
            if not _has(names, file.path, _PYTHON_LOCKS):
                yield from _requirements(file, names)
        elif file.name == "pyproject.toml":
            yield from _pyproject(file, names)
        elif file.name == "package.json":
            yield from _package(file, names)


def _has(names: set[str], path: str, wanted: tuple[str, ...]) -> bool:
    """Return whether one of the files stands beside a file, or in a folder above it."""
    parts = path.split("/")[:-1]
    above = ["/".join([*parts[:end], ""]) for end in range(len(parts) + 1)]
    return any(folder + each in names for folder in above for each in wanted)


def _requirements(file: TextFile, names: set[str]) -> Iterator[Finding]:
    loose: list[tuple[int, str]] = []
    pinned: list[int] = []
    for number, line in enumerate(file.text.replace("\\\n", "  ").split("\n"), 1):
        text = line.partition(" #")[0].strip()
        match = _NAMED.match(text)
        if not match or text.endswith(".txt"):
            continue
        rest = text[match.end() :]
        if rest.startswith(("==", "===", "@")):
            pinned += [] if "--hash=" in line or rest.startswith("@") else [number]
        else:
            loose.append((number, match[0].strip()))
    compiled = file.path.removesuffix(".txt") + ".lock" in names or file.path.removesuffix(".txt") + "-lock.txt" in names
    if loose and not compiled:
        others = f" and {len(loose) - 1} more" if len(loose) > 1 else ""
        yield UNPINNED.at(Place(file.path, _real(file.text, loose[0][0])), f"`{loose[0][1]}`{others} in `{file.name}` can be any version")
    elif pinned and not compiled:
        yield HASHES.at(Place(file.path, _real(file.text, pinned[0])), f"{len(pinned)} packages in `{file.name}` are pinned without hashes")


def _real(text: str, number: int) -> int:
    """Return the line in the file of a line that continued ones were joined into."""
    lines = text.split("\n")
    at = joined = 0
    while joined < number - 1 and at < len(lines):
        joined += not lines[at].endswith("\\")
        at += 1
    return at + 1


def _pyproject(file: TextFile, names: set[str]) -> Iterator[Finding]:
    match = _DEPENDENCIES.search(file.text)
    if (
        match is None
        or _LIBRARY.search(file.text)
        or _has(names, file.path, (*_PYTHON_LOCKS, "requirements.txt", "requirements.lock", "requirements-lock.txt"))
    ):
        return
    yield NO_LOCK.at(file.at(match.start()), f"the dependencies in `{file.path}` have no lock")


def _package(file: TextFile, names: set[str]) -> Iterator[Finding]:
    try:
        facts = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    if not isinstance(facts, dict) or not facts.get("dependencies") or _has(names, file.path, _NODE_LOCKS):
        return
    yield NO_LOCK.at(file.at(max(file.text.find('"dependencies"'), 0)), f"the dependencies in `{file.path}` have no lock")


GOOD = {
    "hashes": {"requirements.txt": "openai==1.99.1 \\\n    --hash=sha256:" + "0" * 64 + "\n# via app\n-r base.txt\n"},
    "a lock": {"pyproject.toml": '[project]\ndependencies = ["openai"]\n', "uv.lock": "version = 1\n"},
    "a lock above": {"packages/web/package.json": '{"dependencies": {"openai": "^4"}}\n', "pnpm-lock.yaml": "lockfileVersion: 9\n"},
    "a lock beside": {"requirements.txt": "openai\n", "poetry.lock": "\n"},
    "nothing to lock": {
        "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
        "package.json": '{"name": "x"}\n',
        "requirements.txt": "\n# nothing\n",
    },
    "broken": {"package.json": "{\n"},
}
BAD = {
    "unpinned-dependency: any version": {"requirements.txt": "# ours\nopenai\nfastapi>=0.100\nnumpy==2.0.0\n"},
    "unpinned-dependency: a folder": {"requirements/base.txt": "langchain~=0.3\n"},
    "missing-hashes: pinned": {"requirements.txt": "openai==1.99.1\nfastapi==0.115.0\n"},
    "no-lock: Python": {"pyproject.toml": '[project]\nname = "x"\ndependencies = [\n  "openai>=1",\n]\n'},
    "no-lock: Node": {"package.json": '{\n  "name": "x",\n  "dependencies": {"openai": "^4.0.0"}\n}\n'},
}
