"""Every signature scheme, in both checkers: published cases, edges built by hand, and mutations on which the two must agree."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.key import KEY_BYTES, Algorithm, Checker, PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.evidence.schemes.ecdsa_p256 import _p256_generator, _p256_multiples, _p256_sum, _p256_table, is_low_s, verify_ecdsa_p256
from tetrapylon.evidence.schemes.ed25519 import is_sound_ed25519_key, verify_ed25519
from tetrapylon.evidence.schemes.ml_dsa_44 import verify_ml_dsa_44

CASES = Path(__file__).parents[2] / "data" / "wycheproof"
CHECKERS: tuple[Checker, ...] = (check_pure, check_native)
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
MESSAGE = b"a statement"

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ED25519_FIELD = 2**255 - 19
ED25519_L = 2**252 + 27742317777372353535851937790883648493


@cache
def p256(secret: int = 0x5EED) -> EllipticCurvePrivateKey:
    return derive_private_key(secret, SECP256R1())


def p256_key(secret: int = 0x5EED) -> PublicKey:
    return PublicKey("ecdsa-p256", p256(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@cache
def signed(algorithm: Algorithm, message: bytes = MESSAGE) -> tuple[PublicKey, bytes]:
    """Return a key of the algorithm and its signature over the message."""
    if algorithm == "ecdsa-p256":
        return p256_key(), p256().sign(message, ECDSA(SHA256()))
    if algorithm == "ed25519":
        ed = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        return PublicKey(algorithm, ed.public_key().public_bytes_raw()), ed.sign(message)
    ml = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
    return PublicKey(algorithm, ml.public_key().public_bytes_raw()), ml.sign(message)


def agreed(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Return what both checkers say, which must be the same."""
    first, second = (check(key, message, signature) for check in CHECKERS)
    assert first == second, (key, message.hex(), signature.hex())
    return first


def wycheproof() -> list[Any]:
    found = []
    for algorithm in ("ecdsa-p256", "ed25519"):
        cases = json.loads((CASES / f"{algorithm.replace('-', '_')}.json").read_text())["cases"]
        found += [pytest.param(algorithm, each, id=f"{algorithm}-{each['tcId']}") for each in cases]
    return found


@pytest.mark.parametrize(("algorithm", "case"), wycheproof())
def test_published_cases_have_their_published_result(algorithm: Algorithm, case: dict[str, str]) -> None:
    key = PublicKey(algorithm, bytes.fromhex(case["publicKey"]))
    assert agreed(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])) == (case["result"] == "valid"), case["comment"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_is_for_its_message_and_key(algorithm: Algorithm) -> None:
    key, signature = signed(algorithm)
    other = PublicKey(algorithm, p256_key(7).public if algorithm == "ecdsa-p256" else bytes(reversed(key.public)))
    assert agreed(key, MESSAGE, signature)
    assert not agreed(key, MESSAGE + b" ", signature)
    assert not agreed(key, b"", signature)
    assert not agreed(other, MESSAGE, signature)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_many_messages_with_one_key(algorithm: Algorithm) -> None:
    for number in range(20):
        message = bytes(number * 37)
        key, signature = signed(algorithm, message)
        assert agreed(key, message, signature)


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """Yield the bytes with one bit flipped, some cut off or put in, or replaced."""
    flips = st.integers(0, 8 * len(data) - 1).map(lambda bit: (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big"))
    spans = st.tuples(st.integers(0, len(data)), st.integers(0, 4), st.binary(max_size=4))
    spliced = spans.map(lambda each: data[: each[0]] + each[2] + data[each[0] + each[1] :])
    return st.one_of(flips, spliced, st.binary(max_size=len(data) + 2))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_checkers_agree_about_mutated_signatures(algorithm: Algorithm, data: st.DataObject) -> None:
    key, signature = signed(algorithm)
    changed = data.draw(mutations(signature))
    assert agreed(key, MESSAGE, changed) == (changed == signature)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_checkers_agree_about_mutated_keys(algorithm: Algorithm, data: st.DataObject) -> None:
    key, signature = signed(algorithm)
    public = data.draw(mutations(key.public).filter(lambda each: len(each) == len(key.public)))
    assert agreed(PublicKey(algorithm, public), MESSAGE, signature) == (public == key.public)


@pytest.mark.parametrize("verify", [verify_ecdsa_p256, verify_ed25519, verify_ml_dsa_44])
@pytest.mark.parametrize(
    "public", [b"", b"\x04", bytes(32), bytes(33), b"\x04" + bytes(64), b"\x04" + b"\xff" * 64, bytes(1312), bytes(5000)]
)
@pytest.mark.parametrize("signature", [b"", b"\x30", bytes(8), bytes(64), bytes(65), bytes(2420), b"\x30\xff" + bytes(255)])
def test_nothing_is_raised_whatever_comes(verify: Callable[[bytes, bytes, bytes], bool], public: bytes, signature: bytes) -> None:
    assert verify(public, MESSAGE, signature) is False


@pytest.mark.parametrize("check", CHECKERS)
def test_an_algorithm_that_nobody_knows_is_a_mistake_of_ours(check: Checker) -> None:
    key = PublicKey("ed25519", bytes(32))
    object.__setattr__(key, "algorithm", "rsa")
    with pytest.raises(AssertionError):
        check(key, MESSAGE, b"")


# ECDSA P-256


def der(r: bytes, s: bytes) -> bytes:
    """Return a DER-like signature with exactly these integers' bytes."""
    content = b"\x02" + bytes((len(r),)) + r + b"\x02" + bytes((len(s),)) + s
    return b"\x30" + bytes((len(content),)) + content


def minimal(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def test_high_s_is_valid_and_told_apart() -> None:
    key, signature = signed("ecdsa-p256")
    r, s = decode_dss_signature(signature)
    low, high = (encode_dss_signature(r, each) for each in sorted((s, P256_N - s)))
    assert agreed(key, MESSAGE, low)
    assert agreed(key, MESSAGE, high)
    assert is_low_s(low)
    assert not is_low_s(high)


@pytest.mark.parametrize(
    ("s", "low"), [(1, True), (P256_N // 2, True), (P256_N // 2 + 1, False), (P256_N - 1, False), (P256_N, False), (0, False)]
)
def test_low_s_ends_at_half_the_order(s: int, *, low: bool) -> None:
    assert is_low_s(der(b"\x01", minimal(s))) is low


@pytest.mark.parametrize("junk", [b"", b"\x30", b"\x30\x06\x02\x01\x01\x02\x01", bytes(70), b"\x30\x06\x02\x01\x01\x02\x01\x01\x00"])
def test_what_is_no_signature_is_not_low_s(junk: bytes) -> None:
    assert not is_low_s(junk)


@pytest.mark.parametrize("r", [0, 1, P256_N - 1, P256_N, P256_N + 1, P256_FIELD, 2**256])
@pytest.mark.parametrize("s", [0, 1, P256_N - 1, P256_N, P256_N + 1, 2**256])
def test_the_edges_of_r_and_s_are_no_signature(r: int, s: int) -> None:
    assert not agreed(p256_key(), MESSAGE, der(minimal(r), minimal(s)))


def test_integers_have_one_spelling() -> None:
    key, signature = signed("ecdsa-p256")
    r, s = (minimal(each) for each in decode_dss_signature(signature))
    assert der(r, s) == signature
    wrong = [
        der(b"\x00" + r, s),
        der(r, b"\x00" + s),
        der(b"", s),
        der(r, b""),
        signature + b"\x00",
        signature[:-1],
        b"\x31" + signature[1:],
    ]
    wrong += [der(r.lstrip(b"\x00"), s)] if r[0] == 0 else [der(b"\xff" + r, s)]
    wrong += [signature[:2] + b"\x03" + signature[3:], b"\x30\x81" + signature[1:], der(r, s + b"\x00"), der(s, r)]
    content = b"\x02" + bytes((len(r),)) + r + b"\x02" + bytes((len(s),)) + b"\x00" + s  # the length does not count the zero
    wrong += [b"\x30" + bytes((len(content),)) + content]
    for each in wrong:
        assert not agreed(key, MESSAGE, each), each.hex()
        assert not verify_ecdsa_p256(key.public, MESSAGE, each)


@pytest.mark.parametrize(
    "public",
    [
        b"\x04" + bytes(64),
        b"\x00" + bytes(64),
        b"\x06" + p256_key().public[1:],
        b"\x07" + p256_key().public[1:],
        b"\x02" + p256_key().public[1:],
        p256_key().public[:-1] + bytes((p256_key().public[-1] ^ 1,)),
        b"\x04" + (P256_FIELD + 5).to_bytes(32, "big") + p256_key().public[33:],
        b"\x04" + p256_key().public[1:33] + b"\xff" * 32,
    ],
)
def test_what_is_no_point_is_no_key(public: bytes) -> None:
    assert not agreed(PublicKey("ecdsa-p256", public), MESSAGE, signed("ecdsa-p256")[1])


def test_a_key_has_one_spelling() -> None:
    # Only a coordinate below 2^224 can be spelled a second time, so such a point is looked for.
    squares = ((x, (x**3 - 3 * x + 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B) % P256_FIELD) for x in range(1, 99))
    x, y = next((x, y) for x, square in squares if (y := pow(square, (P256_FIELD + 1) // 4, P256_FIELD)) ** 2 % P256_FIELD == square)
    assert _p256_table(b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
    assert _p256_table(b"\x04" + (x + P256_FIELD).to_bytes(32, "big") + y.to_bytes(32, "big")) is None


def test_r_is_compared_modulo_the_order_and_not_the_field() -> None:
    secret, nonce = 0x5EED, 0xC0DE
    number = int.from_bytes(hashlib.sha256(MESSAGE).digest(), "big")
    x = multiple(nonce)[0]
    for r, valid in ((x % P256_N, True), (x + P256_FIELD - P256_N, False)):
        s = pow(nonce, -1, P256_N) * (number + r * secret) % P256_N
        assert r < P256_N
        assert agreed(p256_key(secret), MESSAGE, encode_dss_signature(r, s)) is valid


def affine(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    x, y, z = _p256_sum(points)
    inverse = pow(z, -1, P256_FIELD)
    return x * inverse**2 % P256_FIELD, y * inverse**3 % P256_FIELD


def multiple(scalar: int) -> tuple[int, int]:
    numbers = p256(scalar).public_key().public_numbers()
    return numbers.x, numbers.y


EDGES = [1, 2, 3, 63, 64, 65, 127, 128, 129, 2**128 - 1, 2**255, 2**256 // 3, P256_N - 2, P256_N - 1]


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.sampled_from(EDGES), st.integers(1, P256_N - 1)))
def test_the_table_gives_every_multiple(scalar: int) -> None:
    assert affine([*_p256_multiples(_p256_generator(), scalar)]) == multiple(scalar)


def test_adding_is_complete() -> None:
    one, two, minus = multiple(1), multiple(2), multiple(P256_N - 1)
    assert _p256_sum([])[2] == 0
    assert _p256_sum([one, minus])[2] == 0
    assert _p256_sum([one, one, multiple(P256_N - 2)])[2] == 0
    assert affine([one, one]) == two
    assert affine([one, one, two]) == multiple(4)
    assert affine([one, minus, one]) == one
    assert affine([one, two, minus, minus, multiple(7)]) == multiple(8)


@pytest.mark.parametrize("secret", [1, P256_N - 1])
def test_sums_that_double_or_vanish_are_no_signature(secret: int) -> None:
    number = int.from_bytes(hashlib.sha256(MESSAGE).digest(), "big") % P256_N
    assert not agreed(p256_key(secret), MESSAGE, der(minimal(number), minimal(number)))


def test_a_customer_checks_a_thousand_statements_in_seconds() -> None:
    key = p256_key(0xFA57)
    cases = [(bytes((number,)), p256(0xFA57).sign(bytes((number,)), ECDSA(SHA256()))) for number in range(200)]
    start = time.process_time()
    assert all(check_pure(key, message, signature) for message, signature in cases)
    assert time.process_time() - start < 2


# Ed25519


def test_s_has_one_spelling() -> None:
    key, signature = signed("ed25519")
    scalar = int.from_bytes(signature[32:], "little")
    for each in range(1, 8):
        assert not agreed(key, MESSAGE, signature[:32] + (scalar + each * ED25519_L).to_bytes(32, "little"))


SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
"""The eight points whose order divides 8."""


def test_a_key_that_signs_every_message_is_no_key() -> None:
    base = bytes.fromhex("58" + "66" * 31)
    forged = base + (1).to_bytes(32, "little")
    neutral = bytes.fromhex(SMALL[0])
    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, MESSAGE)  # OpenSSL takes it: that is why we ask ourselves
    assert not agreed(PublicKey("ed25519", neutral), MESSAGE, forged)


@pytest.mark.parametrize("public", SMALL)
def test_points_of_small_order_are_no_keys(public: str) -> None:
    assert not is_sound_ed25519_key(bytes.fromhex(public))


def test_keys_have_one_spelling() -> None:
    for y in (*range(ED25519_FIELD, 2**255), ED25519_FIELD + 2**255):
        public = y.to_bytes(32, "little")
        assert not is_sound_ed25519_key(public)
        assert not agreed(PublicKey("ed25519", public), MESSAGE, signed("ed25519")[1])
    for y in (1, ED25519_FIELD - 1):  # x is 0, which has no sign
        assert not is_sound_ed25519_key((y + 2**255).to_bytes(32, "little"))


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_random_seeds_make_sound_keys_and_valid_signatures(seed: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert is_sound_ed25519_key(public)
    assert agreed(PublicKey("ed25519", public), seed, private.sign(seed))


def test_half_of_all_numbers_are_no_point() -> None:
    sound = sum(is_sound_ed25519_key(bytes((each,)) + bytes(31)) for each in range(2, 102))
    assert 30 < sound < 70


def test_every_algorithm_is_checked() -> None:
    assert set(ALGORITHMS) == KEY_BYTES.keys()
    for each in ALGORITHMS:
        assert agreed(signed(each)[0], MESSAGE, signed(each)[1])
