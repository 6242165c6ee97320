"""When a total passes a threshold, from two figures: how many so far, and how many a day.

No file and no source are needed. What two figures do not say, how the pace goes on, comes from the
families of :mod:`attrition.models.families`; the answer prints how much of its width that is.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from attrition._version import __version__
from attrition.core._showing import Shown, aligned, front
from attrition.core._typing import Floats, HasCdf
from attrition.core.checks import check_prob, days_ahead, number_within, whole_number
from attrition.core.days import check_information_date, day_from
from attrition.core.errors import clip, refusal
from attrition.core.files import bundled_table
from attrition.core.laws import (
    Crossing,
    CrossingDate,
    Law,
    Provenance,
    Total,
    make_law,
    print_date,
    round_count,
)
from attrition.core.laws.digits import unit_within
from attrition.core.laws.reading import opened
from attrition.core.simulation import REPLICATES
from attrition.core.streams import stream
from attrition.core.workers import one_thread
from attrition.data.elicitation import elicit, is_distribution
from attrition.data.elicitation.claims import DAYS_PER
from attrition.data.elicitation.distributions import Distribution, atom
from attrition.data.elicitation.shapes import lognormal
from attrition.models import gains
from attrition.models.families import (
    LEVELLED,
    UNNAMED,
    KindOfPace,
    PaceFamily,
    Priors,
    disaster_words,
    given_priors,
    mixture_words,
)
from attrition.models.points import (
    Paces,
    Stated,
    drawn_totals,
    paces_of,
    surface_of,
    totals_by_day,
)
from attrition.text import read_one
from attrition.text.units import months_steady

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

AnyKind = str | PaceFamily | None
"""A kind by its name, a family of paces, or neither."""

FamilyShares = tuple[tuple[PaceFamily, float], ...]
"""Families of paces and their shares, which sum to one."""

MODEL = "two figures and a pace of families v1"
"""The model in a few words."""

_WORK = 2**24  # points times days: about a second
_FEWEST, _MOST = 256, 2048  # points of a replicate
_DAYS = 731  # two years, as every forecast looks ahead by default
_LONGEST = 7305  # twenty years: no pace is known for longer
_SLOWER = 4.0  # by default the horizon is this many times what the stated pace needs
_LEADS = (28, 91, 365)  # of the totals that are printed [day]


@dataclass(frozen=True, eq=False)
class When(Shown):
    """When a total passes a threshold, from two figures.

    Parameters
    ----------
    threshold : float
        The total that is passed [unit].
    level, rate : Stated
        What was stated.
    kind : str, PaceFamily or None
        The kind of total, or how its pace goes on; None for the mixture of all.
    priors : Priors
        What is assumed of the pace of a kind.
    prob : float
        Probability of the printed intervals.
    seed : int
    law : Law
        P(total >= threshold) on every day to the horizon; every reader of laws takes it.

    See Also
    --------
    attrition.when : how it is asked.

    Examples
    --------
    >>> import attrition as at
    >>> answer = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1)
    >>> answer.on.isoformat(), answer.law.crossing(600).median.day.isoformat()
    ('2025-06-03', '2025-06-13')
    >>> answer.horizon.isoformat(), f"{answer.probability(by='2025-06-13'):.1f}"
    ('2027-06-04', '0.5')
    >>> answer.total("2025-06-13")
    Total(on=2025-06-13, prob=0.9, lower=584, median=600, upper=617)
    >>> answer.totals("2025-06-13").shape, answer.draws(2).dims
    ((16384,), ('draw', 'time'))
    >>> print(answer.cite(by="2025-06-14"))
    The total is 84 % likely to have passed 600 by 14 June 2025 if it goes on at this pace, on
    the two figures given for 3 June.
    >>> answer.to_pandas().columns.tolist(), len(answer.plot().lines) > 0
    ([600.0], True)
    """

    threshold: float
    level: Stated
    rate: Stated
    kind: AnyKind
    priors: Priors = field(repr=False)
    prob: float
    seed: int
    law: Law = field(repr=False)
    _drawn: list[Paces] = field(repr=False)

    @property
    def on(self) -> date:
        """The day that the level describes; nothing later is known."""
        return self.law.information_date

    @property
    def horizon(self) -> date:
        """The last day of the law."""
        return self.law.horizon

    def crossing(self, *, prob: float | None = None) -> Crossing:
        """Return interval, median and masses of the day on which the threshold is passed."""
        return self.law.crossing(self.threshold, prob=self.prob if prob is None else prob)

    def probability(self, *, by: date | str) -> float:
        """Return the probability that the threshold is passed by the end of a day."""
        return self.law.probability(self.threshold, by=by)

    def total(self, day: date | str, *, prob: float | None = None) -> Total:
        """Return what the total is at the end of a day.

        Parameters
        ----------
        day : datetime.date or str
            Between the day of the level and the horizon.
        prob : float, optional
            Probability of the equal-tailed interval; that of the question when left out.

        Returns
        -------
        Total
            Read from the draws behind the law; each of its ends rises from day to day. Its
            ``mcse`` is the largest of the three.
        """
        target = day_from(day, "day")
        lead = self._lead(target)
        wanted = check_prob(self.prob if prob is None else prob)
        levels = np.array([(1 - wanted) / 2, 0.5, (1 + wanted) / 2])
        each = self._totals(lead)
        whole = np.quantile(np.concatenate(each), levels)
        scatter = np.std([np.quantile(rows, levels) for rows in each], axis=0, ddof=1)
        error = float(scatter.max()) / math.sqrt(REPLICATES)
        lower, median, upper = (float(value) for value in whole)
        return Total(target, wanted, lower, median, upper, error)

    def totals(self, day: date | str) -> Floats:
        """Return draws of the total at the end of a day, equally likely, shape (draw,) [unit]."""
        return np.concatenate(self._totals(self._lead(day)))

    def _totals(self, lead: int) -> list[Floats]:
        """Return the totals of each replicate."""
        return [rows[:, 0] for rows in drawn_totals(self._drawn, np.array([lead]))]

    @one_thread()
    def draws(self, draws: int = 1000) -> xr.DataArray:
        """Return whole daily paths of the total, equally likely.

        Parameters
        ----------
        draws : int
            At most as many as stand behind the law.

        Returns
        -------
        xarray.DataArray, dims (draw, time)
            Totals at the end of each day [unit]; days scatter independently of one another.

        Raises
        ------
        InputError
            If ``draws`` is out of range.
        """
        import xarray as xr

        most = sum(part.level.size for part in self._drawn)  # the points behind the law
        whole_number(draws, "draws", least=1, most=most)
        # A stream of its own, after those of the replicates.
        rng = stream(self.seed, REPLICATES)
        chosen = np.zeros(most, dtype=bool)
        chosen[rng.permutation(most)[:draws]] = True
        every, first, rows = np.arange((self.horizon - self.on).days + 1), 0, []
        for part in self._drawn:
            mine = chosen[first : first + part.level.size]
            first += part.level.size
            means = part.rate[mine, None] * part.family.elapsed(part.movers[mine], every)
            gain = gains.drawn(part.family.phi, np.diff(means, axis=1, prepend=0.0), rng)
            rows.append(part.level[mine, None] + np.cumsum(gain, axis=1))
        what = self.law.provenance
        return xr.DataArray(
            np.concatenate(rows),
            dims=("draw", "time"),
            coords={"draw": np.arange(draws), "time": self.law.days},
            name=what.quantity,
            attrs={"long_name": what.title, "units": what.unit, "seed": self.seed},
        )

    def cite(self, **options: Any) -> Any:  # noqa: ANN401 - those of `cite`, and a Citation
        """Return the answer as a citation; options are those of :func:`attrition.cite`."""
        return front("cite")(self.law, self.threshold, **{"prob": self.prob, **options})

    def __repr__(self) -> str:
        """Return the answer in a line."""
        return f"<When: {self.cite()}>"

    def _repr_html_(self) -> str:
        return str(front("reporting.as_html")(self.law))

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Return the law as a pandas DataFrame; see :meth:`attrition.Law.to_pandas`."""
        return self.law.to_pandas()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the probability that the threshold has been passed, by day."""
        drawn: Axes = front("plots.law")(self.law, self.threshold, ax, prob=self.prob)
        return drawn

    @functools.cached_property
    def steady(self) -> When:
        """The answer at a steady pace: what the two figures alone leave open."""
        return when(
            self.threshold,
            level=self.level,
            rate=self.rate,
            on=self.on,
            kind="steady",
            priors=self.priors,
            prob=self.prob,
            horizon=self.horizon,
            seed=self.seed,
            unit=self.law.provenance.unit,
        )

    def __str__(self) -> str:
        """Return a small table, and in plain words what was assumed."""
        read, unit = opened(self.law, self.crossing()), self.law.provenance.unit
        share, printed = f"{100 * self.prob:g} %", front("reporting.percent")
        rows = [
            (f"passes {self.threshold:,.10g}", _span(read, self.law)),
            ("median", _date(read.median, read, self.law)),
            (f"by {print_date(self.on, 'day')}", printed(read.masses.already)),
            (f"after {print_date(self.horizon, 'day')}", printed(read.masses.beyond)),
        ]
        least = _rounded(self.total(self.on))[0]
        for lead in _LEADS:
            day = self.on + timedelta(days=lead)
            if day <= self.horizon:
                low, middle, high = _rounded(self.total(day))
                label = f"total {print_date(day, 'day')}"
                # A wider interval is rounded outward in larger steps, but a total never falls.
                least = max(low, least)
                middle = max(middle, least)
                rows.append((label, f"{least:,.0f} to {high:,.0f} (median {middle:,.0f})"))
        counted = "" if unit == "persons" else f" {unit}"
        head = (
            f"{self.level.words}{counted} on {print_date(self.on, 'day')}, {self.rate.words}. "
            f"{share} intervals:"
        )
        return "\n".join([head, *aligned(rows), "", *self._assumed()])

    def _assumed(self) -> list[str]:
        """Say in plain words what two figures do not."""
        mixture, *warned = self.law.provenance.notes
        sentences = [f"Assumed: {mixture}."]
        sentences += [f"{text[0].upper()}{text[1:]}." for text in warned]
        if self.kind != "steady":
            span = _span(opened(self.steady.law, self.steady.crossing()), self.steady.law)
            whose = "the library's default"
            if isinstance(self.kind, PaceFamily):
                whose = "the given family"
            elif given_priors(self.priors):
                whose = "the given priors"
            sentences.append(
                f"At a steady pace the same two figures give: {span}. What is wider than that is "
                f"{whose} of how a pace moves, not in your figures."
            )
        return sentences

    def _lead(self, day: date | str) -> int:
        return days_ahead(day, self.on, self.horizon, "day")


def _rounded(total: Total) -> tuple[float, float, float]:
    """Return lower end, median and upper end in the digits that width and error allow."""
    return round_count(total.lower, total.median, total.upper, mcse=total.mcse)


def _kind_of(kind: AnyKind, priors: Priors, age: float) -> tuple[KindOfPace, FamilyShares]:
    if isinstance(kind, PaceFamily):
        return KindOfPace(kind.name, ((kind.name, 1.0),), kind.evidence), ((kind, 1.0),)
    return priors.kind(kind), priors.mixture(kind, age)


def _mixture_words(kind: AnyKind, mixture: FamilyShares) -> str:
    if kind == "steady":
        return "the pace stays as it is, because it was said to be steady"
    if isinstance(kind, PaceFamily):
        return f"the pace goes on as the family given with the question says, {kind.name}"
    return mixture_words(kind, mixture)


def _date(end: CrossingDate, read: Crossing, law: Law) -> str:
    known, horizon = law.information_date, law.horizon
    if end.day is not None:
        return print_date(end.day, unit_within(end.day, read.unit, known, horizon))
    if end.state == "already":
        return f"on or before {print_date(known, 'day')}"
    return f"after {print_date(horizon, 'day')}"


def _span(read: Crossing, law: Law) -> str:
    """Return the interval in few words."""
    horizon = law.horizon
    first, last = (
        "" if end.day is None else _date(end, read, law) for end in (read.lower, read.upper)
    )
    if first and last:
        return first if first == last else f"{first} to {last}"
    late = f"not by {print_date(horizon, 'day')}"
    if first:
        return f"{first}, or later: perhaps {late}"
    if read.lower.state == "beyond":
        return late
    if read.upper.state == "already":
        return "already passed"
    return f"already passed, or by {last}" if last else f"perhaps already, perhaps {late}"


def _horizon(
    horizon: date | str | None, on: date, threshold: float, level: Stated, rate: Stated
) -> int:
    """Return the days to the horizon."""
    if horizon is None:
        far = threshold - float(level.quantile(np.array(0.05)))
        needed = _SLOWER * far / float(rate.quantile(np.array(0.5)))
        return int(min(max(needed, _DAYS), _LONGEST))
    days = (day_from(horizon, "horizon") - on).days
    if not 1 <= days <= _LONGEST:
        raise refusal("horizon of two figures", f"{days} days", "horizon")
    return days


def when(  # noqa: PLR0913 - one for each thing that is asked
    threshold: float,
    *,
    level: StatedFigure | Stated,
    rate: StatedFigure | Stated,
    on: date | str,
    kind: AnyKind = None,
    priors: Priors | Mapping[str, Any] | str | Path | None = None,
    prob: float = 0.9,
    horizon: date | str | None = None,
    seed: int = 1,
    unit: str = "persons",
) -> When:
    """Return when a total passes a threshold, from how many there are and how many a day.

    Parameters
    ----------
    threshold : float
        The total that is passed [unit].
    level, rate : float, pair of float, str or distribution
        How many there are, and how many are added a day. A number is exact; a pair is a central
        90 % interval (lognormal); words are read as :func:`attrition.parse` reads them, those of
        a rate with their day, week, month or year; anything with ``cdf`` and ``ppf`` or ``icdf``
        is taken as it is.
    on : datetime.date or str
        The day that the level describes; the rate is that of about four weeks before.
    kind : {"steady", "epidemic", "conflict", "disaster"} or PaceFamily, optional
        Of which kind the total is, and so how its pace may move, or a family of paces of your own;
        the mixture of all when left out, which is wide. ``"steady for 6 months"`` is a kind too,
        and is read from the words of a rate, "around 1,000 a day, steady for six months".
    priors : Priors, mapping or path, optional
        What is assumed of paces, as :meth:`attrition.pace.Priors.of` reads it; the library's own
        when left out.
    prob : float
        Probability of the equal-tailed intervals.
    horizon : datetime.date or str, optional
        The last day; two years ahead when left out, or four times as long as the stated pace
        needs, twenty years at most.
    seed : int
        The same seed gives the same bytes.
    unit : str
        What is counted.

    Returns
    -------
    When
        Its ``law`` is one like any other.

    Raises
    ------
    InputError
        If a figure cannot be read, or something is out of range.

    See Also
    --------
    attrition.forecast : from quotations, a dossier or a recorded count.
    attrition.forecasts.PaceFamily : a pace of your own.

    Notes
    -----
    Level and noise of the gain are integrated given the expected gain
    (``attrition.models.points``), and the rate too where a family of your own keeps it; rate,
    family, and what moves the pace are scrambled Sobol points in 16 replicates
    (``attrition.models.points``).

    Examples
    --------
    >>> import attrition as at
    >>> answer = at.when(1_000_000, level=(900_000, 1_000_000), rate=(800, 1_250), on="2025-06-03")
    >>> answer.crossing().median.day.year
    2025
    >>> at.when(600, level=500, rate=10, on="2025-06-03", kind="steady").crossing().median.day
    datetime.date(2025, 6, 13)
    """
    number_within(threshold, "threshold of two figures", "threshold", above=True)
    wanted, start, number = check_prob(prob), day_from(on, "on"), whole_number(seed, "seed")
    check_information_date(start)
    count = level if isinstance(level, Stated) else read_level(level)
    pace = rate if isinstance(rate, Stated) else read_rate(rate)
    table = Priors.of(priors)
    months = months_steady(pace.words) if kind is None else 0
    kind = f"steady for {months} months" if months > 1 else kind
    middle = np.array(0.5)
    age = float(count.quantile(middle)) / float(pace.quantile(middle))
    what, mixture = _kind_of(kind, table, age)
    days = _horizon(horizon, start, threshold, count, pace)
    if horizon is None and isinstance(kind, str) and table.levels_off(kind):
        days = LEVELLED
    points = 2 ** int(math.log2(min(max(_WORK / (REPLICATES * days), _FEWEST), _MOST)))
    drawn = paces_of(count, pace, mixture, points, number)
    surface = surface_of(drawn, count, pace, [threshold], days)
    origin = "library default" if what.name == UNNAMED else "argument"
    words = bundled_table("sentences.toml")
    stated = Provenance(
        quantity="total",
        title="the total",
        definition=f"{count.words} so far, {pace.words}",
        unit=unit,
        basis="stated",
        basis_name="the count that these figures describe",
        condition=words["conditions"].get(what.name, words["conditions"][UNNAMED]),
        subject=words["subjects"].get(what.name, "the total"),
        verb="passes",
        model=MODEL,
        seed=number,
        points=points,
        sampling="randomised quasi-Monte Carlo",
        version=__version__,
        figures=2,
        assumptions=(("kind", what.name, what.evidence, origin), *given_priors(table)),
        notes=(
            _mixture_words(kind, mixture),
            *disaster_words(None if kind is None else what.name, mixture, unit),
        ),
    )
    law = make_law(surface, [threshold], start, stated)
    totals = functools.partial(totals_by_day, drawn)
    law = law.with_totals(functools.partial(totals, days), functools.partial(totals, 0))
    return When(float(threshold), count, pace, kind, table, wanted, number, law, drawn)


# A figure as somebody states it: a number, a pair, words, or a distribution.

CENTRAL = 0.9
"""Mass of a pair of numbers."""

_NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")  # "16", "1,000", "0.5"

StatedFigure = float | tuple[float, float] | str | HasCdf
"""What may be stated: a number is exact, a pair a central 90 % interval, a string words."""


def read_level(figure: StatedFigure) -> Stated:
    """Return a stated level.

    Raises
    ------
    InputError
        If it is no figure of a total.

    Examples
    --------
    >>> read_level((900_000, 1_000_000)).words
    '900,000 to 1,000,000'
    """
    if not isinstance(figure, str):
        return Stated(*_numbers(figure, "level"))
    reading = read_one(figure)
    if reading.kind != "level":
        raise refusal("level stated", clip(figure), "level")
    return Stated(figure, elicit(reading, place="level"))


def read_rate(figure: StatedFigure) -> Stated:
    """Return a stated rate; numbers are per day, also as text, and words say per what.

    Raises
    ------
    InputError
        If it is no rate, or could be zero for good.

    Examples
    --------
    >>> stated = read_rate("exactly 700 a week")
    >>> round(float(stated.quantile(np.array(0.5))))
    100
    """
    if isinstance(figure, str) and _NUMBER.fullmatch(figure.strip()):
        figure = float(figure.replace(",", ""))
    if isinstance(figure, str):
        reading = read_one(figure)
        if reading.kind != "rate" or reading.per not in DAYS_PER:
            raise refusal("rate stated", clip(figure), "rate")
        stated = Stated(figure, elicit(reading, place="rate"), DAYS_PER[reading.per])
    else:
        words, distribution = _numbers(figure, "rate")
        stated = Stated(words if words == "as given" else f"{words} a day", distribution)
    middle = float(stated.quantile(np.array(0.5)))
    if not middle > 0:
        raise refusal("rate above 0", f"a median of {middle:g} a day", "rate")
    return stated


def _numbers(figure: float | tuple[float, float] | HasCdf, name: str) -> tuple[str, Distribution]:
    """Return words and distribution of a number, a pair or a distribution."""
    if is_distribution(figure):
        return "as given", cast("Distribution", figure)
    try:
        ends = [float(end) for end in np.atleast_1d(np.asarray(figure, dtype=float))]
    except (TypeError, ValueError):
        ends = []
    good = len(ends) in (1, 2) and all(math.isfinite(end) and end >= 0 for end in ends)
    if not good:
        raise refusal("figure stated", clip(figure), name, name=name)
    if ends[0] == ends[-1]:
        return f"{ends[0]:,.10g}", atom(ends[0])
    low, high = ends
    if not 0 < low < high:
        raise refusal("ends stated", f"{low:g} and {high:g}", name, name=name)
    return f"{low:,.10g} to {high:,.10g}", lognormal(low, high, CENTRAL)
