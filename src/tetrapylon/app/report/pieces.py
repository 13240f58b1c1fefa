"""Small pieces that sections are put together from: states, tables, commands, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.app.report.html import Element, Node, h

NOTHING = "\u2013"
"""What stands in a cell where there is nothing to say."""

SIGNS = {
    "PASS": "✓",
    "FAIL": "✕",
    "UNKNOWN": "?",
    "STALE": "↻",
    "WAIVED": "⚑",
    "NOT APPLICABLE": NOTHING,
    "not assessed": "○",
}
"""Each state's sign, so that it reads without colour; the word stands beside it."""

VERDICTS = {"released": "✓", "refused": "✕", "could not decide": "?"}


@dataclass(frozen=True)
class Section:
    """One section of the page."""

    anchor: str
    title: str
    body: Sequence[Node]
    note: str = ""
    """What stands beside the title in the table of contents: a number, a state."""

    def element(self) -> Element:
        """Return the section with its heading."""
        return h("section", h("h2", self.title, id=self.anchor), *self.body, aria_labelledby=self.anchor)


def slug(text: str) -> str:
    """Return a state or verdict as the name of a class."""
    return text.lower().replace(" ", "-")


def state(name: str) -> Element:
    """Return a state: sign and word."""
    return h("span", h("span", SIGNS.get(name, "·"), class_="sign", aria_hidden="true"), name, class_=f"state s-{slug(name)}")


def verdict(name: str) -> Element:
    """Return a verdict: sign and words."""
    return h("span", h("span", VERDICTS.get(name, "·"), class_="sign", aria_hidden="true"), name, class_=f"verdict v-{slug(name)}")


def code(text: str) -> Element:
    """Return a command, a digest or a name as it is typed."""
    return h("code", text)


def command(text: str) -> Node:
    """Return a command that is recommended; where this version does not have it, that stands beside it."""
    if not text:
        return NOTHING
    typed, bracket, _ = text.partition(" (not in this version)")
    return row(code(typed), h("span", "not in this version", class_="quiet") if bracket else None)


def prose(text: str) -> Node:
    """Return a sentence of ours in which names and commands stand between backticks."""
    pieces = text.split("`")
    if len(pieces) < 3 or len(pieces) % 2 == 0:  # noqa: PLR2004 - one pair makes three pieces
        return text
    return h("span", *(code(each) if number % 2 else each for number, each in enumerate(pieces) if each))


def digest(text: str) -> Element:
    """Return a digest, cut for the eye and whole for the pointer."""
    return h("code", f"{text[:19]}…" if len(text) > 20 else text, title=text, class_="digest")  # noqa: PLR2004 - the length of its beginning


def time(text: str, after: str = "") -> Element:
    """Return a time, as machines and people read it."""
    shown = text.replace("T", " ").replace("Z", " UTC") if len(text) == len("2026-01-01T00:00:00Z") else text
    return h("time", f"{shown}{f' ({after})' if after else ''}", datetime=text)


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Node]], class_: str = "") -> Element:
    """Return a table whose first column names each row; it scrolls within itself where the page is narrow."""
    body = [h("tr", h("th", each[0], scope="row"), *(h("td", cell) for cell in each[1:])) for each in rows]
    return h(
        "div",
        h(
            "table",
            h("caption", caption),
            h("thead", h("tr", *(h("th", each, scope="col") for each in heads))),
            h("tbody", *body),
            class_=class_ or None,
        ),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def listed(items: Iterable[Node], class_: str = "") -> Element:
    """Return a list."""
    return h("ul", *(h("li", each) for each in items), class_=class_ or None)


def facts(pairs: Iterable[tuple[str, Node]]) -> Element:
    """Return names and values."""
    return h("dl", *(h("div", h("dt", name), h("dd", value)) for name, value in pairs), class_="facts")


def folded(summary: Sequence[Node], *body: Node, open_: bool = False, printed: bool = True) -> Element:
    """Return something long that is opened on demand; print shows it unless it is told not to."""
    return h("details", h("summary", *summary), *body, open=open_ or None, class_=None if printed else "screen")


def row(*nodes: Node | None) -> Element:
    """Return nodes one after the other, a space between them."""
    kept = [each for each in nodes if each not in (None, "")]
    return h("span", *(piece for number, each in enumerate(kept) for piece in ((" ", each) if number else (each,))))


def bar(counts: Mapping[str, int]) -> Element:
    """Return the shares of the states as a bar; each part says its state and number."""
    parts = [
        h("span", h("span", SIGNS[name], aria_hidden="true"), f" {number}", class_=f"s-{slug(name)}", style=f"flex-grow:{number}")
        for name, number in counts.items()
    ]
    said = ", ".join(f"{number} {name}" for name, number in counts.items())
    return h("div", *parts, class_="bar", role="img", aria_label=said or "nothing")
