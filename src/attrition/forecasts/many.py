"""Many places at once: what each will count in the weeks or months ahead."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from numbers import Real
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats, Rng
from attrition.core.checks import check_known, check_type, whole_number
from attrition.core.days import day_from
from attrition.core.errors import clip, refusal
from attrition.core.streams import seed_of, stream
from attrition.models.trend import (
    History,
    ManyPrior,
    Trend,
    TrendState,
    bundled_prior,
    expected_ahead,
    filtered,
    quiet_rate,
    rows_of_noise,
    usable,
    weights_of_past,
)

if TYPE_CHECKING:
    import pandas as pd

HUB_LEVELS = (0.01, 0.025, *(round(0.05 * step, 2) for step in range(1, 20)), 0.975, 0.99)
"""The 23 quantile levels that forecast hubs ask for."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_COLUMNS = ("location", "date", "value")
_DAYS = ("date", "origin")
_MOST_DRAWS, _FARTHEST = 100_000, 104
_WEEK, _MONTH = 7, 28  # days between two reports from which they are of a week, of a month
_TOGETHER = 64  # places that are simulated at once: bounds the memory, moves no draw

Every = Literal["week", "month"]
ManyKind = Literal["trend", "history"]


@dataclass(frozen=True, eq=False)
class ManyForecast(Shown):
    """What many places will count in the weeks or months ahead.

    Parameters
    ----------
    origin : datetime.date
        Nothing later was known.
    every : {"week", "month"}
    locations : tuple of str
        Sorted by name.
    horizons : tuple of int
        Steps after the last whole week or month that ends by the origin.
    ends : tuple of datetime.date
        Last day of the week or month of each horizon.
    levels : tuple of float
        Probabilities of :attr:`quantiles`.
    kinds : mapping of str to str
        How each place was forecast: "trend", "history", or "quiet" where nothing was ever counted.
    draws : ndarray of int, shape (place, draw, horizon)
        The horizons of a draw belong together.
    seed : int

    See Also
    --------
    attrition.forecasts.forecast_many : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> counts = {
    ...     "location": ["A"] * 3,
    ...     "date": ["2025-06-07", "2025-06-14", "2025-06-21"],
    ...     "value": [3, 4, 2],
    ... }
    >>> many = at.forecasts.forecast_many(counts, every="week", rng=1)
    >>> many.locations, many.origin.isoformat(), many.draws.shape[0]
    (('A',), '2025-06-21', 1)
    >>> many.quantiles.columns.tolist()
    ['origin_date', 'location', 'horizon', 'target_end_date', 'output_type', 'output_type_id',
    'value']
    >>> many.to_pandas()["output_type"].unique().tolist()
    ['sample']
    """

    origin: date
    every: Every
    locations: tuple[str, ...]
    horizons: tuple[int, ...]
    ends: tuple[date, ...]
    levels: tuple[float, ...]
    kinds: Mapping[str, str] = field(repr=False)
    draws: NDArray[np.int64] = field(repr=False)
    seed: int

    @property
    def quantiles(self) -> pd.DataFrame:
        """The quantiles as a hubverse model output table.

        Columns ``origin_date``, ``location``, ``horizon``, ``target_end_date``, ``output_type``
        ("quantile"), ``output_type_id`` (the level) and ``value``.
        """
        values = np.quantile(self.draws, self.levels, axis=1)
        return self._table(np.moveaxis(values, 0, 2), "quantile", np.array(self.levels))

    def to_pandas(self) -> pd.DataFrame:
        """Return every draw in the columns of :attr:`quantiles`, ``output_type`` "sample"."""
        numbers = np.arange(self.draws.shape[1])
        return self._table(np.moveaxis(self.draws, 1, 2), "sample", numbers)

    def _table(self, values: NDArray[Any], kind: str, ids: NDArray[Any]) -> pd.DataFrame:
        """Return a tidy table of values, shape (place, horizon, id)."""
        import pandas as pd

        places, horizons, each = values.shape
        ends = np.array(self.ends, dtype="datetime64[s]")
        return pd.DataFrame(
            {
                "origin_date": np.datetime64(self.origin, "s"),
                "location": np.repeat(np.array(self.locations, dtype=object), horizons * each),
                "horizon": np.tile(np.repeat(self.horizons, each), places),
                "target_end_date": np.tile(np.repeat(ends, each), places),
                "output_type": kind,
                "output_type_id": np.tile(ids, places * horizons),
                "value": values.ravel(),
            }
        )


def forecast_many(  # noqa: PLR0913 - every choice is the reader's, each with a name
    data: Any,  # noqa: ANN401 - a frame, a dataset, a path, or columns
    *,
    every: Every,
    rng: Rng,
    origin: date | str | None = None,
    horizons: Sequence[int] = (1, 2, 3, 4),
    levels: Sequence[float] = HUB_LEVELS,
    draws: int = 2_000,
    week_end: str = "Sat",
    kind: ManyKind | None = None,
    prior: ManyPrior | None = None,
) -> ManyForecast:
    """Forecast what each of many places will newly count in the weeks or months ahead.

    Parameters
    ----------
    data : pandas.DataFrame, xarray.Dataset, path of a CSV file, or a mapping of columns
        Columns ``location``, ``date`` and ``value``, what was newly counted: by day, or in the week
        or month in which the date lies. With a column ``origin``, the day on which a value was
        first seen, each place and date has the last value that was seen by the origin. Other
        columns are left alone.
    every : {"week", "month"}
        Length of a step. Days are summed; a week or month that lacks a day is missing.
    rng : int or Generator
        The same seed gives the same bytes, in whatever order the rows stand. What is drawn for a
        place depends on its name, its own rows, the growth of the other places where those of the
        table have grown together, and how well these were foreseen.
    origin : datetime.date or str, optional
        Nothing later is known; the last date of ``data`` when left out.
    horizons : sequence of int
        Steps after the last whole step that ends by the origin. 0 is that one itself, where it is
        not known yet.
    levels : sequence of float
        Probabilities of the quantiles, rising.
    draws : int
        Of each place.
    week_end : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
        Last day of a week; "Sat" is that of epidemiological weeks.
    kind : {"trend", "history"}, optional
        How the future is like the past, for all places. Left out, each place decides: months, and
        weeks of which 90 % in the last year were 0, are like its own last twelve ("history"); other
        weeks follow a damped trend. A place where nothing was ever counted is always quiet.
    prior : ManyPrior, optional
        Settings; those of ``attrition.models.trend.bundled_prior`` when left out.

    Returns
    -------
    ManyForecast

    Raises
    ------
    InputError
        If a column is missing, a value is no number, a place has two values on a date or none that
        is usable, or an argument is out of its range.

    See Also
    --------
    attrition.forecast : the law of one count's total, with dates on which it passes a threshold.

    Notes
    -----
    Trend: ``attrition.models.trend``; how much places have in common is learnt from the table,
    and a ``prior`` with ``shares=(0.0,)`` forecasts each by itself. History: one of the place's
    last twelve steps, with a half-life of six, moved by a lognormal factor. How they did beside
    other people's forecasts: docs/races.md.

    Examples
    --------
    >>> import pandas as pd
    >>> weeks = pd.date_range("2023-01-07", periods=60, freq="7D")
    >>> table = pd.DataFrame({"location": "A", "date": weeks, "value": 120})
    >>> future = forecast_many(table, every="week", rng=1, horizons=[1, 2], levels=[0.5])
    >>> future.ends
    (datetime.date(2024, 3, 2), datetime.date(2024, 3, 9))
    >>> bool(future.quantiles["value"].between(115, 125).all())
    True
    """
    _check(every, kind, week_end, horizons, levels)
    steps = tuple(int(step) for step in horizons)
    whole_number(draws, "draws", least=1, most=_MOST_DRAWS)
    seed = seed_of(rng)
    day = None if origin is None else day_from(origin, "forecast_many, origin")
    rows = _known(_table_of(data), day)
    last_day = rows["date"].max().date() if day is None else day
    counts = _by_step(rows, last_day, every, week_end)
    check_type(prior, (ManyPrior, NoneType), "prior", "a ManyPrior, or left out")
    settings = bundled_prior() if prior is None else prior
    names = tuple(str(name) for name in counts.index)
    values = counts.to_numpy(dtype=float)
    empty = ~usable(values).any(axis=1)
    if empty.any():
        raise refusal(
            "whole step of a place",
            f"none of {clip(names[int(empty.argmax())])}",
            "forecast_many, data",
        )
    kinds = _kinds(values, every, kind, settings)
    trended = np.flatnonzero(kinds == "trend")
    future = np.empty((len(names), draws, len(steps)), dtype=np.int64)
    streams = [_stream(seed, name) for name in names]
    # A place whose last weeks are missing is carried through them by its own model.
    lag = usable(values)[:, ::-1].argmax(axis=1)
    if trended.size:
        state = filtered(values[trended], settings.trend, settings.shares)
        wanted = lag[trended, None] + np.array(steps) - 1
        if wanted.min() < 0:
            raise refusal("step ahead", "0", "forecast_many, horizons")
        for start in range(0, trended.size, _TOGETHER):
            part = slice(start, start + _TOGETHER)
            expected = _expected(
                TrendState(*(moment[part] for moment in state)),
                int(wanted[part].max()) + 1,
                settings.trend,
                draws,
                [streams[place] for place in trended[part]],
            )
            for place, path, ahead in zip(trended[part], expected, wanted[part], strict=True):
                future[place] = streams[place].spawn(1)[0].poisson(path[ahead]).T
    for place in np.flatnonzero(kinds == "history"):
        future[place] = _resampled(
            values[place], len(steps), settings.history, draws, streams[place]
        )
    for place in np.flatnonzero(kinds == "quiet"):
        rate = quiet_rate(values[place], streams[place], draws)
        future[place] = streams[place].poisson(rate[:, None], (draws, len(steps)))
    future.flags.writeable = False
    return ManyForecast(
        origin=last_day,
        every=every,
        locations=names,
        horizons=steps,
        ends=tuple((counts.columns[-1] + step * counts.columns.freq).date() for step in steps),
        levels=tuple(float(level) for level in levels),
        kinds=dict(zip(names, kinds.tolist(), strict=True)),
        draws=future,
        seed=seed,
    )


def _check(
    every: str, kind: str | None, week_end: str, horizons: Sequence[int], levels: Sequence[float]
) -> None:
    """Refuse choices that are none, and horizons and levels that do not rise within their ends."""
    check_known(every, get_args(Every), "a step must be a week or a month", "forecast_many, every")
    if kind is not None:
        rule = '`kind` must be "trend" or "history"'
        check_known(kind, get_args(ManyKind), rule, "forecast_many, kind")
    rule = f"a week must end on one of {_WEEKDAYS}"
    check_known(week_end, _WEEKDAYS, rule, "forecast_many, week_end")
    for place, values in (("horizons", horizons), ("levels", levels)):
        check_type(values, Iterable, place, "a list of numbers")
        for value in values:
            check_type(value, Real, place, "a list of numbers")
    whole = [int(step) for step in horizons]
    rising = whole and whole == sorted(set(whole)) and whole == list(horizons)
    if not rising or whole[0] < 0 or whole[-1] > _FARTHEST:
        raise refusal(
            "rising horizons", clip(list(horizons)), "forecast_many, horizons", farthest=_FARTHEST
        )
    chances = [float(level) for level in levels]
    inside = chances and all(0 < chance < 1 for chance in chances)
    if not inside or chances != sorted(set(chances)):
        raise refusal("quantile levels", clip(list(levels)), "forecast_many, levels")


def _kinds(
    values: Floats, every: Every, kind: ManyKind | None, prior: ManyPrior
) -> NDArray[np.str_]:
    """Return by place whether its trend or its history decides, or that it is quiet."""
    seen = usable(values)
    quiet = np.where(seen, values, 0.0).max(axis=1) == 0
    recent = slice(-round(prior.trend.memory), None)
    known = seen[:, recent].sum(axis=1)
    zero = (seen & (values == 0))[:, recent].sum(axis=1)
    rare = zero >= prior.zeros * np.maximum(known, 1)
    own = np.full(len(values), every == "month") | rare if kind is None else kind == "history"
    return np.where(quiet, "quiet", np.where(own, "history", "trend"))


def _expected(
    state: TrendState, length: int, trend: Trend, draws: int, streams: list[np.random.Generator]
) -> Floats:
    """Return expected counts of the steps after each place's last, shape (place, step, draw)."""
    stretch = np.stack(
        [np.sqrt(trend.heavy / own.chisquare(trend.heavy, draws)) for own in streams]
    )
    normals = np.stack([own.standard_normal((rows_of_noise(length), draws)) for own in streams])
    return expected_ahead(state, trend, normals, stretch)


def _resampled(
    values: Floats, length: int, history: History, draws: int, own: np.random.Generator
) -> NDArray[np.int64]:
    """Return draws of a place from its own last steps, shape (draw, horizon)."""
    weight = weights_of_past(values[None], history)[0]
    past = np.where(weight > 0, values, 0.0)[own.choice(len(values), (draws, length), p=weight)]
    factor = np.exp(history.jitter * own.standard_normal((draws, length)))
    drawn: NDArray[np.int64] = np.rint(past * factor).astype(np.int64)
    return drawn


def _stream(seed: int, name: str) -> np.random.Generator:
    """Return the stream of a place, which its name alone decides."""
    words = np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], dtype="<u4")
    return stream(seed, *words.tolist())


def _table_of(data: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever people have
    """Return the rows of a frame, a dataset, a CSV file or a mapping of columns."""
    import pandas as pd

    if isinstance(data, (str, Path)):
        # A code such as "06" is a name, not a number.
        try:
            table = pd.read_csv(data, dtype={"location": str})
        except (OSError, ValueError) as failure:
            raise refusal("readable", clip(str(failure)), clip(data), kind="CSV") from None
    elif hasattr(data, "to_dataframe"):
        table = data.to_dataframe().reset_index().dropna(subset=["value"])
    else:
        check_type(data, (Iterable, NoneType), "data", "a frame, a dataset, a path or columns")
        table = pd.DataFrame(data)
    missing = [name for name in _COLUMNS if name not in table]
    if missing:
        raise refusal(
            "columns of places",
            clip([str(name) for name in table.columns]),
            "forecast_many, data",
            missing=", ".join(missing),
        )
    days = {name: pd.to_datetime(table[name], errors="coerce") for name in _DAYS if name in table}
    for name, column in days.items():
        if column.isna().any():
            got = clip(table[name][column.isna()].iloc[0])
            raise refusal("date of a row", got, f"forecast_many, data, column {name}")
    numbers = pd.to_numeric(table["value"], errors="coerce").astype(float)
    wrong = (numbers.isna() & table["value"].notna()) | np.isinf(numbers)
    if wrong.any():
        got = clip(table["value"][wrong].iloc[0])
        raise refusal("count of a place", got, "forecast_many, data, column value")
    return table.assign(
        location=table["location"].astype(str),
        value=numbers,
        **{name: column.dt.normalize() for name, column in days.items()},
    )


def _known(table: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Return what was known on the origin, one row a place and date."""
    seen = [name for name in _DAYS if name in table]  # when it was seen, beside the date itself
    if day is not None:
        table = table[(table[seen] <= np.datetime64(day, "s")).all(axis=1)]
    keys = ["location", *seen]
    twice = table.duplicated(keys)
    if twice.any():
        row = table[twice].iloc[0]
        got = f"two of {clip(row['location'])} on {row['date'].date()}"
        raise refusal("one value a date", got, "forecast_many, data")
    if table.empty:
        raise refusal("rows by the origin", "no row", "forecast_many, data and origin")
    return table.sort_values(keys).drop_duplicates(["location", "date"], keep="last")


def _by_step(rows: pd.DataFrame, last_day: date, every: Every, week_end: str) -> pd.DataFrame:
    """Return counts by place and step, a column for each step that ends by the last day known."""
    import pandas as pd

    gaps = rows.groupby("location")["date"].diff().dt.days
    closest = rows["location"].map(gaps.groupby(rows["location"]).min())
    if every == "week":
        monthly = closest >= _MONTH
        if monthly.all() and gaps.min() < gaps.max():  # reports every four weeks have one gap
            got = f"dates at least {int(closest.min())} days apart"
            raise refusal("weeks of months", got, "forecast_many, every")
        wait = (_WEEKDAYS.index(week_end) - rows["date"].dt.day_of_week) % 7
        ends, days = rows["date"] + pd.to_timedelta(wait, unit="D"), _WEEK
        daily = closest < _WEEK
    else:
        ends = rows["date"] + pd.offsets.MonthEnd(0)
        days = ends.dt.days_in_month
        daily = closest < _MONTH
    grouped = rows.assign(end=ends, need=np.where(daily, days, 1)).groupby(["location", "end"])
    # A sum with a missing day is missing: half a week is not a quiet week.
    sums = grouped["value"].sum().where(grouped["value"].count() >= grouped["need"].first())
    table = sums.unstack("end").sort_index()  # noqa: PD010 - a pivot drops what is missing
    step = "7D" if every == "week" else "ME"
    first = table.columns.min()
    grid = pd.date_range(first, max(pd.Timestamp(last_day), first), freq=step)
    # A week or month reported as one row is known whatever day of it the row is dated.
    whole = table.columns[table.notna().any()]
    if whole.size and whole.max() > grid[-1]:
        grid = pd.date_range(first, whole.max(), freq=step)
    return table.reindex(columns=grid)
