"""What one to four figures cost: no more than many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

import attrition as at
from attrition.models.assimilation import Outlook
from attrition.models.assimilation.model import Model
from benchmarks.growth import dossier

Numbers = NDArray[np.float64]
_LAST = date(2025, 6, 3)


@pytest.fixture
def densities(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that is told of each call how many places of how many draws it looks at."""
    looked: list[int] = []
    along = Model.along

    def counting(
        model: Model, eta: Numbers, slopes: Numbers | None = None
    ) -> Callable[[Numbers], Numbers]:
        at_places = along(model, eta, slopes)

        def at(where: Numbers) -> Numbers:
            looked.append(where.size)
            return at_places(where)

        return at

    monkeypatch.setattr(Model, "along", counting)
    return looked


def _outlook(asked: at.Dossier | list[at.Claim]) -> Outlook:
    return next(iter(at.forecast(asked, seed=1, size=64).outlooks.values()))


def test_few_figures_cost_no_more_than_many(densities: list[int]) -> None:
    """Two figures took seven times as long as eight: their weights were not trusted."""
    calls, looks, effective = [], [], []
    for claims in (1, 2, 3, 4, 8):
        densities.clear()
        effective.append(_outlook(dossier(claims=claims)).draws.effective)
        calls.append(len(densities))
        looks.append(sum(densities))
    assert max(calls) < 2 * calls[-1], calls
    assert max(looks) < 2 * looks[-1], looks
    assert min(effective) > 0.25 * 16 * 64, effective


def _at_random(seed: int) -> list[at.Claim]:
    """Return one to four totals, of one source or two, that grow as one or fall apart a little."""
    chance = np.random.default_rng(seed)
    number, span = int(chance.integers(1, 5)), int(10 ** chance.uniform(1.2, 3.2))
    size, claims = 10 ** chance.uniform(2.5, 6), []
    for back in np.sort(chance.integers(0, span, number))[::-1]:
        total = size * (1 - 0.6 * back / span) * np.exp(0.05 * chance.standard_normal())
        words = str(chance.choice(["about {:,.0f} killed", "{:,.0f} killed", "nearly {:,.0f} dead"]))
        source, on = str(chance.choice(["A", "B"])), _LAST - timedelta(days=int(back))
        quote = words.format(float(f"{total:.3g}"))
        claims.append(at.claim(quote, source=source, on=on, quantity="killed"))
    return claims


def test_random_figures_cost_alike(densities: list[int]) -> None:
    """Of 20 such dossiers 5 were chained, those of one figure and of two among them."""
    looks, chained = [], []
    for seed in range(20):
        densities.clear()
        claims = _at_random(seed)
        outlook = _outlook(claims)
        looks.append(len(densities))
        if outlook.draws.chained:
            chained.append(len(claims))
    assert len(chained) <= 2, chained
    assert not set(chained) & {1, 2}, chained
    assert np.quantile(looks, 0.9) < 3 * np.median(looks), looks
