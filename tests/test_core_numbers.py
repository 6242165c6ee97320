"""What `core` computes itself, since scipy is slow to import, against scipy."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import interpolate, special
from scipy.stats import qmc

from attrition.core import distributions
from attrition.core.distributions import Atoms, FrozenVariable, Histogram
from attrition.core.errors import InputError
from attrition.core.numerics import (
    expit,
    log_ndtr,
    ndtr,
    normal_score,
    normal_scores,
    pchip,
    spare_of,
)
from attrition.core.streams import MOST, Sobol

WHOLE = np.r_[0.0, 1e-9, np.linspace(0.001, 0.999, 401), 1 - 1e-9, 1.0]
EXAMPLES: list[FrozenVariable] = [
    FrozenVariable("normal", (950_000.0, 30_000.0)),
    FrozenVariable("lognormal", (math.log(950_000), 0.03, 0.0)),
    FrozenVariable("lognormal", (math.log(70_000), 0.4, 95_026.0)),
    FrozenVariable("uniform", (-2.0, 7.0)),
    FrozenVariable("log-uniform", (0.3, 40.0)),
    FrozenVariable("triangular", (900.0, 200.0)),
    FrozenVariable("exponential-above", (100.0, 5.2)),
    FrozenVariable("exponential-below", (100.0, 5.2)),
    FrozenVariable("laplace", (2.5, 100.0, 4.0)),
    FrozenVariable("laplace", (0.2, 100.0, 4.0)),
    FrozenVariable("log-laplace", (23.0, 100.0)),
    FrozenVariable("power", (0.4, 1_000.0)),
    FrozenVariable("power", (30.0, 1_000.0)),
]


def test_every_family_stands_among_the_examples() -> None:
    assert {one.name for one in EXAMPLES} == set(distributions._FAMILIES)


@pytest.mark.parametrize("own", EXAMPLES, ids=str)
def test_a_distribution_is_the_same_as_that_of_scipy(own: FrozenVariable) -> None:
    theirs = own.to_scipy()
    assert own.support() == pytest.approx(theirs.support(), rel=1e-12)
    assert own.icdf(WHOLE) == pytest.approx(theirs.ppf(WHOLE), rel=1e-12)
    inside = theirs.ppf(WHOLE[1:-1])
    low, high = float(inside[0]), float(inside[-1])
    values = np.r_[low - 2 * (high - low), low - 1.0, inside, high + 1.0, high + 2 * (high - low)]
    values = np.r_[-np.inf, values, 0.0, np.inf]
    with np.errstate(over="ignore"):
        assert own.cdf(values) == pytest.approx(theirs.cdf(values), rel=1e-9, abs=1e-15)
        assert own.pdf(inside) == pytest.approx(theirs.pdf(inside), rel=1e-9)
    assert own.median() == pytest.approx(theirs.median())


@pytest.mark.parametrize("own", EXAMPLES, ids=str)
def test_a_slightly_other_parameter_is_seen(own: FrozenVariable) -> None:
    """The twin: the comparison above fails where a formula is off by a thousandth."""
    for place, value in enumerate(own.parameters):
        moved = [*own.parameters]
        moved[place] = value * 1.001 if value else 0.001
        other = FrozenVariable(own.name, tuple(moved)).to_scipy()
        assert own.icdf(WHOLE[1:-1]) != pytest.approx(other.ppf(WHOLE[1:-1]), rel=1e-12)


@pytest.mark.parametrize("own", EXAMPLES, ids=str)
def test_what_is_no_probability_has_no_quantile_and_no_value_no_mass(own: FrozenVariable) -> None:
    assert np.isnan(own.icdf([-0.1, 1.1, np.nan])).all()
    assert np.isnan(own.cdf(np.nan))
    low, high = own.support()
    beyond = [x for x in (low - 1, high + 1) if math.isfinite(x)]
    assert not np.any(own.pdf(beyond))


@pytest.mark.parametrize("own", [*EXAMPLES, Atoms(np.ones(1), np.ones(1))], ids=str)
def test_a_distribution_travels_to_a_worker_in_few_bytes(own: Any) -> None:
    sent = pickle.dumps(own)
    assert len(sent) < 600
    levels = [0.1, 0.5, 0.9]
    assert pickle.loads(sent).icdf(levels).tolist() == own.icdf(levels).tolist()  # noqa: S301


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=9, unique=True), st.data())
def test_atoms_are_those_of_scipy(values: list[int], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(values), max_size=len(values)))
    shares = np.array(weights) / sum(weights)
    own = Atoms(np.sort(np.array(values, dtype=float)), shares)
    theirs = own.to_scipy()
    at = np.arange(-51.0, 51.5, 0.5)
    assert own.cdf(at) == pytest.approx(theirs.cdf(at), abs=1e-12)
    levels = np.linspace(0.013, 0.987, 76)
    assert own.icdf(levels).tolist() == theirs.ppf(levels).tolist()
    assert own.median() == theirs.median()


@given(st.lists(st.floats(0.01, 5), min_size=2, max_size=12), st.integers(0, 2**32 - 1))
def test_a_histogram_is_that_of_scipy(masses: list[float], seed: int) -> None:
    edges = np.cumsum(np.random.default_rng(seed).uniform(0.1, 2.0, len(masses) + 1))
    own = Histogram(np.array(masses), edges)
    theirs = own.to_scipy()
    at = np.r_[edges, np.linspace(edges[0] - 1, edges[-1] + 1, 50)]
    assert own.cdf(at) == pytest.approx(theirs.cdf(at), abs=1e-12)
    assert own.pdf(at[1:-1]) == pytest.approx(theirs.pdf(at[1:-1]), abs=1e-12)
    least = np.min(np.array(masses) / np.diff(edges)) / np.sum(masses)
    # a quantile errs by what its probability does over the density
    assert own.icdf(WHOLE) == pytest.approx(theirs.ppf(WHOLE), abs=1e-12 + 2e-15 / least)


def test_normal_scores_are_those_of_scipy_to_the_last_digits() -> None:
    p = np.r_[WHOLE, np.linspace(0, 1, 20_001), 10.0 ** -np.arange(1, 300), -1.0, 2.0, np.nan]
    few = np.array([normal_score(x) for x in p.tolist()])
    np.testing.assert_allclose(few, special.ndtri(p), rtol=2e-15)  # of two formulas
    pairs = [normal_scores(row) for row in WHOLE[:404].reshape(-1, 2)]
    np.testing.assert_allclose(np.ravel(pairs), normal_scores(WHOLE[:404]), rtol=2e-15)


def test_normal_probabilities_are_read_from_a_table_to_fifteen_digits() -> None:
    scores = np.r_[np.linspace(-40, 40, 200_001), -np.inf, np.inf]
    assert np.abs(ndtr(scores) - special.ndtr(scores)).max() < 4e-15
    assert np.array_equal(ndtr(scores[:9]), special.ndtr(scores[:9]))
    with pytest.raises(AssertionError):  # one place of the table further on is seen
        assert np.abs(ndtr(scores + 1 / 1024) - special.ndtr(scores)).max() < 4e-15


def test_the_log_of_a_normal_probability_is_read_from_a_table_to_seven_digits() -> None:
    scores = np.linspace(-37.9, 30, 200_001, dtype=np.float32)
    exact = special.log_ndtr(scores.astype(float))
    allowed = 2e-7 * (1 + np.abs(exact))
    assert (np.abs(log_ndtr(scores) - exact) < allowed).all()
    assert not (np.abs(log_ndtr(scores + np.float32(1 / 1024)) - exact) < allowed).all()
    far = np.r_[scores, np.array([-50.0, np.inf], np.float32)]  # beyond the table
    assert np.array_equal(log_ndtr(far), special.log_ndtr(far))
    spare, before = spare_of(scores.shape), scores.copy()
    for part in (scores, scores[::-1]):  # memory that is used again holds nothing over
        assert np.array_equal(log_ndtr(part, spare), log_ndtr(part))
    assert np.array_equal(scores, before)


def test_logistic_probabilities_are_those_of_scipy_to_the_last_digits() -> None:
    scores = np.r_[np.linspace(-700, 700, 10_001), -1e9, 1e9]
    assert np.allclose(expit(scores), special.expit(scores), rtol=1e-15, atol=0)


@pytest.mark.parametrize("dimensions", [1, 2, 8, 33, MOST])
@pytest.mark.parametrize("bits", [12, 30, 32])
def test_points_are_those_of_scipy_bit_for_bit(dimensions: int, bits: int) -> None:
    for seed in range(3):
        own = Sobol(dimensions, rng=np.random.default_rng(seed), bits=bits)
        theirs = qmc.Sobol(dimensions, rng=np.random.default_rng(seed), bits=bits)
        for points in (64, 64, 1, 7, 2_000, 1_024):
            assert own.random(points).tobytes() == theirs.random(points).tobytes()


def test_a_generator_goes_on_as_if_nothing_had_been_scrambled() -> None:
    used, fresh, theirs = (np.random.default_rng(3) for _ in range(3))
    Sobol(3, rng=used)
    qmc.Sobol(3, rng=theirs)
    assert used.random() == fresh.random()
    assert used.spawn(1)[0].random() == theirs.spawn(1)[0].random()


@pytest.mark.parametrize("dimensions", [0, MOST + 1])
def test_a_sequence_of_too_many_dimensions_is_refused(dimensions: int) -> None:
    with pytest.raises(InputError, match="dimensions"):
        Sobol(dimensions, rng=np.random.default_rng(1))


@given(st.integers(2, 12), st.integers(0, 2**32 - 1), st.sampled_from(["any", "rising"]))
def test_monotone_cubics_are_those_of_scipy(nodes: int, seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    at, values = np.cumsum(rng.uniform(0.1, 2.0, nodes)), rng.integers(-4, 4, (2, 3, nodes)) / 2
    if kind == "rising":
        values = np.maximum.accumulate(values, axis=-1)
    wanted = np.sort(np.r_[rng.uniform(at[0] - 1, at[-1] + 1, 30), at])
    own = pchip(at, values, wanted)
    theirs = interpolate.PchipInterpolator(at, values, axis=-1)(wanted)
    np.testing.assert_allclose(own, theirs, rtol=1e-12, atol=1e-12)
    if kind == "rising":
        inside = (wanted >= at[0]) & (wanted <= at[-1])
        assert (np.diff(own[..., inside], axis=-1) >= -1e-12).all()


def test_a_histogram_has_no_quantile_beyond_nought_and_one() -> None:
    drawn = Histogram(np.array([1.0, 3.0]), np.array([0.0, 1.0, 5.0]))
    asked = np.array([-0.1, 0.0, 0.25, 1.0, 1.1])
    assert drawn.icdf(asked) == pytest.approx(drawn.to_scipy().ppf(asked), nan_ok=True)
    assert np.isnan(drawn.icdf(asked)).tolist() == [True, False, False, False, True]
