"""Whatever a text holds, the page shows it as text: nothing becomes markup, nothing hides, nothing asks anybody for anything."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.report.html import Element, Node, Style, document, h, page
from tetrapylon.app.report.pieces import prose
from tetrapylon.kernel.text import printable_lines

ANYTHING = st.text(st.characters(codec=None), max_size=30)
NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</style><b>",
        "\"' onload=x",
        "&lt;b&gt; &#60;",
        "\u202egnp.exe",
        "\x00\x1b[2J",
        "]]>",
        "<!--",
        "--><svg>",
    ]
)
TEXTS = ANYTHING | NASTY


class Parsed(HTMLParser):
    """What a reader's browser makes of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment that nobody wrote: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction that nobody wrote: {data}")


def trees() -> st.SearchStrategy[Node]:
    names = st.sampled_from(["p", "span", "b", "td"])
    return st.recursive(
        TEXTS,
        lambda below: st.builds(lambda name, title, children: h(name, *children, title=title), names, TEXTS, st.lists(below, max_size=3)),
        max_leaves=8,
    )


def text_of(node: Node) -> str:
    return "".join(text_of(each) for each in node.children) if isinstance(node, Element) else printable_lines(str(node))


def elements(node: Node) -> list[Element]:
    return [node, *(found for each in node.children for found in elements(each))] if isinstance(node, Element) else []


@given(trees())
def test_a_browser_reads_exactly_what_was_meant(tree: Node) -> None:
    markup = page(h("p", tree))
    found = Parsed(markup)
    assert found.text == text_of(tree)
    assert found.tags == ["p", *(each.name for each in elements(tree))]
    titles = [printable_lines(str(dict(each.attributes).get("title", ""))) for each in elements(tree)]
    assert [each.get("title") or "" for each in found.attributes[1:]] == titles
    assert document(tree).decode("utf-8")


@given(TEXTS)
def test_sentences_keep_their_words(text: str) -> None:
    assert Parsed(page(h("p", prose(text)))).text.replace("`", "") == printable_lines(text).replace("`", "")


def test_names_between_backticks_are_code() -> None:
    assert page(prose("run `a <b>` now")) == "<span>run <code>a &lt;b&gt;</code> now</span>"
    assert page(prose("one ` alone")) == "one ` alone"


@pytest.mark.parametrize("name", ["script", "iframe", "object", "form", "p onload", "P", "1", ""])
def test_elements_that_are_not_ours_are_faults(name: str) -> None:
    with pytest.raises(ValueError, match="not an element"):
        h(name)


@pytest.mark.parametrize("attributes", [{"onclick": "x"}, {"href": "javascript:x"}, {"href": "https://example.org"}, {"src": "x.png"}])
def test_attributes_that_lead_elsewhere_are_faults(attributes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not an attribute"):
        h("a", **attributes)


def test_an_attribute_has_a_plain_name() -> None:
    with pytest.raises(ValueError, match="not an attribute"):
        h("a", **{"x y": "z"})


def test_a_style_sheet_holds_no_markup() -> None:
    assert page(Style("a { color: red }")).startswith("<style>")
    with pytest.raises(ValueError, match="no markup"):
        Style("</style><script>")


def test_what_is_absent_is_not_written() -> None:
    assert page(h("details", None, open=True, title=None, hidden=False)) == "<details open></details>"
