"""Notes of work that was put off, in files about AI.

What it does: looks for `TODO`, `FIXME`, `XXX` and `HACK` in comments of files that import a package for AI, and in prompts.
Why it matters: what a developer knew to be missing is what an attacker looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import AI_PACKAGES, Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "low"
RISK = ("SD3.4",)
# Written in pieces, so that this file has no such note itself.
_NOTE = "TO" + "DO"
GOOD: dict[str, dict[str, Json]] = {
    "elsewhere": {"files": {"app.py": f"import json  # {_NOTE} later\n"}},
    "text": {"files": {"app.py": f"import openai\nNAME = '{_NOTE} list'\n"}},
}
BAD: dict[str, dict[str, Json]] = {
    "code": {"files": {"app.py": f"import openai\n# {_NOTE}: check what comes back\n"}},
    "prompt": {"files": {"p.md": f"Be kind.\n\n{_NOTE}: say what is forbidden\n"}, "facts": {"prompt": [{"id": "p", "path": "p.md"}]}},
}

_IN_COMMENT = re.compile(r"(?:#|//|/\*|<!--)[ \t]{0,4}((?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b[^\n]{0,200})")
_IN_PROMPT = re.compile(r"^[ \t]{0,8}(?:[-*#<!]{0,5}[ \t]{0,3})?((?:TO" + r"DO|FIX" + r"ME)\b[^\n]{0,200})", re.MULTILINE)


def detect(look: Look) -> Iterator[Debt]:
    """Yield each note."""
    about_ai = {code.path for code in look.repository.python if code.packages & AI_PACKAGES}
    prompts = {each["path"] for _, each in look.rows("prompt")}
    for file in look.repository.files:
        pattern = _IN_PROMPT if file.path in prompts else _IN_COMMENT if file.path in about_ai else None
        for place, match in file.matches(pattern) if pattern else ():
            note = " ".join(match[1].split())
            yield Debt(note[:120], str(place), f"{file.path} {note}", SEVERITY, RISK)
