"""Whatever the input, decoding ends with a manifest or a `UsageError`; what decodes keeps its facts."""

from __future__ import annotations

import random
import tomllib
from datetime import date, datetime, time
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tetrapylon.kernel.canonical import canonical_json, read_canonical
from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.decode import decode_manifest, manifest_of
from tetrapylon.system.manifest import Manifest, Table, manifest_facts
from tetrapylon.system.schema import manifest_schema

WORDS = sorted({each.encode_name for kind in Table.__subclasses__() for each in msgspec.structs.fields(kind)})
VALUES = [
    "tetrapylon/manifest/1",
    "provider",
    "mission",
    "a",
    "b",
    "http://h/",
    "owner",
    "read",
    "call:a",
    "internal",
    "resize",
    "../x",
    "core",
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(VALUES),
    st.dates(),
    st.datetimes(),
    st.times(),
)
keys = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12)
tables = st.dictionaries(keys, values, max_size=6)


def decoded(raw: str | bytes) -> None:
    try:
        decode_manifest(raw)
    except UsageError as error:
        said = error
    else:
        return
    assert said.message.replace("\n", "").isprintable()
    assert said.code


def same_or_refused(table: dict[str, Any]) -> Manifest | None:
    try:
        manifest = manifest_of(table)
    except UsageError as error:
        error.message.encode("utf-8", "surrogatepass")
        return None
    facts = manifest_facts(manifest)
    assert manifest_of(facts) == manifest
    assert read_canonical(canonical_json(facts), "the facts") == facts
    return manifest


@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    decoded(raw)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    decoded(text)


@given(
    st.lists(
        st.sampled_from([*WORDS, *VALUES, "[", "]", "[[", "]]", "{", "}", "=", ".", ",", '"', "'", "\n", "1", "-", "true", "#", '"""']),
        max_size=40,
    )
)
def test_any_heap_of_tokens(tokens: list[str]) -> None:
    decoded('schema = "tetrapylon/manifest/1"\n' + " ".join(tokens))


@given(tables)
@settings(max_examples=200)
def test_any_table(table: dict[str, Any]) -> None:
    same_or_refused({"schema": "tetrapylon/manifest/1", **table})


@given(tables)
def test_any_system(table: dict[str, Any]) -> None:
    base = {"id": "x", "release": "1", "role": "user", "criticality": "low", "purpose": "p"}
    same_or_refused({"schema": "tetrapylon/manifest/1", "system": {**base, **table}})


@pytest.fixture(scope="session")
def table(whole: str) -> dict[str, Any]:
    return tomllib.loads(whole)


@pytest.fixture(scope="session")
def schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(manifest_schema())


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, each in inner for place in places(each, (*above, key)))]


def changed(value: Any, place: tuple[Any, ...], put: Any) -> Any:
    if not place:
        return put
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = changed(copy[place[0]], place[1:], put)
    return copy


def as_json(value: Any) -> Any:
    """Return the value as a reader of TOML into JSON would have it."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


@given(put=values, seed=st.integers(min_value=0, max_value=2**32))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_a_good_manifest_with_anything_anywhere(table: dict[str, Any], schema: jsonschema_rs.Validator, put: Any, seed: int) -> None:
    place = random.Random(seed).choice(places(table)[1:])
    mutant = changed(table, place, put)
    if same_or_refused(mutant) is not None:
        assert schema.is_valid(as_json(mutant)), "what decodes must also satisfy the schema"


@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_good_manifest_with_bytes_changed(whole: str, seed: int) -> None:
    pick = random.Random(seed)
    raw = bytearray(whole.encode())
    for _ in range(pick.randint(1, 3)):
        raw[pick.randrange(len(raw))] = pick.randrange(256)
    decoded(bytes(raw))


@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_good_manifest_with_lines_dropped_or_doubled(whole: str, seed: int) -> None:
    pick = random.Random(seed)
    lines = whole.splitlines()
    at = pick.randrange(len(lines))
    decoded("\n".join(lines[:at] + lines[at : at + 1] * pick.choice([0, 2]) + lines[at + 1 :]))


def without(value: Any, place: tuple[Any, ...]) -> Any:
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(place) > 1:
        copy[place[0]] = without(copy[place[0]], place[1:])
    else:
        del copy[place[0]]
    return copy


def test_anything_can_be_taken_out(table: dict[str, Any], schema: jsonschema_rs.Validator) -> None:
    outcomes = set()
    for place in places(table)[1:]:
        mutant = without(table, place)
        found = same_or_refused(mutant)
        outcomes.add(found is None)
        assert found is None or schema.is_valid(as_json(mutant)), place
    assert outcomes == {True, False}


@pytest.mark.parametrize("put", [None, "\x00", [[]], date(2025, 1, 1)], ids=repr)
def test_nothing_takes_a_value_that_suits_nothing(table: dict[str, Any], put: Any) -> None:
    for place in places(table)[1:]:
        assert same_or_refused(changed(table, place, put)) is None, place
