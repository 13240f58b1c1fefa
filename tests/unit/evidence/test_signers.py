"""The signer port and key files: real keys, real encryption, other people's verifiers."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from tetrapylon.evidence.key import Algorithm, PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import key_of_pem
from tetrapylon.evidence.signer import Signer, sign_envelope, sign_statement
from tetrapylon.evidence.signers.file import FileSigner, generate_key, load_key, load_keyset, make_keyset, read_key
from tetrapylon.evidence.statement import Statement, Subject, read_statement
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, MissingError, StorageError, UsageError

ALGORITHMS: tuple[Algorithm, ...] = ("ecdsa-p256", "ed25519", "ml-dsa-44")
HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2
STATEMENT = Statement((Subject("model", sha256(b"weights")),), "https://tetrapylon.example/predicate/scan/v1", {"clean": True})


def refused(data: bytes, passphrase: bytes | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read_key(data, passphrase, "`k.pem`")
    return caught.value


def pkcs8(private: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return bytes(private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))


# --- the port -------------------------------------------------------------------------------------------------------


class FaultySigner(Signer):
    """Hands out whatever signature it is given, as a faulty token would."""

    def __init__(self, key: PublicKey, signature: bytes) -> None:
        self.key = key
        self._signature = signature

    def _sign(self, message: bytes) -> bytes:
        return self._signature if message else b""


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_is_the_keys_and_nobody_elses(algorithm: Algorithm) -> None:
    signer, other = generate_key(algorithm), generate_key(algorithm)
    signature = signer.sign(b"message")
    assert check_native(signer.key, b"message", signature)
    assert not check_native(signer.key, b"another", signature)
    assert not check_native(other.key, b"message", signature)


def test_ecdsa_signatures_are_deterministic_and_low_s() -> None:
    signer = generate_key("ecdsa-p256")
    for number in range(16):
        message = bytes([number])
        signature = signer.sign(message)
        assert signature == signer.sign(message)
        assert decode_dss_signature(signature)[1] <= HALF_ORDER


def test_a_wrong_signature_is_never_handed_out() -> None:
    signer, other = generate_key("ecdsa-p256"), generate_key("ecdsa-p256")
    with pytest.raises(IntegrityError) as caught:
        FaultySigner(signer.key, other.sign(b"m")).sign(b"m")
    assert caught.value.code == "signature"


def test_the_port_lowers_what_an_adapter_leaves_high() -> None:
    signer = generate_key("ecdsa-p256")
    low = signer.sign(b"m")
    r, s = decode_dss_signature(low)
    high = encode_dss_signature(r, 2 * HALF_ORDER + 1 - s)
    assert FaultySigner(signer.key, high).sign(b"m") == low


def test_securesystemslib_verifies_our_envelopes() -> None:
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import SSlibKey

    signers = [generate_key("ecdsa-p256"), generate_key("ed25519")]
    ours = sign_statement(STATEMENT, signers)
    theirs = Envelope.from_dict(json.loads(ours.to_bytes()))
    keys: list[Any] = [
        SSlibKey(signers[0].key.keyid, "ecdsa", "ecdsa-sha2-nistp256", {"public": signers[0].public_pem()}),
        SSlibKey(signers[1].key.keyid, "ed25519", "ed25519", {"public": signers[1].key.public.hex()}),
    ]
    assert set(theirs.verify(keys, threshold=2)) == {each.key.keyid for each in signers}
    theirs.payload += b" "
    with pytest.raises(VerificationError):
        theirs.verify(keys, threshold=1)


def test_a_signed_statement_carries_the_statement() -> None:
    envelope = sign_statement(STATEMENT, [generate_key("ecdsa-p256")])
    assert envelope.payload_type == "application/vnd.in-toto+json"
    assert read_statement(envelope.payload) == STATEMENT


def test_an_envelope_needs_one_or_more_different_keys() -> None:
    signer = generate_key("ecdsa-p256")
    for signers in ([], [signer, signer]):
        with pytest.raises(UsageError):
            sign_envelope(b"{}", "text/plain", signers)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_public_keys_are_given_as_pem(algorithm: Algorithm) -> None:
    signer = generate_key(algorithm)
    assert key_of_pem(signer.public_pem()) == signer.key


# --- key files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("passphrase", [b"correct horse", None])
def test_a_key_comes_back_from_its_file(tmp_path: Path, algorithm: Algorithm, passphrase: bytes | None) -> None:
    signer, path = generate_key(algorithm), tmp_path / "k.pem"
    signer.save(path, passphrase)
    loaded = load_key(path, passphrase)
    assert loaded.key == signer.key
    assert check_native(signer.key, b"m", loaded.sign(b"m"))
    assert bool(loaded.warnings) == (passphrase is None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["k.pem"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_other_programs_read_our_encryption(algorithm: Algorithm) -> None:
    pem = generate_key(algorithm).to_pem(b"secret")
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    serialization.load_pem_private_key(pem, b"secret")
    with pytest.raises(ValueError, match="password"):
        serialization.load_pem_private_key(pem, b"secrets")


def test_keys_that_others_encrypted_are_read() -> None:
    private, best = ec.generate_private_key(ec.SECP256R1()), serialization.BestAvailableEncryption(b"secret")
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        pem = private.private_bytes(serialization.Encoding.PEM, form, best)
        assert read_key(pem, b"secret", "k").warnings == ()
        assert refused(pem).code == "passphrase-needed"


def test_a_passphrase_is_needed_and_must_be_right() -> None:
    pem = generate_key("ecdsa-p256").to_pem(b"secret")
    assert refused(pem).code == "passphrase-needed"
    assert "--passphrase-file" in refused(pem).hint
    wrong = refused(pem, b"secret\n")
    assert wrong.code == "passphrase-wrong"
    assert "line end" in wrong.hint
    with pytest.raises(UsageError, match="empty"):
        generate_key("ed25519").to_pem(b"")


def test_an_unencrypted_key_is_read_with_a_warning_even_if_a_passphrase_is_given() -> None:
    pem = generate_key("ecdsa-p256").to_pem(None)
    for passphrase in (None, b"needless"):
        (warning,) = read_key(pem, passphrase, "`k.pem`").warnings
        assert "`k.pem` is not encrypted" in warning


def test_a_key_file_that_others_can_read_is_warned_about(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    generate_key("ed25519").save(path, b"secret")
    assert load_key(path, b"secret").warnings == ()
    path.chmod(0o640)
    (warning,) = load_key(path, b"secret").warnings
    assert "chmod 600" in warning


@pytest.mark.parametrize(
    ("private", "said"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "secp384r1"),
        (ec.generate_private_key(ec.SECP521R1()), "secp521r1"),
        (rsa.generate_private_key(65537, 2048), "neither ECDSA P-256"),
    ],
)
def test_keys_of_other_kinds_are_refused_with_a_hint(private: Any, said: str) -> None:
    error = refused(pkcs8(private))
    assert error.code == "key-unsupported"
    assert said in error.message
    assert "can only sign models" in error.hint


def test_what_is_no_private_key_is_named() -> None:
    signer = generate_key("ecdsa-p256")
    private = ec.generate_private_key(ec.SECP256R1())
    assert "public key" in refused(signer.public_pem().encode()).message
    assert refused(b"").code == refused(b"\xff" * 40).code == "key-unreadable"
    assert refused(signer.to_pem(b"secret")[:80], b"secret").code == "passphrase-wrong"
    openssh = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    assert "OpenSSH" in refused(openssh).message


def test_a_key_on_an_unknown_curve_is_refused() -> None:
    der = base64.b64decode(b"".join(generate_key("ecdsa-p256").to_pem(None).splitlines()[1:-1]))
    unknown = der.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030177"))
    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(unknown) + b"-----END PRIVATE KEY-----\n"
    assert refused(pem).code == "key-unsupported"


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    path.write_bytes(b"precious")
    with pytest.raises(UsageError) as caught:
        generate_key("ed25519").save(path, None)
    assert caught.value.code == "exists"
    assert path.read_bytes() == b"precious"
    assert len(list(tmp_path.iterdir())) == 1


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        load_key(tmp_path / "none.pem")
    with pytest.raises(StorageError):
        load_key(tmp_path)
    with pytest.raises(StorageError):
        generate_key("ed25519").save(tmp_path / "no" / "k.pem", None)
    (tmp_path / "long.pem").write_bytes(b"x" * 70_000)
    with pytest.raises(UsageError, match="too long"):
        load_key(tmp_path / "long.pem")


# --- a system's set of keys -----------------------------------------------------------------------------------------


def test_a_set_of_keys_is_made_and_found_again(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    made = make_keyset(directory, ["build", "reviewer"], demo=True, passphrase=None)
    names = {each.name for each in directory.iterdir()}
    assert names == {
        "build-demo.pem",
        "reviewer-demo.pem",
        "log-ed25519.pem",
        "log-mldsa44.pem",
        "root-1.pem",
        "root-2.pem",
        "root-3.pem",
    }
    assert directory.stat().st_mode & 0o777 == 0o700
    found = load_keyset(directory, ["build", "reviewer"], demo=True, passphrase=None)
    assert {name: each.key for name, each in found.roles.items()} == {name: each.key for name, each in made.roles.items()}
    assert [each.key for each in found.root] == [each.key for each in made.root]
    assert [each.key.algorithm for each in found.log] == ["ed25519", "ml-dsa-44"]
    every = [*found.roles.values(), *found.log, *found.root]
    assert len({each.key.keyid for each in every}) == 7


def test_a_set_of_keys_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "root-2.pem").write_bytes(b"precious")
    with pytest.raises(UsageError) as caught:
        make_keyset(tmp_path, ["build"], demo=False, passphrase=None)
    assert caught.value.code == "exists"
    assert [each.name for each in tmp_path.iterdir()] == ["root-2.pem"]


def test_a_set_of_keys_may_be_encrypted_and_a_missing_one_is_named(tmp_path: Path) -> None:
    make_keyset(tmp_path, ["build"], demo=False, passphrase=b"secret", root_keys=1)
    found = load_keyset(tmp_path, ["build"], demo=False, passphrase=b"secret", root_keys=1)
    assert found.roles["build"].warnings == ()
    (tmp_path / "build.pem").unlink()
    with pytest.raises(MissingError, match=r"build\.pem"):
        load_keyset(tmp_path, ["build"], demo=False, passphrase=b"secret", root_keys=1)


def test_the_directory_may_refuse(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        make_keyset(tmp_path / "file" / "keys", ["build"], demo=False, passphrase=None)


def test_signers_of_one_key_are_of_the_port() -> None:
    assert isinstance(generate_key("ed25519"), FileSigner)
    assert generate_key("ed25519").encoding == "raw"
