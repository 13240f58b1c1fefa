"""The second implementation gives the same answer as the first, or says that it cannot tell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.deploy.signed import FILES, PEM, SIGNER, STRANGER, Model, signed_file, signed_folder
from tests.unit.evidence.chains import chain, key
from tetrapylon.deploy.integrity.second import MOST_BYTES, main
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.verify import Trusted, verify_model
from tetrapylon.evidence.modelkey import public_pem
from tetrapylon.kernel.errors import TetrapylonError

DATA = Path(__file__).parents[2] / "data" / "oms"


def opinion(model: Model, capsys, pem: bytes = PEM) -> tuple[int, str]:
    place = model.signature.parent / "key.pem"
    place.write_bytes(pem)
    code = main([str(model.path), str(model.signature), str(place)])
    return code, capsys.readouterr().out.strip()


def first(model: Model) -> bool:
    try:
        return verify_model(model.path, model.signature, Trusted(PEM))[1].same
    except TetrapylonError:
        return False


@pytest.mark.parametrize("make", [signed_file, signed_folder])
def test_it_agrees(tmp_path, capsys, make):
    assert opinion(make(tmp_path), capsys) == (0, "agrees")
    assert opinion(make(tmp_path), capsys, b"words in front\n" + PEM) == (0, "agrees")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda path: (path / "empty").write_bytes(b"."), "empty is not what was signed"),
        (lambda path: (path / "empty").unlink(), "empty is not what was signed"),
        (lambda path: (path / "new").write_bytes(b""), "new was added"),
        (lambda path: (path / "new").symlink_to("/etc"), "new was added"),
        (lambda path: ((path / "empty").unlink(), (path / "empty").symlink_to("/dev/null")), "empty is not what was signed"),
        (shutil.rmtree, "config.json is not what was signed"),
    ],
)
def test_it_disagrees(tmp_path, capsys, change, why):
    model = signed_folder(tmp_path)
    change(model.path)
    assert opinion(model, capsys) == (1, f"disagrees: {why}")
    assert not first(model)


def test_a_wrong_signature(tmp_path, capsys):
    model = signed_folder(tmp_path)
    assert opinion(model, capsys, STRANGER) == (1, "disagrees: the signature is wrong")
    for data in (b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b" " * (MOST_BYTES + 1)):
        model.signature.write_bytes(data)
        code, said = opinion(model, capsys)
        assert (code, said.partition(":")[0]) == (1, "disagrees")


def test_what_it_does_not_know_it_does_not_judge(tmp_path, capsys):
    model = signed_folder(tmp_path)
    other = key("signer@secp384r1")
    sign_model(model.path, other)
    assert opinion(model, capsys, public_pem(other.public_key())) == (3, "unchecked: the key is not on P-256")
    sign_model(model.path, SIGNER, certificates=chain()[:2])
    assert opinion(model, capsys) == (3, "unchecked: the signature is not by key")


def said(tmp_path, capsys, change) -> tuple[int, str]:
    """Ask about a well-signed statement that says something odd."""
    from tests.unit.evidence.test_oms import resigned, statement

    value = statement()
    change(value)
    model = signed_folder(tmp_path)
    model.signature.write_bytes(resigned(value))
    return opinion(model, capsys)


def test_odd_statements(tmp_path, capsys):
    def wrong(*path):
        from tests.unit.evidence.test_oms import at

        return said(tmp_path, capsys, at(*path))

    assert wrong("predicateType", "https://model_signing/Digests/v0.1") == (3, "unchecked: the signature is not of version 1.0")
    assert wrong("predicate", "serialization", "hash_type", "blake3") == (3, "unchecked: files were hashed by files and blake3")
    assert wrong("_type", "x") == (1, "disagrees: the signature is about something else")
    assert wrong("predicate", "resources", [])[0] == 1
    assert wrong("predicate", "resources", 0, "name", "../config.json")[0] == 1
    twice = said(tmp_path, capsys, lambda each: each["predicate"]["resources"].append(each["predicate"]["resources"][0]))
    assert twice == (1, "disagrees: a file was signed twice, or none was")


NAMES = st.sampled_from([*FILES, "new", "tokenizer/new", ".gitignore", "notes/n", "model.sig"])
ACTIONS = st.lists(st.tuples(st.sampled_from(["write", "remove", "restore", "link"]), NAMES, st.binary(max_size=3)), max_size=4)


@given(ACTIONS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_give_the_same_answer(tmp_path_factory, capsys, actions):
    model = signed_folder(tmp_path_factory.mktemp("w"), ignored=["notes"])
    for action, name, data in actions:
        path = model.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if action == "write":
            path.write_bytes(data)
        elif action == "restore" and name in FILES:
            path.write_bytes(FILES[name])
        elif action == "link":
            path.symlink_to("/etc/hostname")
    assert (opinion(model, capsys)[0] == 0) == first(model), json.dumps([each[:2] for each in actions])
