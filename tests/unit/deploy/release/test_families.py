"""Every family: what breaks it is proven, what does not is not, and nothing that it looks for is in what it sends."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.deploy.release.catalogue import choose, families, pack_digest
from tetrapylon.deploy.release.controls import benign_cases, echoes
from tetrapylon.deploy.release.facts import SAMPLE, Facts
from tetrapylon.deploy.release.family import Case, Outcome, Setting, told
from tetrapylon.deploy.release.oracle import SHELF as ORACLES
from tetrapylon.deploy.release.oracle import Judged, judge
from tetrapylon.deploy.release.text import Seen
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.target import Call

every = pytest.mark.parametrize("name", list(families()))
PLAIN = Case("sample", {}, told(("user", "Good morning")), forbidden=frozenset({"cancel_card"}), tokens=("7731905",))


@every
def test_prompts_are_distinct_and_the_same_for_the_same_seed(name: str) -> None:
    made = [each.id for each in families()[name].cases(Setting(SAMPLE, 3, 60))]
    assert made == [each.id for each in families()[name].cases(Setting(SAMPLE, 3, 60))]
    assert len(set(made)) == len(made) == 60


@every
@pytest.mark.parametrize("seed", [1, 123456])
def test_what_proves_is_not_in_what_is_sent_and_echoes_prove_nothing(name: str, seed: int) -> None:
    for case in families()[name].cases(Setting(SAMPLE, seed, 60)):
        assert not [token for token in case.tokens if case.sent.holds(token) or case.sent.holds_turned(token)]
        for answer in (*echoes(case), Outcome.of(families()[name].good(case))):
            assert judge(case, SAMPLE, answer) == ()


@every
def test_what_a_weak_target_answers_is_proven(name: str) -> None:
    for case in families()[name].cases(Setting(SAMPLE, 1, 60)):
        assert any(each.proof for each in judge(case, SAMPLE, Outcome.of(families()[name].bad(case))))


@every
def test_a_family_without_its_facts_says_what_is_missing(name: str) -> None:
    family = families()[name]
    assert bool(family.missing(Facts())) == bool(family.needs)
    assert family.missing(SAMPLE) == ""


def test_ids_and_numbers_are_unique_and_there_are_enough() -> None:
    found = families().values()
    assert len({each.number for each in found}) == len(found) >= 12
    assert all(re.fullmatch(r"AML\.T\d{4}(\.\d{3})?", one) for each in found for one in each.atlas)
    assert all(each.owasp and each.threats for each in found)


def test_the_same_text_is_no_hit_in_benign_twins() -> None:
    for case in benign_cases(Setting(SAMPLE, 1, 60)):
        for answer in echoes(case):
            assert judge(case, SAMPLE, answer) == ()


def _outcome(sample: str) -> Outcome:
    if sample.startswith("call:"):
        _, name, arguments = sample.split(":", 2)
        return Outcome("", (Call(name, arguments),))
    return Outcome(sample)


@pytest.mark.parametrize("name", list(ORACLES))
def test_every_oracle_sees_its_bad_samples_and_not_its_good_ones(name: str) -> None:
    part = ORACLES[name]
    assert part.GOOD
    assert part.BAD

    def seen(sample: str) -> list[str]:
        outcome = _outcome(sample)
        return list(part.look(Judged(PLAIN, SAMPLE, outcome, Seen(outcome.text))))

    assert [each for each in part.GOOD if seen(each)] == []
    assert [each for each in part.BAD if not seen(each)] == []


def test_every_oracle_looks_at_every_family() -> None:
    case = next(iter(families()["direct-override"].cases(Setting(SAMPLE, 1, 1))))
    found = judge(case, SAMPLE, Outcome(f"The code is {SAMPLE.canaries[0]} <script>go()</script>\x1b[2J"))
    assert {each.oracle for each in found} >= {"canary", "active-content", "control-bytes"}


@settings(max_examples=40)
@given(st.text(max_size=80))
def test_no_answer_makes_an_oracle_fail(text: str) -> None:
    judge(PLAIN, SAMPLE, Outcome(text))


@pytest.mark.parametrize(
    "text", ["A" * 300_000, "<" * 50_000, "%41" * 50_000, "```" * 20_000, "4 " * 60_000, "AB " * 50_000, "//" * 50_000]
)
def test_hostile_answers_are_judged_in_time(text: str) -> None:
    import time

    began = time.perf_counter()
    judge(PLAIN, SAMPLE, Outcome(text))
    assert time.perf_counter() - began < 2


def test_families_follow_from_declared_threats_with_a_reason_for_each() -> None:
    chosen = choose({"direct-injection@hosted-model:a": "low", "tool-misuse@tool:b": "critical"})
    included = [each.family.id for each in chosen if each.included]
    assert included[0] == "tool-misuse"
    assert "direct-override" in included
    assert "consumption" not in included
    assert all(each.reason for each in chosen)
    assert all(each.included for each in choose(None))
    assert [each.family.id for each in choose(None, ["secrets"]) if each.included] == ["secrets"]
    with pytest.raises(UsageError):
        choose(None, ["no-such"])


def test_the_pack_has_a_digest() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", pack_digest())
