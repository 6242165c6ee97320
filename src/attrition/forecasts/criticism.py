"""What speaks against a forecast: surprising reports, a prior that decides, weights that fail."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.errors import refusal
from attrition.core.late import special
from attrition.core.laws import print_date
from attrition.core.laws.totals import SCORES
from attrition.core.numerics import KHAT, smoothed_weights
from attrition.core.workers import one_thread
from attrition.data.series import Series
from attrition.forecasts.influences import earlier, influence, thinned
from attrition.forecasts.joint import outlook_behind
from attrition.forecasts.models import Forecast
from attrition.models.assimilation.outlook import Outlook

if TYPE_CHECKING:
    import pandas as pd

    from attrition.core.laws.totals import Totals

SENSITIVE = 0.05
"""Distance for each doubling above which a date is said to hang on prior or reports."""

_STEP = 0.1  # by which prior and likelihood are raised and lowered, in powers
_SURE = 1e-12
_LEADS = (28, 56, 84, 112, 140, 168)  # days before the information date from which a count is told
_ODD = 0.01  # chance on both sides together below which an outcome surprises


@dataclass(frozen=True, slots=True)
class Criticism(Shown):
    """What speaks for and against a forecast of one crossing.

    Parameters
    ----------
    quantity, basis : str
    threshold : float
        The total [unit].
    reports : pandas.DataFrame, one row a report
        Of a dossier: ``stated`` and ``expected`` by all others [unit], and the ``chance``, under
        all others, of a figure as far out. Of a recorded count: its last total as it was, as it
        was expected so many days before, and the chance of one as far out.
    prior, likelihood : float
        How far the distribution of the date moves for each doubling of the power of the prior of
        what is past (level, pace so far, errors of sources), and of that of the reports: distances
        of 0 to 1; NaN of a recorded count.
    ahead : float
        Share of the variance of the log gain up to the middle date that comes from the days ahead,
        which no report can tell; NaN of a recorded count.
    khat, effective : float
        Tail of the weights, and effective number of draws; NaN of a recorded count.
    warnings : tuple of str
        What is bad, in sentences; none where nothing is.
    """

    quantity: str
    basis: str
    threshold: float
    reports: pd.DataFrame
    prior: float
    likelihood: float
    ahead: float
    khat: float
    effective: float
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        """Return all of it in a few lines."""
        lines = [f"{self.quantity} ({self.basis}), {self.threshold:,.10g}"]
        if np.isfinite(self.prior):
            both = f"the prior of the past {self.prior:.2f}, by the reports {self.likelihood:.2f}"
            much = f"of 1, for each doubling; above {SENSITIVE:g} it matters"
            lines += [
                f"the date is moved by {both} ({much})",
                f"{100 * self.ahead:.0f} % of the spread of what is added lies in the days ahead",
                f"tail of the weights {self.khat:.2f}, {self.effective:,.0f} effective draws",
            ]
        lines += [f"! {warning}" for warning in self.warnings] or ["nothing speaks against it"]
        table = self.reports.to_string(float_format=lambda value: f"{float(f'{value:.3g}'):,.10g}")
        return "\n".join([*lines, "", table])

    def to_pandas(self) -> pd.DataFrame:
        """Return the reports as a pandas DataFrame."""
        return self.reports


def criticism(
    forecast: Forecast,
    quantity: str | None = None,
    threshold: float | None = None,
    basis: str | None = None,
) -> Criticism:
    """Return what speaks for and against a forecast of one crossing.

    Parameters
    ----------
    forecast : Forecast
    quantity, basis : str, optional
        As in :meth:`Forecast.law`: the first that was forecast when left out.
    threshold : float, optional
        The total [unit]; the first that was asked about when left out.

    Raises
    ------
    InputError
        If no such law was forecast, or no threshold is known.

    See Also
    --------
    attrition.forecasts.influence : how far each report moves the date.

    Notes
    -----
    Prior and likelihood are raised to powers next to one, and the cumulative Jensen-Shannon
    distance of the date is taken for each doubling: Kallioinen, Paananen, Bürkner and Vehtari
    (2023), "Detecting and diagnosing prior and likelihood sensitivity with power-scaling",
    Statistics and Computing 34, 57, doi:10.1007/s11222-023-10366-5. A report is judged under all
    others, as by :func:`attrition.forecasts.influence`.
    """
    law = forecast.law(quantity, basis)
    what = law.provenance
    asked = forecast.thresholds[what.quantity]
    if threshold is None and not asked:
        raise refusal("threshold asked about", "none", "threshold")
    level = asked[0] if threshold is None else float(threshold)
    if forecast.carried is not None:
        return _of_count(forecast, forecast.carried, level)
    reports = influence(forecast, what.quantity, level, what.basis, by="claim")
    frame = reports[["stated", "expected", "surprise"]].to_dataframe().drop(columns="claim")
    frame["chance"] = 2.0 ** -frame.pop("surprise")
    outlook = thinned(outlook_behind(forecast, what.quantity))
    with one_thread():
        prior, likelihood = _power_scaled(outlook, what.quantity, what.basis, level)
        ahead = outlook.share_ahead(what.quantity)
    whole = outlook_behind(forecast, what.quantity).draws
    odd = frame.index[frame["chance"] < _ODD]
    warnings = [
        f"all other reports give a figure as far out as this less than 1 %: {n}" for n in odd
    ]
    if prior > SENSITIVE and likelihood > SENSITIVE:
        warnings.append("prior and reports pull at the date: what is assumed of the pace matters")
    elif prior > SENSITIVE:
        warnings.append("the prior decides: the reports say little of this date")
    if whole.chained:
        uneven = f"the weights were too uneven (k-hat {whole.khat:.2f}, above {KHAT})"
        warnings.append(f"{uneven}; chains were run")
    return Criticism(
        *(what.quantity, what.basis, level, frame, prior, likelihood, ahead),
        *(whole.khat, whole.effective, tuple(warnings)),
    )


def _power_scaled(
    outlook: Outlook, quantity: str, basis: str, threshold: float
) -> tuple[float, float]:
    """Return how far a date moves for each doubling of the power of prior and likelihood."""
    draws, likelihood = outlook.draws, outlook.likelihood_of_all
    shares = np.array([one.log_share for one in outlook.fit.supposed])[draws.which]
    with np.errstate(divide="ignore"):
        joint = np.log(draws.tables.density) + draws.tables.log_mass[:, None]
    prior = np.where(np.isfinite(joint), joint + shares[:, None] - likelihood, 0.0)

    def date_of(outlook: Outlook) -> Floats:
        law = outlook.asked(outlook.figure(quantity, basis), [threshold])
        return np.asarray(law.mean(axis=0)[0])

    base, distances = date_of(outlook), []
    for part in (prior, likelihood):
        moved = []
        for power in (1 / (1 + _STEP), 1 + _STEP):
            tables, change = draws.tables.reweighted((power - 1) * part)
            weights, _ = smoothed_weights(draws.log_weights + change)
            scaled = dataclasses.replace(draws, tables=tables, log_weights=weights)
            other = dataclasses.replace(outlook, draws=scaled)
            moved.append(jensen_shannon(base, date_of(other)))
        distances.append(sum(moved) / (2 * np.log2(1 + _STEP)))
    return float(distances[0]), float(distances[1])


def jensen_shannon(one: Floats, other: Floats) -> float:
    """Return the cumulative Jensen-Shannon distance of two distribution functions, 0 to 1.

    Parameters
    ----------
    one, other : ndarray of float, shape (point,)
        On the same even grid.
    """
    both = one + other
    whole = float(both.sum())
    if whole <= _SURE:
        return 0.0
    divergence = 0.0
    for mine, yours in ((one, other), (other, one)):
        ratio = np.where(mine > _SURE, 2 * mine / np.maximum(both, _SURE), 1.0)
        divergence += float((mine * np.log2(ratio)).sum())
        divergence += float((yours - mine).sum()) / (2 * np.log(2))
    return float(np.sqrt(max(divergence, 0.0) / whole))


def _of_count(forecast: Forecast, series: Series, threshold: float) -> Criticism:
    """Judge a recorded count by what would have been said of its last total before."""
    import pandas as pd

    last, known = float(series.totals[-1]), forecast.information_date
    rows = []
    for _, _, law in earlier(forecast, _LEADS):
        totals = cast("Totals", law.totals)  # a law of a count has them
        days = (known - law.information_date).days
        quantiles = totals.on(np.array([days]))[:, 0].mean(axis=0)
        score = float(np.interp(last, quantiles, SCORES))
        below = float(special.ndtr(score))
        rows.append(
            {
                "report": f"expected on {print_date(law.information_date, 'day', short=True)}",
                "stated": last,
                "expected": float(np.interp(0.0, SCORES, quantiles)),
                "chance": 2 * min(below, 1 - below),
            }
        )
    columns = ["report", "stated", "expected", "chance"]
    frame = pd.DataFrame(rows, columns=columns).set_index("report")
    odd = frame.index[frame["chance"] < _ODD]
    warnings = tuple(f"its last total was given less than 1 %, {name}" for name in odd)
    what, unknown = forecast.law().provenance, (float("nan"),) * 5
    return Criticism(what.quantity, what.basis, threshold, frame, *unknown, warnings)
