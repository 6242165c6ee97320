"""Weights whose tail is smoothed, beside another library's."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats  # type: ignore[attr-defined]
from hypothesis import given
from hypothesis import strategies as st

from attrition.core.numerics import smoothed


@given(st.integers(0, 2**32), st.integers(40, 5_000), st.floats(0.01, 5.0))
def test_weights_are_smoothed_as_arviz_does(seed: int, size: int, spread: float) -> None:
    log_ratios = spread * np.random.default_rng(seed).standard_normal(size)
    weights, shape = smoothed(log_ratios)
    theirs, their_shape = array_stats.psislw(log_ratios.max() - log_ratios)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(weights, theirs, atol=1e-8)
    assert shape == pytest.approx(float(their_shape), abs=1e-8)
    assert np.exp(weights).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("tail", [0.3, 0.8])
def test_the_shape_of_a_known_tail_is_found(tail: float) -> None:
    """Ratios u^(-k) of uniform u have a Pareto tail of shape k."""
    uniform = np.random.default_rng(2).random(400_000)
    _, shape = smoothed(-tail * np.log(uniform))
    assert shape == pytest.approx(tail, abs=0.1)


def test_smoothing_keeps_the_order_and_never_exceeds_the_largest() -> None:
    log_ratios = 3 * np.random.default_rng(3).standard_normal(2_000)
    before = log_ratios.copy()
    weights, _ = smoothed(log_ratios)
    assert (log_ratios == before).all()
    order = np.argsort(log_ratios)
    assert (np.diff(weights[order]) >= -1e-12).all()


def test_a_tail_of_equal_weights_has_no_shape() -> None:
    log_ratios = np.zeros(400)
    log_ratios[:5] = 3.0
    _, shape = smoothed(log_ratios)
    assert np.isinf(shape)
