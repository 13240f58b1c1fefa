"""Keys and signatures against the programs that people have: `ssh-keygen`, `ssh-agent`, `openssl`."""

from __future__ import annotations

import base64
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.roots import LogIdentity, RootHolders, make_root, role_grants, sign_root
from tetrapylon.evidence.signer import sign_envelope
from tetrapylon.evidence.signers.file import generate_key
from tetrapylon.evidence.signers.ssh import SshSigner
from tetrapylon.evidence.trust import check_signature, verify_chain
from tetrapylon.kernel.errors import IntegrityError, MissingError, UndecidedError, UsageError

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="`ssh-keygen` is not installed")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="`openssl` is not installed")


def run(*arguments: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run([str(each) for each in arguments], input=given, capture_output=True, check=True, timeout=60).stdout


def ssh_key(path: Path, kind: str = "ed25519", secret: str = "") -> Path:
    run("ssh-keygen", "-q", "-t", kind, "-N", secret, "-C", "person@example.org", "-f", path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises((UsageError, MissingError)) as caught:
        SshSigner(path, ask=False).sign(b"m")
    return caught.value.code


@needs_ssh
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
@pytest.mark.parametrize("beside", [True, False], ids=["with .pub", "without .pub"])
def test_ssh_keygen_verifies_what_a_person_signed(tmp_path: Path, kind: str, *, beside: bool) -> None:
    path = ssh_key(tmp_path / "id", kind)
    line = Path(f"{path}.pub").read_text()
    if not beside:
        Path(f"{path}.pub").unlink()
    signer = SshSigner(path, ask=False)
    assert signer.encoding == "sshsig"
    blob = signer.sign(b"a claim")
    armoured = b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"
    (tmp_path / "m.sig").write_bytes(armoured)
    (tmp_path / "allowed").write_text(f"person {line}")
    verify: list[str | Path] = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-n",
        "tetrapylon",
        "-I",
        "person",
        "-s",
        tmp_path / "m.sig",
        "-f",
        tmp_path / "allowed",
    ]
    run(*verify, given=b"a claim")
    with pytest.raises(subprocess.CalledProcessError):
        run(*verify, given=b"another")


@needs_ssh
def test_a_persons_envelope_is_believed_by_its_grant(tmp_path: Path) -> None:
    person, roots = SshSigner(ssh_key(tmp_path / "id"), ask=False), [generate_key("ecdsa-p256") for _ in range(2)]
    grant = role_grants({"leader": person.key}, not_before="2026-01-01T00:00:00Z", not_after="2027-01-01T00:00:00Z", demo=False)[0]
    log = LogIdentity("tetrapylon.example/desk", (generate_key("ed25519").key, generate_key("ml-dsa-44").key))
    granted: tuple[tuple[Grant, bool], ...] = ((replace(grant, encoding="sshsig"), True), (grant, False))
    for each_grant, sound in granted:
        made = make_root("desk", RootHolders([each.key for each in roots], 2), log, [each_grant], "2030-01-01T00:00:00Z")
        trust = verify_chain([sign_root(made, roots)], None, check_native)
        envelope = sign_envelope(b"{}", "text/plain", [person])
        if sound:
            assert check_signature(envelope, trust, check_native, "2026-06-01T00:00:00Z").verified[0].roles == ("leader",)
        else:
            with pytest.raises(IntegrityError):
                check_signature(envelope, trust, check_native, "2026-06-01T00:00:00Z")


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    socket = tmp_path / "a"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    deadline = time.monotonic() + 10
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield
    process.terminate()
    process.wait(10)


@needs_ssh
@pytest.mark.usefixtures("agent")
def test_the_agent_signs_for_the_public_key(tmp_path: Path) -> None:
    path = ssh_key(tmp_path / "id")
    public = Path(f"{path}.pub")
    hidden = path.rename(tmp_path / "elsewhere")
    hidden.chmod(0o600)
    assert refusal(public) == "key-missing"
    run("ssh-add", "-q", hidden)
    assert SshSigner(public, ask=False).sign(b"m").startswith(b"SSHSIG")


@needs_ssh
def test_a_key_under_a_passphrase_is_not_opened_without_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    path = ssh_key(tmp_path / "id", secret="a long one")
    assert refusal(path) == "passphrase-needed"
    Path(f"{path}.pub").unlink()
    assert refusal(path) == "passphrase-needed"


@needs_ssh
def test_keys_that_cannot_sign_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == "key-missing"
    assert refusal(ssh_key(tmp_path / "rsa", "rsa")) == "key-unsupported"
    (tmp_path / "junk").write_text("junk")
    (tmp_path / "junk").chmod(0o600)
    assert refusal(tmp_path / "junk") == "key-unreadable"
    loose = ssh_key(tmp_path / "loose")
    loose.chmod(0o644)
    assert refusal(loose) == "key-permissions"
    with pytest.raises(MissingError) as caught:
        SshSigner(ssh_key(tmp_path / "id"), ask=False, program="ssh-keygen-that-is-not-there").sign(b"m")
    assert caught.value.code == "ssh-keygen-missing"


@needs_ssh
def test_a_pub_file_of_another_key_is_noticed(tmp_path: Path) -> None:
    path, other = ssh_key(tmp_path / "id"), ssh_key(tmp_path / "other")
    Path(f"{other}.pub").replace(f"{path}.pub")
    with pytest.raises((IntegrityError, UsageError)):  # `ssh-keygen` notices it first, or the port does
        SshSigner(path, ask=False).sign(b"m")


@needs_ssh
def test_a_program_that_gives_no_signature_is_noticed(tmp_path: Path) -> None:
    path, fake = ssh_key(tmp_path / "id"), tmp_path / "fake"
    for said in ("nothing of use", "-----BEGIN SSH SIGNATURE-----\n!!!\n-----END SSH SIGNATURE-----"):
        fake.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{said}'\n")
        fake.chmod(0o700)
        with pytest.raises(UndecidedError) as caught:
            SshSigner(path, ask=False, program=str(fake)).sign(b"m")
        assert caught.value.code == "ssh-keygen"


@needs_ssh
def test_a_pub_file_that_is_none_is_named(tmp_path: Path) -> None:
    path = ssh_key(tmp_path / "id")
    Path(f"{path}.pub").write_bytes(b"\xff\xfe")
    assert refusal(path) == "key-unreadable"


@needs_openssl
@pytest.mark.parametrize("algorithm", ["ecdsa-p256", "ed25519"])
def test_openssl_reads_our_key_files_and_verifies_our_signatures(tmp_path: Path, algorithm: str) -> None:
    signer = generate_key("ecdsa-p256" if algorithm == "ecdsa-p256" else "ed25519")
    signer.save(tmp_path / "k.pem", b"secret")
    public = run("openssl", "pkey", "-in", tmp_path / "k.pem", "-passin", "pass:secret", "-pubout")
    assert public.decode() == signer.public_pem()
    (tmp_path / "k.pub").write_bytes(public)
    (tmp_path / "message").write_bytes(b"a claim")
    (tmp_path / "sig").write_bytes(signer.sign(b"a claim"))
    digest = ["-digest", "sha256"] if algorithm == "ecdsa-p256" else []
    check: list[str | Path] = ["openssl", "pkeyutl", "-verify", "-rawin", *digest, "-pubin", "-inkey", tmp_path / "k.pub"]
    run(*check, "-in", tmp_path / "message", "-sigfile", tmp_path / "sig")
    (tmp_path / "message").write_bytes(b"another")
    with pytest.raises(subprocess.CalledProcessError):
        run(*check, "-in", tmp_path / "message", "-sigfile", tmp_path / "sig")
