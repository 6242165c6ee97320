"""What may befall a count whatever its pace: it ends, or it has stopped and may begin again.

Both are added to the log rate of a drawn future and change nothing else of it, so that what is
Gaussian stays Gaussian.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.data.series import Days

_LATE = 28.0  # days of silence after which a stop is as likely as late reports
_NOTHING = -25.0  # log of a rate at which nothing is counted
_EDGE = 1e-9  # uniforms are kept this far from 0 and 1


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
    surging : float
        Probability that giant counts among the last are a new pace and no backlog.
    surge : float
        How many times the usual they are.
    """

    ending: float = 0.0
    hazard: float = 0.0
    stopped: float = 0.0
    silent: float = 0.0
    life: tuple[float, float] = (3.0, 365.0)
    surging: float = 0.0
    surge: float = 1.0

    def offsets(self, kind: Floats, when: Floats, steps: int, days: int) -> tuple[Floats, Floats]:
        """Return what is added to the log rate of some futures.

        Parameters
        ----------
        kind, when : ndarray of float, shape (draw,)
            Uniform numbers: which fate, and when.
        steps, days : int
            Steps of the futures, and their length [day].

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
        past = self.stopped + self.surging
        stopped = np.flatnonzero(kind < self.stopped)
        surging = np.flatnonzero((kind >= self.stopped) & (kind < past))
        rest = np.clip((kind - past) / (1 - past), _EDGE, 1 - _EDGE)
        later = -np.log((1 - rest) / (1 - self.ending)) / max(self.hazard, _EDGE)
        onset = np.maximum(later, 0.0)
        ending = np.flatnonzero((kind >= past) & (onset < time[-1]))
        wait = self.silent * (np.clip(when[stopped], _EDGE, 1.0) ** -2 - 1)
        gone = np.maximum(time - onset[ending], 0.0) / self._lives(when[ending])
        offset = (
            np.where(time < wait, _NOTHING, 0.0),
            np.log(self.surge) * np.exp(-time / self._lives(when[surging])),
            np.maximum(-gone, _NOTHING),
        )
        return np.r_[stopped, surging, ending], np.concatenate(offset, axis=1)

    def _lives(self, uniform: Floats) -> Floats:
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
