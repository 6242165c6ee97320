"""The one door: a question is put to data, and the model that fits the data answers it."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import re
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from attrition.core.checks import check_seconds, check_type
from attrition.core.errors import UnfinishedError, clip, refusal
from attrition.core.laws import Law
from attrition.core.laws.scenarios import Scenario
from attrition.core.neighbours import Frame
from attrition.core.simulation import Limits, RoundProgress
from attrition.core.workers import Workers
from attrition.data.dossier import Claim, Dossier, dossier_of, read_dossier
from attrition.data.dossier.files import BUNDLED
from attrition.data.series import Series
from attrition.data.series.series import next_rounds
from attrition.forecasts.asking import (
    described,
    ending,
    horizon_of,
    parts_of,
    supposed,
    thresholds_from,
    worded,
)
from attrition.forecasts.assimilated import assimilate
from attrition.forecasts.joint import Event, of_sum
from attrition.forecasts.models import Forecast
from attrition.forecasts.question import MODELS, Question
from attrition.models.assimilation.evidence import evidence_of, recordings_of
from attrition.models.assimilation.network import Node
from attrition.models.counts.counted import count_ahead
from attrition.models.counts.totals import start_of_count, totals_of_count
from attrition.models.pace import Prior, Priors, fit_pace

if TYPE_CHECKING:
    import xarray as xr

Data = Dossier | Series | Sequence[Claim] | str | Path | Frame
"""A dossier, a recorded count, claims, a frame of either kind, or the path of a file."""


def read_data(data: Data | xr.DataArray | xr.Dataset) -> Dossier | Series:
    """Return the dossier or the recorded count that was given, read if it must be.

    Parameters
    ----------
    data : Dossier, Series, list of Claim, data frame, xarray object, str or pathlib.Path
        A path that ends in ``.toml`` and the name of a bundled dossier are dossiers; every other
        path, and every frame, is a recorded count.

    Raises
    ------
    InputError
        If it is none of these, or cannot be read.

    Examples
    --------
    >>> read_data("russia-ukraine-2025-06").id
    'russia-ukraine-2025-06'
    """
    if isinstance(data, (Dossier, Series)):
        return data
    if isinstance(data, Claim):
        return dossier_of([data])
    if isinstance(data, Sequence) and not isinstance(data, (str, Path)):
        return dossier_of(data)
    if isinstance(data, (str, Path)):
        path = Path(data)
        bundled = str(data) in BUNDLED or not (path.suffix or os.path.lexists(path))
        if bundled or path.suffix == ".toml":
            return read_dossier(data)
    from attrition.data.series import read_series  # which a dossier does not need

    return read_series(data)


def forecast(  # noqa: PLR0913 - everything that a forecast fixes, by name
    data: Data | xr.DataArray | xr.Dataset,
    question: Question | None = None,
    *,
    seed: int | None = None,
    quantities: Sequence[str] | None = None,
    bases: str | Sequence[str] | None = None,
    thresholds: Sequence[float] | None = None,
    on: Sequence[date | str] | None = None,
    events: Sequence[Event] | None = None,
    as_of: date | str | None = None,
    horizon: date | str | None = None,
    prob: float | None = None,
    size: int | None = None,
    tolerance: float | None = None,
    end_hazard: float | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    common_pace: float | None = None,
    kind: str | None = None,
    priors: Priors | Mapping[str, Any] | str | Path | None = None,
    prior: Prior | None = None,
    subject: str | None = None,
    verb: str | None = None,
    condition: str | None = None,
    model: str | None = None,
    seconds: float | None = None,
    progress: RoundProgress | None = None,
    workers: Workers = None,
) -> Forecast:
    """Forecast when totals pass thresholds, and what they will be.

    Parameters
    ----------
    data : Dossier, Series, list of Claim, data frame, xarray object, str or pathlib.Path
        What is known: a dossier, a recorded count, claims of :func:`attrition.claim`; or the path
        of a dossier (``.toml``) or of a count, or the name of a bundled dossier.
    question : Question, optional
        What is asked; the arguments below change it, or make it.
    seed : int, optional
        Of all random numbers; 1 when left out. The same seed gives the same bytes.
    quantities : sequence of str, optional
        Ids of the totals; all of the dossier's when left out.
    bases : str or sequence of str, optional
        Whose counts of them: ``"latent"``, the total itself, or ids of sources, the figure that
        each will print; each total's own list when left out.
    thresholds : sequence of float, optional
        Totals that are passed [unit]: of a dossier they need exactly one quantity, and are its own
        when left out; of a count the next and the third multiple of a round step.
    on : sequence of datetime.date or str, optional
        Days on which totals are to be read.
    events : sequence of (quantity, threshold) or (quantity, threshold, basis), optional
        Events whose days are drawn together by :meth:`Forecast.dates`.
    as_of : datetime.date or str, optional
        Information date: nothing that appeared later is used. The latest publication when left out;
        of a count the day of its last report by then.
    horizon : datetime.date or str, optional
        Last day; two years after the information date when left out.
    prob : float, optional
        Mass of the equal-tailed intervals whose ends are made accurate; 0.9 when left out.
    size : int, optional
        Largest number of points per replicate, of which there are 16; where the tolerance is not
        reached with it, the law says so in a note.
    tolerance : float, optional
        Largest Monte Carlo standard error of a date [day]; an eighth at most of the unit in
        which it is printed when left out.
    end_hazard : float, optional
        Probability per day of an end [1/day], for laws that allow for it beside those that do not;
        the dossier's own assumption when left out.
    scenario : Scenario, mapping or str, optional
        What is supposed of the days ahead: ``{"pace": 0.5, "from": "2025-09-01"}``, half of the
        pace that is expected from that day on, or ``{"stop": "2025-09-01"}``.
    common_pace : float, optional
        Correlation, 0 to 1, of what drives the paces ahead of totals that are no parts of one
        another, for :meth:`Forecast.dates`, :meth:`Forecast.ratio` and :meth:`Forecast.sum`;
        0 when left out.
    kind : {"steady", "epidemic", "conflict", "disaster"}, optional
        What is counted, or "steady for 6 months": its pace goes on as such paces do. Of a dossier
        it holds for the totals that name no kind of their own. The mixture of all when left out.
    priors : Priors, mapping or path, optional
        What is assumed of paces by kind, as :meth:`attrition.pace.Priors.of` reads it; the
        library's own, learnt from recorded counts, when left out.
    prior : Prior, optional
        What is assumed of the pace of a recorded count before any of it is seen, in place of a
        kind.
    subject, verb, condition : str, optional
        Words in place of those of the data, as sentences say them: what is counted, "cholera deaths
        in Zemlan", what it does to a threshold, "passes", and if what holds, "if deaths go on at
        this pace". A count has no words of its own; of a dossier they are for one total alone.
    model : {"posterior", "count"}, optional
        How the answer is found; chosen by the data when left out.
    seconds : float, optional
        Give up after this time [s], checked between rounds; no limit when left out. It never
        changes an answer.
    progress : callable, optional
        Told of each round: quantity, points, error over tolerance.
    workers : str, Executor or Client, optional
        ``"threads"`` or a ThreadPoolExecutor shares out the totals of a dossier that are no parts
        of one another; the laws are the same, byte for byte. Anything else that
        :func:`attrition.forecasts.sweep` takes is accepted and changes nothing: one forecast is too
        short to be sent elsewhere.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        On any argument out of range, or a quantity that cannot be forecast.
    UnfinishedError
        If ``seconds`` passed first.

    See Also
    --------
    attrition.when : from two figures alone.
    attrition.cite : the sentence that it leads to.
    attrition.forecasts.influence : which report moves a date.
    attrition.hindcast : how often such intervals have held.

    Examples
    --------
    >>> import attrition as at
    >>> quoted = at.forecast(
    ...     [
    ...         at.claim("up to 250,000 killed", source="CSIS", on="2025-06-03"),
    ...         at.claim("around 300 killed a day", source="CSIS", on="2025-06-03"),
    ...     ],
    ...     seed=1,
    ... )
    >>> at.laws.crossing(quoted.law("killed"), 300_000).median.day.year
    2026
    """
    arguments = locals().copy()
    names = {field.name for field in dataclasses.fields(Question)} & arguments.keys()
    stated = {name: arguments[name] for name in names if arguments[name] is not None}
    check_type(question, (Question, NoneType), "question", "a Question, or left out")
    asked = (question or Question()).changed(**stated)
    given = read_data(data)
    limits = Limits(progress=_clocked(seconds, progress), workers=workers)
    chosen, answer = _answered(given, asked, limits)
    answer = _in_words(answer, asked)
    settled = asked.changed(
        as_of=answer.information_date,
        horizon=answer.horizon,
        model=chosen,
        model_version=MODELS[chosen],
    )
    return dataclasses.replace(answer, question=settled)


def _answered(data: Dossier | Series, asked: Question, limits: Limits) -> tuple[str, Forecast]:
    """Return the name of the model that answers, by the data and nothing else, and its answer."""
    if isinstance(data, Series):
        _check_model(asked.model, "count", "a recorded count")
        return "count", _of_count(data, asked, limits)
    whole = data.with_counts(recordings_of(data))
    if asked.priors is not None:
        whole = whole.with_priors(asked.priors)
    key = lone_count(whole, asked.bases)
    if key is None:
        _check_model(asked.model, "posterior", "a dossier")
        return "posterior", _posterior(whole, asked, limits)
    _check_model(asked.model, "count", "a dossier that holds one recorded count")
    return "count", _of_count(whole.counts[key], asked, limits, beside=(whole, key))


def _in_words(answer: Forecast, asked: Question) -> Forecast:
    """Return a forecast that says itself in the words of the question, where it has some."""
    words = (asked.subject, asked.verb, asked.condition)
    if words == (None, None, None):
        return answer
    if len({key for key, _ in answer.laws}) > 1:
        raise refusal("words of one total", f"{len(answer.thresholds)} totals", "subject")

    def renamed(laws: Mapping[tuple[str, str], Law]) -> dict[tuple[str, str], Law]:
        whole = laws.items()
        return {key: law.with_provenance(worded(law.provenance, *words)) for key, law in whole}

    return dataclasses.replace(
        answer, laws=renamed(answer.laws), unconditional=renamed(answer.unconditional)
    )


def _check_model(model: str | None, fitting: str, data: str) -> None:
    if model not in {None, fitting}:
        raise refusal("model of the data", f"'{model}' for {data}", "model", fitting=fitting)


def lone_count(dossier: Dossier, bases: Sequence[str] | None) -> Node | None:
    """Return whose count of what stands beside a dossier that holds it and nothing else.

    Whoever states how the pace moves, or asks for more than that count, has more than a count.
    """
    if len(dossier.counts) != 1 or len(dossier.quantities) != 1:
        return None
    ((source, quantity),) = dossier.counts
    if any(claim.source != source or claim.kind != "level" for claim in dossier.claims):
        return None
    stated = [dossier.assumption(name, quantity) for name in ("volatility", "spread", "day_noise")]
    what = dossier.quantities[quantity]
    wanted = bases or (what.bases if "bases" in what.model_fields_set else (source,))
    alone = tuple(wanted) == (source,) and what.cumulative
    usual = all(assumed.origin == "library default" for assumed in stated)
    if not (alone and usual):
        return None
    # a claim that repeats a day of the count adds nothing
    known = dossier.latest_published
    evidence = evidence_of(dossier, quantity, as_of=known, series=dossier.counts)
    return None if evidence.terms else (source, quantity)


def _of_count(
    series: Series,
    asked: Question,
    limits: Limits,
    beside: tuple[Dossier, Node] | None = None,
) -> Forecast:
    known = (SERIES_BASIS, SERIES_QUANTITY)
    thresholds, kind = asked.thresholds, asked.kind
    if beside is not None:
        dossier, known = beside
        what = dossier.quantities[known[1]]
        thresholds, kind = thresholds or what.thresholds or None, what.pace or kind
    if asked.priors is not None and kind is None:
        raise refusal(
            "priors of a kind", "priors and no kind", "priors", kinds=", ".join(asked.priors.names)
        )
    for name, only in (("quantities", known[1]), ("bases", known[0])):
        if getattr(asked, name) not in (None, (only,)):
            got = f"{name}={list(getattr(asked, name))}"
            raise refusal("one total of a count", got, name, name=name)
    prior = asked.prior if kind is None else Prior.of_kind(kind, asked.priors)
    own = asked.changed(thresholds=thresholds, kind=None, priors=None, prior=prior)
    return forecast_series(series, own, limits, beside)


def _posterior(dossier: Dossier, asked: Question, limits: Limits) -> Forecast:
    if asked.prior is not None:
        raise refusal("prior of a count", "a prior and a dossier", "prior")
    parts = parts_of(asked.quantities or (), asked.thresholds)
    if not parts:
        return assimilate(dossier, asked, limits)
    answer = assimilate(dossier, asked.changed(quantities=parts, thresholds=None), limits)
    return of_sum(dataclasses.replace(answer, question=asked), parts)


def _clocked(seconds: float | None, progress: RoundProgress | None) -> RoundProgress | None:
    """Return what is told of each round, and gives up when the time has passed."""
    if progress is not None and not callable(progress):
        raise refusal("progress of rounds", clip(progress), "progress")
    if seconds is None:
        return progress
    check_seconds(seconds, "seconds")
    end = time.monotonic() + seconds

    def report(quantity: str, points: int, excess: float) -> None:
        if progress is not None:
            progress(quantity, points, excess)
        if excess > 1 and time.monotonic() > end:
            raise UnfinishedError(
                f"the forecast could not be finished within {seconds:g} s: {quantity} is at "
                f"{points:,} points with an error {excess:.1f} times the tolerance; give more "
                "time, a larger tolerance or a smaller size"
            )

    return report


# A forecast of a recorded count: fitted, carried forward, and read like any other.

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
