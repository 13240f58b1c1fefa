"""Every format by its content: samples, files that real libraries write, and names that lie."""

from __future__ import annotations

import io
import pickle
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.outside.content import FORMATS, format_of, promised, recognise, recognised_in
from tetrapylon.outside.repository.text import Artefact
from tetrapylon.outside.repository.view import Repository

every = pytest.mark.parametrize("name", list(FORMATS))


@every
def test_samples_are_recognised(name: str) -> None:
    part = FORMATS[name]
    assert part.GOOD
    assert part.BAD
    assert [each for each in part.GOOD if not part.matches(each, len(each) + 4096)] == []
    assert [each for each in part.BAD if part.matches(each, len(each))] == []
    assert {format_of(each, len(each) + 4096) for each in part.GOOD} == {name}


@every
def test_the_docstring_says_what_and_why(name: str) -> None:
    text = FORMATS[name].__doc__ or ""
    assert "What it does:" in text
    assert "Why it matters:" in text
    assert set(FORMATS[name].WITHIN) <= set(FORMATS)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "value", [{"w": [1.0, 2.0]}, [1, 2, 3], [("a", {"b": None})], {"x": list(range(5000))}], ids=["dict", "list", "deep", "long"]
)
def test_a_pickle_of_every_protocol_is_one(protocol: int, value: object) -> None:
    data = pickle.dumps(value, protocol)
    found = recognise("models/weights.safetensors", data[:4096], len(data))
    assert (found.format, found.disagrees, bool(found.runs_code)) == ("pickle", True, True)


def test_what_real_libraries_write_is_recognised() -> None:
    import joblib
    import numpy as np
    from safetensors.numpy import save

    array = {"w": np.zeros((3, 3), dtype=np.float32)}
    plain, packed, many = io.BytesIO(), io.BytesIO(), io.BytesIO()
    joblib.dump(array, plain)
    joblib.dump(array, packed, compress=("zlib", 3))
    np.savez(many, w=array["w"])
    made = {"a.safetensors": save(array), "a.joblib": plain.getvalue(), "b.joblib": packed.getvalue(), "a.npz": many.getvalue()}
    found = {name: recognise(name, data[:4096], len(data)) for name, data in made.items()}
    assert {name: each.format for name, each in found.items()} == {
        "a.safetensors": "safetensors",
        "a.joblib": "joblib",
        "b.joblib": "zlib",
        "a.npz": "npz",
    }
    assert not any(each.disagrees for each in found.values())


def test_a_zip_tells_what_it_is_by_its_entries() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps({}))
        file.writestr("archive/data/0", bytes(16))
    assert recognise("model.pt", data.getvalue()).format == "torch-zip"
    assert recognise("model.safetensors", data.getvalue()).disagrees
    assert not recognise("model.zip", data.getvalue()).disagrees


def test_names_promise_formats() -> None:
    assert promised("models/a.tar.gz") == ("gzip",)
    assert set(promised("a.pt")) == {"pickle", "torch-legacy", "torch-zip"}
    assert promised("a.txt") == ()
    assert recognise("empty.onnx", b"").format == "empty"


def test_a_pickle_of_text_is_found_among_texts() -> None:
    files = {"notes.txt": "cos\nsystem\n(S'true'\ntR.", "readme.txt": "See below.\n", "data/model.pkl": "(lp0\nI1\na."}
    repository = Repository(Repository.of_texts(files).files, artefacts=(Artefact("m.safetensors", 9, b"\x80\x04\x95\x00\x00"),))
    found = {each.path: each.format for each in recognised_in(repository)}
    assert found["notes.txt"] == "pickle"
    assert found["data/model.pkl"] == "pickle"
    assert "readme.txt" not in found


@given(st.binary(max_size=600), st.integers(min_value=0, max_value=1 << 60))
def test_no_bytes_make_it_fail(head: bytes, size: int) -> None:
    assert recognise("a.onnx", head, size).path == "a.onnx"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=400).filter(lambda each: each.strip()))
def test_prose_is_no_pickle(text: str) -> None:
    words = f"The {text} end.\n"
    assert format_of(words.encode(), len(words)) is None
