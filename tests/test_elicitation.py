from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import attrition as at
from attrition.data.elicitation import quantile
from attrition.data.elicitation.distributions import atom, exceedance, parts
from attrition.data.elicitation.shapes import from_interval, lognormal
from attrition.text.reading import Interval

TWO_SIDED = (
    "uniform",
    "triangular",
    "lognormal",
    "top-of-range",
    "range",
    "loglaplace",
    "loguniform",
)


@pytest.mark.parametrize("shape", TWO_SIDED)
@pytest.mark.parametrize("prob", [0.5, 0.8, 0.9])
def test_both_tails_of_a_two_sided_shape_are_exact(shape: str, prob: float) -> None:
    distribution = from_interval(Interval(prob, 90.0, 110.0), shape, 100.0, 0.0, place="test")
    tail = (1 - prob) / 2
    assert quantile(distribution, [tail, 1 - tail]) == pytest.approx([90.0, 110.0], rel=1e-9)


def test_a_one_sided_shape_holds_its_mass_outward_from_the_number() -> None:
    below = from_interval(Interval(0.9, 90.0, 100.0), "exponential-below", 100.0, 0.03, place="t")
    above = from_interval(Interval(0.9, 100.0, 112.0), "exponential-above", 100.0, 0.03, place="t")
    assert float(below.cdf(100.0)) == pytest.approx(0.97, abs=1e-12)
    assert float(below.cdf(100.0) - below.cdf(90.0)) == pytest.approx(0.9, abs=1e-12)
    assert float(above.cdf(100.0)) == pytest.approx(0.03, abs=1e-12)
    assert float(above.cdf(112.0) - above.cdf(100.0)) == pytest.approx(0.9, abs=1e-12)


def test_up_to_is_the_top_of_a_range_and_not_its_middle() -> None:
    distribution = at.elicit(at.parse("up to 250,000 could be fatalities")[0])
    assert quantile(distribution, [0.05, 0.95]) == pytest.approx([180_000, 250_000], rel=1e-9)


def test_at_most_never_exceeds_its_cap() -> None:
    distribution = at.elicit(at.parse("no more than 1,000 killed")[0])
    assert float(distribution.cdf(1_000.0)) == pytest.approx(1.0)
    assert float(quantile(distribution, 1.0)) <= 1_000.0


def test_a_floor_is_not_a_distribution() -> None:
    with pytest.raises(at.InputError, match="floor"):
        at.elicit(at.parse("at least 109,625 names")[0])


def test_an_atom_counts_as_reached_at_its_own_value() -> None:
    sure = atom(950_000.0)
    assert exceedance(sure, [949_999.0, 950_000.0, 950_001.0]).tolist() == [1.0, 1.0, 0.0]


def test_mixtures_and_discrete_distributions_split_into_weighted_parts() -> None:
    mixture = stats.Mixture(
        [stats.Normal(mu=0.0, sigma=1.0), stats.Normal(mu=5.0, sigma=1.0)], weights=[0.3, 0.7]
    )
    assert [weight for weight, _ in parts(mixture)] == [0.3, 0.7]
    two = stats.rv_discrete(values=([1.0, 2.0], [0.25, 0.75]))
    assert [(weight, float(quantile(part, 0.5))) for weight, part in parts(two)] == [
        (0.25, 1.0),
        (0.75, 2.0),
    ]


def test_either_family_of_scipy_distributions_is_read() -> None:
    new, old = stats.Normal(mu=1.0, sigma=2.0), stats.norm(1.0, 2.0)
    levels = np.linspace(0.01, 0.99, 9)
    assert quantile(new, levels) == pytest.approx(quantile(old, levels))
    assert lognormal(1.0, 4.0, 0.9).cdf(2.0) == pytest.approx(0.5)
