"""Several totals at once: which threshold comes first, ratios, and the dates of all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import days_ahead
from attrition.core.days import day_from
from attrition.core.laws.reading import check_prob
from attrition.core.refusals import refusal
from attrition.core.simulation import REPLICATES
from attrition.core.threads import one_thread
from attrition.forecasts.asking import PLUS
from attrition.forecasts.resampled import EDGE, Resampled
from attrition.models.assimilation import LATENT, Outlook, redrawn
from attrition.models.assimilation.carry import FATES
from attrition.models.counts.totals import draw_totals

if TYPE_CHECKING:
    import xarray as xr

    from attrition.forecasts.models import Forecast

Event = tuple[str, float] | tuple[str, float, str]
"""A quantity, a threshold [unit], and perhaps whose count: the total itself when left out."""

_EACH = 512  # joint draws of each replicate


@dataclass(frozen=True, slots=True)
class Before(Shown):
    """Which of two thresholds is passed first.

    Parameters
    ----------
    first, second : str
        The events in words.
    first_before, second_before : float
        Probability that the one is passed on an earlier day than the other.
    same_day : float
        Probability that both are passed on the same day.
    passed : float
        Probability that both were passed by the information date, in an order that is not told.
    neither : float
        Probability that neither is passed by the horizon.
    mcse : float
        Largest Monte Carlo standard error of these.

    See Also
    --------
    attrition.Forecast.before : how it is asked.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["kharkiv-advance"], seed=1)
    >>> asked = forecast.before(("kharkiv-advance", 10_000), ("kharkiv-advance", 20_000))
    >>> asked.second_before
    0.0
    """

    first: str
    second: str
    first_before: float
    second_before: float
    same_day: float
    passed: float
    neither: float
    mcse: float


@dataclass(frozen=True, slots=True)
class Ratio(Shown):
    """A ratio of two totals on a day, with its equal-tailed interval.

    Parameters
    ----------
    title : str
    on : datetime.date
    since : datetime.date or None
        First day that is counted; the first days of both counts when None.
    prob : float
    lower, median, upper : float
        Of the ratio [unit of the one by unit of the other].
    mcse : float
        Largest Monte Carlo standard error of these.

    See Also
    --------
    attrition.Forecast.ratio : how it is asked.

    Examples
    --------
    >>> import attrition as at
    >>> asked = ["russian-casualties", "russian-killed"]
    >>> forecast = at.forecast(
    ...     "russia-ukraine-2025-06", quantities=asked, seed=1, horizon="2025-09-30"
    ... )
    >>> ratio = forecast.ratio("russian-casualties", "russian-killed", on="2025-09-01")
    >>> ratio.lower < ratio.median < ratio.upper
    True
    """

    title: str
    on: date
    since: date | None
    prob: float
    lower: float
    median: float
    upper: float
    mcse: float


def outlook_behind(forecast: Forecast, quantity: str) -> Outlook:
    """Return the posterior of the root total of a quantity.

    Raises
    ------
    InputError
        If the forecast was not made from all reports at once.
    """
    parts = quantity.split(PLUS)
    root = forecast.dossier.lineage(parts[0])[-1]
    if root not in forecast.outlooks or len(parts) > 1:
        raise refusal("posterior of one total", f"'{quantity}', of which there is none", "forecast")
    return forecast.outlooks[root]


def dates(forecast: Forecast, events: Sequence[Event]) -> xr.Dataset:
    """Return joint draws of the days on which several thresholds are passed.

    See :meth:`Forecast.dates`.
    """
    import xarray as xr

    if not events:
        raise refusal("events", "none", "events")
    drawn_once = functools.cache(functools.partial(paths_of, forecast))  # of several thresholds
    with one_thread():
        days = [_days(event, drawn_once) for event in events]
    names = [_named(forecast, event) for event in events]
    replicate = np.repeat(np.arange(days[0].shape[0]), days[0].shape[1])
    return xr.Dataset(
        {
            "day": (
                ("draw", "event"),
                np.stack([d.ravel() for d in days], axis=1),
                {
                    "units": "day",
                    "long_name": "days after the information date; 0 by then, inf later",
                },
            )
        },
        coords={
            "event": names,
            "draw": np.arange(replicate.size),
            "replicate": ("draw", replicate),
        },
        attrs={
            "information_date": forecast.information_date.isoformat(),
            "horizon": forecast.horizon.isoformat(),
            "seed": forecast.seed,
        },
    )


def before(forecast: Forecast, one: Event, other: Event) -> Before:
    """Return the probabilities that one threshold is passed before another.

    See :meth:`Forecast.before`.
    """
    table = dates(forecast, [one, other])
    day = table["day"].values.reshape(-1, _EACH, 2)
    a, b = day[..., 0], day[..., 1]
    both = (a == 0) & (b == 0)
    parts = [a < b, b < a, (a == b) & np.isfinite(a) & ~both, both, np.isinf(a) & np.isinf(b)]
    shares = np.array([part.mean(axis=1) for part in parts])
    errors = shares.std(axis=1, ddof=1) / np.sqrt(shares.shape[1])
    names = [str(name) for name in table["event"].values]
    one_first, other_first, same, passed, neither = (float(v) for v in shares.mean(axis=1))
    return Before(
        names[0],
        names[1],
        first_before=one_first,
        second_before=other_first,
        same_day=same,
        passed=passed,
        neither=neither,
        mcse=float(errors.max()),
    )


def ratio(
    forecast: Forecast,
    numerator: str,
    denominator: str,
    *,
    on: date | str | None = None,
    since: date | str | None = None,
    basis: str = LATENT,
    prob: float = 0.9,
) -> Ratio:
    """Return the ratio of two totals on a day, with its interval.

    See :meth:`Forecast.ratio`.
    """
    check_prob(prob)
    drawn = ratio_draws(forecast, numerator, denominator, on=on, since=since, basis=basis)
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    quantiles = np.quantile(drawn, levels, axis=1)
    whole = np.quantile(drawn.ravel(), levels)
    errors = quantiles.std(axis=1, ddof=1) / np.sqrt(quantiles.shape[1])
    names = [forecast.dossier.quantities[key].title for key in (numerator, denominator)]
    return Ratio(
        f"{names[0]} per {names[1]}",
        on=forecast.information_date if on is None else day_from(on, "on"),
        since=None if since is None else day_from(since, "since"),
        prob=prob,
        lower=float(whole[0]),
        median=float(whole[1]),
        upper=float(whole[2]),
        mcse=float(errors.max()),
    )


def ratio_draws(
    forecast: Forecast,
    numerator: str,
    denominator: str,
    *,
    on: date | str | None = None,
    since: date | str | None = None,
    basis: str = LATENT,
) -> Floats:
    """Return draws of a ratio of two totals, equally likely, shape (replicate, draw).

    See :meth:`Forecast.ratio`.
    """
    when = forecast.information_date if on is None else on
    begin = None if since is None else day_from(since, "since")
    offset = days_ahead(when, forecast.information_date, forecast.horizon, "on")
    with one_thread():
        top = _totals(forecast, numerator, basis, offset, begin)
        bottom = _totals(forecast, denominator, basis, offset, begin)
    return np.asarray(top / bottom)


def resampled(forecast: Forecast, key: tuple[str, str]) -> Resampled:
    """Return what whole paths of one total are drawn from."""
    quantity, basis = key
    outlook = outlook_behind(forecast, quantity)
    return Resampled.of(outlook, outlook.figure(quantity, basis))


def _split(event: Event) -> tuple[str, float, str]:
    quantity, threshold, *basis = event
    return quantity, float(threshold), str(basis[0]) if basis else LATENT


def _named(forecast: Forecast, event: Event) -> str:
    quantity, threshold, basis = _split(event)
    titles = [forecast.dossier.find_quantity(part).title for part in quantity.split(PLUS)]
    whose = "" if basis == LATENT else f", {forecast.dossier.sources[basis].name}"
    return f"{' and '.join(titles)} {threshold:,.0f}{whose}"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Draws of one root that are taken together with those of others, shape (replicate, path)."""

    draw: np.ndarray
    future: np.ndarray
    place: Floats


def _chosen(forecast: Forecast, root: str) -> _Chosen:
    """Choose draws of a root evenly by their weights, and futures and places on the line."""
    outlook = forecast.outlooks[root]
    order = list(forecast.outlooks).index(root)
    weights = outlook.draws.weights
    futures = outlook.draws.ahead.shape[1]
    draw = np.empty((weights.shape[0], _EACH), dtype=np.intp)
    future, place = np.empty_like(draw), np.empty(draw.shape)
    for r, row in enumerate(weights):
        stream = np.random.default_rng(
            np.random.SeedSequence(forecast.seed, spawn_key=(r, 5, order))
        )
        cumulative = np.cumsum(row)
        at = (np.arange(_EACH) + stream.random()) / _EACH * cumulative[-1]
        rows = np.minimum(np.searchsorted(cumulative, at), cumulative.size - 1)
        draw[r] = stream.permutation(rows) + r * cumulative.size
        future[r] = stream.integers(futures, size=_EACH)
        place[r] = stream.uniform(EDGE, 1 - EDGE, _EACH)
    return _Chosen(draw, future, place)


def _together(forecast: Forecast, root: str, chosen: _Chosen) -> tuple[Outlook, _Chosen]:
    """Return the posterior of a root whose futures go with those of the first, as far as asked.

    What drives the weeks ahead, and whether and when a rate dies away, is then a common part and
    one of its own: normals of correlation ``common_pace``.
    """
    outlook, share = forecast.outlooks[root], forecast.question.common_pace
    first = next(iter(forecast.outlooks))
    if root == first or not share:
        return outlook, chosen
    leading = _chosen(forecast, first)
    theirs = forecast.outlooks[first].draws.ahead[leading.draw, leading.future]
    mine = outlook.draws.ahead[chosen.draw, chosen.future]
    # of each root, two lines more than weeks
    lines = [outlook.rates[root].counted.shape[0] for root, outlook in forecast.outlooks.items()]
    alike = FATES + min(lines) - 2
    ahead = mine.copy()
    ahead[..., :alike] = share * theirs[..., :alike] + np.sqrt(1 - share**2) * mine[..., :alike]
    order = list(forecast.outlooks).index(root)
    streams = [
        np.random.default_rng(np.random.SeedSequence(forecast.seed, spawn_key=(r, 8, order)))
        for r in range(chosen.draw.shape[0])
    ]
    flat = ahead.reshape(-1, ahead.shape[-1])
    other = redrawn(outlook, chosen.draw.ravel(), flat, streams)
    every = np.arange(chosen.draw.size).reshape(chosen.draw.shape)
    return other, _Chosen(every, np.zeros_like(every), chosen.place)


def drawn(forecast: Forecast, quantity: str, basis: str) -> tuple[Outlook, Floats, np.ndarray]:
    """Return equally likely paths of a total, and of what it is made of before the first day.

    Totals of one root share their draws, their futures and their places on the line; those of
    different roots are paired at random, and their futures as far as the question says.

    Returns
    -------
    outlook : Outlook
    values : ndarray of float, shape (replicate, path, node)
        The figure on every node [unit].
    draw : ndarray of int, shape (replicate, path)
        The draw of the outlook that each belongs to.
    """
    outlook_behind(forecast, quantity)
    root = forecast.dossier.lineage(quantity)[-1]
    outlook, chosen = _together(forecast, root, _chosen(forecast, root))
    names = (list(forecast.dossier.quantities), [LATENT, *forecast.dossier.sources])
    own = (names[0].index(quantity), names[1].index(basis))
    order = list(forecast.outlooks).index(root)
    uniform = np.empty((3, *chosen.draw.shape))
    uniform[0] = chosen.place
    for r in range(chosen.draw.shape[0]):
        # errors of other sources, and words, are told apart by what they are of
        other = np.random.SeedSequence(forecast.seed, spawn_key=(r, 7, order, *own))
        uniform[1:, r] = np.random.default_rng(other).uniform(EDGE, 1 - EDGE, (2, _EACH))
    source = Resampled.of(outlook, outlook.figure(quantity, basis))
    values = source.values(chosen.draw.ravel(), chosen.future.ravel(), uniform.reshape(3, -1))
    return outlook, values.reshape(*chosen.draw.shape, -1), chosen.draw


def paths_of(forecast: Forecast, quantity: str, basis: str) -> tuple[Floats, Floats]:
    """Return days after the information date, and paths on them, (replicate, path, day)."""
    if forecast.pace is None:
        parts = [drawn(forecast, part, basis)[:2] for part in quantity.split(PLUS)]
        nodes = parts[0][0].nodes.astype(float)  # the same of all: they reach to one horizon
        return nodes, np.sum([values for _, values in parts], axis=0)
    law = forecast.law(quantity, None if basis == LATENT else basis)
    days = (law.horizon - law.information_date).days
    totals = draw_totals(forecast.pace, days, REPLICATES * _EACH, rng=forecast.seed)
    return np.arange(days + 1.0), totals.reshape(REPLICATES, _EACH, -1)


def _days(event: Event, paths: Callable[[str, str], tuple[Floats, Floats]]) -> Floats:
    """Return the day on which a threshold is passed, shape (replicate, draw)."""
    quantity, threshold, basis = _split(event)
    nodes, values = paths(quantity, basis)
    reached = np.maximum.accumulate(values, axis=-1) >= threshold
    at = np.argmax(reached, axis=-1)
    right = np.take_along_axis(values, at[..., None], axis=-1)[..., 0]
    before_ = np.maximum(at - 1, 0)
    left = np.take_along_axis(values, before_[..., None], axis=-1)[..., 0]
    share = np.clip((threshold - left) / np.where(right > left, right - left, 1.0), 0.0, 1.0)
    day = np.ceil(nodes[before_] + share * (nodes[at] - nodes[before_]) - 1e-9)
    day = np.where(at == 0, 0.0, day)
    return np.where(reached[..., -1], day, np.inf)


def _totals(
    forecast: Forecast, quantity: str, basis: str, offset: int, since: date | None
) -> Floats:
    """Return a total on a day, or what is counted since another, shape (replicate, draw)."""
    outlook, values, draw = drawn(forecast, quantity, basis)
    begin = 0.0
    if since is not None:
        begin = float(outlook.fit.model.evidence.day(since) - 1)
        if not 0 <= begin <= outlook.fit.model.evidence.days:
            raise refusal(
                "since within a count", str(since), "since", first=outlook.fit.model.evidence.first
            )
    start = values[..., 0] * outlook.share_by(quantity, begin)[draw] if begin else 0.0
    nodes = outlook.nodes
    right = min(int(np.searchsorted(nodes, offset)), nodes.size - 1)
    left = max(right - 1, 0) if nodes[right] > offset else right
    span = nodes[right] - nodes[left]
    share = (offset - nodes[left]) / span if span else 0.0
    return np.asarray((1 - share) * values[..., left] + share * values[..., right] - start)
