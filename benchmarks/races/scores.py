"""What a forecast of a count is worth: interval scores, coverage, and the CRPS of draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attrition.evaluation.scores import pinball
from attrition.forecasts import HUB_LEVELS

Floats = NDArray[np.float64]


def weighted_interval_score(quantiles: Floats, truth: Floats) -> Floats:
    """Return the WIS by target, over the 23 levels of the hubs.

    Parameters
    ----------
    quantiles : ndarray of float, shape (target, 23)
    truth : ndarray of float, shape (target,)
    """
    return pinball(quantiles, np.array(HUB_LEVELS), truth)


def log_score(quantiles: Floats, truth: Floats) -> Floats:
    """Return the WIS of log(1 + count) (Bosse et al. 2023, doi:10.1371/journal.pcbi.1011393)."""
    return weighted_interval_score(np.log1p(np.maximum(quantiles, 0)), np.log1p(truth))


def inside(quantiles: Floats, truth: Floats, prob: float) -> NDArray[np.bool_]:
    """Return which truths lie in the central interval that holds ``prob``, ends included."""
    ends = [HUB_LEVELS.index(round(half, 3)) for half in ((1 - prob) / 2, (1 + prob) / 2)]
    return (quantiles[:, ends[0]] <= truth) & (truth <= quantiles[:, ends[1]])


def crps_of_draws(draws: Floats, truth: Floats) -> Floats:
    """Return the CRPS of the empirical law of draws, by target.

    Parameters
    ----------
    draws : ndarray of float, shape (target, draw)
    truth : ndarray of float, shape (target,)

    Notes
    -----
    E|X - y| - E|X - X'|/2, the second from the order statistics (Gneiting and Raftery 2007,
    doi:10.1198/016214506000001437).
    """
    number = draws.shape[1]
    ordered = np.sort(draws, axis=1)
    weight = 2 * np.arange(1, number + 1) - number - 1
    apart = (ordered * weight).sum(axis=1) / number**2
    score: Floats = np.abs(draws - truth[:, None]).mean(axis=1) - apart
    return score
