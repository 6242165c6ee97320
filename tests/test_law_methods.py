"""The methods of a law answer as the functions of the same names do."""

from __future__ import annotations

import dataclasses
import functools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from matplotlib import pyplot as plt

import attrition as at
from attrition.core.laws import Totals


@functools.cache
def csis() -> at.Law:
    """Return a law of the bundled dossier."""
    forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"], size=64)
    return forecast.law("russian-casualties", "csis")


@settings(deadline=None, max_examples=60)
@given(
    lead=some.integers(1, 729),
    share=some.floats(0.02, 0.98),
    prob=some.floats(0.05, 0.95),
)
def test_methods_answer_as_functions_do(lead: int, share: float, prob: float) -> None:
    law = csis()
    day = law.information_date + timedelta(days=lead)
    threshold = float(law.quantiles(share, on=day)[0])
    assert repr(law.crossing(threshold, prob=prob)) == repr(
        at.laws.crossing(law, threshold, prob=prob)
    )
    assert repr(law.total(day.isoformat(), prob=prob)) == repr(at.laws.total(law, day, prob=prob))
    assert law.masses(threshold) == at.laws.masses(law, threshold)
    # a quantile is where the probability of having passed is what is left
    assert law.probability(threshold, by=day) == pytest.approx(1 - share, abs=0.005)


def test_quantiles_are_ordered_and_refuse_what_is_no_probability() -> None:
    law = csis()
    levels = np.linspace(0.01, 0.99, 21)
    assert (np.diff(law.quantiles(levels, on=date(2026, 1, 1))) > 0).all()
    for wrong in (0.0, 1.0, [0.5, 2.0], float("nan")):
        with pytest.raises(at.InputError, match="between 0 and 1"):
            law.quantiles(wrong, on="2026-01-01")


def test_a_law_draws_and_cites_itself() -> None:
    law = csis()
    assert law.cite(1_000_000).sentence == at.cite(law, 1_000_000).sentence
    for axes in (law.plot.fan(), law.plot.crossing(1_000_000), law.plot.law(1_000_000)):
        assert axes.figure is not None
        plt.close(axes.figure)


def test_quantiles_are_computed_once_for_all_words() -> None:
    law, calls = csis(), []

    def totals() -> Totals:
        calls.append(1)
        assert law.totals is not None
        return law.totals

    other = law.with_totals(totals)
    for words in ("one", "two", "three"):
        what = dataclasses.replace(other.provenance, subject=words)
        other.with_provenance(what).total("2026-01-01")
    assert len(calls) == 1
