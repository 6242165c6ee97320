"""Which report moves the date of a forecast from few claims."""

from __future__ import annotations

import importlib
import itertools
import time

import numpy as np
import pytest

import attrition as at
from attrition.core.simulation import Limits
from reported import day, dossier_of, level

sensitivity = importlib.import_module("attrition.forecasts.sensitivity")  # not the function


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


def test_a_total_that_only_one_report_knows_has_no_date_without_it(few: at.Forecast) -> None:
    table = at.forecasts.influence(few, "kharkiv-advance", 1e4, "csis", by="claim")
    assert np.isnan(table["shift_days"]).all()
    assert list(table["note"].to_numpy()) == ["nothing else is known"]


def test_a_recorded_count_has_no_report_to_leave_out() -> None:
    series = at.read_series(f"{at.__path__[0]}/bundled/general_staff_personnel_to_2025-06-03.csv")
    forecast = at.forecast(series, thresholds=[1e6], seed=1, tolerance=30)
    (quantity, basis), _ = next(iter(forecast.laws.items()))
    with pytest.raises(at.InputError, match="forecast from no report"):
        at.forecasts.influence(forecast, quantity, 1e6, basis)


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
    monkeypatch.setattr(sensitivity, "_ROUGH", Limits(points=128))
    monkeypatch.setattr("attrition.forecasts.assimilated._SHARE", 0.0)
    usual = answer()
    looks = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: 3e9 * next(looks))
    assert answer() == usual
