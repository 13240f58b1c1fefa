"""Models are hashed and signed when training ends, and only then."""

from __future__ import annotations

import os

import pytest

from tests.unit.deploy.signed import PEM, SIGNER
from tetrapylon.deploy.integrity.training import Training, begin, finish
from tetrapylon.deploy.integrity.verify import Trusted, verify_model
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import MissingError, RefusedError, StorageError
from tetrapylon.outside.clock import FixedClock
from tetrapylon.outside.tree import hash_path
from tetrapylon.system.assets import Asset

STARTED, ENDED, SIGNED = "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", "2026-06-01T11:00:04Z"
TOOL = {"name": "tetrapylon", "version": "1"}
DATA = Asset("dataset", "digits", sha256(b"digits"))
CODE = Asset("code", "code", sha256(b"code"))


def training(tmp_path, *names, signatures=None) -> Training:
    models = {name: tmp_path / f"{name}.bin" for name in names or ["reader"]}
    return begin(Training(models, (DATA, CODE), STARTED, "desk", TOOL, signatures or {}))


def ended(under_way: Training, materials=(DATA, CODE)):
    return finish(under_way, lambda: materials, SIGNER, ENDED, FixedClock(SIGNED))


def test_what_training_leaves(tmp_path):
    under_way = training(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    checked, provenance = ended(under_way)
    assert verify_model(tmp_path / "reader.bin", tmp_path / "reader.bin.sig", Trusted(PEM))[1].same
    for each in (checked, provenance):
        assert (each.subjects[0].name, each.subjects[0].digest) == ("reader", sha256(b"weights"))
        assert (each.observed_from, each.observed_to, each.role) == (STARTED, SIGNED, "build")
    assert checked.payload == {
        "event": "trained",
        "checked": 1,
        "mismatched": 0,
        "missing": 0,
        "signed": True,
        "signature": sha256((tmp_path / "reader.bin.sig").read_bytes()),
        "lagSeconds": 4,
        "tool": TOOL,
    }


def test_provenance_names_what_the_model_was_made_of(tmp_path):
    under_way = training(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    said = ended(under_way)[1].payload
    made_of = {each["name"]: each["digest"]["sha256"] for each in said["buildDefinition"]["resolvedDependencies"]}
    assert made_of == {"dataset:digits": digest_hex(DATA.digest), "code:code": digest_hex(CODE.digest)}
    assert said["buildDefinition"]["externalParameters"] == {"system": "desk", "model": "reader"}
    metadata = said["runDetails"]["metadata"]
    assert (metadata["startedOn"], metadata["finishedOn"]) == (STARTED, ENDED)


def test_the_same_training_has_the_same_name_and_another_one_has_not(tmp_path):
    names = []
    for weights in (b"1", b"1", b"2"):
        under_way = training(tmp_path)
        (tmp_path / "new").write_bytes(weights)
        (tmp_path / "new").replace(tmp_path / "reader.bin")
        names.append(ended(under_way)[1].payload["runDetails"]["metadata"]["invocationId"])
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize("materials", [(), (DATA,), (DATA, Asset("code", "code", sha256(b"other")))])
def test_materials_that_changed_meanwhile_are_refused_and_nothing_is_left(tmp_path, materials):
    under_way = training(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    with pytest.raises(RefusedError) as caught:
        ended(under_way, materials)
    assert caught.value.code == "materials-changed"
    assert [each.name for each in tmp_path.iterdir()] == ["reader.bin"]


def test_a_model_that_nobody_wrote_is_not_signed(tmp_path):
    under_way = training(tmp_path)
    with pytest.raises(MissingError) as missing:
        ended(under_way)
    assert missing.value.code == "not-trained"
    (tmp_path / "reader.bin").write_bytes(b"from another day")
    with pytest.raises(RefusedError) as caught:
        ended(training(tmp_path))
    assert caught.value.code == "not-trained"
    assert [each.name for each in tmp_path.iterdir()] == ["reader.bin"]


def test_one_model_that_is_missing_leaves_the_others_as_they_were(tmp_path):
    first = training(tmp_path, "a")
    (tmp_path / "a.bin").write_bytes(b"1")
    ended(first)
    before = (tmp_path / "a.bin.sig").read_bytes()
    both = training(tmp_path, "a", "b")
    (tmp_path / "a.bin").write_bytes(b"22")
    with pytest.raises(MissingError):
        ended(both)
    assert (tmp_path / "a.bin.sig").read_bytes() == before
    assert not (tmp_path / "b.bin.sig").exists()


def test_a_new_model_replaces_the_signature_whole(tmp_path):
    for weights in (b"1", b"22"):
        under_way = training(tmp_path)
        (tmp_path / "reader.bin").write_bytes(weights)
        ended(under_way)
        assert verify_model(tmp_path / "reader.bin", tmp_path / "reader.bin.sig", Trusted(PEM))[1].same
    assert sorted(each.name for each in tmp_path.iterdir()) == ["reader.bin", "reader.bin.sig"]


def test_a_signature_that_cannot_be_written_leaves_nothing(tmp_path):
    under_way = training(tmp_path, signatures={"reader": tmp_path / "none" / "reader.sig"})
    (tmp_path / "reader.bin").write_bytes(b"weights")
    with pytest.raises(StorageError):
        ended(under_way)
    assert [each.name for each in tmp_path.iterdir()] == ["reader.bin"]


def test_a_folder_with_its_signature_inside(tmp_path):
    folder = tmp_path / "reader.bin"
    under_way = training(tmp_path, signatures={"reader": folder / "model.sig"})
    folder.mkdir()
    for name in ("weights", "config"):
        (folder / name).write_bytes(name.encode())
    checked, _ = ended(under_way)
    assert checked.payload["checked"] == 2
    assert checked.subjects[0].digest == hash_path(folder, without=folder / "model.sig")
    assert verify_model(folder, folder / "model.sig", Trusted(PEM))[1].same
    again = training(tmp_path, signatures={"reader": folder / "model.sig"})
    os.utime(folder / "weights", (1, 1))
    ended(again)


def test_a_clock_that_went_back_is_no_lead(tmp_path):
    under_way = training(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    seen = finish(under_way, lambda: (DATA, CODE), SIGNER, SIGNED, FixedClock(ENDED))
    assert seen[0].payload["lagSeconds"] == 0


def test_the_clock_of_the_machine_is_the_default(tmp_path):
    under_way = training(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    assert finish(under_way, lambda: (DATA, CODE), SIGNER, ENDED)[0].observed_to > "2026"
