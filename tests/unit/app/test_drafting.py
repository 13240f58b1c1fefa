"""Whatever is found, and whatever it is called, the drafted manifest decodes strictly."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

from hypothesis import example, given
from hypothesis import strategies as st

from tetrapylon.app.beginning import drafted
from tetrapylon.app.drafting.ids import Ids, slug
from tetrapylon.app.drafting.part import Part, Pieces, Ref, found, guessed
from tetrapylon.app.drafting.repository import Folder, pieces_of
from tetrapylon.app.drafting.writing import draft, toml_value
from tetrapylon.app.looks import look_for_ai
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.finding import Component, Kind, Place

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", ".", "..", "../x", "/etc/passwd", "a\nb", 'a"b', "a\\b", "a\x1b[31m", "\ud800", "\u202e", "Ünï-çødé", "x" * 300, "C:\\x"]
    ),
    st.sampled_from(["gate", "customer", "customers", "custome", "model", "a/../b", "a#b", "[[person]]", "'''", '"""']),
)
KINDS = st.sampled_from(get_args(Kind))
FACTS = st.dictionaries(
    st.sampled_from(["provider", "url", "revision", "path", "effect", "library", "sensitivity"]),
    st.one_of(
        HOSTILE,
        st.sampled_from(["https://api.openai.com/v1", "openai", "transformers", "read", "irreversible", "http://[", "https://u:p@h"]),
    ),
    max_size=5,
)
COMPONENTS = st.lists(
    st.builds(Component, KINDS, HOSTILE, st.builds(Place, HOSTILE, st.integers(0, 9)), HOSTILE, FACTS),
    max_size=8,
)


@given(COMPONENTS, st.sets(HOSTILE, max_size=6))
@example(
    [Component("model", "customer", Place("a.py", 1), "", {"path": "customer"}), Component("tool", "custome", Place("a.py"), "")],
    {"customer"},
)
def test_what_is_drafted_decodes(components: list[Component], files: set[str]) -> None:
    folder = Folder(frozenset(files | {each.facts.get("path", each.id) for each in components}))
    made = draft(pieces_of(components, folder))
    text = made.text()
    known = text.encode()
    # `[system]` is made from other facts; here it is given.
    head = b'[system]\nid = "s"\nrelease = "1"\nrole = "user"\ncriticality = "low"\npurpose = "p"\n'
    manifest = decode_manifest(known.replace(b"[system]\n", head, 1))
    assert len({each.id for each in manifest.models}) == len(manifest.models)


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=200), max_size=5))
@example({"pyproject.toml": '[project]\nname = "\\u0000"\nversion = "1 2"\ndescription = "\\u001b[31m"\n'})
@example({"package.json": '{"name": "@scope/\\ud800", "version": 3}', "README.md": "# \u202e"})
@example({"pyproject.toml": "[tool]\npoetry = 3\n", "Pipfile.lock": "{}", "we ird [x].py": "", "src/*.py": ""})
@example({"pyproject.toml": "tool = 3"})
def test_any_folder_gives_a_manifest(texts: dict[str, str]) -> None:
    repository = Repository.of_texts({path: text.encode("utf-8", "replace").decode() for path, text in texts.items()})
    made = drafted(repository, look_for_ai(repository)[0], Path("nowhere"), unseen=repository.unseen)
    manifest = decode_manifest(made.text())
    assert manifest.system.id


@given(HOSTILE)
def test_ids_are_ids(name: str) -> None:
    ids = Ids()
    made = [ids.make(str(number), name, "thing") for number in range(3)]
    assert len(set(made)) == 3
    assert all(decode_manifest(_minimal(each)).system.id == each for each in made)


def _minimal(name: str) -> str:
    return (
        'schema = "tetrapylon/manifest/1"\n[system]\n'
        f'id = "{name}"\nrelease = "1"\nrole = "user"\ncriticality = "low"\npurpose = "p"\n'
    )  # fmt: skip


@given(
    st.recursive(
        st.one_of(st.text().filter(lambda text: text.isprintable() or "\n" in text), st.integers(), st.booleans()), st.lists, max_leaves=5
    )
)
def test_values_are_spelt_so_that_they_read_the_same(value: Any) -> None:
    try:
        spelt = toml_value(value).encode().decode()
    except UnicodeEncodeError:
        return
    assert tomllib.loads(f"x = {spelt}")["x"] == value


def test_slugs_resemble_their_names() -> None:
    assert slug("meta-llama/Llama-3-8B", "model") == "meta-llama-llama-3-8b"
    assert slug("Crème Brûlée!", "model") == "creme-brulee"
    assert slug("模型", "model") == "model"


def test_what_leads_nowhere_is_left_out_and_said() -> None:
    parts = (
        Part("model", "m", "reader", {"endpoint": found("not an address", "a.py:1")}, found("", "a.py:1")),
        Part("tool", "t", "look up", {"effect": found("read", "a.py:2")}, found("", "a.py:2")),
        Part(
            "flow",
            "f",
            "x",
            {"from": guessed(Ref("m"), ""), "to": guessed(Ref("t"), ""), "carries": guessed(["data"], "")},
            guessed("", ""),
        ),
        Part("service", "s", "desk", {"may": guessed((Ref("m", "infer:"), Ref("t", "call:")), "")}, found("", "a.py:3")),
    )
    made = draft(Pieces(parts))
    assert made.tables() == {"system": 1, "gate": 1, "tool": 1, "service": 1}
    assert 'may = ["call:look-up"]' in made.text()
    assert any("`reader`" in each for each in made.todos)


def test_every_line_says_where_it_comes_from() -> None:
    component = Component("hosted-model", "gpt-4o", Place("app.py", 7), "`chat.completions.create`", {"provider": "openai"})
    text = draft(pieces_of([component], Folder(frozenset()))).text()
    lines = [each for each in text.splitlines() if " = " in each and not each.startswith(("#", "schema"))]
    assert lines
    assert [each for each in lines if not any(f"# {mark}" in each for mark in ("found", "guessed", "to do"))] == []
    assert 'model = "gpt-4o"' in text
    assert "# found: app.py:7" in text
