"""How far off sources are that share an input, all together, from each by itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from benchmarks.families import ERROR, READING, family, law

from reported import dossier_of, level, posterior

DAYS = 90


@pytest.mark.parametrize("apart", [0.0, 0.6])
@pytest.mark.parametrize("size", [2, 4])
def test_the_benchmark_of_families_computes_the_law_of_the_library(size: int, apart: float) -> None:
    logs = family(size, size, apart)
    read = math.sqrt(READING**2 - DAYS**-2)  # besides the day by which a figure may be cut off
    figures = zip("abcd", logs, strict=False)
    claims = [level(name, DAYS, 9_000 * math.exp(log), read) for name, log in figures]
    sources: dict[str, dict[str, Any]] = {"z": {}} | {
        name: {"derived_from": ("z",)} for name in "abcd"[:size]
    }
    _, _, _, outlook = posterior(dossier_of(claims, sources, source_error=ERROR), DAYS)
    values = np.linspace(-0.8, 0.8, 9)
    totals = list(9_000 * np.exp(values))
    surface = outlook.asked(outlook.figure("total", "latent"), totals)[:, :, 0].mean(axis=0)
    assert np.abs(1 - surface - law(logs, alone=False).cdf(values)).max() < 1e-5


@pytest.mark.parametrize("size", [3, 5])
def test_one_source_that_stands_apart_makes_the_others_count_for_little(size: int) -> None:
    """By itself off, it would: so the page of the model says, and how far."""

    def width(apart: float, *, alone: bool) -> float:
        laws = [law(family(seed, size, apart), alone=alone) for seed in range(20)]
        return float(np.median([one.width() for one in laws]))

    assert width(0.6, alone=False) > 3 * width(0.6, alone=True)
    assert width(0.0, alone=False) < width(0.0, alone=True) < 1.7 * width(0.0, alone=False)
