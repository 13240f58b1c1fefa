"""The writer of YAML: whatever the text is, a reader gets it back, and nothing ends the document early."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tetrapylon.develop.records.yaml import scalar, yaml_lines

WORDS = [
    "yes",
    "No",
    "null",
    "~",
    "1.0",
    "1e5",
    "0x1f",
    "2026-01-01",
    "12:30:00",
    "-",
    "---",
    "...",
    "#",
    "a: b",
    "a #b",
    "<<",
    "=",
    "",
    " a ",
    "!tag",
]
TEXTS = st.text() | st.sampled_from(
    [*WORDS, "a\n---\nb", "\u2028", "\x85", "\ufeff", "&a", "*a", "{x}", "[x]", "| a", "`", "%", "@", "'", '"', "\\"]
)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
FLAT = st.lists(SCALARS, max_size=4) | SCALARS
VALUES = st.recursive(
    FLAT,
    lambda inner: st.dictionaries(TEXTS, inner, max_size=3) | st.lists(st.dictionaries(TEXTS, inner, max_size=2), max_size=2),
    max_leaves=8,
)
MAPS = st.dictionaries(TEXTS, VALUES, max_size=4)


def clean(value: Any) -> Any:
    """Return the value with half characters replaced, which no text file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    return [clean(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=60)
@given(value=MAPS)
def test_pyyaml_reads_what_was_written(value: dict[str, Any]) -> None:
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load("\n".join(yaml_lines(value)) or "{}") == clean(value)


@given(value=MAPS)
@example(value={"a": "---\n..."})
def test_every_line_is_printable_and_none_ends_the_document(value: dict[str, Any]) -> None:
    for line in yaml_lines(value):
        assert line.isprintable()
        assert not line.startswith(("---", "..."))
        line.encode("utf-8")


@pytest.mark.parametrize("word", WORDS)
def test_what_could_be_something_else_than_text_is_quoted(word: str) -> None:
    assert scalar(word).startswith('"')


@pytest.mark.parametrize("word", ["apache-2.0", "text-generation", "a/b", "sha_256"])
def test_plain_words_stay_plain(word: str) -> None:
    assert scalar(word) == word


@pytest.mark.parametrize("value", [{"a": [["b"]]}, {"a": float("nan")}])
def test_what_cannot_be_written_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not written"):
        list(yaml_lines(value))
