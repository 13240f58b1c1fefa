"""A comment that tells a checker to look away.

What it does: looks for the marks with which findings about security are allowed on their line.
Why it matters: each was right once; nobody looks whether it still is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.repository.text import Language
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "low"
RISK = ("SD3.17",)
# Written in pieces, so that this file has no such mark itself.
_OURS, _BANDIT = "tetrapylon: al" + "low", "no" + "sec"
GOOD: dict[str, dict[str, Json]] = {"none": {"files": {"app.py": "x = 1  # noqa: E501\n", "readme.md": f"Write `{_OURS} RULE why`.\n"}}}
BAD: dict[str, dict[str, Json]] = {
    "ours": {"files": {"app.py": f"x = load()  # {_OURS} unsafe-load it is ours\n"}},
    "bandit": {"files": {"app.py": f"x = load()  # {_BANDIT}\n"}},
    "ruff": {"files": {"app.py": "x = load()  # noqa: S301\n"}},
}

_MARK = re.compile(
    r"(?:#|//|/\*|<!--)[ \t]{0,4}((?:tetrapylon: al" + r"low\b|no" + r"sec\b|no" + r"semgrep\b|trivy:ig" + r"nore\b|checkov:sk" + r"ip\b"
    r"|noqa:[ \t]{0,4}(?:[A-Z]{1,4}[0-9]{1,4}[, \t]{1,3}){0,8}S[0-9]{3}|eslint-dis" + r"able[^\n]{0,60}security)[^\n]{0,160})"
)
_CODE: tuple[Language, ...] = ("python", "javascript", "dockerfile", "compose", "ci", "shell", "yaml", "toml")


def detect(look: Look) -> Iterator[Debt]:
    """Yield each mark."""
    for file in look.repository.of(*_CODE):
        for place, match in file.matches(_MARK):
            mark = " ".join(match[1].split())
            yield Debt(f"a finding is allowed: {mark[:120]}", str(place), f"{file.path} {mark}", SEVERITY, RISK)
