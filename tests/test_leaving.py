"""Which report moves the date."""

from __future__ import annotations

import numpy as np
import pytest

import attrition as at
from attrition.forecasts.leaving import without_each


def test_leaving_out_a_report_moves_the_median_by_what_a_forecast_without_it_says(
    whole: at.Forecast,
) -> None:
    table = without_each(whole, "russian-casualties", "latent", 1e6)
    assert table is not None
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
    table = without_each(whole, "russian-casualties", "csis", 1e6)
    assert table is not None
    used = {str(row): float(shift) for row, shift in table["shift_days"].to_series().items()}
    assert next(v for k, v in used.items() if k.startswith("UK Ministry")) == 0
    assert next(v for k, v in used.items() if k.startswith("News")) != 0


def test_a_total_that_only_one_report_knows_has_no_date_without_it(whole: at.Forecast) -> None:
    table = without_each(whole, "kharkiv-advance", "csis", 1e4)
    assert table is not None
    assert np.isnan(table["shift_days"]).all()
    assert list(table["note"].to_numpy()) == ["no date without it"]


def test_a_recorded_count_has_no_report_to_leave_out() -> None:
    series = at.read_series(f"{at.__path__[0]}/bundled/general_staff_personnel_to_2025-06-03.csv")
    made = at.forecast(series, thresholds=[1e6], seed=1, tolerance=30)
    (quantity, basis), _ = next(iter(made.laws.items()))
    assert without_each(made, quantity, basis, 1e6) is None
