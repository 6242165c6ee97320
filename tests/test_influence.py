"""Which report moves the date of a pooled forecast."""

from __future__ import annotations

import importlib
import itertools
from types import SimpleNamespace

import numpy as np
import pytest

import attrition as at
from attrition.models.trajectories import stopping


def test_leaving_out_a_report_moves_the_median_by_what_a_forecast_without_it_says(
    whole: at.Forecast,
) -> None:
    table = at.influence(whole, "russian-casualties", 1e6, "latent", by="claim")
    assert table.sizes["item"] == 3
    for place, shift in zip(table["claim"].to_numpy(), table["shift_days"].to_numpy(), strict=True):
        dossier = whole.dossier
        kept = tuple(claim for index, claim in enumerate(dossier.claims) if index != place)
        other = at.forecast(
            dossier.model_copy(update={"claims": kept}),
            seed=7,
            quantities=["russian-casualties"],
            bases="latent",
            as_of=whole.information_date,
        )
        medians = [
            at.crossing(one.law("russian-casualties", "latent"), 1e6).median.offset
            for one in (other, whole)
        ]
        assert medians[0] is not None
        assert medians[1] is not None
        assert shift == pytest.approx(medians[0] - medians[1], abs=1.0)
    assert np.abs(table["shift_days"]).max() > 10


def test_a_report_that_is_not_used_moves_nothing(whole: at.Forecast) -> None:
    table = at.influence(whole, "russian-casualties", 1e6, "csis", by="claim")
    used = {str(row): float(shift) for row, shift in table["shift_days"].to_series().items()}
    assert next(v for k, v in used.items() if k.startswith("UK Ministry")) == 0
    assert next(v for k, v in used.items() if k.startswith("News")) != 0


def test_a_total_that_only_one_report_knows_has_no_date_without_it(whole: at.Forecast) -> None:
    table = at.influence(whole, "kharkiv-advance", 1e4, "csis", by="claim")
    assert np.isnan(table["shift_days"]).all()
    assert list(table["note"].to_numpy()) == ["no date without it"]


def test_a_recorded_count_has_no_report_to_leave_out() -> None:
    series = at.read_series(f"{at.__path__[0]}/bundled/general_staff_personnel_to_2025-06-03.csv")
    made = at.forecast(series, thresholds=[1e6], seed=1, tolerance=30)
    (quantity, basis), _ = next(iter(made.laws.items()))
    with pytest.raises(at.InputError, match="forecast from no report"):
        at.influence(made, quantity, 1e6, basis)


def test_leaving_out_a_source_leaves_out_all_of_its_reports(whole: at.Forecast) -> None:
    table = at.influence(whole, "russian-casualties", 1e6, "latent")
    claims = at.influence(whole, "russian-casualties", 1e6, "latent", by="claim")
    assert int(table["figures"].sum()) == claims.sizes["item"]
    by_claim = {
        str(row).split(":")[0]: float(shift)
        for row, shift in claims["shift_days"].to_series().items()
    }
    for source, number in table["figures"].to_series().items():
        if number == 1:
            assert float(table["shift_days"].sel(item=source)) == by_claim[str(source)]


@pytest.mark.parametrize("room", ["influence", "sensitivity"])
def test_no_shift_and_no_share_depends_on_the_clock(
    whole: at.Forecast, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """On a clock on which ages pass between two looks, a time limit of any length would hold."""
    module = importlib.import_module(f"attrition.forecasts.{room}")
    of_total = ("russian-casualties", 1e6)

    def answer() -> bytes:
        if room == "influence":
            table = at.influence(whole, *of_total, "latent", by="claim")
            return table["shift_days"].to_numpy().tobytes()
        factors = {"volatility": (0.5, 2.0)}
        table = at.sensitivity(
            whole.dossier, *of_total, rng=1, factors=factors, points=0, model="pooled"
        )
        return table["upper_days"].to_numpy().tobytes()

    tolerance = "_TOLERANCE" if room == "influence" else "_COARSE"
    monkeypatch.setattr(module, tolerance, 0.05)  # days; more than the first round gives
    usual = answer()
    looks = itertools.count()
    clock = SimpleNamespace(monotonic=lambda: 3e9 * next(looks))
    monkeypatch.setattr(stopping, "time", clock)
    assert answer() == usual
    if room == "influence":
        monkeypatch.setattr(module, "Limits", lambda seconds: at.Limits(seconds=min(seconds, 5.0)))
    else:
        monkeypatch.setattr(module, "_UNTIMED", at.Limits(seconds=5.0))
    assert answer() != usual
