"""From a fitted pace to a law: the future of a recorded count.

How volatile a future is, and all of its path but one direction, comes from a Sobol sequence
shifted for each replicate; the direction and the noise of the days are integrated
(:mod:`attrition.models.counts.sweep`). Parameter uncertainty is carried, since each point
takes its parameters from the posterior. Replicates are independent, and their spread measures
the error.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np

from attrition.core._typing import Floats, Rng
from attrition.core.late import special
from attrition.core.laws import Law, Provenance, make_law
from attrition.core.laws.law import falling
from attrition.core.laws.reading import crossing_of
from attrition.core.numerics import pchip
from attrition.core.simulation import REPLICATES, Accuracy, Limits, excess_of, until_accurate
from attrition.core.streams import Points, Sobol, seed_of, stream
from attrition.core.workers import one_thread
from attrition.models.counts.sweep import reached
from attrition.models.counts.totals import totals_of_count
from attrition.models.pace import FittedPace
from attrition.models.pace.bundle import DIMENSIONS, Bundle
from attrition.models.pace.futures import Futures

_BLOCK = 128  # points of each replicate at once, so that a block stays small in memory
_FIRST = 512  # plain futures that show roughly where the law lies
_SURE = 1e-4  # probability below which nothing is to be seen
_CLIP = 2.33  # ... beyond which a pilot has too few futures to move with others
_FAR = 8  # steps ahead from which nodes lie at the ends of steps
_FINE = 0.25  # distance of nodes, in normal scores of the law
_EDGE = 1e-12  # probabilities are read between this and one less it
_LEVELS = np.r_[0.0, 0.01, 0.025, np.linspace(0.05, 0.95, 19), 0.975, 0.99, 1.0]
_WIDTH = 1 / 200  # of an interval: a hundredth of its half, up to which a date may err
_LATE = 0.7  # level at which the direction of a law at a fixed size is taken
_PLAIN = 4_096  # plain futures of a replicate where nothing is integrated
_NEARLY = 0.3  # of the largest error of a date, from which another is looked at as well


class _Band:
    """The law of one threshold, in whose futures one direction is integrated.

    The pilot reads every point at all of the nodes. Later points are read at a few of them,
    around the dates that are not accurate enough; later nodes of the pilot's law move with those.

    Parameters
    ----------
    which : int
        Place of the threshold among all.
    gap : float
        Threshold less the least total [unit].
    reference : float
        Where the direction is taken [even day].
    nodes : ndarray of float, shape (node,)
        Where the law is computed [even day].
    begun : float
        The law at the information date.
    """

    def __init__(
        self, which: int, gap: float, reference: float, nodes: Floats, begun: float
    ) -> None:
        self.which, self.reference, self.nodes = which, reference, nodes
        self._gap, self._begun = gap, begun
        self._pilot: Floats | None = None
        self._keys = np.arange(nodes.size)
        self._sums = np.zeros((REPLICATES, nodes.size))
        self.count = 0

    @property
    def narrowed(self) -> bool:
        """Whether later points are read around some dates only."""
        return self._pilot is not None

    @property
    def reach(self) -> float:
        """Until when futures are looked at [even day]."""
        return float(self.nodes[self._keys[-1]])

    def add(self, bundle: Bundle, beside: Floats) -> None:
        """Add futures, those of each replicate side by side."""
        size = beside.shape[1] // REPLICATES
        shares = reached(bundle, self.nodes[self._keys], self.reference, self._gap, beside)
        self._sums += shares.reshape(-1, REPLICATES, size).sum(axis=2, dtype=float).T
        self.count += size

    def _scores(self) -> Floats:
        return _scores(self._sums / self.count)

    def narrow(self, dates: Floats, reference: float) -> None:
        """Read later points only around some dates, with another direction [even day]."""
        self.reference = reference
        at = np.clip(np.searchsorted(self.nodes, dates), 1, self.nodes.size - 1)
        keys = np.unique(np.r_[at - 1, at])
        self._pilot = self._scores()
        self._keys, self._sums = keys, self._sums[:, keys]

    def law(self, clock: Floats) -> Floats:
        """Return the law on every day of a clock, shape (replicate, day).

        Monotone cubics in the normal score of the probability and the logarithm of time, down to
        the first node, and from there straight to the law at the information date.
        """
        score, scale = self._scores(), np.log(self.nodes)
        if self._pilot is not None:
            # where hardly any future of a replicate is, its score says nothing of those between
            known = score.clip(-_CLIP, _CLIP)
            moved = known - self._pilot[:, self._keys].clip(-_CLIP, _CLIP)
            ends = np.unique(np.r_[0, self._keys, self.nodes.size - 1])
            near = np.clip(np.searchsorted(self._keys, ends), 0, self._keys.size - 1)
            moved = np.where(ends < self._keys[0], 0.0, moved[:, near])
            whole = self._pilot + _between(scale[ends], moved, scale)
            whole[:, self._keys] = score
            score = whole
        return _on_days(self.nodes, score, clock, self._begun)


def _scores(law: Floats) -> Floats:
    rising = np.maximum.accumulate(law, axis=-1)
    return np.asarray(special.ndtri(np.clip(rising, _EDGE, 1 - _EDGE)))


def _on_days(nodes: Floats, score: Floats, clock: Floats, begun: float) -> Floats:
    """Return the law on each day from its normal score at some nodes, shape (replicate, day)."""
    passed = clock[1:]
    early = passed < nodes[0]
    score = np.maximum.accumulate(score, axis=1)
    law = special.ndtr(_between(np.log(nodes), score, np.log(np.maximum(passed, nodes[0]))))
    first = np.full((law.shape[0], 1), begun)
    law[:, early] = first + (law[:, early] - first) * (passed[early] / nodes[0])
    return np.maximum.accumulate(np.concatenate([first, law], axis=1), axis=1)


def _between(at: Floats, values: Floats, wanted: Floats) -> Floats:
    if at.size == 1:
        return np.repeat(values, wanted.size, axis=1)
    return pchip(at, values, wanted)


class _Counted:
    """Bands of thresholds, extended round by round while their dates are not accurate."""

    pilot = 128
    most = 16_384
    order = 0.7
    sampling = "randomised quasi-Monte Carlo, one direction and day noise integrated"

    def __init__(
        self, pace: FittedPace, asked: Floats, days: int, seed: int, question: Accuracy
    ) -> None:
        self._pace, self._question = pace, question
        self._clock = pace.clock(days)
        # a few plain futures show where the nodes of a law should lie
        rough = pace.draw(days, _FIRST, stream(seed, REPLICATES))
        self.thresholds = asked
        self.points = 0
        gaps = asked - pace.least
        laws = exceedance(rough, gaps, days, clock=self._clock)
        self._bands = [
            self._band(laws[i], int(i), float(gaps[i])) for i in np.flatnonzero(gaps > 0)
        ]
        self._laws = np.zeros((REPLICATES, gaps.size, days + 1))
        self._laws[:, gaps <= 0] = 1.0
        self._points = Points(DIMENSIONS + 2, seed, REPLICATES)

    def _band(self, law: Floats, which: int, gap: float) -> _Band:
        """Return where to compute the law of a gap, roughly known, and where to take its direction.

        That is the last of the reported dates within the horizon, the hardest to hit.
        """
        days, half = self._clock.size - 1, self._question.prob / 2
        ends = [int(np.searchsorted(law, p)) for p in (0.5 + half, 0.5, 0.5 - half)]
        reference = self._clock[next((end for end in ends if end <= days), days)]
        begun = self._pace.belief.fate.reached(gap)
        nodes = _on_steps(_nodes(law, self._clock), self._pace.prior.days)
        return _Band(which, gap, max(float(reference), 1.0), nodes, begun)

    def extend(self, points: int) -> None:
        """Add ``points`` points to every replicate, for what is not accurate enough yet."""
        wanted = [band for band in self._bands if not band.count or max(self._excess(band)) > 1]
        reach = max((band.reach for band in wanted), default=1.0)
        sampler = self._pace.sampler(int(np.ceil(reach)))
        for begin in range(0, points if wanted else 0, _BLOCK):
            block = self._points.draw(min(_BLOCK, points - begin))
            uniform = np.concatenate([block(replicate) for replicate in range(REPLICATES)])
            bundle = sampler.draw(uniform[:, :DIMENSIONS], self._points.streams)
            for band in wanted:
                band.add(bundle, uniform[:, DIMENSIONS:].T)
        self.points += points
        for band in wanted:
            self._laws[:, band.which] = band.law(self._clock)
            if not band.narrowed and self._excess(band)[1] <= 1:
                self._narrow(band)

    def _excess(self, band: _Band) -> tuple[float, float]:
        """Return the errors of a band's dates and probabilities over what is allowed."""
        start, threshold = self._pace.information_date, float(self.thresholds[band.which])
        return excess_of(self._laws[:, band.which], threshold, start, self._question)

    def _narrow(self, band: _Band) -> None:
        """Have a band look at the dates alone that are least accurate, if there are any."""
        law, threshold = self._laws[:, band.which], float(self.thresholds[band.which])
        even, start = np.full(REPLICATES, 1 / REPLICATES), self._pace.information_date
        read = crossing_of(law, even, threshold, start, prob=self._question.prob)
        errors = {d.offset: d.mcse for d in read.dates if d.offset and d.mcse}
        far = [day for day, error in errors.items() if error >= _NEARLY * read.mcse]
        if far:
            times = self._clock[np.ceil(far).astype(int)]
            band.narrow(times, float(times[np.argmax([errors[day] for day in far])]))

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day)."""
        return falling(np.clip(self._laws, 0.0, 1.0), self.thresholds)


def _nodes(rough: Floats, clock: Floats) -> Floats:
    """Return times near enough to each other, in the normal score of the law and in time."""
    seen = special.ndtri(np.clip(rough[1:], _SURE, 1 - _SURE))
    moved = np.abs(np.diff(seen, prepend=seen[:1])).cumsum()
    travelled = np.log1p(clock[1:]) / 1.5 + moved
    wanted = np.arange(travelled[0], travelled[-1] + _FINE, _FINE)
    at = np.searchsorted(travelled, np.minimum(wanted, travelled[-1]))
    return np.unique(np.r_[clock[1:][at], clock[-1]])


def _on_steps(nodes: Floats, days: int) -> Floats:
    """Move times far ahead to ends of steps, between which nothing is known of the rate."""
    whole = np.maximum(np.round(nodes[:-1] / days), 1) * days
    return np.unique(np.r_[np.where(nodes[:-1] < _FAR * days, nodes[:-1], whole), nodes[-1]])


def law_of_count(
    pace: FittedPace, thresholds: Floats, days: int, rng: np.random.Generator, points: int
) -> Floats:
    """Return P(total >= threshold) on each day, shape (threshold, days + 1), by so many points.

    One replicate of what :func:`count_ahead` does, at a fixed size: for many laws in a row, whose
    Monte Carlo error is small beside what is asked of them.
    """
    clock, law = pace.clock(days), np.ones((thresholds.size, days + 1))
    with one_thread():
        uniform = np.clip(Sobol(DIMENSIONS + 2, rng=rng).random(points), _EDGE, 1 - _EDGE)
        bundle = pace.sampler(days).draw(uniform[:, :DIMENSIONS], [rng])
        beside = uniform[:, DIMENSIONS:].T
        for i, gap in enumerate(thresholds - pace.least):
            if gap > 0:
                nodes, reference = _where(bundle, float(gap), special.ndtri(beside[0]), clock)
                passed = reached(bundle, nodes, reference, float(gap), beside)
                shares = np.mean(passed, axis=1, dtype=float)
                begun = pace.belief.fate.reached(float(gap))
                law[i] = _on_days(nodes, _scores(shares[None]), clock, begun)[0]
    return law


def _where(bundle: Bundle, gap: float, noise: Floats, clock: Floats) -> tuple[Floats, float]:
    """Return nodes around the times at which some futures reach a gap, and a late one of these."""
    middle = 0.5 * (bundle.log_rate[1:] + bundle.log_rate[:-1])
    step = bundle.days * np.exp(np.minimum(middle, np.log(gap) + 10))
    total = np.concatenate([np.zeros((1, noise.size)), np.cumsum(step, axis=0)])
    spread = np.sqrt(bundle.phi * gap + bundle.extra * gap * step[0])
    needed = np.maximum(gap - bundle.lead + spread * noise, gap / 20)
    last = np.minimum((total < needed).sum(axis=0) - 1, step.shape[0] - 1)
    each = np.arange(noise.size)
    time = bundle.days * (last + (needed - total[last, each]) / step[last, each])
    levels = np.quantile(time, _LEVELS)
    middling = np.median(time)
    beyond = [1.5 * end - 0.5 * middling for end in (levels[0], levels[-1])]
    day = np.searchsorted(clock, np.clip([*levels, *beyond], 0, clock[-1]))
    day = np.unique(np.clip([*day, *(day - 1), 1, clock.size - 1], 1, clock.size - 1))
    late = float(np.clip(np.quantile(time, _LATE), 1.0, clock[-1]))
    return _on_steps(clock[np.unique(day)], bundle.days), late


def count_ahead(
    pace: FittedPace,
    thresholds: Sequence[float],
    days: int,
    *,
    rng: Rng,
    provenance: Provenance,
    prob: float = 0.9,
    tolerance: float | None = None,
    limits: Limits | None = None,
) -> Law:
    """Return the law of a recorded count, from its fitted pace.

    Parameters
    ----------
    pace : FittedPace
    thresholds : sequence of float
        Totals asked about [unit].
    days : int
        Days to the horizon.
    rng : int or Generator
        Seed; replicate r uses ``SeedSequence(seed, spawn_key=(r,))``.
    provenance : Provenance
        Completed with seed, tolerance, points and the notes of the pace.
    prob, tolerance, limits
        As in :func:`attrition.forecast`.

    Warns
    -----
    AttritionWarning
        If a limit is reached before the tolerance.
    """
    seed = seed_of(rng)
    asked = np.unique(np.asarray(thresholds, dtype=float))
    stated = dataclasses.replace(
        provenance, seed=seed, tolerance=tolerance, notes=(*provenance.notes, *pace.notes)
    )
    question = Accuracy(tuple(float(k) for k in asked), prob, tolerance, width=_WIDTH)
    with one_thread():
        if pace.bend is not None:
            return _bent(pace, asked, days, seed, stated)
        counted = _Counted(pace, asked, days, seed, question)
        return until_accurate(
            counted, pace.information_date, stated, [question], limits or Limits()
        )


def _bent(pace: FittedPace, asked: Floats, days: int, seed: int, provenance: Provenance) -> Law:
    """Return the law under a bend, of which the direction that is integrated knows nothing.

    It is read from the quantiles of plain futures, so many that a 5 % end is found to a hundredth
    of half the interval.
    """
    totals = functools.cache(functools.partial(totals_of_count, pace, days, seed, draws=_PLAIN))
    surface = np.stack([totals().column(float(threshold)) for threshold in asked], axis=1)
    stated = dataclasses.replace(provenance, points=_PLAIN, sampling="plain futures")
    return make_law(surface, asked, pace.information_date, stated).with_totals(totals)


# Exceedance of a count given its futures: the noise of its days is integrated, not simulated.
#
# Given a path of the rate, the gain S(t) has mean s = sum mu and variance
# phi s + (e^nu - 1) sum mu^2, mu being what each step brings. It is taken gamma with these moments,
# so that one distribution function replaces the simulation of the counts.

_STEEP = 0.02  # rise of a law within a step above which each of its days is computed
_FASTEST = 25.0  # largest log rate, so that a wild future stays finite


def exceedance(futures: Futures, gaps: Floats, days: int, *, clock: Floats | None = None) -> Floats:
    """Return P(gain by the end of day t >= gap), shape (gap, days + 1), t = 0, 1, ...

    Parameters
    ----------
    futures : Futures
    gaps : ndarray of float, shape (gap,)
        Thresholds less the least total [unit]; of 0 or less they are reached already.
    days : int
        Days to the horizon.
    clock : ndarray of float, shape (days + 1,), optional
        Even days that have passed by the end of each day; the days themselves when left out.

    Notes
    -----
    Computed at the ends of steps, and day by day in the steps in which it rises by more than 0.02.
    Within a step the rate is the geometric mean of its ends. A whole count reaches a gap when it
    exceeds it less one half.
    """
    x = np.minimum(futures.log_rate, _FASTEST)
    steps = futures.days * np.exp(0.5 * (x[:, :-1] + x[:, 1:]))  # what each is expected to bring
    zero = np.zeros((x.shape[0], 1))
    means = np.concatenate([zero, np.cumsum(steps, axis=1)], axis=1)
    squares = np.concatenate([zero, np.cumsum(steps * steps, axis=1)], axis=1)
    phi, extra, lead = futures.phi[:, None], np.expm1(futures.nu)[:, None], futures.lead[:, None]

    def at(mean: Floats, square: Floats, gap: float) -> Floats:
        """Return P(gain >= gap) at some nodes, averaged over the draws."""
        scale, left = phi + extra * square / mean, gap - lead
        passed = np.where(left < 0, 1.0, gamma_tail(mean / scale, left / scale))
        return np.asarray(passed.mean(axis=0))

    out = np.ones((gaps.size, days + 1))
    passed = np.arange(days + 1.0) if clock is None else clock
    step = np.minimum((passed / futures.days).astype(int), steps.shape[1] - 1)
    for i in np.flatnonzero(gaps > 0):
        gap = float(gaps[i]) - 0.5
        begun = np.broadcast_to(lead > gap, zero.shape).mean(axis=0)
        law = np.r_[begun, at(means[:, 1:], squares[:, 1:], gap)]
        when = futures.days * np.arange(law.size)
        steep = np.diff(law) > _STEEP
        inside = np.unique(passed[steep[step] & (passed > 0)])
        if inside.size:
            own = np.minimum((inside / futures.days).astype(int), steep.size - 1)
            part = (inside / futures.days - own) * steps[:, own]
            fine = at(means[:, own] + part, squares[:, own] + part**2, gap)
            when, first = np.unique(np.r_[when, inside], return_index=True)
            law = np.r_[law, fine][first]
        out[i] = np.interp(passed, when, np.maximum.accumulate(law))
    return out


def gamma_tail(shape: Floats, level: Floats) -> Floats:
    """Return the upper tail of Gamma(shape, 1): the cube root is near normal.

    Wilson and Hilferty (1931, doi:10.1073/pnas.17.12.684); within 0.01 for shapes above 0.3.
    """
    t = 1 / (9 * shape)
    return np.asarray(special.ndtr((1 - t - np.cbrt(level / shape)) / np.sqrt(t)))
