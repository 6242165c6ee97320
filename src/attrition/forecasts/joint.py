"""Joint draws of totals: dates of several thresholds, ratios, what is added, and sums."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.checks import check_prob, days_ahead, number_within, whole_number
from attrition.core.days import day_from, days_from
from attrition.core.errors import clip, refusal
from attrition.core.laws import Law, Provenance, make_law, totals_of
from attrition.core.laws.law import falling
from attrition.core.simulation import REPLICATES
from attrition.core.streams import stream
from attrition.core.workers import one_thread
from attrition.forecasts.asking import PLUS, assumed_end, ending, thresholds_from
from attrition.forecasts.resampled import EDGE, Resampled
from attrition.models.assimilation.carry import FATES
from attrition.models.assimilation.evidence import LATENT
from attrition.models.assimilation.outlook import Outlook, redrawn
from attrition.models.counts.totals import draw_totals

if TYPE_CHECKING:
    import xarray as xr

    from attrition.forecasts.assimilated import Outlooks
    from attrition.forecasts.models import Forecast

Event = tuple[str, float] | tuple[str, float, str]
"""A quantity, a threshold [unit], and perhaps whose count: the total itself when left out."""

Of = tuple[str | None, str | None]
"""A quantity and whose count; the first that was forecast where None."""

Stretches = tuple[str | int, Sequence[date | str] | None]
"""Stretches by name or days of one, or their last days."""

SpanAsked = tuple[date | str | None, date | str | None]
"""A day that is asked about, behind the one from which is counted: all of it where None."""

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
    error = float((shares.std(axis=1, ddof=1) / np.sqrt(shares.shape[1])).max())
    sooner, later, same, passed, neither = shares.mean(axis=1).tolist()
    first, second = table["event"].values.tolist()
    return Before(first, second, sooner, later, same, passed, neither, error)


def ratio(
    forecast: Forecast, pair: tuple[str, str], span: SpanAsked, basis: str, prob: float
) -> Ratio:
    """Return the ratio of two totals on a day, with its interval.

    See :meth:`Forecast.ratio`.
    """
    check_prob(prob)
    since, on = span
    drawn = ratio_draws(forecast, *pair, on=on, since=since, basis=basis)
    ends, mcse = _central(drawn, prob)
    names = [forecast.dossier.quantities[key].title for key in pair]
    day = forecast.information_date if on is None else day_from(on, "on")
    begin = None if since is None else day_from(since, "since")
    return Ratio(f"{names[0]} per {names[1]}", day, begin, prob, *ends, mcse)


def _central(draws: Floats, prob: float) -> tuple[tuple[float, float, float], float]:
    """Return both ends and the median of draws, (replicate, path), and their largest error."""
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    each = np.quantile(draws, levels, axis=1)
    errors = each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])
    lower, median, upper = np.quantile(draws, levels).tolist()
    return (lower, median, upper), float(errors.max())


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
        top = _total(forecast, numerator, basis, offset, begin)
        bottom = _total(forecast, denominator, basis, offset, begin)
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
        own = stream(forecast.seed, r, 5, order)
        cumulative = np.cumsum(row)
        at = (np.arange(_EACH) + own.random()) / _EACH * cumulative[-1]
        rows = np.minimum(np.searchsorted(cumulative, at), cumulative.size - 1)
        draw[r] = own.permutation(rows) + r * cumulative.size
        future[r] = own.integers(futures, size=_EACH)
        place[r] = own.uniform(EDGE, 1 - EDGE, _EACH)
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
    alike = FATES + min(cast("Outlooks", forecast.outlooks).weeks.values())
    ahead = mine.copy()
    ahead[..., :alike] = share * theirs[..., :alike] + np.sqrt(1 - share**2) * mine[..., :alike]
    order = list(forecast.outlooks).index(root)
    streams = [stream(forecast.seed, r, 8, order) for r in range(chosen.draw.shape[0])]
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
        other = stream(forecast.seed, r, 7, order, *own)
        uniform[1:, r] = other.uniform(EDGE, 1 - EDGE, (2, _EACH))
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


def _total(
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


# ------------------------------------------------------------------ what is added

EVERY = {"day": 1, "week": 7, "month": 0}
"""Stretches by name [day]; a month ends on its last day."""


@dataclass(frozen=True, slots=True)
class Increment(Shown):
    """What is added after one day and by the end of another: equal-tailed interval and median.

    Parameters
    ----------
    since, on : datetime.date
    prob : float
    lower, median, upper : float
        [unit]
    mcse : float
        Largest Monte Carlo standard error of the three [unit].
    """

    since: date
    on: date
    prob: float
    lower: float
    median: float
    upper: float
    mcse: float


def increment_of(
    forecast: Forecast, since: date | str, on: date | str, of: Of, prob: float
) -> tuple[Increment, Floats]:
    """Return what is added between two days, and its draws, shape (replicate, path) [unit].

    See :meth:`Forecast.increment`.
    """
    check_prob(prob)
    first, last = day_from(since, "since"), day_from(on, "on")
    if first >= last:
        raise refusal("since before on", f"{first} and {last}", "on")
    added = np.diff(totals_on(forecast, *of, [first, last]), axis=2)[..., 0]
    ends, mcse = _central(added, prob)
    return Increment(first, last, prob, *ends, mcse), added


def increments(forecast: Forecast, of: Of, stretches: Stretches, prob: float) -> xr.Dataset:
    """Return what is added in each of some stretches of days that follow one another.

    See :meth:`Forecast.increments`.
    """
    import xarray as xr

    check_prob(prob)
    days, added = added_in(forecast, of, stretches)
    rows = [_central(added[..., index], prob) for index in range(added.shape[2])]
    what = forecast.law(*of).provenance
    unit = {"units": what.unit}
    columns = np.array([[*levels, mcse] for levels, mcse in rows]).reshape(-1, 4)
    names = ("lower", "median", "upper", "mcse")
    return xr.Dataset(
        {
            **{name: ("time", column, unit) for name, column in zip(names, columns.T, strict=True)},
            "draws": (("draw", "time"), added.reshape(-1, added.shape[2]), unit),
        },
        coords={
            "time": ("time", np.array(days[1:], "datetime64[s]"), {"long_name": "end of day"}),
            "since": ("time", np.array(days[:-1], "datetime64[s]")),
        },
        attrs={"title": what.title, "prob": prob, "seed": forecast.seed},
    )


def added_in(forecast: Forecast, of: Of, stretches: Stretches) -> tuple[list[date], Floats]:
    """Return the ends of stretches after the day before the first, and what is added in each.

    Shape (replicate, path, stretch) [unit].
    """
    (every, on), known, last = stretches, forecast.information_date, forecast.horizon
    ends = _ends(known, last, every) if on is None else sorted(set(days_from(on, "on")))
    days = [known, *(day for day in ends if day > known)]
    return days, np.diff(totals_on(forecast, *of, days), axis=2)


def _ends(known: date, last: date, every: str | int) -> list[date]:
    """Return the last days of stretches, each wholly within the days of the law."""
    if every == "month":
        months = [
            date(known.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            for month in range(known.month, known.month + 12 * (last.year - known.year + 1) + 12)
        ]
        return [day for day in months if known < day <= last]
    length = EVERY.get(every) if isinstance(every, str) else every
    if isinstance(every, bool) or not isinstance(length, (int, np.integer)) or length < 1:
        raise refusal("stretches of days", clip(every), "every")
    count = (last - known).days // int(length)
    return [known + timedelta(days=int(length) * (index + 1)) for index in range(count)]


def totals_on(
    forecast: Forecast, quantity: str | None, basis: str | None, days: Sequence[date]
) -> Floats:
    """Return totals at the ends of some days, shape (replicate, path, day)."""
    law = forecast.law(quantity, basis)
    span = (forecast.information_date, forecast.horizon)
    offsets = np.array([days_ahead(day, *span, "on") for day in days], dtype=float)
    nodes, values = paths_of(forecast, law.provenance.quantity, law.provenance.basis)
    right = np.clip(np.searchsorted(nodes, offsets), 1, nodes.size - 1)
    share = (offsets - nodes[right - 1]) / (nodes[right] - nodes[right - 1])
    before = values[..., right - 1]
    return np.asarray(before + share * (values[..., right] - before))  # which never falls


# ------------------------------------------------------------------ sums


def of_sum(forecast: Forecast, parts: Sequence[str]) -> Forecast:
    """Return the forecast of a sum, from that of its parts, as the question asks about it."""
    dossier, asked, key = forecast.dossier, forecast.question, PLUS.join(parts)
    thresholds = thresholds_from(asked.thresholds or ())
    hazard, scenario = asked.end_hazard, asked.scenario
    hazards = {float(assumed_end(dossier, part, hazard, scenario)[1]) for part in parts}
    if len(hazards) > 1:
        got = f"end hazards of {', '.join(f'{value:g}' for value in sorted(hazards))}"
        raise refusal("ending together", got, ", ".join(parts))
    bases = asked.bases or (LATENT,)
    laws = {(parts[0], basis): summed(forecast, parts, thresholds, basis) for basis in bases}
    ended = ending(dossier, laws, hazard, scenario)  # as the first of them, and so as all
    return dataclasses.replace(
        forecast,
        laws={(key, basis): law for (_, basis), law in laws.items()},
        thresholds={key: thresholds},
        others=(),
        unconditional={(key, basis): law for (_, basis), law in ended.items()},
    )


def summed(
    forecast: Forecast, quantities: Sequence[str], thresholds: Sequence[float], basis: str
) -> Law:
    """Return the law of several totals together.

    See :meth:`Forecast.sum`.
    """
    _check(forecast, quantities)
    asked = thresholds_from(thresholds)
    with one_thread():
        parts = [drawn(forecast, key, basis) for key in quantities]
    outlook = parts[0][0]  # all reach to one horizon, by the same nodes
    values: Floats = np.sum([paths for _, paths, _ in parts], axis=0)
    rising = np.maximum.accumulate(values, axis=2)
    passed = np.stack([(rising >= threshold).mean(axis=1) for threshold in asked], axis=1)
    law = make_law(
        falling(outlook.daily(passed), asked),
        asked,
        forecast.information_date,
        _stated(forecast, quantities, basis),
    )
    return law.with_totals(lambda: totals_of(list(rising), outlook.nodes))


def _check(forecast: Forecast, quantities: Sequence[str]) -> None:
    """Refuse what cannot be added."""
    dossier = forecast.dossier
    keys = [] if isinstance(quantities, str) else list(quantities)
    units = {dossier.find_quantity(key).unit for key in keys}
    pairs = list(itertools.permutations(keys, 2))
    nested = [key for key, other in pairs if key == other or other in dossier.lineage(key)[1:]]
    if len(keys) < 2 or len(units) > 1 or nested:  # noqa: PLR2004 - a sum
        got = f"{nested[0]} is counted twice" if nested else ", ".join(keys) or repr(quantities)
        got = f"{got} [{', '.join(sorted(units))}]" if len(units) > 1 else got
        raise refusal("totals that add", got, "quantities")


def _stated(forecast: Forecast, quantities: Sequence[str], basis: str) -> Provenance:
    """Return the provenance of a sum, from those of its parts."""
    parts = [forecast.law(key, basis).provenance for key in quantities]
    first, share = parts[0], forecast.question.common_pace
    titles = [part.title for part in parts]
    title = f"{', '.join(titles[:-1])} and {titles[-1]} together"
    origin = "argument" if share else "library default"
    common = ("common_pace", share, "correlation of the paces ahead", origin)
    return Provenance(
        quantity=PLUS.join(quantities),
        title=title,
        definition="; ".join(dict.fromkeys(part.definition for part in parts)),
        subject=title,
        verb="pass",
        unit=first.unit,
        basis=basis,
        basis_name=first.basis_name,
        condition=first.condition,
        scenario=first.scenario,
        sources=tuple(dict.fromkeys(name for part in parts for name in part.sources)),
        model=first.model,
        seed=first.seed,
        points=min(part.points for part in parts),
        sampling="joint draws of a posterior",
        version=first.version,
        dossier=first.dossier,
        sha256=first.sha256,
        figures=sum(part.figures for part in parts),
        independent_sources=max(part.independent_sources for part in parts),
        assumptions=(*_assumed(parts), common),
        floors=any(part.floors for part in parts),
    )


def _assumed(parts: Sequence[Provenance]) -> list[tuple[str, float | str, str, str]]:
    """Return what the laws of the parts rest on; what they do not share is named with its part."""
    shared = set.intersection(*(set(part.assumptions) for part in parts))
    rows = {
        row if row in shared else (f"{row[0]} of {part.quantity}", *row[1:]): None
        for part in parts
        for row in part.assumptions
    }
    return list(rows)


# Events of a flow: a month above so many, the day on which a rate falls below, the peak week.
#
# Each is a mean over joint draws of what is added in stretches of days: an event of several
# stretches cannot be read from their intervals.


@dataclass(frozen=True, slots=True)
class FlowEvent(Shown):
    """How likely something happens to what is added in stretches of days, and when first.

    Parameters
    ----------
    event : str
        What was asked, in words.
    prob : float
        Probability of the interval of the first.
    probability : float
        That it happens in any of the stretches.
    mcse : float
        Largest Monte Carlo standard error of the probabilities.
    lower, median, upper : datetime.date or None
        Last day of the first stretch in which it happens; None where that is in none of them.
    ends : tuple of datetime.date
        Last days of the stretches.
    each : tuple of float
        Probability of the event in each of them.

    See Also
    --------
    attrition.Forecast.exceeds : a month above so many.
    attrition.Forecast.falls_below : the day on which a rate does.
    attrition.Forecast.peak : the week that adds most.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-killed"])
    >>> peak = forecast.peak(every="month")
    >>> peak.probability, len(peak.each), round(sum(peak.each), 6)
    (1.0, 24, 1.0)
    """

    event: str
    prob: float
    probability: float
    mcse: float
    lower: date | None
    median: date | None
    upper: date | None
    ends: tuple[date, ...]
    each: tuple[float, ...]


def event_of(
    happens: NDArray[np.bool_], ends: Sequence[date], event: str, prob: float
) -> FlowEvent:
    """Return what draws say of an event.

    Parameters
    ----------
    happens : ndarray of bool, shape (replicate, path, stretch)
        Whether it does.
    ends : sequence of datetime.date
        Last days of the stretches.
    event : str
    prob : float
    """
    check_prob(prob)
    once = happens.any(axis=2)
    shares = np.column_stack([once.mean(axis=1), happens.mean(axis=1)])
    error = shares.std(axis=0, ddof=1).max() / np.sqrt(len(shares))
    first = np.where(once, happens.argmax(axis=2), len(ends))
    levels = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    places = np.quantile(first, levels, method="inverted_cdf").astype(int)
    lower, median, upper = (ends[place] if place < len(ends) else None for place in places)
    anywhere, *each = shares.mean(axis=0).tolist()
    return FlowEvent(
        event, prob, anywhere, float(error), lower, median, upper, tuple(ends), tuple(each)
    )


def exceeds(
    forecast: Forecast, amount: float, of: Of, stretches: Stretches, prob: float
) -> FlowEvent:
    """Return in which stretches more than an amount is added; see :meth:`Forecast.exceeds`."""
    number_within(amount, "amount of a flow", "amount")
    ends, added, length = _added(forecast, of, stretches)
    return event_of(added > amount, ends, f"more than {amount:,.10g} in a {length}", prob)


def peak(forecast: Forecast, of: Of, stretches: Stretches, prob: float) -> FlowEvent:
    """Return which stretch adds most; see :meth:`Forecast.peak`."""
    ends, added, length = _added(forecast, of, stretches)
    most = np.eye(len(ends), dtype=bool)[added.argmax(axis=2)]
    return event_of(most, ends, f"the {length} that adds most", prob)


def falls_below(forecast: Forecast, rate: float, over: int, of: Of, prob: float) -> FlowEvent:
    """Return when some days added less than a rate; see :meth:`Forecast.falls_below`."""
    number_within(rate, "amount of a flow", "rate", above=True)
    days = (forecast.horizon - forecast.information_date).days
    length = whole_number(over, "over", least=1, most=days)
    every = [forecast.information_date + timedelta(days=day) for day in range(days + 1)]
    totals = totals_on(forecast, *of, every)
    below = totals[..., length:] - totals[..., :-length] < rate * length
    return event_of(below, every[length:], f"under {rate:,.10g} a day over {length} days", prob)


def _added(forecast: Forecast, of: Of, stretches: Stretches) -> tuple[list[date], Floats, str]:
    """Return the ends of stretches, what is added, (replicate, path, stretch), and their name."""
    (_, *ends), added = added_in(forecast, of, stretches)
    every, on = stretches
    if not ends:
        raise refusal("stretch ahead", f"none by {forecast.horizon}", "every")
    return ends, added, "stretch" if on else every if isinstance(every, str) else f"{every} days"
