"""What the date owes to the assumptions: one at a time, and as shares of its variance."""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.errors import AttritionWarning, clip, refusal
from attrition.core.laws import crossing
from attrition.core.streams import seed_of
from attrition.data.dossier import Assumption, Dossier
from attrition.data.dossier.models import BY_KIND
from attrition.data.elicitation import lexicon_of
from attrition.data.series import Series
from attrition.forecasts.asking import of_kind
from attrition.forecasts.assimilated import assimilate
from attrition.forecasts.door import forecast_series
from attrition.forecasts.models import Forecast
from attrition.forecasts.question import Question
from attrition.models.assimilation.evidence import evidence_of, recordings_of
from attrition.models.assimilation.learnt import learnt
from attrition.models.assimilation.paces import noise_of
from attrition.models.pace import Prior

if TYPE_CHECKING:
    import xarray as xr

FACTORS: Mapping[str, tuple[float, float]] = dict.fromkeys(
    ("spread", "day_noise", "source_error", "source_drift", "share_volatility", "hedge_widths"),
    (0.5, 2.0),
)
"""Assumptions that are varied, each from half to twice what is assumed, evenly on the log scale."""

COUNT_FACTORS: Mapping[str, tuple[float, float]] = dict.fromkeys(
    ("volatility", "spread", "breaks", "hazard"), (0.5, 2.0)
)
"""The same of a recorded count: fields of :class:`attrition.pace.Prior`, volatility its ladder."""

END = ("end_hazard", (0.0, 0.001))
"""The end of the fighting, from none to one chance in a thousand a day, evenly."""

_ROUGH = 64  # points per replicate
_LEAST = 2  # evaluations for each term of the polynomial


def sensitivity(  # noqa: PLR0913 - a question, and how it is varied
    data: Dossier | Series,
    quantity: str | None,
    threshold: float,
    *,
    rng: Rng,
    basis: str = "latent",
    as_of: date | str | None = None,
    horizon: date | str | None = None,
    kind: str | None = None,
    factors: Mapping[str, tuple[float, float]] | None = None,
    end_hazard: tuple[float, float] = END[1],
    points: int = 64,
) -> xr.Dataset:
    """Return how the median day of a crossing depends on what is assumed.

    Parameters
    ----------
    data : Dossier or Series
    quantity : str or None
        Of a dossier; a recorded count has one.
    basis : str
        Whose count of it, in a dossier.
    threshold : float
        The total [unit].
    rng : int or Generator
        Seed, the same for every variant, so that their differences carry little noise.
    as_of, horizon, kind
        As in :func:`attrition.forecast`.
    factors : mapping of str to tuple, optional
        Assumption -> least and largest multiple of what is assumed; ``FACTORS``, or of a
        recorded count ``COUNT_FACTORS``, when left out. ``"hedge_widths"`` multiplies the width
        of every hedge.
    end_hazard : tuple of float
        Least and largest probability per day of an end [1/day].
    points : int
        Variants in which all assumptions vary at once; 0 for one at a time only.

    Returns
    -------
    xarray.Dataset, dims (item,)
        For each assumption ``lower_days`` and ``upper_days``, the median at its least and largest
        value less the median as assumed [day], NaN where either is no day within the forecast;
        and shares of the variance of the median when all vary independently: ``first`` (Sobol,
        alone), ``total`` (Sobol, with all interactions) and ``shapley``, which sum to one. Attrs
        hold ``r_squared`` of the polynomial from which the shares are read, and how many variants
        had a median within the forecast.

    Raises
    ------
    InputError
        If too few variants have a median within the forecast for the shares to be told.

    See Also
    --------
    attrition.forecasts.influence : what the reports move.
    attrition.plots.tornado : a picture of it.

    Notes
    -----
    The shares are those of a polynomial of second order in the assumptions, fitted to the
    variants: Sudret (2008), doi:10.1016/j.ress.2007.04.002. Shapley values divide an interaction
    evenly: Owen (2014), doi:10.1137/130936233.

    Examples
    --------
    >>> import attrition as at
    >>> table = at.forecasts.sensitivity(
    ...     at.read_dossier("russia-ukraine-2025-06"),
    ...     "kharkiv-advance",
    ...     10_000,
    ...     rng=1,
    ...     factors={"hedge_widths": (0.5, 2)},
    ...     points=0,
    ... )
    >>> table["item"].values.tolist()
    ['hedge_widths', 'end_hazard']
    """
    import xarray as xr

    seed = seed_of(rng)
    asked = Question(
        thresholds=[threshold], bases=basis, as_of=as_of, horizon=horizon, seed=seed, size=_ROUGH
    )
    if isinstance(data, Series):
        answer, usual_ranges, title = _of_count(data, asked, kind)
    elif isinstance(data, Dossier):
        answer, usual_ranges, title = _of_reports(data, quantity, asked, kind)
    else:
        raise refusal("data of a sensitivity", clip(data), "data")
    ranges = dict(usual_ranges if factors is None else factors)
    names = [*ranges, END[0]]
    least = _LEAST * len(_terms(len(names)))
    if 0 < points < least:
        raise refusal("number of variants", f"{points}", "points", number=len(names), least=least)

    def median(unit: Floats) -> float:
        """Return the median where each assumption lies at a place, 0 to 1, between its ends."""
        pairs = zip(ranges.items(), unit, strict=False)
        values = {n: float(low * (high / low) ** u) for (n, (low, high)), u in pairs}
        hazard = end_hazard[0] + unit[-1] * (end_hazard[1] - end_hazard[0])
        with warnings.catch_warnings():  # the tolerance is rough here
            warnings.simplefilter("ignore", AttritionWarning)
            varied_answer = answer(values, hazard)
        laws = varied_answer.unconditional or varied_answer.laws
        middle = crossing(next(iter(laws.values())), threshold).median
        return float("nan") if middle.offset is None else float(middle.offset)

    usual = np.array([*(np.log(1 / a) / np.log(b / a) for a, b in ranges.values()), 0.0])
    base = median(usual)
    ends = np.full((len(names), 2), np.nan)
    for i, j in itertools.product(range(len(names)), (0, 1)):
        unit = usual.copy()
        unit[i] = float(j)
        ends[i, j] = 0.0 if unit[i] == usual[i] else median(unit) - base
    shares, attrs = _shares(median, len(names), points, seed, title) if points else ({}, {})
    return xr.Dataset(
        {
            "lower_days": ("item", ends[:, 0], {"units": "day"}),
            "upper_days": ("item", ends[:, 1], {"units": "day"}),
            **{name: ("item", value) for name, value in shares.items()},
        },
        coords={"item": names},
        attrs={
            "title": f"What the day of {threshold:,.0f} owes to the assumptions",
            "detail": f"{title}: days by which the median moves as each goes from its least "
            "to its largest value.",
            **attrs,
        },
    )


_Varied = Callable[[Mapping[str, float], float], Forecast]
"""Of multiples of what is assumed, and the probability per day of an end."""


def _of_reports(
    dossier: Dossier, quantity: str | None, asked: Question, kind: str | None
) -> tuple[_Varied, Mapping[str, tuple[float, float]], str]:
    """Return the answer of a dossier under other assumptions, those that are varied, and whose."""
    if quantity is None:
        raise refusal(
            "total of a dossier", "none", "quantity", quantities=", ".join(dossier.quantities)
        )
    named = dossier if kind is None else of_kind(dossier, kind)
    what = named.find_quantity(quantity)
    root = named.lineage(quantity)[-1]
    known = asked.as_of or named.latest_published
    # what it leaves open is learnt once, so that it can be varied
    evidence = evidence_of(named, root, as_of=known, series=recordings_of(named))
    settled = learnt(evidence).dossier
    ranges = dict(FACTORS)
    if what.part_of is None:
        ranges.pop("share_volatility")

    def answer(values: Mapping[str, float], hazard: float) -> Forecast:
        question = asked.changed(quantities=[quantity], end_hazard=hazard)
        return assimilate(varied(settled, values), question)

    return answer, ranges, what.title


def _of_count(
    series: Series, asked: Question, kind: str | None
) -> tuple[_Varied, Mapping[str, tuple[float, float]], str]:
    """Return the same of a recorded count."""
    prior = Prior() if kind is None else Prior.of_kind(kind)

    def answer(values: Mapping[str, float], hazard: float) -> Forecast:
        changes: dict[str, Any] = {
            name: getattr(prior, name) * multiple
            for name, multiple in values.items()
            if name != "volatility"
        }
        rungs = tuple(sigma * values.get("volatility", 1.0) for sigma in prior.sigmas)
        other = dataclasses.replace(prior, sigmas=rungs, **changes)
        return forecast_series(series, asked.changed(prior=other, end_hazard=hazard))

    return answer, COUNT_FACTORS, series.name or "recorded total"


def varied(dossier: Dossier, multiples: Mapping[str, float]) -> Dossier:
    """Return a dossier in which assumptions are multiplied, for every total.

    Parameters
    ----------
    dossier : Dossier
    multiples : mapping of str to float
        Assumption, or ``"hedge_widths"``, -> multiple.
    """
    wanted = dict(multiples)
    hedges = wanted.pop("hedge_widths", 1.0)
    changed = {}
    for key, what in dossier.quantities.items():
        changes = {}
        for name, multiple in wanted.items():
            now = dossier.assumption(name, key)
            value = noise_of(dossier, key) if now.value == BY_KIND else float(now.value)
            changes[name] = Assumption(value=value * multiple, reason=now.reason, origin="varied")
        changed[key] = what.model_copy(
            update={"assumptions": what.assumptions.model_copy(update=changes)}
        )
    update: dict[str, object] = {"quantities": changed}
    if hedges != 1:  # then overrides multiply the width of every hedge
        update["hedges"] = wide = dict[str, dict[str, object]]()
        for row in lexicon_of(dossier).rows:
            own = {**dossier.hedges.get(row.key, {}), "inflate": row.inflate * hedges}
            if row.below or row.above:
                own |= {"below": min(row.below * hedges, 0.99), "above": row.above * hedges}
            wide[row.key] = own
    return dossier.model_copy(update=update)


def _shares(
    median: Callable[[Floats], float], size: int, points: int, seed: int, title: str
) -> tuple[dict[str, Floats], dict[str, float]]:
    """Fit a polynomial of second order to variants, and return shares of its variance."""
    from scipy.stats import qmc

    terms = _terms(size)
    design = qmc.LatinHypercube(size, rng=np.random.default_rng(seed)).random(points)
    medians = np.array([median(unit) for unit in design])
    good = np.isfinite(medians)
    if good.sum() < _LEAST * len(terms):
        got = f"{int(good.sum())} of {points}"
        raise refusal("variants with a median", got, f"sensitivity of '{title}'")
    matrix = np.array([_value(term, 2 * design[good] - 1) for term in terms]).T
    weights, *_ = np.linalg.lstsq(matrix, medians[good], rcond=None)
    left = medians[good] - matrix @ weights
    variance = weights[1:] ** 2
    whole = float(variance.sum()) or 1.0
    first, total, shapley = (np.zeros(size) for _ in range(3))
    for term, part in zip(terms[1:], variance, strict=True):
        who = sorted(set(term))
        for i in who:
            total[i] += part / whole
            shapley[i] += part / whole / len(who)
        if len(who) == 1:
            first[who[0]] += part / whole
    fitted = 1 - float(left.var() / max(float(medians[good].var()), 1e-300))
    attrs = {"r_squared": fitted, "variants": float(points), "within": float(good.sum())}
    return {"first": first, "total": total, "shapley": shapley}, attrs


def _terms(size: int) -> list[tuple[int, ...]]:
    """Return the terms of a polynomial of second order, each as the variables it multiplies."""
    pairs = itertools.combinations_with_replacement(range(size), 2)
    return [(), *((i,) for i in range(size)), *pairs]


def _value(term: Sequence[int], x: Floats) -> Floats:
    """Return a product of Legendre polynomials of unit variance on [-1, 1]."""
    out = np.ones(x.shape[0])
    for i in set(term):
        degree = list(term).count(i)
        one = x[:, i]
        out = out * (np.sqrt(3) * one if degree == 1 else np.sqrt(5) * (1.5 * one**2 - 0.5))
    return np.asarray(out)
