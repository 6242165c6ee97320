"""How the rate of a total moves before any report of it: loadings, hypotheses, fading."""

from __future__ import annotations

import csv
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import attrition as at
from attrition.core._typing import Floats
from attrition.models.assimilation.paces import Kind, Pace, Walk, noise_of, pace_of
from attrition.models.families import Family, bundled_priors

KNOWN = date(2025, 6, 3)
PACES: tuple[Pace, ...] = (
    Kind(),
    *(Kind(name) for name in bundled_priors().names),
    Walk(0.08),
    Walk(0.08, young=False),
)


def toll(kind: str = "cumulative", /, **assumed: float) -> at.Dossier:
    """An exact total, and an exact gain of 1,000 a day in the last 28 days."""
    claim = {
        "quantity": "toll",
        "source": "tally",
        "hedge": "exactly",
        "as_of": KNOWN,
        "published": KNOWN,
    }
    numbers = {"source_error": 0.0, "source_drift": 0.0} | assumed
    return at.Dossier.of(
        id="toll",
        sources={"tally": {"name": "Tally"}},
        quantities={
            "toll": {"title": "Deaths", "definition": "deaths", "unit": "persons", "kind": kind}
        },
        claims=[
            {**claim, "kind": "level", "point": 400_000},
            {**claim, "kind": "increment", "since": KNOWN - timedelta(27), "point": 28_000},
        ],
        assumptions={k: {"value": v, "reason": "a test"} for k, v in numbers.items()},
    )


# ---------------------------------------------------------------------- loadings


@pytest.mark.parametrize("pace", PACES, ids=repr)
@pytest.mark.parametrize(("few", "many"), [(2, 3), (5, 40), (39, 40)])
def test_fewer_weeks_take_the_first_rows_and_columns_of_more(
    pace: Pace, few: int, many: int
) -> None:
    short, long = pace.loadings(few), pace.loadings(many)
    assert short.shape == (few - 1, few)
    assert np.abs(long[: few - 1, :few] - short).max() < 1e-12
    # normal i moves no week before i + 1
    assert not np.tril(long).any()


@given(one=some.integers(0, 200), other=some.integers(0, 200))
def test_the_log_rate_of_a_kind_moves_as_its_kernel_says(one: int, other: int) -> None:
    """Of a stationary process of unit variance, less its first week."""

    def kernel(lag: int) -> float:
        return 0.8 * math.exp(-lag / 6) + 0.2 * math.exp(-lag / 60)

    loadings = Kind("epidemic").loadings(201)
    expected = 1 - kernel(one) - kernel(other) + kernel(abs(one - other))
    assert float(loadings[:, one] @ loadings[:, other]) == pytest.approx(expected, abs=1e-9)


def test_the_steps_of_a_walk_have_the_stated_volatility_and_more_while_a_count_is_young() -> None:
    for young, extra in ((True, 26.0), (False, 0.0)):
        pace = Walk(0.08, young=young)
        (only,) = pace.hypotheses
        assert only.share == 1.0
        path = only.spread * pace.loadings(60)
        steps = np.diff(path, axis=1)
        week = np.arange(1, 60)
        covariance = steps.T @ steps
        assert np.sqrt(np.diag(covariance)) == pytest.approx(0.08 * np.sqrt(1 + extra / week))
        assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 1e-15
        assert not path[:, 0].any()
        assert pace.fadings(np.array([1.0, 1e3])) == ()
        assert (only.drift, only.most) == (0.0, math.inf)


# ---------------------------------------------------------------------- hypotheses


@pytest.mark.parametrize("name", [None, *bundled_priors().names])
def test_the_shares_of_the_hypotheses_sum_to_one(name: str | None) -> None:
    hypotheses = Kind(name).hypotheses
    assert sum(h.share for h in hypotheses) == pytest.approx(1.0, abs=1e-4)
    assert all(h.share > 0 for h in hypotheses)
    spreads = [h.spread for h in hypotheses]
    assert spreads == sorted(set(spreads))


def test_steady_keeps_a_tenth_where_nobody_names_a_kind() -> None:
    first, *others = Kind().hypotheses
    assert first.share == pytest.approx(0.1)
    assert first.spread < 0.01 < min(h.spread for h in others)
    (only,) = Kind("steady").hypotheses
    assert (only.share, only.spread) == (1.0, first.spread)
    assert only.drift == pytest.approx(0.0, abs=1e-5)
    for name in ("epidemic", "conflict", "disaster"):
        assert min(h.spread for h in Kind(name).hypotheses) > 0.01


def test_an_epidemic_swings_more_than_a_conflict() -> None:
    def middle(name: str) -> float:
        moving = Kind(name).hypotheses
        return math.exp(sum(h.share * math.log(h.spread) for h in moving))

    assert middle("epidemic") > 1.5 * middle("conflict")


@given(factor=some.floats(0.1, 5.0))
def test_a_multiple_of_the_spread_multiplies_every_hypothesis(factor: float) -> None:
    usual = [h for h in Kind().hypotheses if h.spread > 0.01]
    wider = Kind(factor=factor).hypotheses[-len(usual) :]
    for one, other in zip(usual, wider, strict=True):
        assert other.spread == pytest.approx(factor * one.spread)
        assert other.share == one.share


def test_what_a_dossier_states_decides_on_the_pace() -> None:
    assert pace_of(toll(), "toll") == Kind(None)
    assert pace_of(toll("conflict"), "toll") == Kind("conflict")
    assert pace_of(toll("conflict", spread=2.0), "toll") == Kind("conflict", 2.0)
    assert pace_of(toll("conflict", volatility=0.08), "toll") == Walk(0.08, young=False)
    assert pace_of(toll(volatility=0.08, spread=0.5), "toll") == Walk(0.04, young=False)


def test_the_noise_of_a_day_is_that_of_the_kind_unless_it_is_stated() -> None:
    assert noise_of(toll("steady"), "toll") == 1.0  # Poisson
    for name in ("epidemic", "conflict"):
        rows = bundled_priors().mixture(name)
        expected = math.prod(family.phi**share for family, share in rows)
        assert noise_of(toll(name), "toll") == pytest.approx(expected, rel=0.05)
    assert noise_of(toll("epidemic", day_noise=3.0), "toll") == 3.0
    assert noise_of(toll(volatility=0.08), "toll") == 0.0


# ---------------------------------------------------------------------- fading


def test_the_shares_that_die_away_are_those_of_the_kind_by_age() -> None:
    ages = np.geomspace(1.0, 1e5, 65)[[0, 7, 20, 33, 50, 64]]
    for name in (None, *bundled_priors().names):
        fading = Kind(name).fadings(ages)
        dying = [family for family, _ in bundled_priors().mixture(name) if family.fade]
        assert [(f.middle, f.spread) for f in fading] == [family.life for family in dying]
        for one, family in zip(fading, dying, strict=True):
            expected = [dict(bundled_priors().mixture(name, float(age)))[family] for age in ages]
            assert one.share == pytest.approx(expected, abs=1e-9)
        whole = sum((f.share for f in fading), np.zeros(ages.size))
        assert ((whole >= 0) & (whole <= 1)).all()


def test_a_young_toll_of_no_kind_dies_away_more_often_than_an_old_one() -> None:
    share: Floats = sum(
        (f.share for f in Kind().fadings(np.array([5.0, 100.0, 1_000.0, 10_000.0]))), np.zeros(4)
    )
    assert (np.diff(share) < 0).all()
    assert share[0] > 0.5
    assert share[-1] < 0.1


# ---------------------------------------------------------------------- what follows from it

RATIOS = {
    (row["family"], int(row["lead"])): tuple(float(row[q]) for q in ("q05", "q50", "q95"))
    for row in csv.DictReader(
        (Path(__file__).parent.parent / "benchmarks/results/priors.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    if int(row["lead"]) in (28, 91, 365) and (row["family"], row["lead"]) != ("conflict", "28")
}
"""5, 50 and 95 % of a gain over its lead times the rate of the last 28 days, of the series that
``bundled/paces.toml`` was learnt from; of conflicts those by month, for there are two by day."""

FACTOR = 1.4
"""Up to which the forecast of a total has these quantiles."""


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@pytest.mark.parametrize("kind", ["epidemic", "conflict"])
def test_gains_after_a_known_rate_are_spread_as_in_the_corpora(kind: str) -> None:
    law = at.forecast(toll(kind), seed=1, size=128, thresholds=[450_000]).law("toll", "latent")
    for (name, lead), expected in RATIOS.items():
        if name != kind:
            continue
        read = at.laws.total(law, KNOWN + timedelta(lead), prob=0.9)
        ratios = (np.array([read.lower, read.median, read.upper]) - 400_000) / (lead * 1_000)
        apart = np.abs(np.log(ratios / expected))
        if lead == 365:
            # the low end of a year hangs on the share that ends, which no corpus tells
            assert ratios[0] < 1.6 * expected[0]
            apart = apart[1:]
        assert (apart < math.log(FACTOR)).all(), (kind, lead, ratios)


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
def test_a_steady_total_goes_on_at_its_rate_with_poisson_days() -> None:
    law = at.forecast(toll("steady"), seed=1, size=64, thresholds=[450_000]).law("toll", "latent")
    read = at.laws.total(law, KNOWN + timedelta(91), prob=0.9)
    # the days that come scatter, and so did those from which the rate is read
    sd = math.sqrt(91 * 1_000 + (91 / 28) ** 2 * 28 * 1_000)
    gap = 491_000 - read.median
    assert abs(gap) < 0.2 * sd + 3 * (read.mcse or 0.0)
    assert read.upper - read.lower > 2 * 1.645 * sd * 0.95


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@given(
    some.sampled_from(bundled_priors().families),
    some.lists(some.integers(0, 900), min_size=1, max_size=9, unique=True).map(sorted),
    some.integers(0, 2**32 - 1),
)
def test_the_time_passed_is_the_integral_of_the_pace_on_whatever_days(
    family: Family, days: list[int], seed: int
) -> None:
    uniforms = np.random.default_rng(seed).random((50, family.dimensions))
    uniforms[:, 0] = np.maximum(uniforms[:, 0], 0.02)  # a life of less than two days is no pace
    _, movers = family.paces(uniforms, np.full(50, 1e4))
    ours = family.elapsed(movers, np.array(days))
    middles = (np.arange(32 * days[-1]) + 0.5) / 32
    part = middles / family.tau
    logs = movers[:, :1] * (1 - (1 - part) * np.exp(-part))
    logs -= movers[:, 1:] * middles if family.fade else 0.0
    sums = np.cumsum(np.exp(logs) / 32, axis=1)
    plain = np.concatenate([np.zeros((50, 1)), sums[:, 31::32]], axis=1)[:, days]
    np.testing.assert_allclose(ours, plain, rtol=3e-3)


def test_the_toll_of_a_disaster_levels_off() -> None:
    law = at.forecast(
        toll("disaster"), seed=1, size=64, thresholds=[450_000], horizon=KNOWN + timedelta(730)
    ).law("toll", "latent")
    month, year = (at.laws.total(law, KNOWN + timedelta(lead)).median for lead in (60, 365))
    assert 0 <= year - month < 0.02 * (month - 400_000 + 1)


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
def test_a_kind_given_to_the_forecast_is_that_of_a_dossier_that_names_none() -> None:
    asked = {"seed": 1, "size": 64, "thresholds": [450_000]}
    given = at.forecast(toll(), kind="epidemic", **asked).law("toll", "latent")  # type: ignore[arg-type]
    named = at.forecast(toll("epidemic"), **asked).law("toll", "latent")  # type: ignore[arg-type]
    none = at.forecast(toll(), **asked).law("toll", "latent")  # type: ignore[arg-type]
    kept = at.forecast(toll("epidemic"), kind="steady", **asked).law("toll", "latent")  # type: ignore[arg-type]
    assert given.surface().tobytes() == named.surface().tobytes()
    assert kept.surface().tobytes() == named.surface().tobytes()
    assert none.surface().tobytes() != named.surface().tobytes()
    assert next(row for row in named.provenance.assumptions if row[0] == "pace")[1] == "epidemic"


def test_the_learnt_families_are_bounded() -> None:
    for name in bundled_priors().names:
        tops = [math.log(family.most) for family, _ in bundled_priors().mixture(name)]
        for hypothesis in Kind(name).hypotheses:
            if hypothesis.spread > 0.01:
                assert hypothesis.most == pytest.approx(max(tops))
    assert bundled_priors().family("steady").most == 1.0


def test_weeks_of_long_ago_may_be_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count of three years, all weeks by themselves and two months together: one law."""
    figures = [
        at.claim("about 100,000 killed", source="Count", on="2025-06-03"),
        at.claim("about 100 killed a day", source="Count", on="2025-06-03"),
    ]
    quoted = at.forecast(figures, size=1).dossier
    killed = quoted.quantities["killed"].model_copy(
        update={"start": at.dossier.PartialDate(date(2022, 2, 24), date(2022, 2, 24))}
    )
    begun = quoted.model_copy(update={"quantities": {"killed": killed}})
    laws, sizes = [], []
    for most in (320, 50):
        monkeypatch.setattr("attrition.models.assimilation.model._LONG", most)
        forecast = at.forecast(begun, thresholds=[120_000], seed=1)
        laws.append(forecast.law("killed"))
        sizes.append(forecast.outlooks["killed"].fit.model.size)
    assert sizes[1] < 0.8 * sizes[0]
    for day in (28, 180, 365):
        one, other = (at.laws.total(law, date(2025, 6, 3) + timedelta(days=day)) for law in laws)
        error = 5 * math.hypot(one.mcse, other.mcse)
        assert one.median == pytest.approx(other.median, abs=error)
        assert one.lower == pytest.approx(other.lower, abs=error)
        assert one.upper == pytest.approx(other.upper, abs=error)


def two_figures(level: float, rate: float, seed: int = 1) -> at.Law:
    claims = [
        at.claim(f"exactly {level:,.0f} killed", source="Count", on="2025-06-03"),
        at.claim(f"about {rate:,.0f} killed a day", source="Count", on="2025-06-03"),
    ]
    return at.forecast(claims, thresholds=[2 * level], seed=seed).law("killed")


def test_a_pace_said_on_a_day_is_of_the_weeks_before_it() -> None:
    """Gains then stray from it as far as those that were seen: `results/priors.csv`."""
    law = two_figures(100_000, 200)
    for lead, (low, high) in {28: (0.2, 3.5), 91: (0.14, 4.5)}.items():
        total = law.total(date(2025, 6, 3) + timedelta(days=lead))
        flat = 200 * lead
        assert (total.lower - 100_000) / flat < low
        assert (total.upper - 100_000) / flat > high


def test_a_pace_that_four_weeks_cannot_hold_is_of_fewer_days() -> None:
    """A toll of a week, 4,000 a day: four weeks of that would be five times the toll."""
    law = two_figures(22_000, 4_000)
    assert law.total("2025-06-03").lower == pytest.approx(22_000, rel=1e-3)
    assert law.total("2025-06-17").lower > 22_000
    assert law.total("2025-06-17").median < 22_000 + 1.5 * 14 * 4_000
