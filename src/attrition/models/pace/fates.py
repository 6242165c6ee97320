"""What may befall a count whatever its pace: it ends, it has stopped, its reports are in doubt.

An end and a stop are added to the log rate of a drawn future and change nothing else of it, so that
what is Gaussian stays Gaussian. A reading of reports in doubt says where the total stands, and
whether giants among the last are a new pace.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.data.series.cleaning import Cleaned
from attrition.data.series.findings import Days
from attrition.data.series.unreported import FadingTail

_LATE = 28.0  # days of silence after which a stop is as likely as late reports
_SURGES = (0.3, 0.5, 0.7)  # probability that one, two, three giant last counts are a new pace
_QUIETER = 0.2  # how many times as likely after each ordinary count that follows
_MOST = 3  # doubts that are carried as hypotheses; of more the likelier reading is taken
_SLIGHT = 1e-4  # weight of a reading that is left out
_NOTHING = -25.0  # log of a rate at which nothing is counted
_POINTS = 9  # amounts still to come, as likely each, where it is known that reports are late
_EDGE = 1e-9  # uniforms are kept this far from 0 and 1


@dataclass(frozen=True, slots=True)
class SlipReading:
    """One way to read the reports in doubt.

    Parameters
    ----------
    weight : float
        Its probability.
    lead : float
        By how much the total exceeds the least of all readings [unit].
    surge : float
        How many times the usual the pace is now; 1 where it is no new one. A surge dies away, a
        decline stays.
    """

    weight: float
    lead: float = 0.0
    surge: float = 1.0


CERTAIN = (SlipReading(1.0),)
"""The only reading where nothing is in doubt."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How likely an end is, and how long a count has been silent.

    Parameters
    ----------
    ending : float
        Probability that what is counted dies away from the information date on.
    hazard : float
        Probability a day that it begins to, later on [1/day].
    stopped : float
        Probability that it had stopped before the last report, where reports add nothing.
    silent : float
        Days for which they have added nothing [day].
    life : tuple of float
        Days that an ending rate, or a new pace, lives, central 90 % (lognormal) [day].
    readings : tuple of SlipReading
        Of the reports in doubt; weights sum to one.
    present : float
        The lead of the total that is stated: each doubt by its likelier reading [unit].
    """

    ending: float = 0.0
    hazard: float = 0.0
    stopped: float = 0.0
    silent: float = 0.0
    life: tuple[float, float] = (3.0, 365.0)
    readings: tuple[SlipReading, ...] = CERTAIN
    present: float = 0.0

    @property
    def surging(self) -> float:
        """Probability that giant counts among the last are a new pace and no backlog."""
        return sum(reading.weight for reading in self.readings if reading.surge > 1)

    def reached(self, gap: float) -> float:
        """Return the probability that the total is a gap above the least of all readings."""
        return sum(reading.weight for reading in self.readings if reading.lead >= gap)

    def leads(self, kind: Floats) -> Floats:
        """Return the lead of some futures, shape (draw,) [unit], by the numbers that tell fates."""
        return np.array([reading.lead for reading in self.readings])[self._read(kind)[0]]

    def _read(self, kind: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return which reading each future has, and a uniform number that remains."""
        ends = np.cumsum([reading.weight for reading in self.readings])
        which = np.minimum(np.searchsorted(ends, kind, side="right"), ends.size - 1)
        begins = np.r_[0.0, ends[:-1]]
        return which, (kind - begins[which]) / (ends - begins)[which]

    @property
    def ends(self) -> bool:
        """Whether what is counted may die away."""
        return bool(self.ending or self.hazard)

    def ended(self, onset: Floats | Singles) -> Floats | Singles:
        """Return the probability that an end has begun before some time, none before day 0."""
        return np.where(onset < 0, 0.0, 1 - (1 - self.ending) * np.exp(-self.hazard * onset))

    def offsets(
        self, kind: Floats, when: Floats, steps: int, days: int, *, ends: bool = True
    ) -> tuple[NDArray[np.int64], Floats]:
        """Return what is added to the log rate of some futures.

        Parameters
        ----------
        kind, when : ndarray of float, shape (draw,)
            Uniform numbers: which reading and fate, and when.
        steps, days : int
            Steps of the futures, and their length [day].
        ends : bool
            Whether futures may end.

        Returns
        -------
        which : ndarray of int, shape (some,)
            The draws that have a fate.
        offset : ndarray of float, shape (steps + 1, some)

        Notes
        -----
        After n silent days a stop lasts t more with probability sqrt(n / (n + t)): the predictive
        law of an exponential wait whose rate has the Jeffreys prior. An ending rate and a new pace
        die away exponentially.
        """
        time = days * np.arange(steps + 1.0)[:, None]
        which, rest = self._read(kind)
        surge = np.array([reading.surge for reading in self.readings])[which]
        surging = np.flatnonzero(surge > 1)
        fallen = np.flatnonzero(surge < 1)
        stopped = np.flatnonzero((surge == 1) & (rest < self.stopped))
        rest = np.clip((rest - self.stopped) / (1 - self.stopped), _EDGE, 1 - _EDGE)
        later = -np.log((1 - rest) / (1 - self.ending)) / max(self.hazard, _EDGE)
        onset = np.maximum(later, 0.0)
        onset[np.r_[surging, fallen, stopped]] = np.inf
        ending = np.flatnonzero(onset < (time[-1] if ends else 0.0))
        wait = self.silent * (np.clip(when[stopped], _EDGE, 1.0) ** -2 - 1)
        gone = np.maximum(time - onset[ending], 0.0) / self.lives(when[ending])
        offset = (
            np.where(time < wait, _NOTHING, 0.0),
            np.log(surge[surging]) * np.exp(-time / self.lives(when[surging])),
            np.log(surge[fallen]) * np.ones_like(time),
            np.maximum(-gone, _NOTHING),
        )
        return np.r_[stopped, surging, fallen, ending], np.concatenate(offset, axis=1)

    def lives(self, uniform: Floats) -> Floats:
        """Return quantiles of the life of an ending rate [day]."""
        low, high = np.log(self.life)
        score = special.ndtri(np.clip(uniform, _EDGE, 1 - _EDGE))
        return np.asarray(np.exp((low + high + (high - low) * score / special.ndtri(0.95)) / 2))


def silence(day: Days, counts: Floats, exposure: Floats) -> tuple[float, float]:
    """Return for how long the last reports have added nothing, and how likely that is a stop.

    Parameters
    ----------
    day : ndarray of int, shape (report,)
    counts, exposure : ndarray of float, shape (report - 1,)
        Counts that tell nothing about the rate have exposure 0.

    Returns
    -------
    silent : float
        Days, 0 where the zeros are usual for the count [day].
    stopped : float
        Probability that the count has stopped: reports that are only late resume sooner or later,
        and are the likelier of the two until four weeks have passed.
    """
    heard = np.flatnonzero((counts != 0) | (exposure > 0))
    begun = int(heard[-1]) + 1 if heard.size else 0
    silent = float(day[-1] - day[begun])
    return silent, silent / (silent + _LATE)


def readings_of(cleaned: Cleaned) -> tuple[tuple[SlipReading, ...], float]:
    """Return the ways to read what is in doubt about a count, and the lead of its stated total.

    A giant among the last counts is a slip of digits, a backlog, or a new pace; whether it is a
    slip is one doubt, like any other of :attr:`Cleaned.doubts`, and these are independent. Last
    days that fade are a decline, or late reports.
    """
    surging = 0.0
    if cleaned.surged:
        surging = _SURGES[min(cleaned.surged, len(_SURGES)) - 1] * _QUIETER**cleaned.quiet
    doubts = sorted(
        cleaned.doubts, key=lambda d: abs(d.excess) * d.slip * (1 - d.slip), reverse=True
    )[:_MOST]
    late = _late(cleaned.fading)
    weights: dict[tuple[float, float], float] = {}
    for slips in itertools.product((False, True), repeat=len(doubts)):
        weight, total, taken_back = 1.0, 0.0, False
        for doubt, slip in zip(doubts, slips, strict=True):
            weight *= doubt.slip if slip else 1 - doubt.slip
            # beside the total by the likelier readings
            total += doubt.excess * (float(doubt.likelier) - float(slip))
            taken_back |= slip and doubt.ratio > 1
        new = 0.0 if taken_back else surging
        for surge, share in ((1.0, 1 - new), (max(cleaned.surge, 1.0), new)):
            for more, pace, part in late:
                key = (total + more, surge * pace)
                weights[key] = weights.get(key, 0.0) + weight * share * part
    kept = {key: weight for key, weight in weights.items() if weight > _SLIGHT}
    least, whole = min(total for total, _ in kept), sum(kept.values())
    readings = (
        SlipReading(weight / whole, total - least, surge) for (total, surge), weight in kept.items()
    )
    return tuple(readings), -least


def _late(fading: FadingTail | None) -> list[tuple[float, float, float]]:
    """Return what is still to come, the pace now, and the weight, of each reading of last days."""
    if fading is None:
        return [(0.0, 1.0, 1.0)]
    if fading.by_triangle:  # equally likely amounts of a gamma distribution, the pace as it is
        mean, spread = fading.missing, fading.spread
        middle = (np.arange(_POINTS) + 0.5) / _POINTS
        # each stands for its part of the distribution, so that mean and spread are kept
        parts = special.gammaincinv((mean / spread) ** 2, middle) * spread**2 / mean
        parts = mean + (parts - parts.mean()) * spread / parts.std()
        return [(float(max(round(part), 0.0)), 1.0, 1 / _POINTS) for part in parts]
    width = 1.5**0.5 * fading.spread  # the three points have this standard deviation
    ends = ((-width, 1 / 3), (0.0, 1 / 3), (width, 1 / 3))
    coming = [
        (max(round(fading.missing + by), 0.0), 1.0, fading.coming * share) for by, share in ends
    ]
    return [(0.0, fading.ratio, 1 - fading.coming), *coming]
