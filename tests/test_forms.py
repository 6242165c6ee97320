from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from benchmarks.effort import seconds
from hypothesis import given
from hypothesis import strategies as some
from scipy import integrate, special, stats

import attrition as at
from attrition.data.elicitation import elicit_list, is_distribution, quantile
from attrition.data.elicitation.distributions import atom, atoms, density, mixture, parts
from attrition.data.elicitation.shapes import (
    exponential,
    log_uniform,
    lognormal,
    metalog,
    normal,
    pert,
    split_normal,
)

PROBS = (0.5, 0.8, 0.9, 0.99)


@pytest.mark.parametrize("prob", PROBS)
def test_every_form_with_two_tails_has_them_exactly(prob: float) -> None:
    tail = (1 - prob) / 2
    forms = {
        "normal": normal(180.0, 250.0, prob),
        "lognormal": lognormal(180.0, 250.0, prob),
        "log-uniform": log_uniform(180.0, 250.0, prob),
        "split-normal": split_normal(180.0, 230.0, 250.0, prob),
        "metalog": metalog(180.0, 210.0, 250.0, prob),
    }
    for name, distribution in forms.items():
        assert quantile(distribution, [tail, 1 - tail]) == pytest.approx([180, 250], rel=1e-9), name
        assert np.asarray(distribution.cdf(np.array([180.0, 250.0]))) == pytest.approx(
            [tail, 1 - tail], abs=1e-9
        ), name


@given(
    some.floats(1.0, 1e6),
    some.floats(1.01, 10.0),
    some.floats(0.05, 0.95),
    some.sampled_from(PROBS),
)
def test_a_split_normal_keeps_its_tails_and_its_mode_wherever_the_mode_lies(
    lower: float, ratio: float, place: float, prob: float
) -> None:
    upper = lower * ratio
    mode = lower + place * (upper - lower)
    distribution: Any = split_normal(lower, mode, upper, prob)
    tail = (1 - prob) / 2
    assert quantile(distribution, [tail, 1 - tail]) == pytest.approx([lower, upper], rel=1e-6)
    step = (upper - lower) * 1e-3
    assert distribution.pdf(mode) > max(
        distribution.pdf(mode - step), distribution.pdf(mode + step)
    )


def test_a_split_normal_of_equal_halves_is_normal() -> None:
    points = np.linspace(150.0, 260.0, 23)
    distribution, whole = split_normal(180.0, 200.0, 220.0, 0.9), normal(180.0, 220.0, 0.9)
    assert np.asarray(distribution.cdf(points)) == pytest.approx(
        np.asarray(whole.cdf(points)), abs=1e-12
    )


def test_a_metalog_through_a_lognormal_s_median_has_the_median_and_no_bend() -> None:
    middle = math.sqrt(180.0 * 250.0)
    distribution = metalog(180.0, middle, 250.0, 0.9)
    scale = math.log(250.0 / 180.0) / (2 * math.log(0.95 / 0.05))
    levels = np.linspace(0.01, 0.99, 33)
    assert quantile(distribution, levels) == pytest.approx(
        middle * np.exp(scale * special.logit(levels)), rel=1e-12
    )


@given(some.floats(0.02, 0.98), some.sampled_from(PROBS))
def test_a_metalog_is_accepted_exactly_where_its_quantiles_ascend(
    place: float, prob: float
) -> None:
    low, high = 0.0, 1.0
    odds = math.log((1 + prob) / (1 - prob))
    b = (high - low) / (2 * odds)
    c = (1 - 2 * place) * (high - low) / (prob * odds)
    p = special.expit(np.linspace(-60, 60, 20_001))
    slope = b + c * (p - 0.5) + c * p * (1 - p) * special.logit(np.clip(p, 1e-27, 1 - 1e-16))
    margin = float(slope.min()) / b
    numbers = (math.exp(low), math.exp(place), math.exp(high))
    if margin > 1e-3:
        metalog(*numbers, prob)
    elif margin < -1e-3:
        with pytest.raises(at.InputError, match="too near an end"):
            metalog(*numbers, prob)


def test_a_metalog_that_is_refused_names_the_medians_that_would_do() -> None:
    with pytest.raises(at.InputError, match="Give a median between") as caught:
        metalog(100.0, 101.0, 1000.0, 0.9)
    words = caught.value.remedy.split()
    low, high = float(words[4]), float(words[6].rstrip(","))
    metalog(100.0, low * 1.001, 1000.0, 0.9)
    metalog(100.0, high * 0.999, 1000.0, 0.9)


@pytest.mark.parametrize(
    "distribution", [split_normal(180.0, 230.0, 250.0, 0.8), metalog(180.0, 205.0, 250.0, 0.8)]
)
def test_the_density_is_the_slope_of_the_distribution_function(distribution: Any) -> None:
    for left, right in ((150.0, 190.0), (190.0, 229.0), (231.0, 300.0)):
        area, _ = integrate.quad(lambda x: float(density(distribution, x)), left, right)
        assert area == pytest.approx(
            float(distribution.cdf(right) - distribution.cdf(left)), abs=1e-7
        )


def test_walls_are_only_where_they_are_asked_for() -> None:
    walled = pert(100.0, 120.0, 200.0)
    assert quantile(walled, [0.0, 1.0]).tolist() == [100.0, 200.0]
    for open_ended in (normal(100, 200, 0.8), lognormal(100, 200, 0.8)):
        assert float(quantile(open_ended, 0.999)) > 200.0
    with pytest.raises(at.InputError, match="between the ends"):
        pert(100.0, 300.0, 200.0)


def test_an_exponential_begins_at_its_near_end_on_either_side() -> None:
    above, below = exponential(100.0, 112.0, 0.9), exponential(100.0, 90.0, 0.9)
    assert [float(above.cdf(100.0)), float(above.cdf(112.0))] == pytest.approx([0.0, 0.9])
    assert [float(below.cdf(90.0)), float(below.cdf(100.0))] == pytest.approx([0.1, 1.0])


def test_a_mixture_takes_any_kind_and_keeps_its_atoms() -> None:
    distribution = mixture(
        [atom(5.0), stats.norm(10.0, 1.0), stats.Normal(mu=20.0, sigma=1.0)], [1, 1, 2]
    )
    assert [weight for weight, _ in parts(distribution)] == [0.25, 0.25, 0.5]
    assert float(distribution.cdf(4.999)) == pytest.approx(0.0, abs=1e-6)
    assert float(distribution.cdf(5.0)) == pytest.approx(0.25, abs=1e-6)
    assert quantile(distribution, [0.2, 0.5, 0.75]).tolist()[0] == 5.0
    assert float(distribution.cdf(float(quantile(distribution, 0.9)))) == pytest.approx(0.9)
    with pytest.raises(at.InputError, match="weight above 0"):
        mixture([atom(1.0)], [0.0])


def test_discrete_atoms_are_checked_and_scaled() -> None:
    distribution = atoms([3.0, 1.0], [1.0, 3.0])
    assert float(distribution.cdf(1.0)) == pytest.approx(0.75)
    with pytest.raises(at.InputError, match="distinct"):
        atoms([1.0, 1.0], [0.5, 0.5])
    with pytest.raises(at.InputError, match="density"):
        density(distribution, 1.0)


class _Own:
    """A distribution of somebody's own."""

    def cdf(self, x: Any) -> Any:
        return np.clip(x, 0.0, 1.0)

    def ppf(self, p: Any) -> Any:
        return p


def test_anything_with_cdf_and_ppf_or_icdf_passes_through() -> None:
    own = _Own()
    for distribution in (own, stats.norm(), stats.Normal()):
        assert at.elicit(distribution) is distribution
        assert is_distribution(distribution)
    with pytest.raises(at.InputError, match="a reading, a claim or a distribution"):
        at.elicit(3.0)  # type: ignore[arg-type]  # the refusal is the test


# ------------------------------------------------------------------ lists and coverage


def test_a_list_over_a_coverage_has_the_published_ends() -> None:
    distribution = elicit_list(95_026, coverage=(0.45, 0.65), prob=0.9)
    ends = [round(float(q)) for q in quantile(distribution, [0.05, 0.95])]
    assert ends == [146_194, 211_169]


@pytest.mark.parametrize("coverage", [(0.2, 0.9), (0.5, 1.0), (0.4, 0.4)])
def test_a_list_is_never_below_its_count(coverage: tuple[float, float]) -> None:
    distribution = elicit_list(1_000, coverage=coverage)
    assert float(quantile(distribution, 1e-9)) >= 1_000
    assert float(distribution.cdf(999.9)) == 0


def test_forty_one_percent_missed_is_seventy_percent_more_and_not_forty_one() -> None:
    """The press printed "41 % higher" for deaths that were 41 % under-reported."""
    listed, estimated = 37_877, 64_260
    distribution = elicit_list(listed, coverage=listed / estimated)
    assert float(quantile(distribution, 0.5)) == pytest.approx(estimated)
    assert float(quantile(distribution, 0.5)) / listed - 1 == pytest.approx(0.70, abs=0.005)
    assert float(quantile(distribution, 0.5)) > 1.41 * listed * 1.1


@pytest.mark.parametrize("value", [1.41, 1.7, 45.0, 0.0, -0.2, math.nan])
def test_a_multiplier_given_as_a_coverage_is_refused(value: float) -> None:
    with pytest.raises(at.InputError, match="coverage must lie above 0 and at most at 1") as caught:
        elicit_list(1_000, coverage=value)
    if value > 1:
        assert f"{1 / value:.3g}" in caught.value.remedy
        assert "multiplier" in caught.value.remedy


@pytest.mark.parametrize("value", [(0.4, 0.5, 0.6), "0.5", None])
def test_a_coverage_is_one_number_or_two(value: Any) -> None:
    with pytest.raises(at.InputError, match="one number, or two"):
        elicit_list(1_000, coverage=value)
    assert elicit_list(1_000, coverage=[0.4, 0.5]) is not None


def test_coverage_is_given_by_name_only() -> None:
    with pytest.raises(TypeError):
        elicit_list(1_000, (0.45, 0.65))  # type: ignore[call-arg]  # the refusal is the test


def test_components_are_added_as_independent_terms() -> None:
    exact = elicit_list(95_026, coverage=(0.45, 0.65), plus=[atom(20_000.0)])
    assert quantile(exact, [0.1, 0.9]) == pytest.approx([166_194, 231_169], rel=2e-4)
    one, two = stats.norm(100.0, 3.0), stats.norm(50.0, 4.0)
    distribution = elicit_list(1_000, coverage=0.5, plus=[one, two])
    levels = [0.01, 0.1, 0.5, 0.9, 0.99]
    assert quantile(distribution, levels) == pytest.approx(
        stats.norm(2_150.0, 5.0).ppf(levels), abs=0.05
    )


# ------------------------------------------------------------------ claims of a dossier

HEAD = {"quantity": "q", "source": "s", "kind": "level", "as_of": "2025-03", "published": "2025-04"}


def _dossier(claim: dict[str, Any], **source: Any) -> at.Dossier:
    return at.Dossier.of(
        id="one",
        sources={"s": {"name": "S", **source}},
        quantities={"q": {"title": "Killed", "definition": "killed", "unit": "persons"}},
        claims=[{**HEAD, **claim}],
    )


def test_a_floor_without_a_coverage_is_refused_and_with_one_is_a_distribution() -> None:
    floor = {"quote": "at least 95,026 names"}
    alone = _dossier(floor)
    with pytest.raises(at.InputError, match=r"floor.*coverage"):
        at.elicit(alone.claims[0], dossier=alone)
    covered = _dossier(floor, coverage={"low": 0.45, "high": 0.65})
    distribution = at.elicit(covered.claims[0], dossier=covered)
    assert quantile(distribution, [0.1, 0.9]) == pytest.approx([146_194, 211_169], abs=1)
    own = {**floor, "coverage": {"low": 0.9, "high": 0.95, "prob": 0.5}}
    closer = _dossier(own, coverage={"low": 0.45, "high": 0.65})
    assert float(quantile(at.elicit(closer.claims[0], dossier=closer), 0.9)) < 110_000


def test_a_floor_in_numbers_goes_through_coverage_with_its_components() -> None:
    plus = [{"low": 20_000.0, "high": 20_000.0, "note": "units not listed"}]
    dossier = _dossier({"low": 95_026.0, "coverage": {"low": 0.45, "high": 0.65, "plus": plus}})
    distribution = at.elicit(dossier.claims[0], dossier=dossier)
    assert quantile(distribution, [0.1, 0.9]) == pytest.approx([166_194, 231_169], rel=2e-4)


def test_coverage_leaves_figures_that_are_no_floors_alone() -> None:
    plain, covered = (
        _dossier({"quote": "around 900,000"}, **source)
        for source in ({}, {"coverage": {"low": 0.45, "high": 0.65}})
    )
    medians = [quantile(at.elicit(d.claims[0], dossier=d), 0.5) for d in (plain, covered)]
    assert medians[0] == medians[1]


@pytest.mark.parametrize(
    "claim",
    [
        {"shape": "normal", "prob": 0.9},
        {"shape": "lognormal", "prob": 0.9},
        {"shape": "log-uniform", "prob": 0.9},
        {"shape": "split-normal", "point": 320_000.0, "prob": 0.9},
        {"shape": "metalog", "point": 320_000.0, "prob": 0.9},
    ],
)
def test_a_claim_may_name_its_shape(claim: dict[str, Any]) -> None:
    dossier = _dossier({"low": 290_000.0, "high": 350_000.0, **claim})
    distribution = at.elicit(dossier.claims[0], dossier=dossier)
    assert quantile(distribution, [0.05, 0.95]) == pytest.approx([290_000, 350_000], rel=1e-9)


def test_a_rate_with_a_shape_is_per_day() -> None:
    claim = {"low": 7_000.0, "high": 14_000.0, "shape": "uniform", "kind": "rate", "per": "week"}
    dossier = _dossier(claim)
    distribution = at.elicit(dossier.claims[0], dossier=dossier)
    assert quantile(distribution, [0.0, 1.0]).tolist() == [1_000.0, 2_000.0]


def test_a_number_with_only_one_end_is_refused() -> None:
    dossier = _dossier({"low": 5.0, "point": 7.0})
    with pytest.raises(at.InputError, match="needs the other end") as caught:
        at.elicit(dossier.claims[0], dossier=dossier)
    assert "dossier 'one'" in str(caught.value)


def test_a_range_that_begins_at_zero_is_a_distribution_on_positive_numbers() -> None:
    dossier = _dossier({"low": 0.0, "high": 1_000.0})
    distribution = at.elicit(dossier.claims[0], dossier=dossier)
    assert [float(distribution.cdf(0.0)), float(distribution.cdf(1_000.0))] == pytest.approx(
        [0.0, 0.8]
    )


def test_a_thousand_claims_are_elicited_in_under_a_second_of_processor_time(
    bundled: at.Dossier,
) -> None:
    claims = [c for c in bundled.claims if c.kind != "forecast"]
    claims = (claims * (1000 // len(claims) + 1))[:1000]
    at.elicit(claims[0], dossier=bundled)
    assert len(claims) == 1000
    assert seconds(lambda: [at.elicit(claim, dossier=bundled) for claim in claims]) < 1.0
