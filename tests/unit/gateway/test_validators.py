"""Every validator takes its good samples and refuses its bad ones, and a checksum sees one wrong digit."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.shelf import Shelf

SHELF = Shelf("tetrapylon.gateway.validators")
CHECKED = [
    "luhn",
    "iban",
    "uk-nhs",
    "de-tax-id",
    "fr-nir",
    "it-fiscal-code",
    "es-dni",
    "nl-bsn",
    "be-national",
    "pl-pesel",
    "se-personal",
    "no-birth",
    "fi-hetu",
    "ch-ahv",
    "br-cpf",
    "in-aadhaar",
    "cn-resident",
    "ca-sin",
    "au-tfn",
    "za-id",
    "tr-identity",
    "us-routing",
    "mrz",
]


@pytest.mark.parametrize("name", SHELF)
def test_samples(name: str) -> None:
    part: ModuleType = SHELF[name]
    assert part.GOOD
    assert part.BAD
    assert [text for text in part.GOOD if not part.check(text)] == []
    assert [text for text in part.BAD if part.check(text)] == []
    assert part.__doc__


@pytest.mark.parametrize("name", CHECKED)
def test_one_wrong_digit_is_seen(name: str) -> None:
    """These checksums catch nearly every single wrong digit (those by 97 and 11 all of them; some miss a few by design)."""
    check = SHELF[name].check
    tried = missed = 0
    for text in SHELF[name].GOOD:
        for place, each in enumerate(text):
            for other in "0123456789" if each.isdecimal() else ():
                if other != each:
                    tried += 1
                    missed += check(text[:place] + other + text[place + 1 :])
    assert tried > 20
    assert missed / tried < 0.12, (missed, tried)


@given(st.sampled_from(list(SHELF)), st.text(max_size=60))
def test_any_text_gets_an_answer(name: str, text: str) -> None:
    assert SHELF[name].check(text) in (True, False)


@given(st.lists(st.integers(0, 9), min_size=15, max_size=15))
def test_one_in_ten_is_a_card(digits: list[int]) -> None:
    check = SHELF["luhn"].check
    made = [check("".join(map(str, [*digits, last]))) for last in range(10)]
    assert sum(made) == (1 if len({*digits}) > 1 else sum(made))
