"""A forecast of a recorded count: fitted, carried forward, and read like any other."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
from collections.abc import Sequence
from datetime import date

from attrition.core._typing import Rng
from attrition.core.days import day_from
from attrition.core.laws.reading import check_prob
from attrition.core.scenarios import Scenario
from attrition.core.simulation import Limits, check_tolerance, seed_of
from attrition.data.dossier import Dossier
from attrition.data.series import Series, next_rounds
from attrition.forecasts.asking import (
    check_dates,
    check_kind,
    described,
    thresholds_from,
    two_years_after,
)
from attrition.forecasts.ending import ending, supposed
from attrition.forecasts.models import Forecast
from attrition.models.assimilation import Node
from attrition.models.counts import count_ahead, start_of_count, totals_of_count
from attrition.models.pace import Prior, fit_pace

SERIES_MODEL = "filtered weekly rate of changing volatility"

_OWN_PRIOR = "the prior of the pace was given with the question; it is not the library's own"

SERIES_BASIS = "series"
SERIES_QUANTITY = "recorded-total"


def forecast_series(  # noqa: PLR0913 - everything that a forecast fixes, by name
    series: Series,
    thresholds: Sequence[float] | None = None,
    *,
    rng: Rng,
    as_of: date | str | None = None,
    horizon: date | str | None = None,
    prob: float = 0.9,
    tolerance: float | None = None,
    limits: Limits | None = None,
    prior: Prior | None = None,
    end_hazard: float | None = None,
    scenario: Scenario | None = None,
    beside: tuple[Dossier, Node] | None = None,
) -> Forecast:
    """Forecast when a recorded count passes thresholds, from its own past.

    Parameters
    ----------
    series : Series
    thresholds : sequence of float, optional
        Totals [unit]; when left out, the next and the third multiple of a round step worth at
        least 60 days at the rate of the last 28.
    rng : int or Generator
        Seed; the same seed gives the same bytes.
    as_of : datetime.date, optional
        Nothing later is used. The information date is the day of the last report by then.
    horizon : datetime.date, optional
        Last day; two years after the information date when left out.
    prob : float
        Probability of the equal-tailed intervals whose ends are made accurate.
    tolerance : float, optional
        Largest Monte Carlo standard error of a date [day]; an eighth at most of the unit in
        which it is printed when left out.
    limits : Limits, optional
        Largest size and time of the simulation.
    prior : Prior, optional
        What is assumed of the pace before any count is seen.
    end_hazard : float, optional
        Probability per day of an end [1/day]: above 0, a law that allows for it stands beside.
    scenario : Scenario, optional
        What is supposed of the days ahead.
    beside : tuple of Dossier and (source, quantity), optional
        The dossier that the count stands beside, alone, and whose count of what it is.

    Returns
    -------
    Forecast
        One law, of the series' own count: what it will print, not what is true.

    Raises
    ------
    InputError
        On an argument out of range or a series too short.

    Examples
    --------
    >>> import numpy as np, xarray as xr, attrition as at
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(400) * np.timedelta64(86_400, "s")
    >>> counts = np.random.default_rng(1).poisson(50.0, 400)
    >>> series = at.read_series(
    ...     xr.DataArray(counts, dims="time", coords={"time": days}, name="daily")
    ... )
    >>> made = forecast_series(series, [25_000], rng=1, tolerance=0.5)
    >>> at.laws.crossing(made.law("recorded-total"), 25_000).median.day
    datetime.date(2025, 5, 1...)
    """
    check_kind(series, Series, "Read it first: at.read_series(path)")
    check_prob(prob)
    check_tolerance(tolerance)
    seed = seed_of(rng)
    seen = series if as_of is None else series.until(day_from(as_of, "as_of"))
    wanted = next_rounds(seen.cleaned).tolist() if thresholds is None else list(thresholds)
    asked = thresholds_from(wanted)
    pace = fit_pace(seen, prior=prior)
    known = pace.information_date
    last = two_years_after(known) if horizon is None else day_from(horizon, "horizon")
    check_dates(known, last)
    if scenario is not None:
        pace = dataclasses.replace(pace, bend=scenario.bend(known, last))
    if beside is None:
        dossier, quantity, basis = _dossier_of(seen, asked), SERIES_QUANTITY, SERIES_BASIS
    else:
        dossier, (basis, quantity) = beside
    provenance = dataclasses.replace(
        described(dossier, quantity, basis, () if beside is None else (basis,)),
        model=SERIES_MODEL,
        figures=len(seen.days),
        independent_sources=1.0,
        notes=() if prior is None else (_OWN_PRIOR,),
        asked=asked,
    )
    if beside is None:
        provenance = dataclasses.replace(
            provenance,
            basis_name="series' own count",
            condition="if the count continues",
            counted=True,
        )
    provenance = supposed(provenance, scenario)
    law = count_ahead(
        pace,
        asked,
        (last - known).days,
        rng=seed,
        provenance=provenance,
        prob=prob,
        tolerance=tolerance,
        limits=limits,
    )
    if law.source is None:
        totals = functools.partial(totals_of_count, pace, (last - known).days, seed)
        law = law.with_totals(totals, start_of_count(pace))
    laws = {(quantity, basis): law}
    return Forecast(
        dossier,
        known,
        last,
        prob,
        seed,
        laws,
        {quantity: asked},
        unconditional=ending(dossier, laws, end_hazard, scenario),
        series=seen if beside is None else None,
        pace=pace,
    )


def _dossier_of(series: Series, thresholds: tuple[float, ...]) -> Dossier:
    """Return the dossier of a single recorded count: its last report is its claim."""
    digest = hashlib.sha256(series.reports.day.tobytes())
    digest.update(series.totals.tobytes())
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", series.name).strip("-._") or "series"
    last = series.last_day.isoformat()
    unit, _, detail = series.unit.removesuffix(")").partition(" (")
    return Dossier.of(
        id=name,
        title=series.name,
        description=f"a recorded series of {len(series.days)} reports, sha256 of days and totals "
        f"{digest.hexdigest()}",
        sources={SERIES_BASIS: {"name": series.name}},
        quantities={
            SERIES_QUANTITY: {
                "title": series.name,
                "definition": f"as recorded: {detail}" if detail else "as recorded",
                "unit": unit,
                "thresholds": list(thresholds),
                "bases": [SERIES_BASIS],
            }
        },
        claims=[
            {
                "quantity": SERIES_QUANTITY,
                "source": SERIES_BASIS,
                "kind": "level",
                "point": float(series.cleaned.total[-1]),
                "hedge": "exactly",
                "as_of": last,
                "published": last,
            }
        ],
    )
