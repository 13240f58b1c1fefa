"""What is pinned of an attack: read back as it was, without secrets, and with its computation drawn anew."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.app.drafting.writing import toml_value
from tetrapylon.deploy.release.catalogue import families
from tetrapylon.deploy.release.facts import SAMPLE
from tetrapylon.deploy.release.family import Case, Setting
from tetrapylon.deploy.release.regression import (
    HIDDEN,
    MOST,
    Origin,
    Pinned,
    case_of,
    conversation,
    drawn,
    literal,
    pin,
    render,
    without_system,
)
from tetrapylon.kernel.errors import UsageError
from tetrapylon.system.decided import read_decisions

ORIGIN = Origin("assistant", "incident-1", "1.0.0", f"sha256:{'0' * 64}", "2026-01-01T00:00:00Z")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def cases(family: str, system: str = "") -> list[Case]:
    return list(families()[family].cases(Setting(SAMPLE, 1, 12, system)))


def again(pinned: Pinned) -> Pinned:
    return read_decisions(render(pinned, toml_value), Pinned, "regressions/x.toml", {})


@pytest.mark.parametrize("family", sorted(families()))
def test_every_family_can_be_kept_pinned_and_read_back(family: str) -> None:
    for each in cases(family, "Be brief."):
        kept = conversation(each)
        assert kept is not None
        found = case_of(family, kept)
        assert found.id == each.id
        bare = replace(found, messages=without_system(found.messages, "Be brief."))
        pinned = pin(bare, "token", ORIGIN, SAMPLE)
        assert again(pinned) == pinned
        tried = drawn(literal(pinned, bare) if pinned.fresh else pinned, "Be kind.", random.Random(1))
        assert tried.messages[0] == {"role": "system", "content": "Be kind."}
        assert (tried.messages[1:], tried.turns, tried.tokens) == (bare.messages, bare.turns, bare.tokens)
        assert (tried.forbidden, tried.most_tokens, tried.tenant) == (bare.forbidden, bare.most_tokens, bare.tenant)


def test_a_computation_in_plain_words_is_drawn_anew_at_each_try() -> None:
    for each in cases("indirect-document"):
        pinned = pin(each, "token", ORIGIN, SAMPLE)
        assert pinned.fresh
        assert each.tokens[0] not in render(pinned, toml_value).decode()
        tries = [drawn(pinned, "", random.Random(number)) for number in range(4)]
        assert len({case.tokens for case in tries}) == 4
        assert all(not case.sent.holds(case.tokens[0]) for case in tries)


def test_what_is_encoded_is_pinned_as_it_was() -> None:
    kinds = {pin(each, "token", ORIGIN, SAMPLE).fresh for each in cases("encodings")}
    assert False in kinds


def test_secrets_of_the_facts_are_not_pinned() -> None:
    text = f"The key is {SAMPLE.secrets[0]} and the code {SAMPLE.canaries[0]}."
    pinned = pin(Case("persona", {}, ({"role": "user", "content": text},), turns=(text,)), "canary", ORIGIN, SAMPLE)
    written = render(pinned, toml_value).decode()
    assert SAMPLE.secrets[0] not in written
    assert SAMPLE.canaries[0] not in written
    assert written.count(HIDDEN) == 4


def test_what_is_too_long_is_not_kept() -> None:
    assert conversation(Case("persona", {}, ({"role": "user", "content": "x" * MOST},))) is None


def test_json_that_was_edited_is_refused() -> None:
    pinned = pin(cases("tool-misuse")[0], "tool-policy", ORIGIN, SAMPLE)
    text = render(pinned, toml_value).decode().replace('tools = ["{', 'tools = ["[')
    with pytest.raises(UsageError):
        drawn(read_decisions(text.encode(), Pinned, "regressions/x.toml", {}), "", random.Random(1))


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_hostile_text_is_read_back_as_it_was(first: str, second: str, turns: list[str]) -> None:
    messages = ({"role": "user", "content": first}, {"role": "tool", "content": None, "name": second})
    pinned = pin(Case("persona", {}, messages, turns=tuple(turns)), "canary", ORIGIN, SAMPLE)
    assert drawn(again(pinned), "", random.Random(1)).messages == messages
