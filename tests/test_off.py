"""Each source may be off by itself, also of those that share an input."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

import attrition as at
import oracles
from attrition.models.assimilation import astray
from attrition.models.assimilation.outlook import Outlook
from reported import dossier_of, level, posterior

Array = NDArray[np.float64]
Report = tuple[str, int, float, float]
WIDTHS = ((1.0, 0.9), (8.0, 0.1))
RATES = np.exp(1.25 * np.arange(-2, 3))
RATE_WEIGHTS = np.exp(-0.5 * np.log(RATES) ** 2) / np.exp(-0.5 * np.log(RATES) ** 2).sum()
COMMON, ERROR, DAYS = 0.8, 0.15, 91
INPUT = "z"


def reports_of(seed: int, sources: str, most: int) -> list[Report]:
    """Return figures that contradict, of some sources and, or not, of their input."""
    rng = np.random.default_rng(seed)
    speakers = [*sources, *([INPUT] if rng.integers(2) else [])]
    away = {name: rng.choice([0.0, 0.0, 0.0, 0.6, -0.8]) for name in speakers}
    return [
        (
            name,
            int(on),
            100.0 * on * math.exp(away[name] + rng.normal(0, ERROR)),
            rng.uniform(0.02, 0.1),
        )
        for name in speakers
        for on in np.sort(rng.choice(np.arange(40, DAYS), rng.integers(1, most), replace=False))
    ]


def dossier(fed: str, reports: list[Report], **assumed: float) -> at.Dossier:
    claims = [level(*report) for report in reports]
    sources: dict[str, Any] = {INPUT: {}, **{name: {"derived_from": (INPUT,)} for name in fed}}
    return dossier_of(claims, sources, source_error=ERROR, **assumed)


def states_of(fed: str, reports: list[Report], drift: float = 0.0) -> list[tuple[float, Array]]:
    """Return the chance of each set of sources that are off and, of a family, of each drift.

    With the covariance of the errors of all figures under it.
    """
    names = [name for name, *_ in reports]
    inherits = {name for name in fed if name in names}
    shared = len(inherits | ({INPUT} & set(names))) > 1
    order = sorted(
        set(names) | ({INPUT} if shared else set()), key=lambda name: (name != INPUT, name)
    )
    shares = np.zeros((len(names), len(order)))
    for row, name in zip(shares, names, strict=True):
        feeds = shared and name in inherits
        row[order.index(name)] = math.sqrt(1 - COMMON**2) if feeds else 1.0
        if feeds:
            row[order.index(INPUT)] = COMMON
    clock = np.log1p(np.array([on for _, on, *_ in reports]) / 30)
    alike = np.exp(-np.abs(clock[:, None] - clock))
    busiest = sorted(order, key=lambda name: (-names.count(name), order.index(name)))
    several = [name for name in busiest if names.count(name) > 1][:2] if drift else []
    states = []
    for chosen in itertools.product(range(RATES.size), repeat=len(several)):
        faster = np.ones(len(order))
        faster[[order.index(name) for name in several]] = RATES[list(chosen)]
        moving = (shares * (drift * faster) ** 2) @ shares.T * alike
        for widths in itertools.product(WIDTHS, repeat=len(order)):
            often = math.prod(p for _, p in widths) * RATE_WEIGHTS[list(chosen)].prod()
            own = [(ERROR * width) ** 2 for width, _ in widths]
            states.append((float(often), shares @ np.diag(own) @ shares.T + moving))
    return states


def figures_of(reports: list[Report], *, logs: bool) -> list[tuple[float, float, float]]:
    """Return log figure, day or its log, and standard deviation with that of the cut-off."""
    return [
        (math.log(value), math.log(on) if logs else on, math.hypot(sd, 1 / on))
        for _, on, value, sd in reports
    ]


TOTALS = 100.0 * DAYS * np.exp(np.linspace(-1.2, 1.2, 13))


def law_of(outlook: Outlook) -> Array:
    """Return the chance of each total on the day of information."""
    asked = outlook.asked(outlook.figure("total", "latent"), list(TOTALS))
    return np.asarray(asked[:, :, 0].mean(axis=0))


def exact(reports: list[Report], states: list[tuple[float, Array]]) -> Array:
    """Return the same where all that is unknown of the path is its scale."""
    _, weights, means, sds = oracles.mixed_normal_posterior(figures_of(reports, logs=True), states)
    return np.asarray(special.ndtr((means - np.log(TOTALS / DAYS)[:, None]) / sds) @ weights)


@pytest.mark.parametrize("seed", range(10))
def test_a_small_family_has_the_law_of_all_sets_of_sources_that_are_off(seed: int) -> None:
    sources, fed = "abcde"[: 2 + seed % 4], "abd"[: 1 + seed % 3]
    reports = reports_of(seed, sources, 3)
    _, _, _, outlook = posterior(dossier(fed, reports), DAYS)
    together = [(0.9, states_of(fed, reports)[0][1]), (0.1, 64 * states_of(fed, reports)[0][1])]
    assert np.abs(law_of(outlook) - exact(reports, states_of(fed, reports))).max() < 1e-3
    assert np.abs(exact(reports, together) - exact(reports, states_of(fed, reports))).max() > 2e-3


@pytest.mark.parametrize("seed", range(4))
def test_where_the_rate_moves_the_law_is_that_of_draws_from_the_prior(seed: int) -> None:
    sources, fed = "abcde"[: 2 + seed], "abd"
    reports = reports_of(seed, sources, 3)
    _, _, _, outlook = posterior(dossier(fed, reports, volatility=0.05), DAYS, points=64)
    steps = 0.05 * np.sqrt(1 + 26 / np.arange(1, -(-DAYS // 7)))
    weights, means, sds, rates = oracles.posterior_by_prior_draws(
        figures_of(reports, logs=False), states_of(fed, reports), steps, 20_000, 7
    )
    counted = np.log(rates @ np.clip(DAYS - 7 * np.arange(rates.shape[1]), 0, 7))
    truth = [
        float((weights * special.ndtr((means + counted - math.log(total)) / sds)).sum())
        for total in TOTALS
    ]
    assert np.abs(law_of(outlook) - truth).max() < 0.02


@pytest.mark.parametrize("seed", range(8))
def test_of_many_states_those_that_carry_weight_are_enough(seed: int) -> None:
    """Of 1,600 sets and drifts some forty are looked at."""
    drift, fed = 0.09, "abcde"
    reports = reports_of(seed, fed, 4)
    _, fitted, _, outlook = posterior(dossier(fed, reports, source_drift=drift), DAYS)
    states = states_of(fed, reports, drift)
    point = fitted.supposed[0].modes[0].point[None]
    held = fitted.model.holding(point).blocks[0].fixed
    assert held is not None
    assert len(states) >= 4 * held.which.size or len(states) <= astray._SOME
    assert np.abs(law_of(outlook) - exact(reports, states)).max() < 0.02
