"""Formats: what a file says of itself, compared with the libraries that write such files, and with hostile bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.outside.format import FORMATS, Described, describe, describe_bytes

SAMPLES = [(each, name, data, facts) for each in FORMATS for name, (data, facts) in FORMATS[each].SAMPLES.items()]


@pytest.mark.parametrize(("part", "name", "data", "facts"), SAMPLES, ids=[each[1] for each in SAMPLES])
def test_a_sample_gives_what_it_must(tmp_path: Path, part: str, name: str, data: bytes, facts: dict[str, Any]) -> None:
    (tmp_path / name).write_bytes(data)
    assert describe(tmp_path / name) == Described(part, facts)


@pytest.mark.parametrize(("part", "name", "data", "facts"), SAMPLES, ids=[each[1] for each in SAMPLES])
@given(draw=st.data())
def test_whatever_the_bytes_are_there_is_an_answer(part: str, name: str, data: bytes, facts: Any, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    changed = draw.draw(st.one_of(st.just(data[:at]), st.just(data[:at] + draw.draw(st.binary(max_size=8)) + data[at + 1 :]), st.binary()))
    found = describe_bytes(part, changed)
    assert (found.format is None) == bool(found.why)


def test_no_two_formats_claim_a_suffix() -> None:
    claimed = [suffix for each in FORMATS for suffix in FORMATS[each].SUFFIXES]
    assert len(claimed) == len(set(claimed))
    assert all("Why it matters" in (FORMATS[each].__doc__ or "") for each in FORMATS)


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    for name, data, why in (("x.bin", b"1", "are not read"), ("x.onnx", b"", "empty"), ("x.onnx", b"\xff", "not readable as onnx")):
        (tmp_path / name).write_bytes(data)
        found = describe(tmp_path / name)
        assert (found.format, why in found.why) == (None, True)


def test_onnx_is_read_as_its_own_library_reads_it(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    numpy = pytest.importorskip("numpy")
    helper, tensor = onnx.helper, onnx.numpy_helper
    weights = {"w": numpy.ones((4, 3), numpy.float32), "b": numpy.zeros(3, numpy.float16), "at": numpy.array([1, 2], numpy.int64)}
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Cast", ["h"], ["y"], to=1)],
        "g",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, 4])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["rows", 3])],
        [tensor.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)])
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    found = describe(tmp_path / "m.onnx").facts
    assert found["opsets"] == {"ai.onnx": 18, "ai.onnx.ml": 3}
    assert (found["parameters"], found["operators"], found["types"]) == (15, ["Cast", "MatMul"], ["float16", "float32"])
    assert found["inputs"] == [{"name": "x", "type": "float32", "shape": ["?", 4]}]
    assert found["outputs"] == [{"name": "y", "type": "float32", "shape": ["rows", 3]}]


def test_safetensors_is_read_as_its_own_library_writes_it(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    library = pytest.importorskip("safetensors.numpy")
    library.save_file({"w": numpy.ones((4, 3), numpy.float32)}, str(tmp_path / "m.safetensors"), metadata={"format": "pt"})
    found = describe(tmp_path / "m.safetensors").facts
    assert (found["parameters"], found["types"], found["framework"]) == (12, ["F32"], "pt")
