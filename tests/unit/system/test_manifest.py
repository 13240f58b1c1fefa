"""What a good manifest becomes."""

from __future__ import annotations

import json
import tomllib

import msgspec
import pytest

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.manifest import manifest_facts

SMALL = """\
schema = "tetrapylon/manifest/1"
[system]
id = "x"
release = "1"
role = "user"
criticality = "low"
purpose = "Tries"
"""


def test_every_table_arrives(whole: str) -> None:
    manifest = decode_manifest(whole)
    assert manifest.system.id == "cheque-desk"
    assert manifest.models[0].preprocess[0].size == (224, 224)
    assert manifest.models[1].decoding == {"temperature": 0, "top-p": 0.9, "greedy": False, "stop": "END"}
    assert manifest.flows[0].source == "customer"
    assert manifest.gate.policy["training-lag-seconds"] == 60


def test_facts_are_the_file_with_its_own_names(whole: str) -> None:
    assert manifest_facts(decode_manifest(whole)) == tomllib.loads(whole)


def test_facts_leave_defaults_out_however_they_were_written() -> None:
    spelled = SMALL + 'demo = false\nsequencer = "main"\ncode = []\n[gate]\nprofile = "start"\npolicy = {}\n'
    assert manifest_facts(decode_manifest(spelled)) == manifest_facts(decode_manifest(SMALL))


def test_facts_are_plain_canonical_json(whole: str) -> None:
    facts = manifest_facts(decode_manifest(whole))
    assert json.loads(canonical_json(facts)) == facts


def test_a_manifest_cannot_be_changed(whole: str) -> None:
    manifest = decode_manifest(whole)
    with pytest.raises(AttributeError):
        manifest.system.id = "other"  # type: ignore[misc]  # that is the point
    assert isinstance(manifest, msgspec.Struct)


@pytest.mark.parametrize("text", [SMALL, SMALL.encode(), "\ufeff" + SMALL, b"\xef\xbb\xbf" + SMALL.encode(), SMALL.replace("\n", "\r\n")])
def test_text_and_bytes_with_or_without_a_mark_are_one(text: str | bytes) -> None:
    assert decode_manifest(text) == decode_manifest(SMALL)
