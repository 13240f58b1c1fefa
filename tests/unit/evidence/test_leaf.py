"""A log record has one encoding and one shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.leaf import LEAF_BYTES, Leaf, read_leaf
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError, UsageError

DIGESTS = st.binary(max_size=4).map(sha256)
TIMES = st.datetimes().map(lambda each: each.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.builds(
    Leaf,
    envelope=DIGESTS,
    predicate_type=TEXT,
    subjects=st.lists(DIGESTS, max_size=4).map(tuple),
    keyid=TEXT,
    observed_from=TIMES,
    observed_to=TIMES,
    recorded_at=TIMES,
    supersedes=st.none() | DIGESTS,
)
LEAF = Leaf(
    envelope=sha256(b"envelope"),
    predicate_type="https://example.org/it/v1",
    subjects=(sha256(b"model"), sha256(b"data")),
    keyid="ab" * 32,
    observed_from="2026-03-01T11:00:00Z",
    observed_to="2026-03-01T11:30:00Z",
    recorded_at="2026-03-01T12:00:00Z",
)


@given(LEAVES)
def test_a_record_is_read_as_it_was_written(leaf: Leaf) -> None:
    assert read_leaf(leaf.to_bytes()) == leaf


def test_the_encoding_is_fixed() -> None:
    """Changing it would change every root: this needs a new schema version."""
    assert (
        LEAF.to_bytes()
        == (
            f'{{"envelope":"{LEAF.envelope}","keyid":"{"ab" * 32}",'
            f'"observedFrom":"2026-03-01T11:00:00Z","observedTo":"2026-03-01T11:30:00Z",'
            f'"predicateType":"https://example.org/it/v1","recordedAt":"2026-03-01T12:00:00Z","schema":"tetrapylon/leaf/1",'
            f'"subjects":["{LEAF.subjects[0]}","{LEAF.subjects[1]}"],"supersedes":null}}'
        ).encode()
    )


WRONG: list[tuple[str, Any]] = [
    ("schema", "tetrapylon/leaf/2"),
    ("envelope", "sha256:00"),
    ("envelope", None),
    ("predicateType", 1),
    ("subjects", "sha256:00"),
    ("subjects", 1),
    ("subjects", {sha256(b"model"): 1}),
    ("subjects", [1]),
    ("keyid", None),
    ("observedFrom", "2026-03-01 11:00:00Z"),
    ("observedTo", "2026-03-01T11:30:00+00:00"),
    ("recordedAt", "2026-03-01T12:00:00Z\n"),
    ("recordedAt", 1),
    ("supersedes", ""),
    ("supersedes", 1),
    ("more", 1),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_another_shape_is_refused(key: str, value: object) -> None:
    data = canonical_json({**read_json(LEAF.to_bytes(), "it"), key: value})
    with pytest.raises(IntegrityError, match=r"^it is not a `tetrapylon/leaf/1` record") as caught:
        read_leaf(data, "it")
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("key", sorted(read_json(LEAF.to_bytes(), "it")))
def test_every_member_is_needed(key: str) -> None:
    value = read_json(LEAF.to_bytes(), "it")
    del value[key]
    with pytest.raises(IntegrityError):
        read_leaf(canonical_json(value))


@pytest.mark.parametrize("data", [b"[]", b"1", b"null", b"{}"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        read_leaf(data)


def test_another_encoding_is_refused() -> None:
    with pytest.raises(IntegrityError) as caught:
        read_leaf(LEAF.to_bytes().replace(b'","', b'", "'))
    assert caught.value.code == "non-canonical"


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_changed_byte_is_refused_or_another_record(data: st.DataObject) -> None:
    encoded = bytearray(LEAF.to_bytes())
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = read_leaf(bytes(encoded))
    except IntegrityError:
        return
    assert found != LEAF
    assert found.to_bytes() == bytes(encoded)


def test_a_record_too_long_for_a_log_is_refused() -> None:
    subjects = tuple(Digest(f"sha256:{each:064x}") for each in range(900))
    with pytest.raises(UsageError, match="about 900 subjects does not fit") as caught:
        replace(LEAF, subjects=subjects).to_bytes()
    assert caught.value.hint == "split it"
    assert len(replace(LEAF, subjects=subjects[:850]).to_bytes()) <= LEAF_BYTES
