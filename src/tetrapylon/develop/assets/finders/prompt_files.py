"""Prompts in files: folders called prompts, `*.prompt`, templates, Modelfiles, promptfoo, and texts of settings.

*What it does*: takes text files in such folders or of such names, `SYSTEM` of a Modelfile, and long texts under keys that speak of prompts.
*Why it matters*: prompts in files are edited by people who do not see the code, and are rarely reviewed as code is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.prose import is_prose
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.configs import settings_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_FOLDER = re.compile(
    r"(?:^|/)(?:(?:\w{2,20}[_-])?(?:pre|sub)?prompts?|prompt[_-]templates?|system[_-]prompts?|instructions)/", re.IGNORECASE
)
_NAME = re.compile(r"(?:^|[_.-])(?:system[_-]?)?prompts?(?:[_.-]|$)|^system[_-]?(?:message|prompt)", re.IGNORECASE)
_TEXTS = (".md", ".txt", ".j2", ".jinja", ".jinja2", ".prompt", ".prompty", ".mustache", ".hbs", ".tmpl", ".tpl", ".xml", ".liquid")
_DATA = (".yaml", ".yml", ".json", ".toml")
_KEY = re.compile(r"^(?:[\w-]*(?:system|prompt|instruction|persona|preamble)[\w-]*)$", re.IGNORECASE)
_NOT = re.compile(
    r"(?:^|/)(?:\.github|charts?|helm|node_modules|docs?|locales?|i18n|translations?|lang|texts)/|(?:^|/)(?:readme|[^/]*(?:messages|strings|texts|locale)[^/]*\.json$)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"^SYSTEM[ \t]+(?:\"\"\"|\"|)?\s*(\S[^\n]*)", re.MULTILINE | re.IGNORECASE)


def find(repository: Repository) -> Iterator[Component]:
    """Yield the prompts that lie in files."""
    whole: set[str] = set()
    for file in repository.files:
        lowered = file.name.lower()
        if lowered.endswith("modelfile"):
            for at, _ in file.matches(_SYSTEM):
                yield component("prompt", file.path, at, "`SYSTEM` of a Modelfile")
        elif lowered.startswith("readme") or not file.text.strip():
            continue
        elif (
            "." not in file.name
            and file.language == "text"
            and _FOLDER.search(file.path)
            and not _NOT.search(file.path)
            and is_prose(file.text)
        ):
            yield component("prompt", file.path, Place(file.path), "file in a folder for prompts", path=file.path)
        elif lowered.endswith((".prompt", ".prompty")) or (lowered.endswith(_TEXTS) and _is_of_prompts(file.path, lowered)):
            yield component("prompt", file.path, Place(file.path), "file with a prompt", path=file.path)
        elif (
            lowered.endswith(_DATA)
            and _is_of_prompts(file.path, lowered)
            and not lowered.startswith("promptfoo")
            and "prompt" in file.path.lower()
        ):
            whole.add(file.path)
            yield component("prompt", file.path, Place(file.path), "file with prompts", path=file.path)
    yield from _settings(repository, whole)


def _is_of_prompts(path: str, name: str) -> bool:
    return not _NOT.search(path) and (_FOLDER.search(path) is not None or _NAME.search(name.rpartition(".")[0]) is not None)


def _settings(repository: Repository, whole: set[str]) -> Iterator[Component]:
    for each in settings_of(repository):
        keys = [key for key in each.keys if key != "[]"]
        if not keys or each.at.path in whole or _NOT.search(each.at.path):
            continue
        if each.at.path.rpartition("/")[2].startswith("promptfoo") and keys[0] == "prompts" and is_prose(each.text):
            yield component("prompt", f"{each.at.path}:prompts", each.at, "prompt of promptfoo")
        elif _KEY.match(keys[-1]) and len(each.text) > 40 and is_prose(each.text):  # noqa: PLR2004 - a sentence, not a name
            yield component("prompt", f"{each.at.path}:{'.'.join(keys)}", each.at, f"setting `{keys[-1]}`")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "files": (
        {
            "prompts/assistant.md": "You help.",
            "app/prompts/system.txt": "You help.",
            "app/summary_prompt.j2": "Sum up {{ text }}",
            "x.prompty": "You",
            "app/preprompts/clarify": "Ask until everything about the task is clear.\n",
            "m/a.Modelfile": 'FROM x\nSYSTEM """\nYou write minutes.\n"""\n',
        },
        {
            ("prompt", "prompts/assistant.md"),
            ("prompt", "app/prompts/system.txt"),
            ("prompt", "app/summary_prompt.j2"),
            ("prompt", "x.prompty"),
            ("prompt", "app/preprompts/clarify"),
            ("prompt", "m/a.Modelfile"),
        },
    ),
    "settings": (
        {"c.yaml": "llm:\n  system_prompt: |\n    You are the assistant of the staff.\n    Answer only from the handbook.\n"},
        {("prompt", "c.yaml:llm.system_prompt")},
    ),
    "others": (
        {
            "prompts/README.md": "How to write prompts",
            "docs/prompt.md": "About prompts",
            "c.yaml": "prompt: '> '\nsystem: linux\n",
            "prompt.py": "",
        },
        set(),
    ),
}
