"""Which report moves the date: the same forecast again, with one report left out at a time."""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING

from attrition.core.errors import AttritionWarning, InputError
from attrition.core.laws import Crossing, crossing, print_date
from attrition.data.dossier import Claim, Dossier, PartialDate
from attrition.forecasts.dossiers import forecast
from attrition.forecasts.models import Forecast
from attrition.forecasts.plan import lineage
from attrition.models.trajectories import Limits

if TYPE_CHECKING:
    import xarray as xr

TOLERANCE = 5.0
"""Monte Carlo standard error of each median [day]; the same random numbers are used for all, so
that the error of a difference is far smaller."""

_STATES = {"already": "passed already", "beyond": "not by the horizon", "ended": "never"}


def without_each(made: Forecast, quantity: str, basis: str, threshold: float) -> xr.Dataset | None:
    """Return by how many days the median moves without each report.

    Parameters
    ----------
    made : Forecast
        From a dossier.
    quantity, basis : str
        Of which total, in whose count.
    threshold : float
        The total that is passed [unit].

    Returns
    -------
    xarray.Dataset, dims (item,), or None
        ``shift_days`` [day], no number where there is no date without the report, and then
        ``note`` says why; coordinates ``item`` (source, words and day), ``claim`` (its place in
        the dossier). None where no report can be left out.
    """
    import xarray as xr

    dossier = made.dossier
    line = set(lineage(dossier, quantity)) if quantity in dossier.quantities else set()
    used = [
        (index, claim)
        for index, claim in enumerate(dossier.claims)
        if claim.quantity in line
        and claim.kind != "forecast"
        and claim.known_on(made.information_date)
    ]
    asked = (quantity, basis, threshold)
    whole = _median(made, dossier, asked) if used else None
    if isinstance(whole, str) or whole is None or whole.median.offset is None:
        return None
    shifts, notes = [], []
    for index, _ in used:
        kept = tuple(claim for place, claim in enumerate(dossier.claims) if place != index)
        found = _median(made, dossier.model_copy(update={"claims": kept}), asked)
        without = None if isinstance(found, str) else found.median.offset
        shifts.append(float("nan") if without is None else without - whole.median.offset)
        if isinstance(found, str):
            notes.append(found)
        else:
            state = found.median.state
            notes.append("" if state == "date" else f"the median would be “{_STATES[state]}”")
    return xr.Dataset(
        {
            "shift_days": ("item", shifts, {"units": "day"}),
            "note": ("item", notes),
        },
        coords={
            "item": [_named(dossier, claim) for _, claim in used],
            "claim": ("item", [index for index, _ in used]),
        },
        attrs={"quantity": quantity, "basis": basis, "threshold": threshold},
    )


def _median(made: Forecast, dossier: Dossier, asked: tuple[str, str, float]) -> Crossing | str:
    """Return the crossing that a dossier gives, or why it gives none."""
    quantity, basis, threshold = asked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AttritionWarning)
            again = forecast(
                dossier,
                rng=made.seed,
                quantities=[quantity],
                basis=basis,
                thresholds=[threshold],
                as_of=made.information_date,
                horizon=made.horizon,
                tolerance=TOLERANCE,
                limits=dataclasses.replace(Limits(), seconds=5.0),
                end_hazard=0.0,
            )
    except InputError:
        return "no date without it"
    return crossing(again.law(quantity, basis), threshold)


def _named(dossier: Dossier, claim: Claim) -> str:
    words = f"“{claim.words}”" if claim.words else _numbers(claim)
    return f"{dossier.sources[claim.source].name}: {words} ({_day(claim.as_of)})"


def _day(day: PartialDate) -> str:
    return print_date(day.first, day.precision, short=True)


def _numbers(claim: Claim) -> str:
    given = [claim.point] if claim.point is not None else [claim.low, claim.high]
    return " to ".join(f"{value:,.10g}" for value in given if value is not None) or "a distribution"
