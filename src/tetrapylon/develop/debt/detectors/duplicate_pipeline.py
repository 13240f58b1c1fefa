"""The same treatment of data written down twice.

What it does: compares functions that use libraries for data, without their names and comments, across files.
Why it matters: one copy is mended and the other is not, and a model is then fed with what it was not trained on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import sha256
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV3.2", "SD3.8")
_BODY = (
    "import pandas as pd\ndef {0}(path):\n    table = pd.read_csv(path)\n    table = table.dropna()\n    table['x'] = table['x'] / 255\n"
    "    table['y'] = table['y'].astype(int)\n    return table.sample(frac=1.0)\n"
)
GOOD: dict[str, dict[str, Json]] = {
    "one": {"files": {"train.py": _BODY.format("read")}},
    "short": {"files": dict.fromkeys(("a.py", "b.py"), "import pandas as pd\ndef read(path):\n    return pd.read_csv(path)\n")},
}
BAD: dict[str, dict[str, Json]] = {"copied": {"files": {"train.py": _BODY.format("read"), "serve.py": _BODY.format("load")}}}

_DATA = frozenset(
    {"pandas", "polars", "numpy", "cv2", "PIL", "sklearn", "datasets", "torch", "torchvision", "tensorflow", "csv", "pyarrow"}
)
_SHORTEST = 5
"""Statements of a function that is worth comparing."""


def detect(look: Look) -> Iterator[Debt]:
    """Yield each function that is there more than once, at its second place."""
    seen: dict[str, str] = {}
    for code in look.repository.python:
        if code.packages & _DATA:
            for node in code.nodes.get(ast.FunctionDef, ()):
                if isinstance(node, ast.FunctionDef) and len(_statements(node)) >= _SHORTEST and _uses_data(code, node):
                    body = sha256("\n".join(ast.dump(each) for each in _statements(node)).encode())
                    first = seen.setdefault(body, f"{code.path}:{node.name}")
                    if first.partition(":")[0] != code.path:
                        what = f"`{node.name}` treats data exactly as `{first}` does"
                        yield Debt(what, str(code.at(node)), f"{first} {code.path}:{node.name}", SEVERITY, RISK)


def _statements(node: ast.FunctionDef) -> list[ast.stmt]:
    """Return the statements without a docstring."""
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _uses_data(code: PythonCode, node: ast.FunctionDef) -> bool:
    end = node.end_lineno or node.lineno
    return any(node.lineno <= call.at.line <= end and call.name.partition(".")[0] in _DATA for call in code.calls)
