"""SSH signatures: what `ssh-keygen` makes is read, anything else is refused or left undecided, and nothing has two spellings."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.evidence.sshsig import read_ssh_armour, ssh_armour, ssh_public_key, sshsig_parts
from tetrapylon.kernel.errors import IntegrityError, UndecidedError, UsageError

Kind = Literal["ed25519", "ecdsa"]
KINDS: tuple[Kind, ...] = ("ed25519", "ecdsa")
NAMESPACE = "tetrapylon"
MESSAGE = b"I approve this release"
SSH_KEYGEN = shutil.which("ssh-keygen")
needs_ssh_keygen = pytest.mark.skipif(SSH_KEYGEN is None, reason="`ssh-keygen` is not installed (Debian: openssh-client)")


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def mpint(number: int) -> bytes:
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


ED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EC = derive_private_key(0x55AA, SECP256R1())
ED_BLOB = string(b"ssh-ed25519") + string(ED.public_key().public_bytes_raw())
EC_POINT = EC.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
EC_BLOB = string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(EC_POINT)
BLOBS = {"ed25519": ED_BLOB, "ecdsa": EC_BLOB}


def raw_of(kind: Kind, signed: bytes) -> bytes:
    """Return a signature in SSH's form."""
    if kind == "ed25519":
        return string(b"ssh-ed25519") + string(ED.sign(signed))
    r, s = decode_dss_signature(EC.sign(signed, ECDSA(SHA256())))
    return string(b"ecdsa-sha2-nistp256") + string(mpint(r) + mpint(s))


def sshsig(
    kind: Kind = "ed25519",
    *,
    namespace: bytes = b"tetrapylon",
    reserved: bytes = b"",
    name: bytes = b"sha512",
    raw: bytes | None = None,
    public: bytes | None = None,
) -> bytes:
    """Return an SSHSIG over MESSAGE; each part may be replaced."""
    digest = hashlib.new(name.decode() if name in (b"sha256", b"sha512") else "sha1", MESSAGE).digest()
    signed = b"SSHSIG" + string(namespace) + string(reserved) + string(name) + string(digest)
    signature = raw_of(kind, signed) if raw is None else raw
    fields = (BLOBS[kind] if public is None else public, namespace, reserved, name, signature)
    return b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(string(each) for each in fields)


WHOLE = {kind: sshsig(kind) for kind in KINDS}


def is_valid(blob: bytes, message: bytes = MESSAGE) -> bool:
    key, signed, raw = sshsig_parts(blob, message, NAMESPACE)
    first, second = check_pure(key, signed, raw), check_native(key, signed, raw)
    assert first == second
    return first


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [b"sha256", b"sha512"])
def test_a_signature_is_taken_apart(kind: Kind, name: bytes) -> None:
    blob = sshsig(kind, name=name)
    key, _, raw = sshsig_parts(blob, MESSAGE, NAMESPACE)
    assert key == PublicKey(
        "ed25519" if kind == "ed25519" else "ecdsa-p256", ED.public_key().public_bytes_raw() if kind == "ed25519" else EC_POINT
    )
    assert len(raw) == 64 if kind == "ed25519" else raw[0] == 0x30
    assert is_valid(blob)
    assert not is_valid(blob, MESSAGE + b"!")


def test_a_signature_is_for_one_purpose() -> None:
    with pytest.raises(IntegrityError) as caught:
        sshsig_parts(sshsig(namespace=b"file\x1b[2J"), MESSAGE, NAMESPACE)
    assert caught.value.code == "namespace"
    assert "\x1b" not in caught.value.message
    assert "file" in caught.value.message


def test_what_is_signed_includes_purpose_and_hash() -> None:
    _, signed, _ = sshsig_parts(sshsig(), MESSAGE, NAMESPACE)
    assert signed == b"SSHSIG" + string(b"tetrapylon") + string(b"") + string(b"sha512") + string(hashlib.sha512(MESSAGE).digest())


SHORT = string(b"ssh-ed25519") + string(bytes(31))
MALFORMED = {
    "empty": b"",
    "magic": b"SSHSIX" + sshsig()[6:],
    "version": sshsig()[:9] + b"\x02" + sshsig()[10:],
    "behind": sshsig() + b"\x00",
    "cut": sshsig()[:-1],
    "header only": sshsig()[:10],
    "length too long": sshsig()[:10] + b"\xff\xff\xff\xff" + sshsig()[14:],
    "reserved": sshsig(reserved=b"x"),
    "hash": sshsig(name=b"sha1"),
    "short key": sshsig(public=SHORT),
    "behind the key": sshsig(public=ED_BLOB + b"\x00"),
    "no key": sshsig(public=b""),
    "key's type only": sshsig(public=string(b"ssh-ed25519")),
    "other curve": sshsig("ecdsa", public=string(b"ecdsa-sha2-nistp256") + string(b"nistp384") + string(EC_POINT)),
    "compressed point": sshsig("ecdsa", public=EC_BLOB[:31] + string(b"\x02" + EC_POINT[1:33])),
    "signature of another type": sshsig(raw=raw_of("ecdsa", b"")),
    "signature of no type": sshsig(raw=string(b"ssh-rsa") + string(bytes(64))),
    "behind the signature": sshsig(raw=raw_of("ed25519", b"") + b"\x00"),
    "three integers": sshsig("ecdsa", raw=string(b"ecdsa-sha2-nistp256") + string(mpint(1) * 3)),
    "one integer": sshsig("ecdsa", raw=string(b"ecdsa-sha2-nistp256") + string(mpint(1))),
    "long integer": sshsig("ecdsa", raw=string(b"ecdsa-sha2-nistp256") + string(mpint(1) + string(bytes(34)))),
}


@pytest.mark.parametrize("blob", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_signature_is_refused(blob: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        sshsig_parts(blob, MESSAGE, NAMESPACE)
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("spelled", ["longer", "shorter", "empty", "zero"])
def test_integers_have_one_spelling(spelled: str) -> None:
    signed = sshsig_parts(sshsig("ecdsa"), MESSAGE, NAMESPACE)[1]
    r = s = 0
    while s.bit_length() < 256:  # until s needs the sign byte, so that taking it away changes something
        r, s = decode_dss_signature(EC.sign(signed, ECDSA(SHA256())))
    good = s.to_bytes(33, "big")
    assert is_valid(sshsig("ecdsa", raw=string(b"ecdsa-sha2-nistp256") + string(mpint(r) + string(good))))
    wrong = {"longer": b"\x00" + good, "shorter": good[1:], "empty": b"", "zero": b"\x00"}[spelled]
    blob = sshsig("ecdsa", raw=string(b"ecdsa-sha2-nistp256") + string(mpint(r) + string(wrong)))
    if len(wrong) > 33:
        with pytest.raises(IntegrityError):
            is_valid(blob)
    else:
        assert not is_valid(blob)


@pytest.mark.parametrize(
    "kind", [b"ssh-rsa", b"sk-ssh-ed25519@openssh.com", b"ecdsa-sha2-nistp384", b"ssh-ed25519-cert-v01@openssh.com", b"\xff\x1b[2J"]
)
def test_other_keys_are_undecided(kind: bytes) -> None:
    with pytest.raises(UndecidedError) as caught:
        sshsig_parts(sshsig(public=string(kind) + b"whatever"), MESSAGE, NAMESPACE)
    assert caught.value.code == "unchecked-signature"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_is_never_valid(kind: Kind, data: st.DataObject) -> None:
    blob = bytearray(WHOLE[kind])
    bit = data.draw(st.integers(0, 8 * len(blob) - 1))
    blob[bit // 8] ^= 1 << bit % 8
    try:
        assert not is_valid(bytes(blob))
    except (IntegrityError, UndecidedError) as error:
        assert error.code in {"malformed", "namespace", "unchecked-signature"}  # noqa: PT017 - any refusal will do


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    for each in (noise, sshsig()[:10] + noise):
        with pytest.raises((IntegrityError, UndecidedError)):
            sshsig_parts(each, MESSAGE, NAMESPACE)


# The file


@pytest.mark.parametrize("blob", [b"", b"\x00", sshsig(), bytes(105), bytes(106)])
def test_armour_comes_off(blob: bytes) -> None:
    assert read_ssh_armour(ssh_armour(blob)) == blob
    assert max(map(len, ssh_armour(blob).splitlines())) <= 70


ARMOUR = ssh_armour(sshsig())


@pytest.mark.parametrize(
    "data",
    [
        ARMOUR.removesuffix(b"\n"),
        ARMOUR + b"\n",
        b"\n" + ARMOUR,
        ARMOUR.replace(b"\n", b"\r\n"),
        ARMOUR.replace(b"\n", b"", 2),
        ARMOUR.replace(b"SIGNATURE", b"SIGNATUR"),
        sshsig(),
        base64.b64encode(sshsig()),
        ARMOUR.replace(b"U1NIU0lH", b"U1NI\nU0lH"),
        ARMOUR.replace(b"U1NIU0lH", b"\xffU1NIU0lH"),
    ],
)
def test_armour_has_one_spelling(data: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        read_ssh_armour(data)
    assert caught.value.code in {"malformed", "non-canonical"}


def test_an_armoured_signature_is_no_binary_one() -> None:
    with pytest.raises(IntegrityError):
        sshsig_parts(ARMOUR, MESSAGE, NAMESPACE)


# The public key


def line(blob: bytes, kind: str) -> str:
    return f"{kind} {base64.b64encode(blob).decode()}"


@pytest.mark.parametrize("tail", ["", " ", " anna@desk", " anna's key, of 2026\n", "\n"])
def test_a_public_key_is_read(tail: str) -> None:
    assert ssh_public_key(line(ED_BLOB, "ssh-ed25519") + tail) == PublicKey("ed25519", ED.public_key().public_bytes_raw())
    assert ssh_public_key(line(EC_BLOB, "ecdsa-sha2-nistp256") + tail) == PublicKey("ecdsa-p256", EC_POINT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "key-unreadable"),
        ("ssh-ed25519", "key-unreadable"),
        ("ssh-ed25519 !!!", "key-unreadable"),
        (line(ED_BLOB, "ssh-ed25519") + "=", "key-unreadable"),
        (line(ED_BLOB, "ecdsa-sha2-nistp256"), "key-unreadable"),
        (line(ED_BLOB, "schlüssel"), "key-unreadable"),
        (line(ED_BLOB + b"\x00", "ssh-ed25519"), "key-unreadable"),
        (line(SHORT, "ssh-ed25519"), "key-unreadable"),
        (line(string(b"ssh-rsa") + string(b"\x01\x00\x01"), "ssh-rsa"), "key-unsupported"),
        (line(string(b"sk-ssh-ed25519@openssh.com"), "sk-ssh-ed25519@openssh.com"), "key-unsupported"),
    ],
)
def test_what_is_no_key_of_ours_is_a_mistake(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        ssh_public_key(text)
    assert caught.value.code == code


# The program


def ssh_keygen(*arguments: str | Path, message: bytes = b"") -> bytes:
    assert SSH_KEYGEN is not None
    done = subprocess.run([SSH_KEYGEN, *map(str, arguments)], input=message, capture_output=True, timeout=60, check=True)
    return done.stdout


@needs_ssh_keygen
@pytest.mark.parametrize(("kind", "bits"), [("ed25519", "256"), ("ecdsa", "256")])
@pytest.mark.parametrize("hashed", ["sha256", "sha512"])
def test_what_ssh_keygen_signs_is_valid(tmp_path: Path, kind: str, bits: str, hashed: str) -> None:
    ssh_keygen("-q", "-t", kind, "-b", bits, "-N", "", "-C", "anna", "-f", tmp_path / "key")
    public = ssh_public_key((tmp_path / "key.pub").read_text())
    for number in range(3):
        message = MESSAGE + bytes(number)
        (tmp_path / "file").write_bytes(message)
        (tmp_path / "file.sig").unlink(missing_ok=True)
        ssh_keygen("-q", "-Y", "sign", "-n", NAMESPACE, "-O", f"hashalg={hashed}", "-f", tmp_path / "key", tmp_path / "file")
        blob = read_ssh_armour((tmp_path / "file.sig").read_bytes())
        assert sshsig_parts(blob, message, NAMESPACE)[0] == public
        assert is_valid(blob, message)
        assert not is_valid(blob, message + b"x")


@needs_ssh_keygen
def test_what_ssh_keygen_signs_with_rsa_is_undecided(tmp_path: Path) -> None:
    ssh_keygen("-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", tmp_path / "key")
    armour = ssh_keygen("-q", "-Y", "sign", "-n", NAMESPACE, "-f", tmp_path / "key", message=MESSAGE)
    with pytest.raises(UndecidedError):
        sshsig_parts(read_ssh_armour(armour), MESSAGE, NAMESPACE)
    with pytest.raises(UsageError) as caught:
        ssh_public_key((tmp_path / "key.pub").read_text())
    assert caught.value.code == "key-unsupported"


@needs_ssh_keygen
@pytest.mark.parametrize("kind", KINDS)
def test_ssh_keygen_accepts_what_these_tests_make(tmp_path: Path, kind: Kind) -> None:
    name = {"ed25519": "ssh-ed25519", "ecdsa": "ecdsa-sha2-nistp256"}[kind]
    (tmp_path / "allowed").write_text(f"anna {line(BLOBS[kind], name)}\n")
    (tmp_path / "file.sig").write_bytes(ssh_armour(sshsig(kind)))
    said = ssh_keygen(
        "-Y", "verify", "-f", tmp_path / "allowed", "-I", "anna", "-n", NAMESPACE, "-s", tmp_path / "file.sig", message=MESSAGE
    )
    assert b"Good" in said
