"""HTML that is escaped by construction: a page is a tree of elements and texts, and only this module writes markup.

A text is whatever anybody wrote, so it never becomes markup: it is made visible (nothing hides, nothing reorders) and escaped
when it is written. Names of elements and attributes come from our own code; one that is not plain lower-case letters is a fault.
Links lead only to places on the same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.kernel.text import printable_lines

_NAME = re.compile(r"[a-z][a-zA-Z0-9-]*")
_FORBIDDEN = frozenset({"script", "iframe", "object", "embed", "link", "base", "form"})
_VOID = frozenset({"br", "hr", "meta", "col", "wbr"})
_BLOCKS = frozenset(
    [
        "html",
        "head",
        "body",
        "main",
        "nav",
        "header",
        "footer",
        "section",
        "article",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "ul",
        "ol",
        "dl",
        "details",
        "svg",
        "g",
    ]
)
"""Elements whose children stand on lines of their own, so that two reports can be compared line by line."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element; its children are elements and texts."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet of ours: the one text that is not escaped, so it may hold no markup."""

    text: str

    def __post_init__(self) -> None:
        if "<" in self.text:
            raise ValueError("a style sheet holds no markup")


Node = Element | Style | str


def h(name: str, /, *children: Node | None, **attributes: object) -> Element:
    """Return an element.

    Attributes are given by keyword, a trailing `_` avoids Python's own words and `_` within stands for `-`; one that is None
    or False is left out, True gives it no value. Children that are None are left out.

    >>> page(h("p", "a < b", class_="x"))
    '<p class="x">a &lt; b</p>'
    """
    if not _NAME.fullmatch(name) or name in _FORBIDDEN:
        raise ValueError(f"not an element of ours: {name}")
    given = tuple((_attribute(key), "" if value is True else str(value)) for key, value in attributes.items() if value not in (None, False))
    for key, value in given:
        if key.startswith("on") or (key in {"href", "src"} and not value.startswith("#")):
            raise ValueError(f"not an attribute of ours: {key}")
    return Element(name, given, tuple(each for each in children if each is not None))


def _attribute(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name):
        raise ValueError(f"not an attribute of ours: {key}")
    return name


def page(root: Node) -> str:
    """Return the markup of a tree."""
    return "".join(_written(root))


def document(root: Node) -> bytes:
    """Return a whole HTML document."""
    return f"<!doctype html>\n{page(root)}\n".encode()


def _written(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield escaped(node)
    elif isinstance(node, Style):
        yield f"<style>\n{node.text}</style>"
    else:
        yield from _element(node)


def _element(node: Element) -> Iterator[str]:
    yield f"<{node.name}" + "".join(f' {key}="{escaped(value)}"' if value else f" {key}" for key, value in node.attributes) + ">"
    if node.name in _VOID:
        return
    between = "\n" if node.name in _BLOCKS and node.children else ""
    yield between
    for each in node.children:
        yield from _written(each)
        yield between
    yield f"</{node.name}>"


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """Return a text as it stands in a page: visible, and safe between tags and within quotes."""
    return printable_lines(text).translate(_ESCAPES)
