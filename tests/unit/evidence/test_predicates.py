"""Every predicate type: a good example, a bad one, a schema that agrees, and a type of its own."""

from __future__ import annotations

import jsonschema_rs
import pytest

from tetrapylon.evidence.predicate import PREDICATES, decode, json_schema, name_of, predicate_type
from tetrapylon.kernel.errors import IntegrityError, UsageError

every = pytest.mark.parametrize("name", list(PREDICATES))


@every
def test_good_examples_decode(name: str) -> None:
    decode(name, PREDICATES[name].GOOD)


@every
def test_bad_examples_are_refused_with_their_path(name: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        decode(name, PREDICATES[name].BAD)
    assert caught.value.code == "malformed-predicate"
    assert "$" in caught.value.message or "missing required field" in caught.value.message


@every
def test_the_schema_agrees_with_the_type(name: str) -> None:
    schema = json_schema(name)
    assert jsonschema_rs.is_valid(schema, PREDICATES[name].GOOD)
    assert not jsonschema_rs.is_valid(schema, PREDICATES[name].BAD)


@every
def test_the_docstring_says_what_and_why(name: str) -> None:
    text = PREDICATES[name].__doc__ or ""
    assert "Why it matters:" in text
    assert PREDICATES.summary(name) == text.partition("\n")[0]


@every
def test_the_type_leads_back_to_the_name(name: str) -> None:
    assert name_of(predicate_type(name)) == name


def test_types_are_unique() -> None:
    types = [predicate_type(each) for each in PREDICATES]
    assert len(set(types)) == len(types)


def test_unknown_ones_are_refused() -> None:
    with pytest.raises(UsageError):
        predicate_type("horoscope")
    with pytest.raises(UsageError):
        name_of("https://example.org/horoscope")
