"""Text that other text is put into: f-strings, `.format`, `%` and `+`, each with its holes and what stands round them."""

from __future__ import annotations

import ast
import re

Hole = tuple[ast.expr, str, str]
"""What is put in, and the fixed text right before and right after it."""

_INSTRUCTS = 3
"""So many words of fixed text make a text an instruction rather than a label."""

_FIELD = re.compile(r"\{([A-Za-z_]\w*|\d*)(?:![rsa])?(?::[^{}]*)?\}")
_PERCENT = re.compile(r"%(?:\(\w+\))?[sr]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DEEPEST = 50


def holes_of(node: ast.expr) -> tuple[Hole, ...]:
    """Return the holes of a text that says enough around them to be an instruction, otherwise nothing."""
    parts = _parts(node, 0)
    fixed = " ".join(each for each in parts if isinstance(each, str))
    if len(_WORD.findall(fixed)) < _INSTRUCTS:
        return ()
    return tuple((each, _text(parts, place - 1), _text(parts, place + 1)) for place, each in enumerate(parts) if isinstance(each, ast.expr))


def _text(parts: list[str | ast.expr], place: int) -> str:
    found = parts[place] if 0 <= place < len(parts) else ""
    return found if isinstance(found, str) else ""


def _parts(node: ast.expr, depth: int) -> list[str | ast.expr]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return [
            str(each.value) if isinstance(each, ast.Constant) else each.value
            for each in node.values
            if isinstance(each, ast.Constant | ast.FormattedValue)
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and depth < _DEEPEST:
        return _joined([*_parts(node.left, depth + 1), *_parts(node.right, depth + 1)])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        given = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
        return _filled(_PERCENT.split(str(node.left.value)), given)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
        return _formatted(str(node.func.value.value), node)
    return [node]


def _joined(parts: list[str | ast.expr]) -> list[str | ast.expr]:
    """Return the parts with neighbouring texts made one."""
    found: list[str | ast.expr] = []
    for each in parts:
        if found and isinstance(each, str) and isinstance(found[-1], str):
            found[-1] += each
        else:
            found.append(each)
    return found


def _filled(texts: list[str], given: list[ast.expr]) -> list[str | ast.expr]:
    found: list[str | ast.expr] = []
    for place, text in enumerate(texts):
        found.append(text)
        if place < len(texts) - 1 and place < len(given):
            found.append(given[place])
    return found


def _formatted(text: str, node: ast.Call) -> list[str | ast.expr]:
    named = {each.arg: each.value for each in node.keywords if each.arg}
    found: list[str | ast.expr] = []
    end = counted = 0
    for hole in _FIELD.finditer(text):
        key = hole[1]
        place = counted if not key else int(key) if key.isdecimal() and len(key) < len("1000") else -1
        counted += not key
        value = named.get(key) if place < 0 else node.args[place] if place < len(node.args) else None
        if value is not None:
            found += [text[end : hole.start()], value]
            end = hole.end()
    return [*found, text[end:]]
