"""Only signed bytes are loaded, and what is loaded is what was verified."""

from __future__ import annotations

import io
import os
import sys
import threading
import warnings
from pathlib import Path

import pytest

from tests.unit.deploy.signed import FILES, PEM, SIGNER, STRANGER, signed_file, signed_folder
from tests.unit.evidence.chains import NOON, chain, pem
from tetrapylon.deploy.integrity.drill import Drilled, drill
from tetrapylon.deploy.integrity.load import PickleWarning, load_bytes, load_verified, verified_bytes
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.verify import Trusted
from tetrapylon.kernel.errors import IntegrityError, MissingError, RefusedError, UsageError

joblib = pytest.importorskip("joblib", reason="needs the `example` extra")


def dumped(value) -> bytes:
    file = io.BytesIO()
    joblib.dump(value, file)
    return file.getvalue()


def test_signed_bytes_are_returned_and_changed_ones_refused(tmp_path):
    model = signed_file(tmp_path)
    data = model.path.read_bytes()
    assert verified_bytes(model.path, PEM) == data
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x80
        model.path.write_bytes(changed)
        with pytest.raises(IntegrityError) as caught:
            verified_bytes(model.path, PEM)
        assert caught.value.code == "model-changed"
        assert "refused to load" in caught.value.message


@pytest.mark.parametrize("data", [b"", b"some weights and more", b"some weight"])
def test_other_lengths_are_refused(tmp_path, data):
    model = signed_file(tmp_path)
    model.path.write_bytes(data)
    with pytest.raises(IntegrityError):
        verified_bytes(model.path, PEM)


def test_a_signature_of_nothing_is_a_signature(tmp_path):
    assert verified_bytes(signed_file(tmp_path, data=b"").path, PEM) == b""


def test_what_is_not_there(tmp_path):
    model = signed_file(tmp_path)
    model.path.unlink()
    with pytest.raises(MissingError):
        verified_bytes(model.path, PEM)
    model.signature.unlink()
    with pytest.raises(MissingError) as caught:
        verified_bytes(model.path, PEM)
    assert caught.value.code == "no-signature"


def test_another_key_is_refused(tmp_path):
    with pytest.raises(IntegrityError) as caught:
        verified_bytes(signed_file(tmp_path).path, STRANGER)
    assert caught.value.code == "other-key"


def test_by_certificate(tmp_path):
    leaf, middle, root = chain()
    model = signed_file(tmp_path)
    sign_model(model.path, SIGNER, certificates=[leaf, middle])
    assert verified_bytes(model.path, Trusted(authority=pem(root), at=NOON)) == b"some weights"


@pytest.mark.parametrize("place", ["reader.sig", "reader/model.sig"])
def test_one_file_of_a_signed_folder(tmp_path, place):
    model = signed_folder(tmp_path)
    signature = sign_model(model.path, SIGNER, tmp_path / place)[1]
    for name, data in FILES.items():
        assert verified_bytes(model.path / name, PEM, signature) == data
    (model.path / "new").write_bytes(b"")
    with pytest.raises(IntegrityError) as caught:
        verified_bytes(model.path / "new", PEM, signature)
    assert caught.value.code == "not-signed"


def test_one_signed_file_cannot_stand_in_for_another(tmp_path):
    model = signed_folder(tmp_path)
    inner = model.path / "reader"
    inner.mkdir()
    (inner / "weights.bin").write_bytes(b"old weights, signed as well")
    sign_model(model.path, SIGNER)
    (model.path / "weights.bin").write_bytes((inner / "weights.bin").read_bytes())
    with pytest.raises(IntegrityError):
        verified_bytes(model.path / "weights.bin", PEM, model.signature)
    (tmp_path / "weights.bin").write_bytes(FILES["weights.bin"])
    with pytest.raises(IntegrityError) as caught:
        verified_bytes(tmp_path.parent / "weights.bin", PEM, model.signature)
    assert caught.value.code == "not-signed"


def test_the_file_is_opened_once(tmp_path):
    model = signed_file(tmp_path)
    opened: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple) -> None:
        if watching and event == "open" and isinstance(arguments[0], str | os.PathLike):
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    verified_bytes(model.path, PEM)
    watching.clear()
    assert opened.count(str(model.path)) == 1
    assert opened.count(str(model.signature)) == 1


def test_what_is_loaded_is_what_was_verified(tmp_path, monkeypatch):
    model = signed_file(tmp_path, "m.joblib", dumped("good"))
    evil = dumped("evil")

    def exchange(*_):
        model.path.write_bytes(evil)

    # The warning comes between verifying and loading: the moment at which an attacker exchanges the file.
    with warnings.catch_warnings():
        warnings.simplefilter("always", PickleWarning)
        monkeypatch.setattr(warnings, "showwarning", exchange)
        assert load_verified(model.path, PEM) == "good"
    assert model.path.read_bytes() == evil
    with pytest.raises(IntegrityError):
        load_verified(model.path, PEM)


def test_a_race_is_never_won(tmp_path):
    model = signed_file(tmp_path, "m.joblib", dumped("good"))
    variants = [tmp_path / "good", tmp_path / "evil"]
    variants[0].write_bytes(model.path.read_bytes())
    variants[1].write_bytes(dumped("evil"))
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for each in variants:
                fresh = tmp_path / "fresh"
                os.link(each, fresh)
                fresh.replace(model.path)

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen = set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PickleWarning)
            for _ in range(200):
                try:
                    seen.add(load_verified(model.path, PEM))
                except (IntegrityError, UsageError) as error:
                    seen.add(error.code)
    finally:
        stop.set()
        swapper.join()
    assert "good" in seen
    assert "evil" not in seen


def test_a_pickle_says_so(tmp_path):
    model = signed_file(tmp_path, "m.joblib", dumped([1, 2]))
    with pytest.warns(PickleWarning, match="`m.joblib` is a pickle"):
        assert load_verified(model.path, PEM) == [1, 2]


class Bomb:
    """Says so when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def test_an_unsigned_pickle_is_never_opened(tmp_path):
    model = signed_file(tmp_path, "m.joblib", dumped("good"))
    model.path.write_bytes(dumped(Bomb(tmp_path / "went off")))
    with pytest.raises(IntegrityError):
        load_verified(model.path, PEM)
    assert not (tmp_path / "went off").exists()


@pytest.mark.parametrize("loader", ["torch", ".bin"])
def test_what_has_no_loader_is_said_before_reading(tmp_path, loader):
    with pytest.raises(UsageError) as caught:
        load_verified(tmp_path / "not there", PEM, loader=loader)
    assert caught.value.code == "no-loader"


def test_the_loader_may_be_named(tmp_path):
    model = signed_file(tmp_path, "weights", dumped(3))
    with pytest.warns(PickleWarning):
        assert load_verified(model.path, PEM, loader="joblib") == 3


@pytest.mark.parametrize(("data", "code"), [(b"not onnx", "not-onnx"), (b"\x3a\x0d\x2a\x0b\x6a\x09\x0a\x01k\x12\x04file", "external-data")])
def test_onnx_files_that_are_refused(data, code):
    with pytest.raises(RefusedError) as caught:
        load_bytes(data, ".onnx")
    assert caught.value.code == code


def test_the_drill_of_a_file_and_of_a_folder(tmp_path):
    file, folder = signed_file(tmp_path), signed_folder(tmp_path)
    assert drill(file.path, file.signature, PEM) == Drilled(accepted=True, refused=3, tried=3)
    assert drill(folder.path, folder.signature, PEM).sound
    folder.verify()
    assert verified_bytes(file.path, PEM) == b"some weights", "the model itself was not touched"


def test_a_drill_that_proves_nothing_says_so(tmp_path):
    model = signed_file(tmp_path)
    assert not drill(model.path, model.signature, STRANGER).sound, "everything is refused, the good one too"
    model.path.write_bytes(b"some wEights")
    found = drill(model.path, model.signature, PEM)
    assert (found.accepted, found.sound) == (False, False)
    empty = signed_file(tmp_path, "empty", b"")
    assert drill(empty.path, empty.signature, PEM) == Drilled(accepted=True, refused=0, tried=0)
    assert not drill(empty.path, empty.signature, PEM).sound
