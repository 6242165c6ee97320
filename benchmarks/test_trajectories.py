"""One law and a block of whole paths, as users ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks import growth, whole_paths
from benchmarks.rivals import ours, problem

from attrition.models.trajectories import draw_paths

Benchmark = Callable[..., Any]


def test_a_law_of_two_years(benchmark: Benchmark) -> None:
    law = benchmark(growth.law)
    assert law.replicates == 16


def test_the_law_of_the_race_is_near_its_truth(benchmark: Benchmark) -> None:
    laws = benchmark(ours.laws, (1e6, 1.05e6, 1.1e6), 365, 1_024, 1)
    assert np.allclose(laws[:, 100], problem.TRUE_PROBS[100], atol=2e-3)


def test_ten_thousand_whole_paths(benchmark: Benchmark) -> None:
    paths = benchmark(draw_paths, whole_paths.START, 365, 10_000, rng=1, dtype=np.float32)
    assert paths.shape == (10_000, 366)
