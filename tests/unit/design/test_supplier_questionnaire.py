"""A questionnaire counts only as it was signed, by whom it is known, about what is used, and for as long as it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.design.suppliers.check import Sheet
from tetrapylon.design.suppliers.questionnaire import LONGEST, PAYLOAD_TYPE, Expected, ask, judge, read_asked, read_signed, sign
from tetrapylon.design.suppliers.questions import questions
from tetrapylon.evidence.envelope import IN_TOTO_TYPE, read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.signer import sign_envelope
from tetrapylon.evidence.signers.file import generate_key
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UsageError

ASKED, ANSWERED, NOW, EXPIRES = "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2026-06-01T12:00:00Z", "2027-05-02T00:00:00Z"
KEY, OTHER = generate_key("ed25519"), generate_key("ed25519")
EXPECTED = Expected("acme-llm", "cheque-desk", {"assistant": "sha256:" + "a" * 64}, "0" * 32)


def form(**changed: Any) -> dict[str, Any]:
    found = json.loads(ask(EXPECTED, questions(), ASKED))
    for each in found["answers"]:
        each["answer"] = "yes"
    return {**found, **changed}


SIGNED = sign(json.dumps(form()).encode(), KEY, ANSWERED, EXPIRES).to_bytes()


def counted(data: bytes = SIGNED, expected: Expected = EXPECTED, now: str = NOW) -> Sheet:
    return judge(read_signed(data, KEY.key, check_native), expected, questions(), now, 365)


def signed(change: Callable[[dict[str, Any]], None] | None = None, signer: Any = KEY, **changed: Any) -> bytes:
    """What a supplier could sign, were its program not ours."""
    payload = {**json.loads(read_envelope(SIGNED).payload), **changed}
    if change is not None:
        change(payload)
    return sign_envelope(canonical_json(payload), PAYLOAD_TYPE, [signer]).to_bytes()


def test_what_was_asked_answered_and_signed_counts() -> None:
    found = counted()
    assert (found.counts, found.expires, set(found.answers.values())) == (True, EXPIRES, {"yes"})
    assert set(found.answers) == {each.id for each in questions().all}


def test_every_question_is_answered_before_anything_is_signed() -> None:
    with pytest.raises(UsageError, match="disclosure"):
        sign(ask(EXPECTED, questions(), ASKED), KEY, ANSWERED, EXPIRES)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2027-05-01T23:59:59Z", ""),
        ("2027-05-02T00:00:00Z", "it has expired"),
        ("2026-05-01T23:59:00Z", ""),
        ("2026-05-01T23:58:59Z", "it was answered in the future"),
    ],
)
def test_it_holds_until_the_very_second(now: str, why: str) -> None:
    found = counted(now=now)
    assert (found.counts, why in found.why) == (not why, True)


def test_a_long_promise_is_cut_at_a_year() -> None:
    forever = signed(expires="2099-01-01T00:00:00Z")
    assert counted(forever).counts
    assert "has expired" in counted(forever, now="2027-05-03T00:00:00Z").why


EXPECTATIONS = [
    (replace(EXPECTED, supplier="beta-llm"), "it is about `acme-llm`"),
    (replace(EXPECTED, system="other"), "it is about `acme-llm` and `cheque-desk`"),
    (replace(EXPECTED, components={"assistant": "sha256:" + "b" * 64}), "other components"),
    (replace(EXPECTED, components={**EXPECTED.components, "more": "sha256:" + "b" * 64}), "other components"),
    (replace(EXPECTED, nonce="1" * 32), "another questionnaire"),
    (replace(EXPECTED, nonce=None), "another questionnaire"),
    (replace(EXPECTED, newest="2026-05-03T00:00:00Z"), "counted before"),
]


@pytest.mark.parametrize(("expected", "why"), EXPECTATIONS, ids=[why for _, why in EXPECTATIONS])
def test_answers_about_something_else_do_not_count(expected: Expected, why: str) -> None:
    found = counted(expected=expected)
    assert (found.counts, found.answers, why in found.why) == (False, {}, True), found


def test_the_same_answers_count_again() -> None:
    assert counted(expected=replace(EXPECTED, newest=ANSWERED)).counts


def _another_question(payload: dict[str, Any]) -> None:
    payload["answers"][0]["text"] = "Do you like cheques?"


def _look_alike(payload: dict[str, Any]) -> None:
    payload["answers"][0]["text"] = payload["answers"][0]["text"].replace("a", "\u0430", 1)


def _left_out(payload: dict[str, Any]) -> None:
    del payload["answers"][3]


def _turned_round(payload: dict[str, Any]) -> None:
    payload["answers"].reverse()


def _before_it_was_asked(payload: dict[str, Any]) -> None:
    payload["answered"] = "2026-04-30T00:00:00Z"


@pytest.mark.parametrize("change", [_another_question, _look_alike, _left_out, _turned_round, _before_it_was_asked])
def test_what_is_signed_and_is_no_answer_to_us_does_not_count(change: Callable[[dict[str, Any]], None]) -> None:
    assert not counted(signed(change)).counts


def test_a_number_of_another_time_in_the_answers_counts_for_nothing() -> None:
    with pytest.raises(TetrapylonError):
        counted(signed(answered="2026-13-45T00:00:00Z"))


def _twice(payload: dict[str, Any]) -> None:
    payload["answers"].append({**payload["answers"][0], "answer": "no"})


def _look_alike_id(payload: dict[str, Any]) -> None:
    payload["answers"][0]["question"] = "d\u0456sclosure"


def _unknown_key(payload: dict[str, Any]) -> None:
    payload["admin"] = True


def _maybe(payload: dict[str, Any]) -> None:
    payload["answers"][0]["answer"] = "Yes"


def _hidden(payload: dict[str, Any]) -> None:
    payload["answers"][0]["note"] = "safe\u202etxt.exe"


def _supplier_look_alike(payload: dict[str, Any]) -> None:
    payload["supplier"] = "\u0430cme-llm"


@pytest.mark.parametrize("change", [_twice, _look_alike_id, _unknown_key, _maybe, _hidden, _supplier_look_alike])
def test_what_is_not_of_the_form_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(IntegrityError):
        counted(signed(change))


def test_other_keys_and_other_kinds_of_signed_things_are_refused() -> None:
    payload = read_envelope(SIGNED).payload
    swapped = json.loads(signed(signer=OTHER))
    swapped["signatures"][0]["keyid"] = KEY.key.keyid
    hostile = {
        "another key": signed(signer=OTHER),
        "another key under the right name": canonical_json(swapped),
        "two keys": sign_envelope(payload, PAYLOAD_TYPE, [KEY, OTHER]).to_bytes(),
        "a statement": sign_envelope(payload, IN_TOTO_TYPE, [KEY]).to_bytes(),
        "not signed": canonical_json({**json.loads(SIGNED), "signatures": []}),
        "the form itself": json.dumps(form()).encode(),
    }
    for data in hostile.values():
        with pytest.raises(IntegrityError):
            read_signed(data, KEY.key, check_native)


PAYLOADS = {
    "a key twice": read_envelope(SIGNED).payload.replace(b'"nonce":', b'"nonce":"' + b"0" * 32 + b'","nonce":', 1),
    "not a number": read_envelope(SIGNED).payload[:-1] + b',"x":NaN}',
    "deep": b'{"answers":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "spaces": read_envelope(SIGNED).payload.replace(b":", b": ", 1),
    "escaped": read_envelope(SIGNED).payload.replace(b"acme-llm", b"\\u0061cme-llm", 1),
    "a number without end": b'{"x":' + b"9" * 100_000 + b"}",
    "a list": b"[]",
    "nothing": b"",
    "not text": b"\xff\xfe",
    "surrogates": read_envelope(SIGNED).payload.replace(b"acme-llm", b"\\ud800", 1),
}


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_hostile_json_is_refused_even_with_a_good_signature(name: str) -> None:
    with pytest.raises(IntegrityError):
        read_signed(sign_envelope(PAYLOADS[name], PAYLOAD_TYPE, [KEY]).to_bytes(), KEY.key, check_native)
    with pytest.raises(IntegrityError):
        read_asked(PAYLOADS[name])


def test_what_is_too_long_is_not_parsed() -> None:
    with pytest.raises(IntegrityError, match="larger"):
        read_signed(b"[" * (LONGEST + 1), KEY.key, check_native)
    with pytest.raises(IntegrityError, match="larger"):
        read_asked(b"[" * (LONGEST + 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 7))
def test_one_bit_changed_anywhere_counts_for_nothing(place: int, bit: int) -> None:
    data = bytearray(SIGNED)
    data[place] ^= 1 << bit
    with pytest.raises(TetrapylonError):
        read_signed(bytes(data), KEY.key, check_native)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_nothing_that_is_no_questionnaire_makes_it_fail(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        read_signed(data, KEY.key, check_native)
