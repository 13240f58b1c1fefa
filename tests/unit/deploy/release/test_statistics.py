"""Bounds agree with scipy's exact values and never promise more than they may."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.deploy.release import statistics as ours

scipy_stats = pytest.importorskip("scipy.stats")

counts = st.integers(1, 2000).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@given(counts, st.sampled_from([0.9, 0.95, 0.99]))
def test_clopper_pearson_is_exact(count: tuple[int, int], confidence: float) -> None:
    hits, size = count
    low, high = ours.clopper_pearson(hits, size, confidence)
    exact = scipy_stats.beta
    assert math.isclose(high, 1.0 if hits == size else exact.ppf(confidence, hits + 1, size - hits), abs_tol=1e-9)
    assert math.isclose(low, 0.0 if hits == 0 else exact.ppf(1 - confidence, hits, size - hits + 1), abs_tol=1e-9)


@given(counts)
def test_wilson_agrees_with_scipy(count: tuple[int, int]) -> None:
    hits, size = count
    # A two-sided interval of 90 % has 95 % on each side.
    theirs = scipy_stats.binomtest(hits, size).proportion_ci(0.9, method="wilson")
    low, high = ours.wilson(hits, size)
    assert math.isclose(low, theirs.low, abs_tol=1e-9)
    assert math.isclose(high, theirs.high, abs_tol=1e-9)


@pytest.mark.parametrize(("limit", "size"), [(0.05, 59), (0.02, 149), (0.01, 299)])
def test_zero_hits_prove_a_limit_at_the_known_sizes(limit: float, size: int) -> None:
    assert ours.sample_size(limit) == size
    assert ours.clopper_pearson(0, size).high <= limit < ours.clopper_pearson(0, size - 1).high


@given(st.floats(0.005, 0.5), st.integers(0, 5))
def test_a_sample_size_is_the_least_that_proves(limit: float, hits: int) -> None:
    size = ours.sample_size(limit, hits)
    assert ours.clopper_pearson(hits, size).high <= limit
    assert size == hits + 1 or ours.clopper_pearson(hits, size - 1).high > limit


@given(st.lists(st.tuples(st.integers(0, 5), st.just(5)), min_size=2, max_size=60))
def test_a_clustered_interval_is_never_narrower_than_that_of_independent_tries(clusters: list[tuple[int, int]]) -> None:
    hits, tries = sum(hit for hit, _ in clusters), sum(size for _, size in clusters)
    low, high = ours.clustered(clusters)
    plain = ours.wilson(hits, tries)
    assert low <= plain.low + 1e-12
    assert high >= plain.high - 1e-12


def test_tries_of_one_prompt_that_agree_count_as_one() -> None:
    once = ours.wilson(3, 20)
    many = ours.clustered([(10, 10)] * 3 + [(0, 10)] * 17)
    assert many.high > ours.wilson(30, 200).high
    assert math.isclose(many.high, once.high, abs_tol=0.02)


def test_clustered_bounds_hold_about_as_often_as_they_claim() -> None:
    numpy = pytest.importorskip("numpy")
    random = numpy.random.default_rng(5)
    missed = 0
    for _ in range(400):
        shares = random.beta(0.5, 4.5, 80)  # prompts differ much: the mean share is 0.1
        clusters = [(int(random.binomial(6, share)), 6) for share in shares]
        missed += ours.clustered(clusters).high < 0.1
    assert missed / 400 <= 0.09


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.randoms())
def test_mcnemar_agrees_with_the_exact_binomial_test(before: list[bool], random: object) -> None:
    now = [bool(each) != (index % 3 == 0) for index, each in enumerate(before)]
    paired = ours.mcnemar({str(k): v for k, v in enumerate(before)}, {str(k): v for k, v in enumerate(now)})
    changed = paired.only_now + paired.only_before
    if changed:
        assert math.isclose(paired.p_worse, scipy_stats.binomtest(paired.only_now, changed, alternative="greater").pvalue, abs_tol=1e-9)
    assert paired.both == len(before)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1), min_size=1, max_size=12))
def test_holm_agrees_with_scipy_in_order_and_never_lowers(values: dict[str, float]) -> None:
    adjusted = ours.holm(values)
    assert all(adjusted[each] >= values[each] for each in values)
    ordered = sorted(values, key=lambda each: (values[each], each))
    assert [adjusted[each] for each in ordered] == sorted(adjusted.values())
    assert math.isclose(adjusted[ordered[0]], min(1.0, values[ordered[0]] * len(values)))


def test_hit_at_k_is_the_share_over_all_choices() -> None:
    assert ours.hit_at_k([(1, 3), (0, 3)], 1) == pytest.approx(1 / 6)
    assert ours.hit_at_k([(1, 3), (0, 3)], 3) == pytest.approx(1 / 2)
    assert ours.hit_at_k([(1, 2)], 3) is None
    assert ours.flip_rate([(1, 3), (3, 3), (0, 3), (0, 1)]) == pytest.approx(1 / 3)


def test_protection_is_as_wide_as_what_it_is_made_of() -> None:
    off, on = ours.clopper_pearson(12, 60), ours.clopper_pearson(0, 60)
    low, high = ours.protection(off, on)
    assert 0.5 < low < 1
    assert high == 1.0
    assert ours.protection(ours.clopper_pearson(0, 60), on).low == -1.0
