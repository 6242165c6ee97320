"""Which report moves the date of a forecast from few claims."""

from __future__ import annotations

import itertools
import math
import time
from datetime import timedelta

import numpy as np
import pytest
import xarray as xr

import attrition as at
from attrition.forecasts import sensitivities as sensitivity
from attrition.forecasts.influences import thinned
from attrition.forecasts.joint import outlook_behind
from attrition.models.assimilation.lines import slopes_along
from attrition.models.assimilation.model import model_of
from reported import day, dossier_of, level


@pytest.fixture(scope="module")
def few(bundled: at.Dossier) -> at.Forecast:
    """The forecast of two totals of the bundled dossier."""
    return at.forecast(bundled, seed=1, quantities=["russian-casualties", "kharkiv-advance"])


def test_leaving_out_a_report_moves_the_median_by_what_a_forecast_without_it_says(
    few: at.Forecast,
) -> None:
    table = at.forecasts.influence(few, "russian-casualties", 1e6, "latent", by="claim")
    assert table.sizes["item"] == 4
    base = at.laws.crossing(few.law("russian-casualties", "latent"), 1e6).median
    for place, shift in zip(table["claim"].to_numpy(), table["shift_days"].to_numpy(), strict=True):
        dossier = few.dossier
        kept = tuple(claim for index, claim in enumerate(dossier.claims) if index != place)
        other = at.forecast(
            dossier.model_copy(update={"claims": kept}),
            seed=7,
            quantities=["russian-casualties"],
            bases="latent",
            as_of=few.information_date,
            size=64,
        )
        median = at.laws.crossing(other.law("russian-casualties", "latent"), 1e6).median
        assert median.offset is not None
        assert base.offset is not None
        error = np.hypot(median.mcse or 0.0, base.mcse or 0.0)
        assert shift == pytest.approx(median.offset - base.offset, abs=4 * error)
    assert np.abs(table["shift_days"]).max() > 10


def test_a_report_that_repeats_another_is_no_row_and_moves_nothing() -> None:
    claims = [level("a", 40, 4_000), level("b", 70, 9_000), level("b", 90, 12_000)]
    repeats = [*claims, level("c", 70, 9_000)]
    tables = []
    for dossier in (dossier_of(claims), dossier_of(repeats, {"c": {"copies": ("b",)}})):
        forecast = at.forecast(dossier, seed=1, size=16, thresholds=[13_000], as_of=day(90))
        tables.append(at.forecasts.influence(forecast, "total", 13_000, "latent", by="claim"))
    one, other = tables
    assert one["item"].values.tolist() == other["item"].values.tolist()
    assert other.sizes["item"] == len(claims)
    np.testing.assert_allclose(one["shift_days"], other["shift_days"], atol=1e-6)
    assert np.abs(one["shift_days"]).max() > 0.5


def test_what_is_left_out_changes_the_likelihood_by_all_that_it_and_its_kin_say() -> None:
    """Blocks of reports that are not touched are taken over: that is the same, and computed."""
    dossier = at.read_dossier("war-in-ukraine-2025-06")
    forecast = at.forecast(dossier, seed=1, size=4, quantities=["russian-casualties"])
    outlook = thinned(outlook_behind(forecast, "russian-casualties"))
    evidence, tables = outlook.fit.model.evidence, outlook.draws.tables
    assert len(outlook.fit.model.blocks) > 2
    sources = {term.node[0] for term in evidence.terms}
    cases = [evidence.without(source=source) for source in sorted(sources)[:5]]
    cases += [evidence.without(claim=term.claim) for term in evidence.terms[::17]]
    for rest in cases:
        less = model_of(rest)
        eta = less.predicted(outlook.draws.points)
        alone = tables.smooth(less.along(eta, slopes_along(less, outlook.fit.line)))
        expected, changed = alone - outlook.likelihood_of_all, outlook.change(less)
        likely = tables.density > 1e-3 * tables.density.max(axis=1, keepdims=True)
        gap = (changed - expected)[likely]
        # where another source is likely to be off the tables of a block alone have a bend
        assert np.abs(gap).max() < 1e-3
        assert np.sqrt((gap**2).mean()) < 5e-5
        assert np.abs(changed[likely]).max() > 1e-2


def test_a_total_that_only_one_report_knows_has_no_date_without_it(few: at.Forecast) -> None:
    table = at.forecasts.influence(few, "kharkiv-advance", 1e4, "csis", by="claim")
    assert np.isnan(table["shift_days"]).all()
    assert list(table["note"].to_numpy()) == ["nothing else is known"]


def test_leaving_out_a_source_leaves_out_all_of_its_reports(few: at.Forecast) -> None:
    table = at.forecasts.influence(few, "russian-casualties", 1e6, "latent")
    claims = at.forecasts.influence(few, "russian-casualties", 1e6, "latent", by="claim")
    assert int(table["figures"].sum()) == claims.sizes["item"]
    by_claim = {
        str(row).split(":")[0]: float(shift)
        for row, shift in claims["shift_days"].to_series().items()
    }
    for source, number in table["figures"].to_series().items():
        if number == 1:
            assert float(table["shift_days"].sel(item=source)) == by_claim[str(source)]


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@pytest.mark.parametrize("room", ["influence", "sensitivity"])
def test_no_shift_and_no_share_depends_on_the_clock(
    few: at.Forecast, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """On a clock on which ages pass between two looks, a time limit of any length would hold."""

    def answer() -> bytes:
        if room == "influence":
            table = at.forecasts.influence(few, "russian-casualties", 1e6, "latent")
            return table["shift_days"].to_numpy().tobytes()
        factors = {"spread": (0.5, 2.0)}
        table = at.forecasts.sensitivity(
            few.dossier,
            "kharkiv-advance",
            1e4,
            basis="csis",
            rng=1,
            factors=factors,
            points=0,
        )
        return table["upper_days"].to_numpy().tobytes()

    # more rounds than one, so that there is something to stop
    monkeypatch.setattr(sensitivity, "_ROUGH", 128)
    monkeypatch.setattr("attrition.forecasts.assimilated._SHARE", 0.0)
    usual = answer()
    looks = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: 3e9 * next(looks))
    assert answer() == usual


def counted(seed: int, change: float, days: int = 400) -> at.Series:
    """About 100 a day, and for the last four weeks ``change`` times that."""
    rates = np.r_[np.full(days - 28, 100.0), np.full(28, 100.0 * change)]
    new = np.random.default_rng(seed).poisson(rates)
    begin = np.datetime64("2024-01-01", "s")
    coords = {"time": begin + np.arange(days) * np.timedelta64(86_400, "s")}
    return at.read_series(xr.DataArray(new, dims="time", coords=coords, name="daily"))


@pytest.mark.parametrize("change", [0.5, 2.0])
def test_the_last_days_of_a_count_move_its_date_as_they_rose_or_fell(change: float) -> None:
    series = counted(3, change)
    forecast = at.forecast(series, seed=1, thresholds=[50_000], tolerance=10)
    table = at.forecasts.influence(forecast, "recorded-total", 50_000)
    shifts = dict(zip(table["item"].to_numpy(), table["shift_days"].to_numpy(), strict=True))
    # without the four weeks in which it doubled the date was later, where it halved earlier
    assert np.sign(shifts["the last 28 days"]) == np.sign(change - 1)
    before = at.forecast(
        series.until(forecast.information_date - timedelta(days=28)),
        seed=2,
        thresholds=[50_000],
        horizon=forecast.horizon,
        tolerance=10,
    )
    dates = [one.law().crossing(50_000).median for one in (before, forecast)]
    assert None not in {one.day for one in dates}
    moved = (dates[0].offset or 0.0) - 28 - (dates[1].offset or 0.0)
    error = math.hypot(*(one.mcse or 0.0 for one in dates))
    assert shifts["the last 28 days"] == pytest.approx(moved, abs=1.0 + 4 * error)
    figures = dict(zip(table["item"].to_numpy(), table["figures"].to_numpy(), strict=True))
    assert figures["the last 28 days"] == 28


def test_what_cannot_be_left_out_is_refused(few: at.Forecast) -> None:
    with pytest.raises(at.InputError, match="source or claim"):
        at.forecasts.influence(few, "russian-casualties", 1e6, "latent", by="days")
    forecast = at.forecast(counted(3, 1.0), seed=1, thresholds=[50_000], tolerance=10)
    with pytest.raises(at.InputError, match="must be days"):
        at.forecasts.influence(forecast, "recorded-total", 50_000, by="claim")


def test_a_count_is_more_sensitive_to_its_assumptions_where_it_has_just_moved() -> None:
    tables = [
        at.forecasts.sensitivity(counted(3, change), None, 60_000, rng=1, points=0)
        for change in (1.0, 3.0)
    ]
    calm, moved = (abs(float(t["upper_days"].sel(item="volatility"))) for t in tables)
    assert tables[0]["item"].values.tolist() == [
        "volatility",
        "spread",
        "breaks",
        "hazard",
        "end_hazard",
    ]
    assert moved > calm
    ends = tables[0]["upper_days"].sel(item="end_hazard")
    assert float(ends) > 0  # what may end comes later


def test_a_count_alone_in_a_dossier_is_asked_like_the_count() -> None:
    series = counted(3, 2.0)
    alone = at.Dossier.of(
        id="count",
        sources={"a": {"name": "A"}},
        quantities={"total": {"title": "Deaths", "definition": "as counted", "unit": "persons"}},
        claims=[],
    ).with_counts({("a", "total"): series})
    one = at.forecast(series, seed=1, thresholds=[50_000], tolerance=10)
    other = at.forecast(alone, seed=1, thresholds=[50_000], tolerance=10)
    tables = [
        at.forecasts.influence(one, "recorded-total", 50_000),
        at.forecasts.influence(other, "total", 50_000),
    ]
    np.testing.assert_array_equal(tables[0]["shift_days"], tables[1]["shift_days"])
