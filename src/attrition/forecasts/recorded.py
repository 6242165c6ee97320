"""A forecast of a recorded count: fitted, carried forward, and read like any other."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re

from attrition.core.simulation import Limits
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.data.series.series import next_rounds
from attrition.forecasts.asking import described, ending, horizon_of, supposed, thresholds_from
from attrition.forecasts.models import Forecast
from attrition.forecasts.question import Question
from attrition.models.assimilation.network import Node
from attrition.models.counts.counted import count_ahead
from attrition.models.counts.totals import start_of_count, totals_of_count
from attrition.models.pace import fit_pace

SERIES_MODEL = "filtered weekly rate of changing volatility"

_OWN_PRIOR = "the prior of the pace was given with the question; it is not the library's own"

# the condition of a pace that is learnt from recorded counts, some of which have ended
_AS_OTHERS = "if it goes on as other counts have"

_AS_SUPPOSED = "if its pace is as supposed"

SERIES_BASIS = "series"
SERIES_QUANTITY = "recorded-total"


def forecast_series(
    series: Series,
    asked: Question,
    limits: Limits | None = None,
    beside: tuple[Dossier, Node] | None = None,
) -> Forecast:
    """Forecast when a recorded count passes thresholds, from its own past.

    Parameters
    ----------
    series : Series
    asked : Question
        Without thresholds [unit], the next and the third multiple of a round step worth at
        least 60 days at the rate of the last 28. The information date is the day of the last report
        by the one that is asked for.
    limits : Limits, optional
        Largest size of the simulation, who is told of each round, and who works.
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
    >>> answer = forecast_series(series, Question(thresholds=[25_000], tolerance=0.5))
    >>> at.laws.crossing(answer.law("recorded-total"), 25_000).median.day
    datetime.date(2025, 5, 1...)
    """
    seen = series if asked.as_of is None else series.until(asked.as_of)
    wanted = next_rounds(seen.cleaned) if asked.thresholds is None else asked.thresholds
    thresholds = thresholds_from(wanted)
    pace = fit_pace(seen, prior=asked.prior)
    known = pace.information_date
    last = horizon_of(asked, known)
    if asked.scenario is not None:
        pace = dataclasses.replace(pace, bend=asked.scenario.bend(known, last))
    if beside is None:
        dossier, quantity, basis = _dossier_of(seen, thresholds), SERIES_QUANTITY, SERIES_BASIS
    else:
        dossier, (basis, quantity) = beside
    provenance = dataclasses.replace(
        described(dossier, quantity, basis, () if beside is None else (basis,)),
        model=SERIES_MODEL,
        figures=len(seen.days),
        independent_sources=1.0,
        notes=() if asked.prior is None else (_OWN_PRIOR,),
        asked=thresholds,
    )
    if beside is None:
        provenance = dataclasses.replace(
            provenance,
            basis_name="series' own count",
            condition=_AS_OTHERS if asked.prior is None else _AS_SUPPOSED,
            counted=True,
        )
    provenance = supposed(provenance, asked.scenario)
    law = count_ahead(
        pace,
        thresholds,
        (last - known).days,
        rng=asked.seed,
        provenance=provenance,
        prob=asked.prob,
        tolerance=asked.tolerance,
        limits=dataclasses.replace(limits or Limits(), points=asked.size),
    )
    if law.source is None:
        totals = functools.partial(totals_of_count, pace, (last - known).days, asked.seed)
        law = law.with_totals(totals, start_of_count(pace))
    laws = {(quantity, basis): law}
    return Forecast(
        dossier,
        known,
        last,
        asked.prob,
        asked.seed,
        laws,
        {quantity: thresholds},
        unconditional=ending(dossier, laws, asked.end_hazard, asked.scenario),
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
