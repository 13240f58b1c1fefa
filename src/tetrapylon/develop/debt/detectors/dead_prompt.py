"""A declared prompt that nothing refers to, or a prompt file that nobody declared.

What it does: looks for the path, the file's name and the id of each declared prompt in every other file, and for files
that are called prompts and stand in no manifest.
Why it matters: a prompt that is not in use is reviewed for nothing, and the one in use is then somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.repository.text import Language
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV3.3", "SV2.3")
_PROMPT = {"prompt": [{"id": "helper", "path": "prompts/helper.md"}]}
GOOD: dict[str, dict[str, Json]] = {
    "by-path": {"files": {"prompts/helper.md": "Be kind.", "app.py": "open('prompts/helper.md')\n"}, "facts": _PROMPT},
    "by-name": {"files": {"prompts/helper.md": "Be kind.", "app.py": "read(folder / 'helper.md')\n"}, "facts": _PROMPT},
}
BAD: dict[str, dict[str, Json]] = {
    "dead": {"files": {"prompts/helper.md": "Be kind.", "app.py": "print('hello')\n"}, "facts": _PROMPT},
    "undeclared": {"files": {"prompts/other.txt": "Be kind."}},
}

_CODE: tuple[Language, ...] = ("python", "notebook", "javascript", "shell", "yaml", "json", "toml", "dockerfile", "compose", "ci")
_NOT_CODE = frozenset({"tetrapylon.toml", "inventory.toml", "supply.toml", "debt.toml", "responsibility.toml", "access.toml"})
_CALLED_PROMPT = re.compile(r"(?:^|/)prompts?/[^/]+\.(?:md|txt|jinja2?|j2|prompt|prompty)$|\.prompty?$", re.IGNORECASE)


def detect(look: Look) -> Iterator[Debt]:
    """Yield each prompt."""
    declared = {each["path"]: (place, each["id"]) for place, each in look.rows("prompt")}
    texts = [each.text for each in look.repository.of(*_CODE) if each.path not in _NOT_CODE and not each.path.startswith("records/")]
    for path, (place, name) in declared.items():
        known = (path, path.rpartition("/")[2], name)
        if not any(word in text for text in texts for word in known):
            yield Debt(f"nothing refers to the prompt `{name}`", place, name, SEVERITY, RISK)
    for file in look.repository.files:
        if _CALLED_PROMPT.search(file.path) and file.path not in declared and file.name.lower() != "readme.md":
            yield Debt(f"the manifest does not declare the prompt `{file.path}`", file.path, file.path, SEVERITY, RISK)
