"""The law of a recorded count, as users ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks import growth

import attrition as at
from attrition.core._typing import Floats
from attrition.forecasts import HUB_LEVELS
from attrition.models.counts.totals import totals_at

Benchmark = Callable[..., Any]


def quantiles(leads: tuple[int, ...] = (7, 14, 28, 91)) -> Floats:
    """Return 23 quantiles of the bundled count at some leads [day], fit and all."""
    drawn = totals_at(at.pace.fit_pace(growth.SERIES), leads, 1, draws=1_024)
    return np.asarray(np.quantile(drawn, HUB_LEVELS, axis=0))


def test_a_law_of_two_years(benchmark: Benchmark) -> None:
    law = benchmark(growth.law, tolerance=10.0)
    assert law.replicates == 16


def test_quantiles_of_a_count_at_four_leads(benchmark: Benchmark) -> None:
    levels = benchmark(quantiles)
    assert (np.diff(levels, axis=0) >= 0).all()
    assert (np.diff(levels, axis=1) >= 0).all()


def test_a_forecast_with_its_totals(benchmark: Benchmark) -> None:
    law = benchmark(lambda: at.forecast(growth.SERIES, seed=1).law())
    assert law.totals is not None
