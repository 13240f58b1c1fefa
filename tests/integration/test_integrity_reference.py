"""The reference tool accepts what we sign and refuses what we refuse, and we accept what it signs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.unit.deploy.signed import FILES, write_folder
from tests.unit.evidence.chains import LEAF, MIDDLE, but, chain, issue, key, pem
from tetrapylon.deploy.integrity.sign import sign_model
from tetrapylon.deploy.integrity.verify import Scope, Trusted, verify_model
from tetrapylon.evidence.modelkey import public_pem

TOOL = Path(__file__).parents[2] / ".peers" / "model-signing" / "bin" / "model_signing"

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="the reference tool `model_signing` was not fetched")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # The tool makes its caches below HOME.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, env=environment)


def by_key(model: Path, signature: Path, public: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run("verify", "key", model, "--signature", signature, "--public_key", public, *more)


@pytest.fixture
def public(tmp_path):
    def write(name: str) -> Path:
        path = tmp_path / f"{name}.pub"
        path.write_bytes(public_pem(key(name).public_key()))
        return path

    return write


@pytest.mark.parametrize("name", ["signer", "signer@secp384r1", "signer@secp521r1"])
def test_it_accepts_a_folder_that_we_signed(tmp_path, public, name):
    model = write_folder(tmp_path / "reader")
    (model / ".gitattributes").write_bytes(b"*")
    _, signature = sign_model(model, key(name), ignored=["notes"])
    (model / "notes").write_bytes(b"not signed")
    ended = by_key(model, signature, public(name))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_it_refuses_what_we_refuse(tmp_path, public):
    model = write_folder(tmp_path / "reader")
    _, signature = sign_model(model, key("signer"))
    (model / "weights.bin").write_bytes(bytes(64))
    assert by_key(model, signature, public("signer")).returncode != 0
    (model / "weights.bin").write_bytes(FILES["weights.bin"])
    assert by_key(model, signature, public("signer")).returncode == 0
    assert by_key(model, signature, public("stranger")).returncode != 0


def test_it_accepts_one_file_and_a_signature_inside_the_folder(tmp_path, public):
    model = tmp_path / "m.onnx"
    model.write_bytes(b"weights")
    assert by_key(model, sign_model(model, key("signer"))[1], public("signer")).returncode == 0
    folder = write_folder(tmp_path / "reader")
    _, inside = sign_model(folder, key("signer"), folder / "model.sig")
    ended = by_key(folder, inside, public("signer"))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_it_accepts_links_where_both_follow_them(tmp_path, public):
    model = write_folder(tmp_path / "reader")
    (tmp_path / "blob").write_bytes(b"weights")
    (model / "linked").symlink_to(tmp_path / "blob")
    _, signature = sign_model(model, key("signer"), links=True)
    ended = by_key(model, signature, public("signer"), "--allow_symlinks")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert by_key(model, signature, public("signer")).returncode != 0


def test_it_accepts_a_certificate_chain(tmp_path):
    leaf, middle, root = chain(but(LEAF, days=(0, 3650)), but(MIDDLE, days=(0, 3650)))
    model = write_folder(tmp_path / "reader")
    _, signature = sign_model(model, key("signer"), certificates=[leaf, middle])
    (tmp_path / "root.pem").write_bytes(pem(root))
    (tmp_path / "other.pem").write_bytes(pem(issue(but(LEAF, name="other"), but(LEAF, name="other"))))
    verify = ("verify", "certificate", model, "--signature", signature, "--certificate_chain")
    ended = run(*verify, tmp_path / "root.pem")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert run(*verify, tmp_path / "other.pem").returncode != 0


@pytest.mark.parametrize("name", ["signer", "signer@secp384r1", "signer@secp521r1"])
def test_we_accept_what_it_signs_with_a_key(tmp_path, name):
    model = write_folder(tmp_path / "reader")
    (tmp_path / "key.pem").write_bytes(key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    signature = model / "model.sig"
    ended = run("sign", "key", model, "--signature", signature, "--private_key", tmp_path / "key.pem")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    manifest, compared = verify_model(model, signature, Trusted(public_pem(key(name).public_key())))
    assert (manifest.name, compared.checked) == ("reader", len(FILES))


def test_we_accept_what_it_signs_with_a_certificate(tmp_path):
    leaf, middle, root = chain()
    model = write_folder(tmp_path / "reader")
    for name, data in {"leaf": pem(leaf), "middle": pem(middle)}.items():
        (tmp_path / f"{name}.pem").write_bytes(data)
    (tmp_path / "key.pem").write_bytes(key("signer").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    signature = tmp_path / "reader.sig"
    sign = ("sign", "certificate", model, "--signature", signature, "--private_key", tmp_path / "key.pem")
    ended = run(*sign, "--signing_certificate", tmp_path / "leaf.pem", "--certificate_chain", tmp_path / "middle.pem")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    verify_model(model, signature, Trusted(authority=pem(root), at="2026-06-01T00:00:00Z"), Scope())
