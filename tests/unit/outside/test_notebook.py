"""A notebook is its cells: code that is parsed in spite of magics, text, and a bounded piece of what was printed."""

from __future__ import annotations

import json

import pytest

from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Place


def notebook(*cells: tuple[str, str, str]) -> str:
    made = [
        {"cell_type": kind, "source": source.splitlines(keepends=True), "outputs": [{"output_type": "stream", "text": [output]}]}
        for kind, source, output in cells
    ]
    return json.dumps({"cells": made, "nbformat": 4})


def test_names_of_earlier_cells_hold_and_places_have_cells() -> None:
    text = notebook(
        ("markdown", "# Title", ""),
        ("code", "from transformers import pipeline\nNAME = 'a/b'", ""),
        ("code", "x = 1\n\npipe = pipeline(model=NAME)", "eval('printed')"),
    )
    view = Repository.of_texts({"n.ipynb": text})
    ((code, call),) = view.calls_of("pipeline")
    assert (call.name, call.at) == ("transformers.pipeline", Place("n.ipynb", 3, 3))
    assert code.string(call.argument("model")) == "a/b"
    assert list(view.calls_of("eval")) == []


def test_text_has_cells_and_outputs() -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", "a = 1\nb = 2", "printed\n"), ("markdown", "one\ntwo", ""))})
    (file,) = view.files
    assert file.text == "a = 1\nb = 2\nprinted\n\none\ntwo\n"
    assert file.at(file.text.index("b =")) == Place("n.ipynb", 2, 1)
    assert file.at(file.text.index("two")) == Place("n.ipynb", 2, 2)


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nf()",
        "!pip install x\nf()",
        "  %time x\nf()".replace("  ", ""),
        "files = !ls\nf()",
        "%%time\nf()",
        "f?\nf()",
        "if True:\n    !ls\n    f()",
        "x = %pwd\nf()",
    ],
)
def test_magics_and_shell_lines_are_neutral(source: str) -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", source, ""))})
    assert view.unseen == ()
    ((_, call),) = view.calls_of("f")
    assert call.at.line == source.count("\n") + 1


@pytest.mark.parametrize("source", ["%%bash\nrm -rf /\nif [ 1 ]; then", "%%html\n<b>"])
def test_cells_of_other_languages_are_text(source: str) -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", source, ""))})
    assert view.python == ()
    assert view.unseen == ()
    assert source in view.files[0].text


def test_strings_that_look_like_magics_stay() -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", 'PROMPT = """\n!important\n% of\n"""', ""))})
    assert view.python[0].constants["PROMPT"] == "\n!important\n% of\n"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"cells": 3}', "[" * 100_000, '{"cells": [1, {}, {"cell_type": [], "source": {}}]}', "null"]
)
def test_what_is_no_notebook_is_text(text: str) -> None:
    view = Repository.of_texts({"n.ipynb": text})
    assert len(view.files) == 1
    assert view.python == ()
    assert len(view.unseen) == (0 if "cell_type" in text else 1)


def test_long_outputs_are_cut() -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", "1", "x" * 100_000))})
    assert len(view.files[0].text) < 5_000


def test_a_broken_cell_does_not_end_the_others() -> None:
    view = Repository.of_texts({"n.ipynb": notebook(("code", "import os", ""), ("code", "x = (", ""), ("code", "os.getcwd()", ""))})
    assert [call.name for _, call in view.calls_of("getcwd")] == ["os.getcwd"]
    assert [each.why.startswith("cell 2 does not parse") for each in view.unseen] == [True]
