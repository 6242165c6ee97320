"""From a fitted pace to a law: the future of a recorded count.

Each point of a replicate is a future of its own: parameters and state from the posterior, then
shocks step by step, so that parameter uncertainty is carried. The noise of the days is
integrated. Replicates have streams of their own, and their spread measures the error.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from attrition._typing import Floats, Rng
from attrition.laws import Law, Provenance
from attrition.pace import FittedPace
from attrition.threads import one_thread
from attrition.trajectories.engine import seed_of
from attrition.trajectories.gains import exceedance, gains_of
from attrition.trajectories.replicates import REPLICATES
from attrition.trajectories.stopping import Limits, Question, until_accurate

_BLOCK = 1_024  # futures at once, so that a block stays small in memory
_ROUGH = 512  # futures per replicate for the thresholds that nobody asked about
_EVEN = 40  # of those thresholds


class _Counted:
    """Sums of exceedance by replicate, extended round by round."""

    pilot = 512
    order = 0.5
    sampling = "futures drawn from the posterior, day noise integrated"

    def __init__(
        self, pace: FittedPace, asked: Floats, others: Floats, days: int, seed: int
    ) -> None:
        self.thresholds = np.union1d(asked, others)
        self.points = 0
        self._pace, self._days = pace, days
        self._is_asked = np.isin(self.thresholds, asked)
        self._streams = [
            np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(r,)))
            for r in range(REPLICATES)
        ]
        self._sums = np.zeros((REPLICATES, self.thresholds.size, days + 1))
        self._rough = 0

    def extend(self, points: int) -> None:
        """Add ``points`` futures to every replicate."""
        gaps = self.thresholds - self._pace.total
        for first in range(0, points, _BLOCK):
            size = min(points - first, _BLOCK)
            rough = self._rough < _ROUGH
            which = np.ones_like(self._is_asked) if rough else self._is_asked
            for replicate, stream in enumerate(self._streams):
                gains = gains_of(self._pace.draw(self._days, size, stream))
                self._sums[replicate, which] += size * exceedance(gains, gaps[which], self._days)[0]
            self._rough += size if rough else 0
        self.points += points

    def surface(self) -> Floats:
        """Return the exceedance so far, shape (replicate, threshold, day).

        The thresholds asked about use every future; the others lie between them.
        """
        count = np.where(self._is_asked, self.points, max(self._rough, 1))
        found = self._sums / count[:, None]
        asked = np.flatnonzero(self._is_asked)
        for i in np.flatnonzero(~self._is_asked):
            above, below = asked[asked < i], asked[asked > i]
            if above.size:
                np.minimum(found[:, i], found[:, above[-1]], out=found[:, i])
            if below.size:
                np.maximum(found[:, i], found[:, below[0]], out=found[:, i])
        # where one threshold is read daily and its neighbour weekly they may differ by a hair
        return np.asarray(np.minimum.accumulate(np.clip(found, 0.0, 1.0), axis=1))


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
        Totals asked about [unit]; some others are added, so that totals can be read too.
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
    with one_thread():
        others = pace.total + _spanning(pace, days, seed)
        counted = _Counted(pace, asked, others, days, seed)
        question = Question(tuple(float(k) for k in asked), prob, tolerance)
        return until_accurate(
            counted, pace.information_date, stated, [question], limits or Limits()
        )


def _spanning(pace: FittedPace, days: int, seed: int) -> Floats:
    """Return gains that span the total from the information date to the horizon."""
    stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(REPLICATES,)))
    gains = gains_of(pace.draw(days, 512, stream)).mean
    at = np.unique(np.linspace(1, gains.shape[1] - 1, 5).astype(int))
    likely = np.quantile(gains[:, at], (0.02, 0.1, 0.5, 0.9, 0.98), axis=0).ravel()
    high = float(np.quantile(gains[:, -1], 0.999))
    even = np.geomspace(max(high * 1e-4, 1.0), max(high, 2.0), _EVEN - likely.size)
    return np.unique(np.r_[0.0, np.round(np.r_[even, likely])])
