"""Code that imports packages of others, in a tree without any lock file.

What it does: looks for imports that are neither Python's own nor the tree's.
Why it matters: nobody can say what was installed yesterday, nor install it again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "high"
RISK = ("SV1.5", "SD3.5")
GOOD: dict[str, dict[str, Json]] = {
    "own": {"files": {"app.py": "import json\nimport tool\n", "tool.py": "import os\n"}},
    "locked": {"files": {"app.py": "import numpy\n", "requirements.txt": "numpy==2.0.0\n"}},
}
BAD: dict[str, dict[str, Json]] = {"unlocked": {"files": {"app.py": "import torch\n"}}}

_NAMED = 5


def detect(look: Look) -> Iterator[Debt]:
    """Yield one debt for the tree."""
    if look.locks:
        return
    own = {part for code in look.repository.python for part in code.path.removesuffix(".py").split("/")}
    used = {name for code in look.repository.python for name in code.packages} - own - sys.stdlib_module_names - {""}
    if used:
        what = f"no lock file, and code imports {', '.join(sorted(used)[:_NAMED])}{', …' if len(used) > _NAMED else ''}"
        yield Debt(what, ".", "tree", SEVERITY, RISK)
