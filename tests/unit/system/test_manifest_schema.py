"""The JSON Schema takes what decoding takes and refuses what decoding refuses, where it is about shape."""

from __future__ import annotations

import json
import tomllib

import jsonschema_rs
import pytest

from tetrapylon.system.schema import manifest_schema


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(manifest_schema())


def test_it_is_itself_a_schema() -> None:
    jsonschema_rs.meta.validate(manifest_schema())
    assert '"null"' not in json.dumps(manifest_schema())


def test_it_takes_a_whole_manifest(whole: str, schema: jsonschema_rs.Validator) -> None:
    schema.validate(tomllib.loads(whole))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("purpose =", "purpos ="),
        ('criticality = "mission"', 'criticality = "high-ish"'),
        ('path = "models/digit-reader.onnx"', 'path = "../x"'),
        ('path = "models/digit-reader.onnx"', 'path = "x\\n"'),
        ('path = "models/digit-reader.onnx"\n', ""),
        ('path = "models/digit-reader.onnx"\n', 'path = "m"\nendpoint = "http://h/"\n'),
        ("size = [224, 224]", "size = [224]"),
        ("size = [224, 224]", "size = [0, 1]"),
        ('roles = ["owner", "risk-owner"]', 'roles = ["owner", "owner"]'),
        ('may = ["chat:assistant",', 'may = ["call:*",'),
        ("temperature = 0", "temperature = [0]"),
        ("temperature = 0", '"a b" = 0'),
        ('schema = "tetrapylon/manifest/1"', 'schema = "tetrapylon/manifest/2"'),
        ('endpoint = "http://127.0.0.1:8600/v1"', 'endpoint = "http://me:pw@host/"'),
        ("[system]", "[[system]]"),
    ],
)
def test_it_refuses_a_bad_one(whole: str, schema: jsonschema_rs.Validator, old: str, new: str) -> None:
    assert old in whole
    assert not schema.is_valid(tomllib.loads(whole.replace(old, new, 1)))
