"""What a forecast is: laws, strengths, and what others expected."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition.core._showing import Shown, front
from attrition.core._typing import Rng
from attrition.core.errors import refusal
from attrition.core.laws import Law
from attrition.core.simulation import check_paths
from attrition.core.streams import seed_of
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.forecasts.question import Question

if TYPE_CHECKING:
    import xarray as xr

    from attrition.forecasts.criticism import Criticism
    from attrition.forecasts.joint import Before, Event, FlowEvent, Increment, Ratio
    from attrition.models.assimilation.outlook import Outlook
    from attrition.models.pace import FittedPace

_LARGEST_PATHS = 64  # GiB that are drawn at once: more no machine of our readers has


@dataclass(frozen=True, slots=True)
class Stock(Shown):
    """A strength on a day: reported with its interval, not forecast [unit]."""

    quantity: str
    title: str
    unit: str
    basis: str
    basis_name: str
    as_of: str
    quote: str
    prob: float
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class OtherForecast(Shown):
    """A forecast that somebody else published, next to our probability of the same event.

    Parameters
    ----------
    quantity, source, quote : str
        Of what, by whom, in which words.
    threshold : float
        The total that they expect to be passed [unit].
    by : datetime.date
        The last day of the span in which they expect it.
    basis : str
        Whose count our probability is about.
    probability : float
        P(T <= by) by our law.
    """

    quantity: str
    source: str
    quote: str
    threshold: float
    by: date
    basis: str
    probability: float


@dataclass(frozen=True, slots=True, repr=False)
class Forecast(Shown):
    """Laws of the totals of a dossier, with everything needed to cite them.

    Parameters
    ----------
    dossier : Dossier
    information_date, horizon : datetime.date
        Nothing later is known; last day of the laws.
    prob : float
        Probability of the intervals whose ends were made accurate.
    seed : int
    laws : mapping of (quantity, basis) to Law
    thresholds : mapping of quantity to tuple of float
        Thresholds asked about [unit].
    stocks : tuple of Stock
    others : tuple of OtherForecast
    left_out : mapping of str to str
        Quantities of the dossier that could not be forecast, and why.
    unconditional : mapping of (quantity, basis) to Law
        The same laws allowing for an end, where an end hazard is assumed.
    series : Series or None
        The recorded count that was carried forward, as known on the information date.
    outlooks : mapping of str to Outlook
        The posterior of each root total, where all reports were assimilated.
    pace : FittedPace or None
        What a recorded count was forecast from, for :meth:`paths`.
    question : Question
        What was asked, with the dates and the model that were chosen where it left them open.

    See Also
    --------
    attrition.forecast : what makes one.
    attrition.Law : what it holds, by total and count.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"])
    >>> forecast
    <Forecast: kharkiv-advance (csis), 2025-06-05 to 2027-06-05, 10,000: 2025-11-22 (median)>
    >>> forecast.law("kharkiv-advance").masses(10_000).already < 0.001
    True
    >>> print(forecast.cite(10_000))
    The Russian advance near Kharkiv is 80 % likely to pass 10,000 metres by 5 June 2027 (even
    chance by the end of November 2025) if the fighting continues, on CSIS’s figures to 5 June
    2025.
    >>> forecast.to_pandas().columns.tolist()[:4]
    ['quantity', 'unit', 'basis', 'title']
    >>> forecast.increments(every="month").sizes["time"]
    24
    >>> forecast.exceeds(1_000), forecast.falls_below(20), forecast.peak(every="month")
    (FlowEvent(event='more than 1,000 in a month', ..., probability=0.8...
    >>> forecast.paths("kharkiv-advance", draws=3, rng=1).dims
    ('draw', 'time')
    >>> list(forecast.dates(("kharkiv-advance", 10_000)).sizes)
    ['draw', 'event']
    >>> forecast.compare(forecast).same
    True
    >>> forecast.data.id, forecast.carried  # the count, of a forecast of one
    ('russia-ukraine-2025-06', None)
    """

    dossier: Dossier
    information_date: date
    horizon: date
    prob: float
    seed: int
    laws: Mapping[tuple[str, str], Law]
    thresholds: Mapping[str, tuple[float, ...]]
    stocks: tuple[Stock, ...] = ()
    others: tuple[OtherForecast, ...] = ()
    left_out: Mapping[str, str] = dataclasses.field(default_factory=dict)
    unconditional: Mapping[tuple[str, str], Law] = dataclasses.field(default_factory=dict)
    series: Series | None = None
    outlooks: Mapping[str, Outlook] = dataclasses.field(default_factory=dict, repr=False)
    pace: FittedPace | None = dataclasses.field(default=None, repr=False)
    question: Question = dataclasses.field(default_factory=Question, repr=False)

    def __repr__(self) -> str:
        """Return what was forecast and when the first threshold is passed, in a line."""
        laws = list(self.laws.values())
        first = repr(laws[0])[1:-1].replace("Law of ", "", 1) if laws else "nothing"
        more = f"; {len(laws) - 1} more" if len(laws) > 1 else ""
        return f"<Forecast: {first}{more}>"

    def __str__(self) -> str:
        """Return the table that the command prints, and what explains it."""
        return str(front("reporting.as_screen")(self))

    def _repr_html_(self) -> str:
        """Return the same as a notebook shows it."""
        return "".join(str(front("reporting.as_html")(law)) for law in self.laws.values())

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Return when each total passes each threshold, as a pandas DataFrame.

        Returns
        -------
        pandas.DataFrame, shape (crossing, column)
            The rows of :func:`attrition.reporting.results`, with numbers in full precision.
        """
        import pandas as pd

        rows = front("reporting.results")(self)["crossings"]
        table = pd.DataFrame(rows).drop(columns=["printed", "notes", "mcse_days"], errors="ignore")
        for name in ("information_date", "horizon", "lower", "median", "upper"):
            table[name] = pd.to_datetime(table[name])
        return table

    @property
    def data(self) -> Dossier | Series:
        """What was asked: the recorded count, or the dossier with the counts beside it."""
        return self.dossier if self.series is None else self.series

    @property
    def carried(self) -> Series | None:
        """The recorded count that was carried forward by itself, as known; None of a posterior."""
        if self.series is not None or self.pace is None:
            return self.series
        (count,) = self.dossier.counts.values()
        return count.until(self.information_date)

    def cite(
        self,
        threshold: float | Sequence[float] | None = None,
        quantity: str | None = None,
        *,
        basis: str | None = None,
        by: date | str | None = None,
        on: date | str | None = None,
        since: date | str | None = None,
        prob: float | None = None,
        **words: Any,  # noqa: ANN401 - as of `cite`
    ) -> Any:  # noqa: ANN401 - a Citation, of a room above
        """Return the citation that says when a total passes a threshold, or what it is on a day.

        Parameters
        ----------
        threshold : float or sequence of float, optional
            One or several [unit].
        quantity, basis : str, optional
            As in :meth:`law`: the first that was forecast when left out.
        by, on, since, prob : optional
            As of :func:`attrition.cite`.
        **words
            ``subject``, ``verb``, ``condition`` in place of the dossier's words, ``scale`` and
            ``record``, as of :func:`attrition.cite`.

        Returns
        -------
        Citation
            ``str`` gives its sentence; ``note`` says what it rests on.

        Raises
        ------
        InputError
            If no such law was forecast, or something is out of range.
        """
        what = self.law(quantity, basis).provenance
        return front("cite")(
            self,
            threshold,
            quantity=what.quantity,
            basis=what.basis,
            by=by,
            on=on,
            since=since,
            prob=prob,
            **words,
        )

    def compare(self, older: Any) -> Any:  # noqa: ANN401 - a Record and a Comparison, of a room above
        """Tell which reports moved the dates since an older forecast, and by how much.

        Parameters
        ----------
        older : Forecast or Record

        Returns
        -------
        Comparison
            See :func:`attrition.reporting.compare`.
        """
        return front("reporting.compare")(self, older)

    def law(self, quantity: str | None = None, basis: str | None = None) -> Law:
        """Return the law of one total.

        Parameters
        ----------
        quantity : str, optional
            Id of a cumulative quantity; the first that was forecast when left out.
        basis : str, optional
            ``"latent"`` or the id of a source; the first that was forecast when left out.

        Raises
        ------
        InputError
            If no such law was computed.
        """
        for (key, whose), law in self.laws.items():
            if quantity in (None, key) and basis in (None, whose):
                return law
        if quantity is not None:
            self.dossier.find_quantity(quantity)
        known = f"Known: {', '.join((f'{q} ({b})' for q, b in self.laws))}"
        if basis in {"latent", *self.dossier.sources}:
            known += f'. For another count ask at.forecast(…, bases=["{basis}"])'
        names = [repr(quantity)] * bool(quantity) + [f"basis {basis!r}"] * bool(basis)
        raise refusal(
            "law forecast",
            " with ".join(names) or "none",
            "Forecast.law",
            remedy=self.left_out.get(quantity or "", known),
        )

    def paths(
        self,
        quantity: str,
        basis: str | None = None,
        *,
        draws: int,
        rng: Rng,
        dtype: type[np.floating[Any]] = np.float64,
        threads: int | None = None,
        chunks: int | None = None,
    ) -> xr.DataArray:
        """Return whole daily paths of one total.

        Parameters
        ----------
        quantity, basis : str
            As in :meth:`law`.
        draws : int
            Number of paths.
        rng : int or Generator
            Seed; streams belong to fixed blocks of draws, so that the result does not depend on the
            number of threads.
        dtype : numpy.float64 or numpy.float32
            Of the totals.
        threads : int, optional
            Workers; as many as there are cores when left out.
        chunks : int, optional
            Draws in a chunk, rounded up to whole blocks. The array is then one of Dask: nothing
            is drawn until it is read, where Dask runs, and it never has to fit one machine. The
            totals are the same; draws are not numbered by a coordinate, which would not fit.

        Returns
        -------
        xarray.DataArray, dims (draw, time)
            Totals at the end of each day [unit], from the information date to the horizon. Of a
            posterior they are resampled from its draws, with one seed the same of each total, and
            beyond three weeks linear within a week or two. Paths of two totals are not to be added:
            for a sum ask for it (:meth:`sum`), which knows how they depend.

        Raises
        ------
        InputError
            If no such law was forecast, or ``draws`` or ``dtype`` is out of range.
        """
        import xarray as xr

        from attrition.forecasts.resampled import (
            Resampled,
            lazy_paths,  # what few forecasts are asked for
        )
        from attrition.models.counts.totals import draw_totals

        law = self.law(quantity, basis)
        seed = seed_of(rng)
        days = (self.horizon - self.information_date).days
        check_paths(draws, dtype)
        if chunks is None and draws * (days + 1) > _LARGEST_PATHS * 2**27:  # eight bytes each
            got = f"{draws:,} draws of {days + 1:,} days"
            raise refusal("paths in memory", got, "Forecast.paths", most=_LARGEST_PATHS)
        source: FittedPace | Resampled | None = self.pace
        if self.outlooks:
            from attrition.forecasts.joint import resampled

            source = resampled(self, (quantity, law.provenance.basis))
        if chunks is not None and source is not None:
            totals = lazy_paths(source, (draws, days + 1), chunks, seed=seed, dtype=dtype)
        elif isinstance(source, Resampled):
            totals = source.totals(seed, 0, draws).astype(dtype)
        elif self.pace is not None:
            totals = draw_totals(self.pace, days, draws, rng=seed, dtype=dtype, threads=threads)
        else:
            raise refusal("start of paths", f"a law of {law.provenance.model}", "Forecast.paths")
        coords: dict[str, Any] = {"time": law.days}
        if chunks is None:
            coords["draw"] = np.arange(draws)
        what = law.provenance
        return xr.DataArray(
            totals,
            dims=("draw", "time"),
            coords=coords,
            name=quantity,
            attrs={
                "long_name": f"{what.title}, {what.basis_name}",
                "units": what.unit,
                "seed": seed,
                "provenance": what.to_json(),
            },
        )

    def dates(self, *events: Event) -> xr.Dataset:
        """Return joint draws of the days on which several thresholds are passed.

        Parameters
        ----------
        *events : tuple
            (quantity, threshold) or (quantity, threshold, basis) [unit]; those of the question
            when left out.

        Returns
        -------
        xarray.Dataset, dims (draw, event)
            ``day``, days after the information date: 0 where it was passed by then, infinite where
            it is not by the horizon. Draws are equally likely; totals of one side go together,
            those of different roots are independent.

        Raises
        ------
        InputError
            If the forecast is not of the posterior of a dossier.
        """
        from attrition.forecasts.joint import dates

        return dates(self, events or self.question.events)

    def before(self, one: Event, other: Event) -> Before:
        """Return the probabilities that one threshold is passed before another.

        Parameters
        ----------
        one, other : tuple
            (quantity, threshold) or (quantity, threshold, basis) [unit].

        Raises
        ------
        InputError
            If the forecast is not of the posterior of a dossier.

        Examples
        --------
        >>> import attrition as at
        >>> made = at.forecast(
        ...     at.read_dossier(),
        ...     quantities=["ukrainian-casualties", "ukrainian-killed"],
        ...     seed=1,
        ... )
        >>> one, other = ("ukrainian-killed", 100_000), ("ukrainian-casualties", 400_000)
        >>> made.before(one, other).second_before > 0.2
        True
        """
        from attrition.forecasts.joint import before

        return before(self, one, other)

    def check(
        self,
        quantity: str | None = None,
        threshold: float | None = None,
        basis: str | None = None,
    ) -> Criticism:
        """Return what speaks for and against the forecast of one crossing.

        Parameters
        ----------
        quantity, basis : str, optional
            As in :meth:`law`.
        threshold : float, optional
            The total [unit]; the first that was asked about when left out.

        Returns
        -------
        Criticism
            Reports that surprise, how far prior and reports decide, how much of the spread lies
            in the days ahead, and what is bad, in sentences.

        See Also
        --------
        attrition.check : what contradicts what in a dossier, before any forecast.

        Examples
        --------
        >>> import attrition as at
        >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-casualties"])
        >>> forecast.check().prior > 0
        True
        """
        from attrition.forecasts.criticism import criticism

        return criticism(self, quantity, threshold, basis)

    def increment(
        self,
        since: date | str,
        on: date | str,
        *,
        quantity: str | None = None,
        basis: str | None = None,
        prob: float = 0.9,
    ) -> Increment:
        """Return what is added after one day and by the end of another.

        Parameters
        ----------
        since, on : datetime.date or str
            From the information date to the horizon.
        quantity, basis : str, optional
            As in :meth:`law`.
        prob : float
            Mass of the equal-tailed interval.

        Returns
        -------
        Increment
            ``lower``, ``median``, ``upper`` and ``mcse`` [unit], from joint draws: a difference of
            two quantiles is no quantile of a difference.

        Raises
        ------
        InputError
            If a day or ``prob`` is out of range.

        Examples
        --------
        >>> import attrition as at
        >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-killed"])
        >>> forecast.increment("2025-07-01", "2025-08-01").median > 0
        True
        """
        from attrition.forecasts.joint import increment_of

        return increment_of(self, since, on, (quantity, basis), prob)[0]

    def increments(
        self,
        quantity: str | None = None,
        basis: str | None = None,
        *,
        every: str | int = "week",
        on: Sequence[date | str] | None = None,
        prob: float = 0.9,
    ) -> xr.Dataset:
        """Return what is added in each week, month or other stretch ahead.

        Parameters
        ----------
        quantity, basis : str, optional
            As in :meth:`law`.
        every : {"day", "week", "month"} or int
            Stretches, or days of one; a month ends on its last day, and the first one is what is
            left of it.
        on : sequence of datetime.date or str, optional
            Last days of the stretches, in place of ``every``.
        prob : float
            Mass of the equal-tailed intervals.

        Returns
        -------
        xarray.Dataset, dims (time, draw)
            ``lower``, ``median``, ``upper``, ``mcse`` and joint ``draws`` [unit] by the last day of
            each stretch; coordinate ``since`` is the day before its first. Of a posterior days more
            than three weeks ahead share what is added in a week or two evenly.

        Raises
        ------
        InputError
            If a day, a stretch or ``prob`` is out of range.
        """
        from attrition.forecasts.joint import increments

        return increments(self, (quantity, basis), (every, on), prob)

    def exceeds(
        self,
        amount: float,
        quantity: str | None = None,
        basis: str | None = None,
        *,
        every: str | int = "month",
        on: Sequence[date | str] | None = None,
        prob: float = 0.9,
    ) -> FlowEvent:
        """Return how likely more than an amount is added in a stretch, in which, and when first.

        Parameters
        ----------
        amount : float
            In a stretch [unit].
        quantity, basis, every, on : optional
            As in :meth:`increments`.
        prob : float
            Probability of the interval of the first one.

        Raises
        ------
        InputError
            If a day, a stretch, ``amount`` or ``prob`` is out of range, or no stretch ends by the
            horizon.
        """
        from attrition.forecasts.joint import exceeds

        return exceeds(self, amount, (quantity, basis), (every, on), prob)

    def peak(
        self,
        quantity: str | None = None,
        basis: str | None = None,
        *,
        every: str | int = "week",
        on: Sequence[date | str] | None = None,
        prob: float = 0.9,
    ) -> FlowEvent:
        """Return which of the stretches ahead adds most; arguments are those of :meth:`exceeds`.

        What was counted by the information date is not among them; of equal ones it is the first.
        """
        from attrition.forecasts.joint import peak

        return peak(self, (quantity, basis), (every, on), prob)

    def falls_below(
        self,
        rate: float,
        quantity: str | None = None,
        basis: str | None = None,
        *,
        over: int = 7,
        prob: float = 0.9,
    ) -> FlowEvent:
        """Return on which day the rate first lies below another.

        Parameters
        ----------
        rate : float
            Above 0 [unit/day].
        quantity, basis : str, optional
            As in :meth:`law`.
        over : int
            Days of whose mean the rate is, the day itself the last; all of them lie ahead. Of a
            posterior those more than three weeks ahead share what is added in a week or two.
        prob : float
            Probability of the interval of that day.

        Raises
        ------
        InputError
            If ``rate``, ``over`` or ``prob`` is out of range.
        """
        from attrition.forecasts.joint import falls_below

        return falls_below(self, rate, over, (quantity, basis), prob)

    def sum(
        self,
        quantities: Sequence[str],
        thresholds: Sequence[float],
        *,
        basis: str = "latent",
    ) -> Law:
        """Return the law of several totals together.

        Parameters
        ----------
        quantities : sequence of str
            Two or more of one unit, none a part of another.
        thresholds : sequence of float
            Of their sum [unit].
        basis : str
            ``"latent"`` or the id of a source.

        Returns
        -------
        Law
            From joint draws. Totals of different roots are independent but for the
            ``common_pace`` of the question.

        Raises
        ------
        InputError
            If the forecast is not of the posterior of a dossier, or the totals cannot be added.

        Examples
        --------
        >>> import attrition as at
        >>> both = ["russian-killed", "ukrainian-killed"]
        >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=both, common_pace=0.5)
        >>> forecast.sum(both, [400_000]).crossing(400_000).median.day.year
        2026
        """
        from attrition.forecasts.joint import summed

        return summed(self, quantities, thresholds, basis)

    def ratio(
        self,
        numerator: str,
        denominator: str,
        *,
        on: date | str | None = None,
        since: date | str | None = None,
        basis: str = "latent",
        prob: float = 0.9,
    ) -> Ratio:
        """Return the ratio of two totals on a day: a killed share, a ratio of losses.

        Parameters
        ----------
        numerator, denominator : str
            Quantities.
        on : datetime.date or str, optional
            A day from the information date, which it is when left out, to the horizon.
        since : datetime.date or str, optional
            Count from this day on; from the first days of both counts when left out.
        basis : str
            ``"latent"`` or the id of a source.
        prob : float
            Probability of the equal-tailed interval.

        Raises
        ------
        InputError
            If the forecast is not of the posterior of a dossier, or a day is out of range.

        Examples
        --------
        >>> import attrition as at
        >>> both = ["russian-killed", "russian-casualties"]
        >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=both)
        >>> 0.2 < forecast.ratio(*both).median < 0.3
        True
        """
        from attrition.forecasts.joint import ratio

        return ratio(self, (numerator, denominator), (since, on), basis, prob)
