"""Sign a model, change something, and see it refused for that reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.deploy.signed import FILES, PEM, SIGNER, STRANGER, Model, signed_file, signed_folder, write_folder
from tests.unit.evidence.chains import LEAF, NOON, but, chain, key, pem
from tetrapylon.deploy.integrity.sign import is_plain, load_private, sign_model, signature_path
from tetrapylon.deploy.integrity.verify import Scope, Trusted, verify_manifest, verify_model
from tetrapylon.kernel.errors import IntegrityError, MissingError, UsageError

DATA = Path(__file__).parents[2] / "data" / "oms"
GOLDEN_KEY = (DATA / "keys/certificate/signing-key-pub.pem").read_bytes()
GOLDEN_ROOT = (DATA / "keys/certificate/ca-cert.pem").read_bytes()


def refusal(model: Model, **scope) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught:
        model.verify(**scope)
    return caught.value


def test_what_was_signed_is_accepted(tmp_path):
    manifest, compared = signed_folder(tmp_path).verify()
    assert (compared.checked, compared.same) == (len(FILES), True)
    assert manifest.name == "reader"


def test_signing_twice_gives_the_same_bytes(tmp_path):
    model = signed_folder(tmp_path)
    before = model.signature.read_bytes()
    sign_model(model.path, SIGNER)
    assert model.signature.read_bytes() == before
    assert model.signature == tmp_path / "reader.sig"


def test_every_byte_of_a_model_counts(tmp_path):
    model = signed_folder(tmp_path)
    for name, data in FILES.items():
        for place in range(len(data)):
            changed = bytearray(data)
            changed[place] ^= 1
            (model.path / name).write_bytes(changed)
            error = refusal(model)
            assert (error.code, f"`{name}` was changed" in error.message) == ("model-changed", True)
        (model.path / name).write_bytes(data)
    model.verify()


def test_every_byte_of_the_signature_counts(tmp_path):
    model = signed_file(tmp_path)
    data = model.signature.read_bytes()
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 1
        model.signature.write_bytes(changed)
        refusal(model)


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (lambda path: (path / "new").write_bytes(b""), ["`new` was added"]),
        (lambda path: (path / "tokenizer" / "new").write_bytes(b""), ["`tokenizer/new` was added"]),
        (lambda path: (path / "empty").unlink(), ["`empty` is missing"]),
        (lambda path: (path / "empty").rename(path / "hollow"), ["`empty` is missing", "`hollow` was added"]),
        (lambda path: (path / "empty").write_bytes(b"."), ["`empty` was changed"]),
        (lambda path: (path / "weights.bin").write_bytes(FILES["config.json"]), ["`weights.bin` was changed"]),
        (lambda path: shutil.rmtree(path / "tokenizer"), ["`tokenizer/vocab.txt` is missing"]),
        (
            lambda path: (path / "tokenizer").rename(path / "Tokenizer"),
            ["`tokenizer/vocab.txt` is missing", "`Tokenizer/vocab.txt` was added"],
        ),
    ],
)
def test_every_difference_is_named(tmp_path, change, sentences):
    model = signed_folder(tmp_path)
    change(model.path)
    error = refusal(model)
    assert error.code == "model-changed"
    assert all(each in error.message for each in sentences)
    assert error.message.count("`", 8) // 2 == len(sentences)


def test_files_that_swap_names_are_two_changes(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "config.json").write_bytes(FILES["weights.bin"])
    (model.path / "weights.bin").write_bytes(FILES["config.json"])
    assert refusal(model).message.count("was changed") == 2


def test_an_empty_folder_changes_nothing(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "nothing").mkdir()
    model.verify()


def test_a_link_in_place_of_a_file_is_refused(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "weights.bin").rename(tmp_path / "weights.bin")
    (model.path / "weights.bin").symlink_to(tmp_path / "weights.bin")
    with pytest.raises(UsageError) as caught:
        model.verify()
    assert caught.value.code == "symlink"
    model.verify(links=True)
    (tmp_path / "weights.bin").write_bytes(b"other")
    assert "`weights.bin` was changed" in refusal(model, links=True).message


def test_a_link_in_place_of_the_model_is_refused(tmp_path):
    model = signed_file(tmp_path)
    model.path.rename(tmp_path / "moved")
    model.path.symlink_to(tmp_path / "moved")
    with pytest.raises(UsageError) as caught:
        model.verify()
    assert caught.value.code == "symlink"
    model.verify(links=True)


def test_a_folder_is_not_the_file_that_was_signed(tmp_path):
    model = signed_file(tmp_path)
    data = model.path.read_bytes()
    model.path.unlink()
    model.path.mkdir()
    (model.path / "reader.bin").write_bytes(data)
    assert "the file itself is missing; `reader.bin` was added" in refusal(model).message


def test_a_file_is_not_the_folder_that_was_signed(tmp_path):
    model = signed_folder(tmp_path)
    shutil.rmtree(model.path)
    model.path.write_bytes(b"")
    assert "`weights.bin` is missing" in refusal(model).message


def test_a_signature_inside_the_folder_does_not_sign_itself(tmp_path):
    folder = write_folder(tmp_path / "reader")
    model = Model(folder, sign_model(folder, SIGNER, folder / "model.sig")[1])
    manifest, _ = model.verify()
    assert "model.sig" in manifest.ignore_paths
    (folder / "tokenizer" / "model.sig").write_bytes(b"another")
    assert "`tokenizer/model.sig` was added" in refusal(model).message


def test_the_signatures_name_is_nothing_to_hide_behind(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "reader.sig").write_bytes(b"not the signature, which lies outside")
    assert "`reader.sig` was added" in refusal(model).message


def test_what_the_signer_ignored_may_be_there_and_what_was_signed_is_looked_at_anyway(tmp_path):
    model = signed_folder(tmp_path, ignored=["notes"])
    (model.path / "notes").mkdir()
    (model.path / "notes" / "n.txt").write_bytes(b"")
    model.verify()
    (model.path / "weights.bin").write_bytes(b"")
    assert "`weights.bin` was changed" in refusal(model, ignored=["weights.bin"]).message
    (model.path / "weights.bin").unlink()
    assert "`weights.bin` is missing" in refusal(model, ignored=["weights.bin"]).message


def test_a_signed_file_that_is_ignored_and_unchanged_is_fine(tmp_path):
    model = signed_folder(tmp_path)
    _, compared = model.verify(ignored=["tokenizer"])
    assert compared.checked == len(FILES)


def test_a_partial_check_looks_at_what_was_asked_for(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "config.json").write_bytes(b"changed")
    (model.path / "new").write_bytes(b"")
    assert model.verify(only=["weights.bin", "empty"])[1].checked == 2
    assert "`config.json` was changed" in refusal(model, only=["config.json"]).message
    with pytest.raises(UsageError) as caught:
        model.verify(only=["new"])
    assert caught.value.code == "not-signed"


def test_unsigned_files_may_be_there_if_the_caller_says_so(tmp_path):
    model = signed_folder(tmp_path)
    (model.path / "new").write_bytes(b"")
    refusal(model)
    model.verify(ignore_unsigned=True)
    (model.path / "empty").write_bytes(b".")
    refusal(model, ignore_unsigned=True)


def test_another_key_and_no_signature(tmp_path):
    model = signed_folder(tmp_path)
    with pytest.raises(IntegrityError) as caught:
        verify_model(model.path, model.signature, Trusted(STRANGER))
    assert caught.value.code == "other-key"
    sign_model(model.path, key("stranger"), model.signature)
    assert refusal(model).code == "other-key"
    model.signature.unlink()
    with pytest.raises(MissingError) as missing:
        model.verify()
    assert missing.value.code == "no-signature"


@pytest.mark.parametrize("trusted", [Trusted(), Trusted(PEM, b"both")])
def test_one_thing_is_trusted(tmp_path, trusted):
    model = signed_file(tmp_path)
    with pytest.raises(UsageError) as caught:
        verify_model(model.path, model.signature, trusted)
    assert caught.value.code == "no-key"


def test_by_certificate_at_a_time(tmp_path):
    leaf, middle, root = chain(but(LEAF, days=(0, 30)))
    model = signed_folder(tmp_path, certificates=[leaf, middle])
    verify_model(model.path, model.signature, Trusted(authority=pem(root), at="2026-01-02T00:00:00Z"))
    for at, code in [(NOON, "certificate-expired"), ("2025-01-01T00:00:00Z", "certificate-not-yet-valid")]:
        with pytest.raises(IntegrityError) as caught:
            verify_model(model.path, model.signature, Trusted(authority=pem(root), at=at))
        assert caught.value.code == code
    with pytest.raises(IntegrityError) as caught:
        verify_model(model.path, model.signature, Trusted(authority=pem(root)))
    assert caught.value.code == "certificate-expired", "without a time it is judged now"
    with pytest.raises(UsageError) as usage:
        verify_model(model.path, model.signature, Trusted(authority=pem(root), at="tomorrow"))
    assert usage.value.code == "bad-time"


def test_a_signature_by_another_method_is_refused(tmp_path):
    model = signed_file(tmp_path)
    with pytest.raises(IntegrityError) as caught:
        verify_manifest(model.signature, authority=pem(chain()[2]))
    assert caught.value.code == "by-key"


@pytest.mark.parametrize("name", sorted(each.name for each in DATA.glob("v*")))
def test_golden_models_are_what_was_signed(tmp_path, name):
    shutil.copytree(DATA / name, tmp_path / name)
    folder = tmp_path / name
    by_key = name.endswith("key")
    trusted = Trusted(GOLDEN_KEY) if by_key else Trusted(authority=GOLDEN_ROOT, at=NOON)
    whole = folder / "signme-1" if by_key and name < "v1.0.1" else folder
    scope = Scope(ignored=["ignore-me"] if name.startswith("v1.0.1") else [])
    verify_model(whole, folder / "model.sig", trusted, scope)
    changed = folder / "signme-1"
    changed.write_bytes(changed.read_bytes() + b"\n")
    with pytest.raises(IntegrityError) as caught:
        verify_model(whole, folder / "model.sig", trusted, scope)
    assert caught.value.code == "model-changed"


def test_a_folder_without_files_is_not_signed_and_nothing_is_left(tmp_path):
    (tmp_path / "m").mkdir()
    with pytest.raises(MissingError):
        sign_model(tmp_path / "m", SIGNER)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["m"]


def test_keys_in_files(tmp_path):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

    plain, locked = tmp_path / "plain.pem", tmp_path / "locked.pem"
    plain.write_bytes(SIGNER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    locked.write_bytes(SIGNER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open")))
    assert (is_plain(plain), is_plain(locked)) == (True, False)
    assert load_private(plain, None).public_key() == load_private(locked, b"open").public_key()
    with pytest.raises(MissingError):
        load_private(tmp_path / "none.pem", None)


def test_where_signatures_lie():
    assert signature_path(Path("models/x.onnx")) == Path("models/x.onnx.sig")
    assert signature_path(Path()).name == f"{Path.cwd().name}.sig"
