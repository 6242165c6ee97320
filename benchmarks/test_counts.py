"""The law of a recorded count, as users ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import growth

Benchmark = Callable[..., Any]


def test_a_law_of_two_years(benchmark: Benchmark) -> None:
    law = benchmark(growth.law, tolerance=10.0)
    assert law.replicates == 16
