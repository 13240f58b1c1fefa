"""Tests that are skipped, or expected to fail.

What it does: looks for the marks of pytest and unittest, and for those of the common runners of JavaScript.
Why it matters: a test that does not run is a promise that nobody keeps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.system.finding import Place, Severity

SEVERITY: Severity = "low"
RISK = ("SD3.4",)
GOOD: dict[str, dict[str, Json]] = {
    "running": {
        "files": {"test_a.py": "import pytest\n@pytest.mark.slow\ndef test_a(): assert skip\n", "a.test.ts": "it('works', () => {})"}
    },
}
BAD: dict[str, dict[str, Json]] = {
    "pytest": {"files": {"test_a.py": "import pytest\n@pytest.mark.skip\ndef test_a(): pass\n"}},
    "unittest": {"files": {"test_a.py": "from unittest import skip\n@skip('later')\ndef test_a(): pass\n"}},
    "inside": {"files": {"test_a.py": "import pytest\ndef test_a():\n    pytest.skip('no model')\n"}},
    "script": {"files": {"a.test.ts": "describe.skip('model', () => {})"}},
}

_MARKS = frozenset({"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.xfail"})
_MARKS_OF_UNITTEST = frozenset({"unittest.skip", "unittest.skipIf", "unittest.skipUnless", "unittest.expectedFailure"})
_SCRIPT = re.compile(r"\b(?:it|test|describe|suite)\.(?:skip|todo|failing)\b|\bx(?:it|test|describe)\(")


def detect(look: Look) -> Iterator[Debt]:
    """Yield each file with such tests."""
    for code in look.repository.python:
        places = [code.at(node) for node in _marks(code)]
        if places:
            yield _debt(code.path, places)
    for file in look.repository.of("javascript"):
        places = [place for place, _ in file.matches(_SCRIPT)]
        if places:
            yield _debt(file.path, places)


def _debt(path: str, places: list[Place]) -> Debt:
    return Debt(f"{len(places)} skipped or expected to fail", str(places[0]), path, SEVERITY, RISK)


def _marks(code: PythonCode) -> Iterator[ast.AST]:
    """Yield each node that spells a mark; the name of a call within is not counted twice."""
    if not {"pytest", "unittest"} & code.packages:
        return
    for kind in (ast.Attribute, ast.Name):
        for node in code.nodes.get(kind, ()):
            if isinstance(node, ast.Attribute | ast.Name) and code.name_of(node) in _MARKS | _MARKS_OF_UNITTEST:
                yield node
