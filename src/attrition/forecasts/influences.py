"""Which report moves the date, and which reports the others contradict."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from attrition.core.errors import AttritionWarning, InputError, refusal
from attrition.core.late import special
from attrition.core.laws import Crossing, Law, print_date
from attrition.core.laws.reading import crossing_of
from attrition.core.numerics import KHAT, smoothed_weights
from attrition.core.workers import one_thread
from attrition.data.dossier import Claim, Dossier
from attrition.data.series import Series
from attrition.forecasts.door import forecast as forecast_of
from attrition.forecasts.joint import outlook_behind
from attrition.forecasts.models import Forecast
from attrition.models.assimilation.evidence import Evidence
from attrition.models.assimilation.inference import Draws, Sampler
from attrition.models.assimilation.model import Model, model_of
from attrition.models.assimilation.outlook import Outlook, outlook_of
from attrition.models.assimilation.search import Fit, fit

if TYPE_CHECKING:
    import xarray as xr

_SIZE = 256  # points per replicate of an earlier answer: medians to about a tenth of a day
_EACH = 48  # draws per replicate that are weighed again
_REFIT = 64  # draws per replicate of a posterior that is fitted anew
_CELLS = 128  # of the density along the line of a draw that is weighed again
_CONTRADICTED = 0.01  # chance, under all others, below which a figure is contradicted
_ANY = 0.9  # mass of an interval of which the median alone is read
_LAST = (7, 14, 28, 91, 182, 365)  # days of a recorded count that are left out


_ThresholdKey = tuple[str, str, float]
"""Quantity, basis and threshold [unit]."""


def influence(
    forecast: Forecast,
    quantity: str,
    threshold: float,
    basis: str | None = None,
    *,
    by: Literal["source", "claim", "days"] | None = None,
) -> xr.Dataset:
    """Return by how much each report moves the median day of a crossing, and how it surprises.

    Each source, or each claim, is left out in turn. The draws of the posterior are weighed again
    as if it had not been made, and where the weights say that this cannot be trusted the posterior
    is fitted anew. Of a recorded count its last days are left out, a week to a year of them: what
    would have been said before they were known.

    Parameters
    ----------
    forecast : Forecast
    quantity, basis : str
        As in :meth:`attrition.Forecast.law`.
    threshold : float
        The total [unit].
    by : {"source", "claim", "days"}, optional
        What is left out: sources where reports were weighed, days of a recorded count.

    Returns
    -------
    xarray.Dataset, dims (item,)
        The strongest first: ``shift_days``, the median without it less the median with all [day]
        (NaN, with its reason in ``note``, where either is no day within the forecast);
        ``figures``; ``pareto_k`` of the new weights and ``refitted``. For a claim the coordinate
        ``claim`` is its place in the dossier, and ``stated``
        and ``expected``, the middle of its figure and of what all others expect of it [unit],
        ``surprise``, the chance under all others of a figure as far out [bit], and
        ``contradicted``, where that chance is below one in a hundred.

    Raises
    ------
    InputError
        If what is named cannot be left out, or the total was not forecast.

    See Also
    --------
    attrition.forecasts.sensitivity : what the assumptions move.
    attrition.plots.tornado : a picture of it.

    Notes
    -----
    Vehtari, Gelman and Gabry (2017), "Practical Bayesian model evaluation using leave-one-out
    cross-validation and WAIC", Statistics and Computing 27, 1413-1432,
    doi:10.1007/s11222-016-9696-4.

    Examples
    --------
    >>> import attrition as at
    >>> made = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-casualties"])
    >>> table = at.forecasts.influence(made, "ukrainian-casualties", 500_000, "latent")
    >>> table["item"].values.tolist()
    ['CSIS']
    """
    return influences_of(forecast, quantity, threshold, basis, by=by).to_dataset()


def influences_of(
    forecast: Forecast,
    quantity: str,
    threshold: float,
    basis: str | None = None,
    *,
    by: Literal["source", "claim", "days"] | None = None,
) -> Influences:
    """Return what :func:`influence` labels: whoever shows it alone needs no labelled arrays."""
    law = forecast.law(quantity, basis)
    asked = (quantity, law.provenance.basis, threshold)
    fitting = ("days",) if forecast.carried is not None else ("source", "claim")
    unit = fitting[0] if by is None else by
    if unit not in fitting:
        raise refusal(
            "left out",
            repr(by),
            "by",
            whole="a recorded count" if fitting == ("days",) else "reports",
            fitting=" or ".join(fitting),
            first=fitting[0],
        )
    if unit == "days":
        return Influences(_last_days(forecast, law, threshold), law, threshold, unit)
    rows = _weighed(forecast, asked, unit)
    rows.sort(key=lambda row: -abs(row.shift) if np.isfinite(row.shift) else 0.0)
    return Influences(rows, law, threshold, unit)


def earlier(
    answer: Forecast, leads: Sequence[int], thresholds: Sequence[float] = ()
) -> Iterator[tuple[int, Series, Law]]:
    """Yield the same question's answer from the count as it was known some days before.

    Parameters
    ----------
    answer : Forecast
        Of a recorded count, by itself or in a dossier that holds nothing else.
    leads : sequence of int
        Ascending [day before the information date]; it ends with the first from which no answer
        follows, where no whole step of history is left.
    thresholds : sequence of float
        Totals of which dates are asked [unit]; the law of the totals needs none.

    Yields
    ------
    tuple of int, Series and Law
        The lead, the count as known then, and its law, to the same horizon.
    """
    series = answer.carried
    if series is None:
        return
    question = dataclasses.replace(
        answer.question,
        as_of=None,
        thresholds=tuple(thresholds),
        on=(),
        events=(),
        horizon=answer.horizon,
        size=_SIZE,
    )
    for lead in leads:
        known = series.until(answer.information_date - timedelta(days=lead))
        whole = answer.dossier
        data = whole.with_counts(dict.fromkeys(whole.counts, known)) if whole.counts else known
        with warnings.catch_warnings():  # the tolerance is rough here
            warnings.simplefilter("ignore", AttritionWarning)
            try:
                before = forecast_of(data, question)
            except InputError:
                return
        yield lead, known, before.law()


def _last_days(forecast: Forecast, law: Law, threshold: float) -> list[Influence]:
    """Leave out the last days of a recorded count."""
    series = cast("Series", forecast.carried)  # the caller has asked
    base, rows = _day_of(law.crossing(threshold)), []
    for lead, known, before in earlier(forecast, _LAST, [threshold]):
        figures = len(series.days) - len(known.days)
        ago = (law.information_date - before.information_date).days
        shift, note = _shift(_day_of(before.crossing(threshold)) - ago, base)
        rows.append(Influence(f"the last {lead} days", shift, note, figures, refitted=True))
    return rows


def _weighed(forecast: Forecast, asked: _ThresholdKey, by: str) -> list[Influence]:
    """Weigh the draws of a posterior again without each source or claim."""
    outlook = thinned(outlook_behind(forecast, asked[0]))
    with one_thread():
        base = _median(outlook, *asked)
        cases = _left_out(outlook, by)
        # first what is fitted anew: it needs the memory that the others share and fill
        order = sorted(range(len(cases)), key=lambda place: len(cases[place][2].counts))
        rows = {
            place: _row(outlook, evidence, asked, base, name, key)
            for place in order
            for name, key, evidence in [cases[place]]
        }
        return [rows[place] for place in range(len(cases))]


def _shift(median: float, base: float) -> tuple[float, str]:
    """Return how far a median moved [day], or NaN and why there is no such number."""
    if np.isinf(median):
        passed = "without it probably passed already"
        return np.nan, passed if median < 0 else "without it beyond the days"
    if np.isinf(base):
        return np.nan, "with all, the median is no day within the forecast"
    return median - base, ""


def claim_words(dossier: Dossier, claim: Claim) -> str:
    """Return a claim as its source, its words or numbers, and its day."""
    numbers = [claim.low, claim.high] if claim.point is None else [claim.point]
    stated = " to ".join(f"{value:,.10g}" for value in numbers if value is not None)
    words = f"“{claim.words}”" if claim.words else stated or "a distribution"
    day = print_date(claim.as_of.first, claim.as_of.precision, short=True)
    return f"{dossier.sources[claim.source].name}: {words} ({day})"


@dataclass(frozen=True, slots=True)
class Influence:
    """What one thing left out moves; the numbers are those of :func:`influence`."""

    name: str
    shift: float
    note: str
    figures: int
    khat: float = np.nan
    refitted: bool = False
    stated: float = np.nan
    expected: float = np.nan
    chance: float = np.nan
    claim: int | None = None

    @property
    def contradicted(self) -> bool:
        """Whether all others leave a figure as far out a chance below one in a hundred."""
        return self.chance < _CONTRADICTED


@dataclass(frozen=True, slots=True)
class Influences:
    """By how much everything that is left out moves the date of one threshold, the strongest first.

    Parameters
    ----------
    rows : sequence of Influence
    law : Law
        The law with all.
    threshold : float
        The total [unit].
    by : str
        What is left out.
    """

    rows: Sequence[Influence]
    law: Law
    threshold: float
    by: str

    def to_dataset(self) -> xr.Dataset:
        """Return the rows as :func:`influence` does."""
        import xarray as xr

        what, by, rows = self.law.provenance, self.by, self.rows
        verb, left = ("move", "its last days are") if by == "days" else ("moves", f"one {by} is")

        def column(name: str) -> tuple[str, list[object]]:
            return "item", [getattr(row, name) for row in rows]

        variables = {
            "shift_days": ("item", [row.shift for row in rows], {"units": "day"}),
            "note": column("note"),
            "figures": column("figures"),
            "pareto_k": column("khat"),
            "refitted": column("refitted"),
        }
        if by == "claim":
            chance = np.array([row.chance for row in rows])
            variables["stated"] = column("stated")
            variables["expected"] = column("expected")
            variables["surprise"] = ("item", list(-np.log2(chance)), {"units": "bit"})
            variables["contradicted"] = column("contradicted")
        return xr.Dataset(
            variables,
            coords={"item": [row.name for row in rows]}
            | ({"claim": column("claim")} if by == "claim" else {}),
            attrs={
                "title": f"Which {by} {verb} the day of {self.threshold:,.0f}?",
                "detail": f"{what.title}: days by which the median moves when {left} left out.",
                "by": by,
                "quantity": what.quantity,
                "basis": what.basis,
                "threshold": self.threshold,
                "as_of": self.law.information_date.isoformat(),
            },
        )


def _left_out(outlook: Outlook, by: str) -> list[tuple[str, int | None, Evidence]]:
    """Return name, claim and remaining evidence of everything that can be left out."""
    evidence = outlook.fit.model.evidence
    dossier = evidence.dossier
    if by == "claim":
        cases: list[tuple[str, int | None, Evidence]] = []
        for term in evidence.terms:
            name = claim_words(dossier, dossier.claims[term.claim])
            cases.append((name, term.claim, evidence.without(claim=term.claim)))
        return cases
    keys = [t.node[0] for t in evidence.terms] + [c.node[0] for c in evidence.counts]
    return [
        (dossier.sources[key].name, None, evidence.without(source=key))
        for key in dict.fromkeys(keys)
    ]


def thinned(outlook: Outlook) -> Outlook:
    """Return the posterior with a few draws of each replicate, for many passes over them."""
    draws = outlook.draws
    each = draws.points.shape[0] // draws.replicates
    kept = np.arange(draws.points.shape[0]).reshape(draws.replicates, each)[:, :_EACH].ravel()
    past = {key: rate[kept] for key, rate in draws.rates.items()}
    few = dataclasses.replace(
        draws,
        points=draws.points[kept],
        rates=past,
        tables=draws.tables.coarser(_CELLS).of(kept),
        log_weights=draws.log_weights[kept],
        ahead=draws.ahead[kept],
        which=draws.which[kept],
    )
    rates = {
        key: dataclasses.replace(rate, past=past[key], counted=rate.counted[:, kept])
        for key, rate in outlook.rates.items()
    }
    return dataclasses.replace(outlook, draws=few, rates=rates)


def without(outlook: Outlook, evidence: Evidence) -> tuple[Outlook, float, bool]:
    """Return the posterior under less evidence, the tail of its weights, and whether it was fitted.

    Parameters
    ----------
    outlook : Outlook
    evidence : Evidence
        Part of what the outlook was made from.
    """
    counts = len(outlook.fit.model.evidence.counts)
    khat = float("nan")
    if len(evidence.counts) == counts and (evidence.terms or evidence.counts):
        less = _reweighted(outlook, evidence)
        khat = less.draws.khat
        if khat <= KHAT:
            return less, khat, False
        del less  # a fit needs the memory
    sampler = Sampler(fit(evidence), outlook.days, outlook.seed)
    sampler.extend(_REFIT)
    return outlook_of(sampler, outlook.bend), khat, True


def _reweighted(outlook: Outlook, evidence: Evidence) -> Outlook:
    """Return the posterior under less evidence by new weights of its draws, good or bad."""
    less, sample = model_of(evidence), outlook.draws
    tables, change = sample.tables.reweighted(outlook.change(less))
    weights, khat = smoothed_weights(sample.log_weights + change)
    draws: Draws = dataclasses.replace(sample, tables=tables, log_weights=weights, khat=khat)
    supposed = tuple(
        dataclasses.replace(one, model=less.supposing(one.model.hypothesis))
        for one in outlook.fit.supposed
    )
    return dataclasses.replace(outlook, fit=Fit(supposed), draws=draws)


def _median(outlook: Outlook, quantity: str, basis: str, threshold: float) -> float:
    """Return the day of the median, as :func:`_day_of` does."""
    column = outlook.asked(outlook.figure(quantity, basis), [threshold])[:, 0]
    weights = np.full(column.shape[0], 1 / column.shape[0])
    start = outlook.fit.model.evidence.as_of
    return _day_of(crossing_of(column, weights, threshold, start, prob=_ANY))


def _day_of(read: Crossing) -> float:
    """Return the day of the median, continuous; -inf already passed, inf not within the days."""
    if read.median.offset is None:
        return -np.inf if read.median.state == "already" else np.inf
    return read.median.offset


def _row(  # noqa: PLR0917 - one thing left out
    outlook: Outlook,
    evidence: Evidence,
    asked: _ThresholdKey,
    base: float,
    name: str,
    claim: int | None,
) -> Influence:
    model = outlook.fit.model
    figures = len(model.evidence.terms) - len(evidence.terms)
    figures += sum(len(c.count) for c in model.evidence.counts)
    figures -= sum(len(c.count) for c in evidence.counts)
    if not evidence.terms and not evidence.counts:
        return Influence(name, np.nan, "nothing else is known", figures, claim=claim)
    if not evidence.sized:
        return Influence(name, np.nan, "nothing else says how many", figures, claim=claim)
    less, khat, refitted = without(outlook, evidence)
    try:
        shift, note = _shift(_median(less, *asked), base)
    except InputError:
        shift, note = np.nan, "its own count cannot be told without it"
    surprise = (np.nan, np.nan, np.nan) if claim is None else _surprise(less, model, claim)
    return Influence(name, shift, note, figures, khat, refitted, *surprise, claim)


def _surprise(less: Outlook, model: Model, claim: int) -> tuple[float, float, float]:
    """Return what a claim states, what others expect, and the chance of one so far out."""
    term = next(t for t in model.evidence.terms if t.claim == claim)
    quantity = term.node[1]
    counted = less.fit.model.counted(less.draws.rates[quantity], term.begin, term.end)
    log = np.log(counted / term.divide)
    slope = 1.0
    if term.whole is not None:
        whole = less.fit.model.counted(less.draws.rates[term.whole], term.begin, term.end)
        log, slope = np.log(100 * counted / whole), 0.0
    explicit, more, hidden = less.error(term.node, term.end)
    if hidden is None:
        places = less.draws.tables.quantiles(np.array([0.125, 0.375, 0.625, 0.875]))
        hidden = (places, np.zeros_like(places), np.zeros_like(places))
    places, means, sds = hidden
    middle = (log + explicit)[:, None] + (slope + more) * places + means
    spread = np.hypot(sds, term.reading.spread)
    weights = np.repeat(less.draws.weights.ravel(), places.shape[1])
    weights /= weights.sum()
    below = float(weights @ special.ndtr((term.reading.centre - middle) / spread).ravel())
    order = np.argsort(middle.ravel())
    cumulative = np.cumsum(weights[order])
    centre = middle.ravel()[order][np.searchsorted(cumulative, 0.5)]
    chance = 1.0 - below if term.reading.floor else 2 * min(below, 1 - below)
    return float(np.exp(term.reading.centre)), float(np.exp(centre)), max(chance, 1e-12)
