"""Shapes and settings on which a law could go wrong unnoticed, against plain draws."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

import attrition as at
from attrition.data.elicitation import quantile
from attrition.models.families import bundled_priors

START = date(2025, 6, 3)
RATE = stats.exp(stats.Normal(mu=float(np.log(1e3)), sigma=0.1))
SURE = stats.rv_discrete(values=([1_000.0], [1.0]))


def mixture(first: float, second: float, sigma: float) -> object:
    parts = [stats.Normal(mu=first, sigma=sigma), stats.Normal(mu=second, sigma=sigma)]
    return stats.Mixture(parts, weights=[0.5, 0.5])


CASES: dict[str, tuple[Any, Any, str, float, int]] = {
    "a level with two narrow modes": (mixture(940e3, 990e3, 200.0), SURE, "conflict", 1e6, 365),
    "a level of two atoms": (
        stats.rv_discrete(values=([950e3, 980e3], [0.5, 0.5])), RATE, "conflict", 1e6, 365,
    ),
    "a rate of two atoms": (
        stats.Normal(mu=950e3, sigma=5e3), stats.rv_discrete(values=([200.0, 2e3], [0.5, 0.5])),
        "steady", 1e6, 700,
    ),
    "a rate that may be nought": (
        stats.Normal(mu=950e3, sigma=5e3), stats.rv_discrete(values=([1e-9, 1e3], [0.4, 0.6])),
        "epidemic", 1e6, 365,
    ),
    "a level with mass at both ends": (
        stats.beta(0.1, 0.1, loc=900e3, scale=95e3), RATE, "conflict", 1e6, 365,
    ),
    "a skewed level and a skewed rate": (
        stats.exp(stats.Normal(mu=float(np.log(3e5)), sigma=1.5)),
        stats.exp(stats.Normal(mu=float(np.log(1e3)), sigma=1.0)), "steady", 1e6, 1_460,
    ),
    "a pace that hardly stays the same": (
        stats.Normal(mu=750e3, sigma=5e3), RATE, "epidemic", 1e6, 730,
    ),
    "a long horizon": (stats.Normal(mu=750e3, sigma=5e3), RATE, "epidemic", 3e6, 5_475),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_hard_case_agrees_with_plain_draws(case: str) -> None:
    level, rate, kind, threshold, days = CASES[case]
    answer = at.when(
        threshold, level=level, rate=rate, on=START, kind=kind,
        horizon=START + timedelta(days=days),
    )  # fmt: skip
    rng, draws = np.random.default_rng(2), 24_000
    totals = quantile(level, rng.random(draws))
    rates = np.maximum(quantile(rate, rng.random(draws)), 0.0)
    on = np.unique(np.geomspace(1, days, 25).astype(int))
    edges = np.cumsum([0.0, *(share for _, share in bundled_priors().mixture(kind))])
    plain = np.zeros(on.size)
    for index, (family, _) in enumerate(bundled_priors().mixture(kind)):
        mine = slice(*(np.round(edges[index : index + 2] * draws).astype(int)))
        own, movers = family.paces(rng.random((rates[mine].size, 4)), rates[mine])
        mean = own[:, None] * family.elapsed(movers, on)
        steps = np.diff(mean, axis=1, prepend=0.0)
        gains = (
            rng.poisson(steps)
            if family.phi == 1
            else family.phi * rng.standard_gamma(steps / family.phi)
        )
        reached = totals[mine][:, None] + np.cumsum(gains, axis=1) >= threshold
        plain += reached.sum(axis=0) / draws
    ours = np.array([answer.probability(by=START + timedelta(days=int(day))) for day in on])
    error = np.sqrt(np.maximum(plain * (1 - plain), 2e-4) / draws)
    worst = np.abs(ours - plain) / (error + 1e-3)
    assert worst.max() < 5.0, (int(worst.argmax()), ours[worst.argmax()], plain[worst.argmax()])


def test_the_pace_of_the_last_month_weighs_more_than_those_before() -> None:
    def dossier(months: int, last: float) -> at.Dossier:
        claims = [
            {"quantity": "total", "source": "office", "kind": "level", "point": 9_000.0,
             "hedge": "about", "as_of": "2025-01-10", "published": "2025-01-10"},
        ] + [
            {"quantity": "total", "source": "office", "kind": "increment",
             "point": last if month == months - 1 else 50.0, "hedge": "about",
             "since": f"{2023 + month // 12}-{month % 12 + 1:02d}",
             "as_of": f"{2023 + month // 12}-{month % 12 + 1:02d}",
             "published": f"{2023 + month // 12}-{month % 12 + 1:02d}"}
            for month in range(months)
        ]  # fmt: skip
        return at.Dossier.of(
            id="counts",
            sources={"office": {"name": "Office"}},
            quantities={"total": {"title": "Cases", "definition": "cases", "unit": "persons",
                                  "start": "2020-01-01", "thresholds": [10_000.0]}},
            claims=claims,
        )  # fmt: skip

    fast, slow = (
        at.forecast(dossier(24, last), seed=1, size=64).law("total") for last in (1_000.0, 50.0)
    )
    assert fast.provenance.figures == slow.provenance.figures == 25
    early, late = (at.laws.probability_by(law, 10_000, "2025-06-10") for law in (fast, slow))
    assert early > 0.5 > late


def test_a_quantile_of_a_pooled_distribution_is_fast() -> None:
    pooled = at.pool({"one": stats.norm(1.0, 1.0), "two": stats.norm(9.0, 1.0)})
    quantiles = quantile(pooled.distribution, np.linspace(0.001, 0.999, 20_000))
    assert (np.diff(quantiles) >= 0).all()
