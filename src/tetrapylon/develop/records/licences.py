"""A licence as a bill writes it: an SPDX identifier where it is one, an expression where it is made of some, a name otherwise."""

from __future__ import annotations

import json
import re
from functools import cache

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import package_text

_WORD = re.compile(r"\(|\)|[^\s()]+")


@cache
def _identifiers() -> frozenset[str]:
    return frozenset(json.loads(package_text("tetrapylon.develop.records.cyclonedx", "spdx.schema.json"))["enum"])


def licence_choice(stated: str) -> list[dict[str, Json]]:
    """Return the licence that a person stated."""
    if stated in _identifiers():
        return [{"license": {"id": stated}}]
    if _is_expression(stated):
        return [{"expression": stated}]
    return [{"license": {"name": stated}}]


def _is_expression(stated: str) -> bool:
    """Return whether known identifiers are joined by `AND`, `OR`, `WITH` and brackets."""
    depth, wants = 0, True
    for word in _WORD.findall(stated):
        if word == "(" and wants:
            depth += 1
        elif word == ")" and not wants and depth:
            depth -= 1
        elif word in {"AND", "OR", "WITH"} and not wants:
            wants = True
        elif wants and word.removesuffix("+") in _identifiers():
            wants = False
        else:
            return False
    return depth == 0 and not wants
