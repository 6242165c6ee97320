"""From a series to its pace: what the counts tell about how the rate moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.errors import refusal
from attrition.core.laws.scenarios import Bend
from attrition.core.workers import one_thread
from attrition.data.series import Series
from attrition.data.series.cleaning import steps_of
from attrition.data.series.findings import EPOCH
from attrition.models.pace.bundle import BundleSampler
from attrition.models.pace.fates import readings_of, silence
from attrition.models.pace.filtering import Belief, filter_steps
from attrition.models.pace.futures import Futures, draw_futures
from attrition.models.pace.prior import Prior
from attrition.models.pace.weekdays import EVEN, clock_of, weekday_shares

_FEW = 26  # steps of history below which the prior still decides
_WEIGHED = {"typo", "stop", "dump", "late"}  # findings whose weights the notes tell below
_MOST_TOLD = 3  # others that are told in full
_MONTH = 28
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class FittedPace(Shown):
    """The posterior of how a count moves, after its last report.

    Parameters
    ----------
    belief : Belief
        Weights and Gaussian states of every hypothesis.
    prior : Prior
        What was assumed before, on the same steps.
    information_date : datetime.date
        Day of the last report.
    total : float
        The total on that day, by the rules of the series and the likelier reading of what is in
        doubt [unit].
    steps : int
        Steps of history with a count.
    notes : tuple of str
        What a reader should know: a short or poor history, and what was handled.
    shares : ndarray of float, shape (7,)
        Share of a week's count that each weekday brings, Monday first.
    bend : Bend or None
        What is supposed of the days ahead.

    See Also
    --------
    attrition.pace.fit_pace : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> import numpy as np, xarray as xr
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(200) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(np.full(200, 50.0), {"time": days}, name="daily")
    >>> fitted = at.pace.fit_pace(at.read_series(daily))
    >>> fitted.total, fitted.information_date.isoformat(), round(fitted.rate)
    (10000.0, '2024-07-18', 50)
    >>> round(fitted.least), round(fitted.rate_sd, 2), round(fitted.day_noise, 1)
    (10000, 0.01, 1.0)
    >>> round(fitted.volatility, 2), round(fitted.momentum, 1), max(fitted.families)
    (0.01, 0.0, 'still')
    >>> fitted.amounts(3), fitted.clock(3)
    (array([1., 1., 1.]), array([0., 1., 2., 3.]))
    >>> fitted.draw(7, 2, np.random.default_rng(1)).log_rate.shape
    (2, 2)
    >>> type(fitted.sampler(7)).__name__
    'BundleSampler'
    """

    belief: Belief = field(repr=False)
    prior: Prior = field(repr=False)
    information_date: date
    total: float
    steps: int
    notes: tuple[str, ...]
    shares: Floats = field(default_factory=EVEN.copy, repr=False)
    bend: Bend | None = None

    @property
    def least(self) -> float:
        """The least that the total may be, whatever is in doubt [unit]."""
        return self.total - self.belief.fate.present

    def _mean(self, values: Floats) -> float:
        return float((np.exp(self.belief.log_weight) * values).sum())

    @property
    def rate(self) -> float:
        """The median daily rate at the information date [unit/day]."""
        return float(np.exp(self._mean(self.belief.x)))

    @property
    def rate_sd(self) -> float:
        """The standard deviation of the log of that rate."""
        mean = self._mean(self.belief.x)
        return float(np.sqrt(self._mean(self.belief.xx + (self.belief.x - mean) ** 2)))

    @property
    def volatility(self) -> float:
        """The root mean square of the weekly change of the log rate [1/sqrt(week)]."""
        scale = WEEK / self.prior.days
        return float(np.sqrt(scale * self._mean(self.prior.hypotheses().sigma ** 2)))

    @property
    def day_noise(self) -> float:
        """The mean variance/mean of the counts [unit]."""
        return self._mean(self.prior.hypotheses().phi[:, None])

    @property
    def momentum(self) -> float:
        """The mean share of a change of the log rate that remains after a step."""
        return self._mean(self.prior.hypotheses().rho[:, None])

    @property
    def families(self) -> dict[str, float]:
        """Probabilities that the rate moves, is steady but for breaks, or is still."""
        hyp = self.prior.hypotheses()
        weight = np.exp(self.belief.log_weight).sum(axis=1)
        steady = hyp.moving + len(self.prior.noises)
        parts = (weight[: hyp.moving], weight[hyp.moving : steady], weight[steady:])
        names = ("moving", "steady", "still")
        return {name: float(part.sum()) for name, part in zip(names, parts, strict=True)}

    def clock(self, days: int) -> Floats:
        """Return the even days that have passed by the end of each day, shape (days + 1,).

        A day on which twice the usual is reported counts two.
        """
        return clock_of(self.shares, (self.information_date - EPOCH).days, days)

    def amounts(self, days: int) -> Floats:
        """Return what each day brings, in even days of the expected pace, shape (days,)."""
        even = np.diff(self.clock(days))
        return even if self.bend is None else even * self.bend.daily(days)

    def sampler(self, days: int) -> BundleSampler:
        """Return what draws futures that reach at least ``days`` days ahead, in bundles."""
        return BundleSampler(self.belief, self.prior, -(-days // self.prior.days))

    def draw(self, days: int, draws: int, rng: np.random.Generator) -> Futures:
        """Draw futures of the log rate that reach at least ``days`` days ahead."""
        with one_thread():
            return draw_futures(self.belief, self.prior, -(-days // self.prior.days), draws, rng)


def step_length(series: Series) -> int:
    """Return the steps that suit how often a series is reported: a week, or four [day]."""
    return WEEK if series.rhythm <= 10 else _MONTH  # noqa: PLR2004 - weekly reports come late


def fit_pace(series: Series, *, prior: Prior | None = None, kind: str | None = None) -> FittedPace:
    """Fit how the rate of a recorded count moves.

    A latent log rate, with a volatility that may change, momentum, shocks and a weak pull to its
    long run, is separated from the noise of the counts, from Poisson to strongly overdispersed.
    Every hypothesis is weighted by how well it predicted each next count.

    Parameters
    ----------
    series : Series
        Its defects are handled by its own rules before.
    prior : Prior, optional
        What is assumed before any count is seen, by the week.
    kind : str, optional
        Of which kind the count is, where no prior is given: :meth:`Prior.of_kind`.

    Returns
    -------
    FittedPace
        With less than half a year of counts the prior decides; its notes say so.

    Raises
    ------
    InputError
        If there is not one whole step of history.

    See Also
    --------
    attrition.forecast : the forecast itself.
    attrition.pace.Prior : what is assumed before.

    Notes
    -----
    Bayesian filtering over a grid: conjugate gamma-Poisson steps (West, Harrison and Migon 1985,
    doi:10.1080/01621459.1985.10477131), interacting multiple models for the volatility (Blom and
    Bar-Shalom 1988, doi:10.1109/9.1299).

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from attrition.data.series import read_series
    >>> days = np.datetime64("2024-01-01", "s") + np.arange(400) * np.timedelta64(86_400, "s")
    >>> daily = xr.DataArray(
    ...     np.random.default_rng(1).poisson(50.0, 400),
    ...     dims="time",
    ...     coords={"time": days},
    ...     name="daily",
    ... )
    >>> fit = fit_pace(read_series(daily))
    >>> round(fit.rate), fit.notes
    (50, ())
    """
    length = step_length(series)
    counts, exposure = steps_of(series.cleaned, length)
    if counts.size == 0:
        got = f"{len(series.days)} reports from {series.days[0]} to {series.days[-1]}"
        raise refusal("history of a pace", got, series.name, length=length)
    stated = prior or Prior.of_kind(kind)
    used = stated if length == WEEK else stated.on_steps(length)
    (belief,) = filter_steps(counts, exposure, used, [counts.size - 1])
    return fitted(series, belief, used, int(np.isfinite(counts).sum()))


def fitted(series: Series, belief: Belief, prior: Prior, steps: int) -> FittedPace:
    """Return the pace of a series from its belief, with what a reader should know."""
    notes = []
    if steps < _FEW:
        notes.append(
            f"the history holds {steps} counts of {prior.days} days, fewer than {_FEW}: how the "
            "pace moves is largely the stated prior"
        )
    kinds = Counter(defect.kind for defect in series.anomalies)
    if kinds:
        words = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
        notes.append(f"found in the series and handled by the stated rules: {words}")
    notes += [str(one) for one in series.grave if one.kind not in _WEIGHED][:_MOST_TOLD]
    shares = weekday_shares(series) if prior.days == WEEK else EVEN
    if np.ptp(shares) > 0:
        pairs = zip(_NAMES, shares, strict=True)
        words = ", ".join(f"{name} {100 * share:.0f}" for name, share in pairs)
        notes.append(f"by weekday the reports bring, in percent of a week's count: {words}")
    cleaned = series.cleaned
    heard = cleaned.counts.size - cleaned.late_counts  # of later days silence tells nothing
    silent, stopped = silence(
        cleaned.day[: heard + 1], cleaned.counts[:heard], cleaned.exposure[:heard]
    )
    if silent:
        fate = replace(belief.fate, silent=silent, stopped=stopped)
        belief = replace(belief, fate=fate)
        nothing = f"nothing was added for {silent:g} days up to the last report"
        stop = f"with {100 * stopped:.0f} % the count has stopped and may begin again"
        notes.append(f"{nothing}: {stop}, else its reports are late")
    readings, present = readings_of(cleaned)
    belief = replace(belief, fate=replace(belief.fate, readings=readings, present=present))
    # what is printed, what may have been meant, and how likely that is
    for doubt in cleaned.doubts:
        both = (doubt.printed, doubt.meant)
        printed, meant = (" and ".join(f"{n:,.0f}" for n in numbers) for numbers in both)
        day, chance = EPOCH + timedelta(days=doubt.days[0]), f"with {100 * doubt.slip:.0f} % a slip"
        slip = f"{printed} is printed for {day} where {meant} may be meant: {chance}"
        notes.append(f"{slip}, else true; the law holds both")
    fading = cleaned.fading
    if cleaned.late_counts and fading:
        late = f"about {fading.missing:,.0f} (standard deviation {fading.spread:,.0f})"
        why = "still to be reported, by how earlier days filled up; the law counts them"
        notes.append(f"{late} of the last {fading.days} days are {why}")
    elif fading:
        notes.append(
            f"the counts of the last {fading.days} days fade: with {100 * fading.coming:.0f} % "
            f"reports of about {fading.missing:,.0f} are still to come, else they decline"
        )
    if cleaned.surged:
        slip = " or a slip" if any(doubt.ratio > 1 for doubt in cleaned.doubts) else ""
        surge = f"{cleaned.surged} of the last counts are {cleaned.surge:.0f} times the usual"
        new = f"with {100 * belief.fate.surging:.2g} % a new pace"
        notes.append(f"{surge}: {new}, else a backlog{slip} that changes none")
    total, last = float(series.cleaned.total[-1]), series.last_day
    return FittedPace(belief, prior, last, total, steps, tuple(notes), shares)
