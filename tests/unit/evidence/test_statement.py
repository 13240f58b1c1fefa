"""in-toto statements are about digests; everything else is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.evidence.statement import STATEMENT_TYPE, Statement, Subject, read_statement, statement_of
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PREDICATES = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=4)
SUBJECTS = st.builds(Subject, name=TEXT, digest=st.binary(max_size=4).map(sha256))
STATEMENTS = st.builds(Statement, subjects=st.lists(SUBJECTS, min_size=1, max_size=3).map(tuple), predicate_type=TEXT, predicate=PREDICATES)
STATEMENT = Statement(
    (Subject("model", sha256(b"model")), Subject("also", sha256(b"model"))),
    "https://example.org/it/v1",
    {"observedFrom": "2026-03-01T11:00:00Z", "observedTo": "2026-03-01T11:30:00Z", "demo": True},
)


@given(STATEMENTS)
def test_a_statement_is_read_as_it_was_written(statement: Statement) -> None:
    assert read_statement(statement.to_bytes()) == statement


def test_the_encoding_is_in_totos() -> None:
    assert read_json(STATEMENT.to_bytes(), "it") == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "model", "digest": {"sha256": sha256(b"model")[7:]}},
            {"name": "also", "digest": {"sha256": sha256(b"model")[7:]}},
        ],
        "predicateType": "https://example.org/it/v1",
        "predicate": STATEMENT.predicate,
    }


def test_times_digests_and_demo_are_at_hand() -> None:
    assert STATEMENT.digests() == {sha256(b"model")}
    assert (STATEMENT.observed_from, STATEMENT.observed_to, STATEMENT.demo) == ("2026-03-01T11:00:00Z", "2026-03-01T11:30:00Z", True)


@pytest.mark.parametrize("value", [None, 1, [], "true"])
def test_what_is_not_a_time_or_true_counts_for_nothing(value: object) -> None:
    statement = Statement(STATEMENT.subjects, "t", {"observedFrom": value, "demo": value} if value != "true" else {"demo": value})
    assert (statement.observed_from, statement.observed_to, statement.demo) == (None, None, False)


WRONG: list[tuple[str, Any]] = [
    ("_type", "https://in-toto.io/Statement/v0.1"),
    ("subject", []),
    ("subject", {}),
    ("subject", None),
    ("subject", "model"),
    ("subject", ["model"]),
    ("subject", {"model": 1}),
    ("subject", [{}]),
    ("subject", [{"digest": None}]),
    ("subject", [{"digest": ["sha256"]}]),
    ("subject", [{"digest": {"sha512": "00"}}]),
    ("subject", [{"digest": {"sha256": 1}}]),
    ("subject", [{"digest": {"sha256": "00"}}]),
    ("subject", [{"digest": {"sha256": "AB" * 32}}]),
    ("subject", [{"name": 1, "digest": {"sha256": "ab" * 32}}]),
    ("predicateType", None),
    ("predicate", None),
    ("predicate", []),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_another_shape_is_refused(key: str, value: object) -> None:
    changed = {**read_json(STATEMENT.to_bytes(), "it"), key: value}
    with pytest.raises(IntegrityError, match=r"^it is not an in-toto Statement v1") as caught:
        read_statement(canonical_json(changed), "it")
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("key", ["_type", "subject", "predicateType", "predicate"])
def test_every_member_is_needed(key: str) -> None:
    value = read_json(STATEMENT.to_bytes(), "it")
    del value[key]
    with pytest.raises(IntegrityError):
        statement_of(value, "it")


@pytest.mark.parametrize("value", [None, 1, "x", []])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(IntegrityError):
        statement_of(value, "it")


def test_a_payload_must_be_canonical_and_plain_json_need_not() -> None:
    data = STATEMENT.to_bytes() + b"\n"
    with pytest.raises(IntegrityError) as caught:
        read_statement(data)
    assert caught.value.code == "non-canonical"
    assert statement_of(read_json(data, "it"), "it") == STATEMENT


def test_a_subject_need_not_have_a_name() -> None:
    value = {"_type": STATEMENT_TYPE, "subject": [{"digest": {"sha256": "ab" * 32}}], "predicateType": "t", "predicate": {}}
    assert statement_of(value, "it").subjects[0].name == ""
