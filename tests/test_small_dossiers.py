"""What one to four figures cost: no more than many."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from benchmarks.growth import dossier
from numpy.typing import NDArray

import attrition as at
from attrition.forecasts import assimilated
from attrition.models.assimilation.model import LogOnLines, Model
from attrition.models.assimilation.outlook import Outlook

Numbers = NDArray[np.float64]
_LAST = date(2025, 6, 3)


@pytest.fixture
def densities(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that is told of each call how many places of how many draws it looks at."""
    looked: list[int] = []
    along = Model.along

    def counting(
        model: Model, eta: Numbers, slopes: Numbers | None = None, lines: Any = None
    ) -> LogOnLines:
        at_places = along(model, eta, slopes, lines)

        def at(where: Numbers, rows: NDArray[np.intp]) -> Numbers:
            looked.append(where.size)
            return at_places(where, rows)

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
        words = str(
            chance.choice(["about {:,.0f} killed", "{:,.0f} killed", "nearly {:,.0f} dead"])
        )
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


def test_a_posterior_without_room_is_made_again_byte_for_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = dossier(quantities=3)
    kept = at.forecast(asked, seed=1, size=64, common_pace=0.5)
    monkeypatch.setattr(assimilated, "_KEPT", 1.5 * kept.outlooks["q0"].nbytes)
    few = at.forecast(asked, seed=1, size=64, common_pace=0.5)
    assert list(few.outlooks) == list(kept.outlooks) == ["q0", "q1", "q2"]
    assert few.outlooks["q0"] is few.outlooks["q0"]
    assert few.outlooks["q1"] is not few.outlooks["q2"]
    for key, law in few.laws.items():
        for one, other in (
            (law.totals, kept.laws[key].totals),
            (law.totals_at_start, kept.laws[key].totals_at_start),
        ):
            assert one is not None
            assert other is not None
            assert one.values.tobytes() == other.values.tobytes()
    events = [(key, 2_000) for key in few.thresholds]
    assert few.dates(*events).equals(kept.dates(*events))


def test_a_total_more_keeps_its_laws_and_not_its_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(quantities: int) -> int:
        answer = at.forecast(dossier(quantities), seed=1, size=64)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] if answer.laws else 0

    monkeypatch.setattr(assimilated, "_KEPT", 0.0)
    kept(1)
    tracemalloc.start()
    one, two = kept(1), kept(2)
    tracemalloc.stop()
    assert two - one < 1e6
