"""The law and its provenance: what it holds, and how laws are merged."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from attrition.core._showing import Shown, front
from attrition.core._typing import Floats
from attrition.core.checks import check_prob
from attrition.core.days import day_from
from attrition.core.errors import clip, refusal
from attrition.core.laws import reading
from attrition.core.laws.digits import TENTHS
from attrition.core.laws.paths import (
    RUNNING_MAXIMUM,
    checked_paths,
    exceedance_of_paths,
    totals_of_paths,
)
from attrition.core.laws.reading import Crossing, Masses, Total
from attrition.core.laws.totals import SCORES, Totals, TotalsSource
from attrition.core.neighbours import paths_from
from attrition.core.streams import seed_of
from attrition.core.workers import Workers

if TYPE_CHECKING:
    import xarray as xr

_WORTH = "independent_draws"
_APART = 4.0  # variances of independent draws in 16 batches differ so once in a million times


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Shown):
    """Where a law comes from; kept in its attrs as JSON.

    Parameters
    ----------
    quantity, title, definition, scope, unit : str
        What is counted.
    basis, basis_name : str
        Whose count: ``"latent"`` or the id of a source, and how it is printed.
    condition : str
        Under which the law holds, as a clause.
    subject : str
        What is counted, as the subject of a sentence: "people killed in Gaza"; the title when
        empty.
    verb : str
        What it does to a threshold, in the number of the subject: "pass", "passes", "reach", …;
        told from the subject when empty.
    sources : tuple of str
        Who reported the figures, by name; one that quotes another stands with it.
    end_hazard : float
        Probability per day of an end, for which the law allows [1/day].
    ending : str
        What would end, "the fighting"; empty in a law that allows for no end.
    scenario : str
        What is supposed of the pace besides, as a clause; empty for nothing.
    model : str
        The model in a few words.
    seed : int or None
        The seed; None where no random number was used.
    tolerance : float or None
        The largest Monte Carlo standard error that was asked for [day].
    points : int
        Points per replicate (draws, where plain draws were used).
    sampling : str
        How chance entered: not at all, by randomised quasi-Monte Carlo, or by plain draws.
    version : str
        Version of attrition.
    dossier, sha256 : str
        Id and digest of the dossier.
    figures : int
        Number of reported figures that entered.
    independent_sources : float
        Effective number of independent sources among them.
    assumptions : tuple of tuple
        (name, value, reason, origin) of each assumption that mattered.
    notes : tuple of str
        What a reader should know: how figures were carried, what was left out.
    asked : tuple of float
        Totals that were asked about [unit].
    diagnostics : tuple of tuple
        (name, value) of what tells how well the computation went.
    contested : tuple of tuple
        (who, probability, total) of each of several hills, where sources exclude one another: the
        total is near the figures of the one or of the other.
    floors : bool
        Whether every figure is a floor: how much more there is rests on an assumption, so that
        lower ends are told and no date.
    least : bool
        Whether the last figure of the source whose count it is says "at least": that count is
        dated, and the total may be higher.
    counted : bool
        Whether it is of a recorded count by itself, and not of what a dossier's sources say.

    See Also
    --------
    attrition.Law : whose it is.
    attrition.reporting.make_record : what is kept of it.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> law.provenance.seed, law.provenance.model
    (1, 'two figures and a pace of families v1')
    >>> at.laws.Provenance.from_json(law.provenance.to_json()) == law.provenance
    True
    """

    quantity: str
    title: str
    definition: str
    scope: str = ""
    unit: str = "persons"
    basis: str = "latent"
    basis_name: str = "the latent total"
    condition: str = "if the rise continues"
    subject: str = ""
    verb: str = ""
    sources: tuple[str, ...] = ()
    end_hazard: float = 0.0
    ending: str = ""
    scenario: str = ""
    model: str = ""
    seed: int | None = None
    tolerance: float | None = None
    points: int = 1
    sampling: str = "none"
    version: str = ""
    dossier: str = ""
    sha256: str = ""
    figures: int = 0
    independent_sources: float = 0.0
    assumptions: tuple[tuple[str, float | str, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[float, ...] = ()
    diagnostics: tuple[tuple[str, float], ...] = ()
    contested: tuple[tuple[str, float, float], ...] = ()
    floors: bool = False
    least: bool = False
    counted: bool = False

    def to_json(self) -> str:
        """Return the JSON form that :meth:`from_json` reads back."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Read what :meth:`to_json` wrote."""
        content: dict[str, Any] = json.loads(text)
        # what 0.1.0 wrote of a recorded count says so by these words alone
        old = content.get("basis"), content.get("basis_name")
        content.setdefault("counted", old == ("series", "series' own count"))
        return cls(**{name: tupled(value) for name, value in content.items()})


def tupled(value: Any) -> Any:  # noqa: ANN401 - of JSON
    """Return lists as tuples, those within them too."""
    return tuple(map(tupled, value)) if isinstance(value, list) else value


@dataclass(frozen=True, eq=False)
class Law(Shown):
    """The law of one total, by replicate: P(C(t) >= K) where it was asked, and quantiles.

    Parameters
    ----------
    exceedance : ndarray of float, shape (replicate, threshold, time)
        P(C(t) >= K); days from the information date to the horizon.
    thresholds : ndarray of float, shape (threshold,)
        The totals K [unit] at which that is kept, ascending: those that were asked about. Any
        other is read from :attr:`totals`.
    information_date : datetime.date
        Nothing later than this day is known.
    weights : ndarray of float, shape (replicate,)
        The weight of each replicate; they sum to one.
    provenance : Provenance
        What was counted, by whom, with which model and seed.
    source, start : callable, optional
        Compute :attr:`totals` when they are first read, and of them those of the information date.

    See Also
    --------
    attrition.forecast : what makes one.
    attrition.cite : its sentence.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(1_000, level=900, rate=10, on="2025-06-03", kind="steady").law
    >>> law.crossing(1_000).median.day
    datetime.date(2025, 6, 13)
    >>> round(law.total("2025-06-13").median)
    1000
    >>> law.masses(1_000).within > 0.999, law.quantiles([0.05, 0.95], on="2025-06-13").round()
    (True, array([ 984., 1017.]))
    >>> print(law.cite(1_000, by="2025-06-14"))
    The total is 84 % likely to have passed 1,000 by 14 June 2025 if it goes on at this pace,
    on the two figures given for 3 June.
    >>> law.to_dataset().sizes["time"] == len(law.days), law.to_pandas().columns.tolist()
    (True, [1000.0])
    >>> print(at.plots.text_alternative(law.plot.crossing(1_000))[:49])
    Fifty dots, each 2 % of the probability, for the
    >>> law.replicates, law.draws == law.stating_draws().draws
    (16, True)
    >>> import dataclasses
    >>> law.with_provenance(dataclasses.replace(law.provenance, title="the dead")).provenance.title
    'the dead'
    >>> round(law.with_totals(lambda: law.totals).total("2025-06-13").median)
    1000
    """

    exceedance: Floats = field(repr=False)
    thresholds: Floats = field(repr=False)
    information_date: date
    weights: Floats = field(repr=False)
    provenance: Provenance = field(repr=False)
    source: TotalsSource | None = field(default=None, repr=False)
    start: TotalsSource | None = field(default=None, repr=False)

    @functools.cached_property
    def totals(self) -> Totals | None:
        """Quantiles of the total on every day, or None for a law that knows its surface only."""
        return self._computed(self.source)

    @functools.cached_property
    def totals_at_start(self) -> Totals | None:
        """Those of the information date: the same, and alone where that costs less."""
        return self.totals if self.start is None else self._computed(self.start)

    def _computed(self, source: TotalsSource | None) -> Totals | None:
        if source is None:
            return None
        totals = source()
        # a law that needed no chance has one replicate, whatever its totals were drawn from
        return totals if totals.values.shape[0] == self.replicates else totals.pooled()

    @functools.cached_property
    def draws(self) -> float:
        """Independent draws that know its probabilities as well; infinite where that is exactly.

        Of plain draws as many as there are, and fewer where batches differ by more than independent
        ones would. Of other points as many as leave an even chance the largest Monte Carlo standard
        error of any of its probabilities, and infinite where these tell a tenth of a per cent.
        """
        what = self.provenance
        if _WORTH in (stated := dict(what.diagnostics)):  # of a record, which holds no replicates
            return stated[_WORTH]
        if what.sampling != "plain draws":
            worth = reading.draws_worth(self._probabilities(), self.weights)
            return worth if worth < TENTHS else math.inf
        draws = what.points * (1 if what.seed is None else self.replicates)
        mean = np.tensordot(self.weights, self.exceedance, 1)
        day, column = divmod(int(np.abs(mean - 0.5).argmin()), mean.shape[1])
        share, batches = float(mean[day, column]), self.exceedance[:, day, column]
        excess = 1.0  # variance between batches over that of independent draws
        if self.replicates > 1 and 0 < share < 1:
            spread = draws * float(self.weights @ (batches - share) ** 2)
            excess = spread / (self.replicates - 1) / (share * (1 - share))
        return draws / excess if excess > _APART else float(draws)

    def _probabilities(self) -> Floats:
        """Return those of what was asked, by replicate; of the last median where nothing was."""
        if self.thresholds.size or self.totals is None:
            return self.exceedance
        (middle,), _ = reading.quantiles(self, (0.5,), self.horizon)
        return self.totals.column(middle)

    def stating_draws(self) -> Law:
        """Return the same law that states :attr:`draws`, for what keeps no replicates."""
        if math.isinf(self.draws):
            return self
        kept = [pair for pair in self.provenance.diagnostics if pair[0] != _WORTH]
        diagnostics = (*kept, (_WORTH, self.draws))
        return self.with_provenance(dataclasses.replace(self.provenance, diagnostics=diagnostics))

    @functools.cached_property
    def dataset(self) -> xr.Dataset:
        """The law as a labelled Dataset.

        Variable ``exceedance`` with dims ``replicate``, ``threshold`` [unit] and ``time`` (daily);
        where the law knows its totals ``total`` [unit] with dims ``replicate``, ``node`` (some of
        the days) and ``score`` (normal), and ``clock`` by day. Attrs hold the provenance as JSON.
        """
        totals, what = self.totals, self.provenance
        if totals is None:
            return self._surface
        quantile = {"long_name": f"{what.title}: quantile", "units": what.unit}
        clock = {"long_name": "even days that have passed", "units": "d"}
        score = {"long_name": "normal score", "units": "1"}
        return self._surface.assign(
            node=("node", self.days[totals.days], {"long_name": "end of day"}),
            score=("score", SCORES, score),
            total=(("replicate", "node", "score"), totals.values, quantile),
            clock=("time", totals.clock, clock),
        )

    @classmethod
    def from_paths(
        cls,
        paths: Any,  # noqa: ANN401 - what people have
        thresholds: Sequence[float] | Floats,
        *,
        variable: str | None = None,
        start: date | str | None = None,
        title: str = "Total",
        definition: str = "as simulated",
        unit: str | None = None,
    ) -> Law:
        """Return the law of the first time at which anybody's simulated totals reach thresholds.

        Parameters
        ----------
        paths : DataArray, Dataset, DataTree, InferenceData, DataFrame or array
            Dims ``time`` and ``draw``, and perhaps ``chain``; of an object of ArviZ the group
            ``posterior_predictive``; of a frame a row a date and a column a draw. The first time is
            the information date. Times may be daily or irregular, ascending; between them nothing
            is seen, so that a crossing is dated by the first report at or above the threshold. An
            array in chunks of Dask is read chunk by chunk where Dask runs, to the same bytes.
        thresholds : sequence of float
            Totals [unit].
        variable : str, optional
            Which variable, where there are several.
        start : datetime.date or str, optional
            The first day, where times are no dates.
        title, definition : str
            What is counted, for sentences.
        unit : str, optional
            Its unit; ``paths.attrs["units"]`` when left out.

        Returns
        -------
        Law
            Daily; its replicates are at least 16 batches of draws that follow one another, each of
            one chain, weighted by their size, so that the error of correlated draws is seen. Every
            draw counts.

        Raises
        ------
        InputError
            If a dim is missing, fewer than two draws are given, a value is not finite, or times are
            not ascending dates.

        Examples
        --------
        >>> import numpy as np, xarray as xr
        >>> days = np.datetime64("2025-06-03", "s") + np.arange(4) * np.timedelta64(86_400, "s")
        >>> paths = xr.DataArray(
        ...     [[8.0, 9, 10, 11], [9, 10, 11, 12]], dims=("draw", "time"), coords={"time": days}
        ... )
        >>> Law.from_paths(paths, [10.0]).surface().mean(axis=0).tolist()
        [[0.0, 0.5, 1.0, 1.0]]
        """
        array = checked_paths(paths_from(paths, variable=variable, start=start))
        grid = np.unique(np.asarray(thresholds, dtype=float))
        if grid.size == 0 or not np.isfinite(grid).all():
            raise refusal("finite thresholds", clip(list(thresholds)), "thresholds")
        surface, edges, falls = exceedance_of_paths(array, grid)
        days = array["time"].values.astype("datetime64[D]")
        offsets = (days - days[0]).astype(int)
        seen = np.searchsorted(offsets, np.arange(offsets[-1] + 1), side="right") - 1
        sizes = np.diff(edges).astype(float)
        provenance = Provenance(
            quantity="total" if array.name is None else str(array.name),
            title=title,
            definition=definition,
            unit=unit or str(array.attrs.get("units", "")),
            model="paths from elsewhere",
            points=int(edges[-1]),
            sampling="plain draws",
            notes=(RUNNING_MAXIMUM,) if falls else (),
        )
        law = make_law(surface[..., seen], grid, days[0].item(), provenance, weights=sizes)
        if array.chunks is not None:
            return law  # the draws need not fit this machine
        return law.with_totals(functools.partial(totals_of_paths, array, edges, offsets))

    @classmethod
    def simulate(  # noqa: PLR0913 - what a law is of, by name
        cls,
        function: Callable[[np.random.Generator, int], Floats],
        thresholds: Sequence[float],
        information_date: date | str,
        *,
        seed: int = 1,
        prob: float = 0.9,
        tolerance: float | None = None,
        size: int | None = None,
        workers: Workers = None,
        title: str = "Total",
        definition: str = "as simulated",
        unit: str = "",
    ) -> Law:
        """Return the law of a total given by anybody's path function, by plain draws.

        Parameters
        ----------
        function : callable
            Maps (rng, draws) to totals, shape (draw, day), day 0 being the information date [unit].
            Paths may fall; then their running maximum is read, and the law says so.
        thresholds : sequence of float
            Totals [unit].
        information_date : datetime.date or str
            Day 0.
        seed : int
            Of all random numbers.
        prob : float
            Mass of the intervals whose ends are made accurate.
        tolerance : float, optional
            Largest Monte Carlo standard error of a date [day]; 1/50 of the reporting unit when
            left out. Plain draws need four times as many for half the error.
        size : int, optional
            Largest number of draws per replicate, of which there are 16; rounded up to whole
            thousands (1,024).
        workers : str, Executor or Client, optional
            As in :func:`attrition.forecast`.
        title, definition, unit : str
            What is counted, for sentences.

        Raises
        ------
        InputError
            If the function returns another shape, or values that are not finite.

        Warns
        -----
        AttritionWarning
            If a limit is reached before the tolerance.

        Examples
        --------
        >>> import numpy as np
        >>> def poisson(rng, draws):
        ...     days = rng.poisson(10.0, size=(draws, 150))
        ...     return np.concatenate([np.zeros((draws, 1)), days.cumsum(axis=1)], axis=1)
        >>> law = Law.simulate(poisson, [1000], "2025-06-03", tolerance=0.1)
        >>> law.provenance.sampling
        'plain draws'
        """
        from attrition.core.simulation import Accuracy, Limits, law_of_function  # which makes laws

        asked = tuple(np.unique(np.asarray(thresholds, dtype=float)).tolist())
        provenance = Provenance(
            quantity=title.lower(),
            title=title,
            definition=definition,
            unit=unit,
            model=f"plain draws of {getattr(function, '__name__', 'a path function')}",
            seed=seed_of(seed),
            tolerance=tolerance,
        )
        question = Accuracy(asked, prob, tolerance)
        start = day_from(information_date, "information_date")
        limits = Limits(points=size, workers=workers)
        return law_of_function(function, start, provenance, question, limits)

    def crossing(self, threshold: float, *, prob: float = 0.9) -> Crossing:
        """Return when a threshold is passed, with its equal-tailed interval.

        Parameters
        ----------
        threshold : float
            The total that is passed [unit].
        prob : float
            Probability of the interval.

        See Also
        --------
        attrition.laws.crossing : the same as a function.

        Examples
        --------
        >>> import attrition as at
        >>> law = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"]).law()
        >>> law.crossing(10_000).median.day.year, law.probability(10_000, by="2026-06-05") > 0.5
        (2025, True)
        """
        return reading.crossing(self, threshold, prob=prob)

    def probability(self, threshold: float, *, by: date | str) -> float:
        """Return the probability that a threshold has been passed by the end of a day."""
        return reading.probability_by(self, threshold, by)

    def masses(self, threshold: float) -> Masses:
        """Return the probabilities of already, within, beyond and ended."""
        return reading.masses(self, threshold)

    def total(self, on: date | str, *, prob: float = 0.9) -> Total:
        """Return what the total is at the end of a day, with its equal-tailed interval [unit]."""
        return reading.total(self, day_from(on, "on"), prob=prob)

    def quantiles(
        self, probabilities: float | Sequence[float] | Floats, *, on: date | str
    ) -> Floats:
        """Return quantiles of the total at the end of a day.

        Parameters
        ----------
        probabilities : float or sequence of float, shape (probability,)
            In (0, 1).
        on : datetime.date or str

        Returns
        -------
        ndarray of float, shape (probability,)
            [unit]

        Raises
        ------
        InputError
            If a probability or the day is out of range.
        """
        levels = [check_prob(float(level)) for level in np.atleast_1d(probabilities)]
        return np.array(reading.quantiles(self, levels, on)[0])

    def cite(self, threshold: float | Sequence[float] | None = None, **options: Any) -> Any:  # noqa: ANN401 - those of `cite`, and a Citation
        """Return the citation of what is asked; see :func:`attrition.cite`."""
        return front("cite")(self, threshold, **options)

    @property
    def plot(self) -> Plots:
        """The pictures of the law: ``law.plot.fan()``, ``law.plot.crossing(K)`` and so on."""
        return Plots(self)

    @functools.cached_property
    def _surface(self) -> xr.Dataset:
        """The labelled exceedance alone: nothing is drawn for it."""
        import xarray as xr

        what = self.provenance
        time = {"long_name": "end of day"}
        threshold = {"long_name": what.title, "units": what.unit}
        return xr.Dataset(
            {
                "exceedance": (
                    ("replicate", "threshold", "time"),
                    self.exceedance,
                    {"long_name": "P(total >= threshold)", "units": "1"},
                ),
            },
            coords={
                "replicate": np.arange(self.replicates),
                "weight": ("replicate", self.weights, {"long_name": "weight", "units": "1"}),
                "threshold": ("threshold", self.thresholds, threshold),
                "time": ("time", self.days, time),
            },
            attrs={"provenance": what.to_json()},
        )

    def to_dataset(self) -> xr.Dataset:
        """Return the law as a labelled Dataset: :attr:`dataset`, under the name others use."""
        return self.dataset

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Return the law as a pandas DataFrame, averaged over replicates.

        Returns
        -------
        pandas.DataFrame, shape (time, threshold)
            P(C(t) >= K); the index holds the days, the columns the thresholds [unit].
        """
        mean = (self._surface["exceedance"] * self._surface["weight"]).sum("replicate")
        return mean.transpose("time", "threshold").to_pandas()

    def __repr__(self) -> str:
        """Return what the law is of, and when its first threshold is passed, in a line."""
        what, days = self.provenance, f"{self.information_date} to {self.horizon}"
        first = next(iter(what.asked or self.thresholds), None)
        when = ""
        if first is not None and what.floors:  # which give no date
            when = f", {first:,.10g}: {100 * self.masses(float(first)).already:.0f} % already"
        elif first is not None:
            middle = self.crossing(float(first)).median
            when = f", {first:,.10g}: {middle.day or middle.state} (median)"
        return f"<Law of {what.quantity} ({what.basis}), {days}{when}>"

    def __str__(self) -> str:
        """Return the standard sentence and a small table."""
        return str(front("reporting.as_text")(self))

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The days of the law, ``datetime64[s]``."""
        offsets = np.arange(self.exceedance.shape[2]) * np.timedelta64(86_400, "s")
        return np.asarray(np.datetime64(self.information_date, "s") + offsets)

    @functools.cached_property
    def horizon(self) -> date:
        """The last day of the law."""
        return self.information_date + timedelta(days=self.exceedance.shape[2] - 1)

    @property
    def replicates(self) -> int:
        """How many independent replicates measure the Monte Carlo error."""
        return int(self.exceedance.shape[0])

    def surface(self) -> Floats:
        """Return the exceedance, shape (replicate, threshold, time)."""
        return self.exceedance

    def with_provenance(self, provenance: Provenance) -> Law:
        """Return the same law with another provenance."""
        return dataclasses.replace(self, provenance=provenance)

    def with_totals(self, source: TotalsSource, start: TotalsSource | None = None) -> Law:
        """Return the same law with quantiles of the total, computed when they are first read.

        ``start`` computes those of the information date alone, where they cost less than all.
        """
        once = functools.cache  # for the law and all copies of it that say other words
        return dataclasses.replace(self, source=once(source), start=start and once(start))


class Plots:
    """The pictures of a law; each takes what the function of its name takes, and returns axes."""

    __slots__ = ("_law",)

    def __init__(self, law: Law) -> None:
        self._law = law

    def fan(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - matplotlib's axes
        """Draw the total on every day; see :func:`attrition.plots.fan`."""
        return front("plots.fan")(self._law, *arguments, **options)

    def crossing(self, threshold: float, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Draw when a threshold is passed, as dots; see :func:`attrition.plots.crossing`."""
        return front("plots.crossing")(self._law, threshold, *arguments, **options)

    def law(self, threshold: float, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Draw the probability of having passed by each day; see :func:`attrition.plots.law`."""
        return front("plots.law")(self._law, threshold, *arguments, **options)


def make_law(
    exceedance: Floats,
    thresholds: Sequence[float] | Floats,
    information_date: date,
    provenance: Provenance,
    *,
    weights: Floats | None = None,
) -> Law:
    """Wrap an array as a law.

    Parameters
    ----------
    exceedance : ndarray of float, shape (replicate, threshold, time)
        P(C(t) >= K); rises along time and falls along thresholds.
    thresholds : sequence of float, shape (threshold,)
        Ascending totals [unit].
    information_date : datetime.date
        The first day of the time axis.
    provenance : Provenance
    weights : ndarray of float, shape (replicate,), optional
        Weights of the replicates, scaled to sum to one; equal when left out.

    Raises
    ------
    InputError
        If the surface is no law: outside [0, 1], or not monotone.
    """
    slack, broken = 1e-12, None
    if 0 in (exceedance.shape[0], exceedance.shape[2]) or not np.isfinite(exceedance).all():
        broken = "every value must be finite"
    elif (exceedance < -slack).any() or (exceedance > 1 + slack).any():
        broken = "every value must lie in [0, 1]"
    elif (np.diff(exceedance, axis=2) < -slack).any():
        broken = "exceedance must not fall with time"
    elif (np.diff(exceedance, axis=1) > slack).any():
        broken = "exceedance must not rise with the threshold"
    if broken is not None:
        got = f"an array of shape {exceedance.shape}"
        raise refusal("law", got, "make_law", broken=broken)
    shares = np.ones(exceedance.shape[0]) if weights is None else np.asarray(weights, dtype=float)
    grid = np.asarray(thresholds, dtype=float)
    return Law(exceedance, grid, information_date, shares / shares.sum(), provenance)


def falling(exceedance: Floats, thresholds: Sequence[float] | Floats) -> Floats:
    """Return columns of a law in their order, none above that of a lower threshold.

    Columns that were computed each on days of its own may differ by a hair.

    Parameters
    ----------
    exceedance : ndarray of float, shape (replicate, threshold, time)
    thresholds : sequence of float, shape (threshold,)
        In any order [unit].
    """
    order = np.argsort(thresholds)
    columns = exceedance.copy()
    columns[:, order] = np.minimum.accumulate(exceedance[:, order], axis=1)
    return columns
