"""Exceedance of a count given how volatile its futures are: one direction is integrated.

Of a future everything is drawn but the one direction in which its gain by a date moves most, a
weighted mean of its log rate, and the noise of its days. Along that direction u the gain
grows, so that with the score n of the noise

    P(gain >= gap) = P(H(u) + n >= 0),   H the normal score of the tail of a gamma,

and of the plane (u, n) the steepest direction is integrated; the other hardly matters and is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.models.pace import Bundle

Cells: TypeAlias = NDArray[np.int64]

_SCORES = np.linspace(-4.5, 4.5, 19, dtype=np.float32)
_SPARSE = slice(None, None, 2)  # of these scores: enough for the noise
_WILDEST = 10.0  # change of the log rate along one score, so that a wild future stays finite
_TINY, _HUGE = np.float32(1e-37), np.float32(1e30)
_FAR = 8  # steps further ahead are gathered to one cell an eighth of the way there long
_NEAR = 1e-9  # of a step
_EARLIER = 1.5  # log of how much more the beginning counts than the end
_ROUNDS = 3  # of Newton's method


@dataclass(frozen=True, slots=True)
class Swept:
    """Gains along one direction.

    Parameters
    ----------
    unit : float
        What gains are measured in [unit].
    gain : ndarray of float, shape (node, score, draw)
        Mean gain by each node [``unit``].
    square : ndarray of float, shape (node, sparse score, draw)
        Sum of the squares of what each step brings by then.
    phi, extra : ndarray of float, shape (draw,)
        Variance/mean of the counts, and e^nu - 1.
    lead : ndarray of float, shape (draw,)
        What is there before any gain [``unit``].
    """

    unit: float
    gain: Singles
    square: Singles
    phi: Singles
    extra: Singles
    lead: Floats


def sweep(bundle: Bundle, nodes: Floats, reference: float, unit: float) -> Swept:
    """Return the gains of futures along the direction that moves the gain by ``reference`` most.

    Parameters
    ----------
    bundle : Bundle
    nodes : ndarray of float, shape (node,)
        Ascending times after the information date [day].
    reference : float
        The time whose gain decides the direction [day].
    unit : float
        A gain such as will be asked about [unit]; far from it single precision may overflow.
    """
    days, most = bundle.days, bundle.log_rate.shape[0] - 1
    steps = min(int(np.ceil(nodes[-1] / days - 1e-9)), most)
    reach = min(max(round(reference / days), 1), most)
    weights = np.exp(-_EARLIER * np.arange(reach + 1) / reach)
    weights[[0, -1]] /= 2
    response, score = bundle.along(weights / weights.sum(), steps)
    slope = np.clip(0.5 * (response[1:] + response[:-1]), -_WILDEST, _WILDEST)
    x = bundle.log_rate[: steps + 1]
    level = 0.5 * (x[1:] + x[:-1]) - slope * score + np.float32(np.log(days / unit))
    at, lasts = nodes / days, [0]  # last steps of cells, which are longer ahead
    while lasts[-1] < steps:
        lasts.append(lasts[-1] + max(lasts[-1] // _FAR, 1))
    # a step with a node inside is a cell alone
    inside = np.r_[np.floor(at + _NEAR), np.ceil(at - _NEAR)].astype(int)
    ends = np.unique(np.minimum(np.r_[lasts[1:], inside[inside > 0]], steps))
    mean, second, slope = _gathered(np.exp(level), slope, np.r_[0, ends[:-1]])
    first, ratio = mean * np.exp(slope * _SCORES[0]), np.exp(slope * (_SCORES[1] - _SCORES[0]))
    draws, count = score.size, _SCORES.size
    sparse = len(range(count)[_SPARSE])
    gains, all_squares = (
        np.empty((nodes.size, rows, draws), np.float32) for rows in (count, sparse)
    )
    gain, now, square = (np.zeros((rows, draws), np.float32) for rows in (count, count, sparse))
    node = 0
    with np.errstate(over="ignore"):  # far from the gap a wild future may be infinite
        for cell, end in enumerate(ends):
            _geometric(now, first[cell], ratio[cell])
            squares = now[_SPARSE] ** 2 * second[cell]
            while node < nodes.size and at[node] <= end + _NEAR:
                # only the step of a node ends after it: one that stands at an end takes all
                part = np.float32(min(at[node] - end + 1, 1.0))
                np.add(gain, part * now, out=gains[node])
                np.add(square, part * part * squares, out=all_squares[node])
                node += 1
            gain += now
            square += squares
    phi = bundle.phi / np.float32(unit)
    return Swept(unit, gains, all_squares, phi, bundle.extra, bundle.lead / unit)


def _gathered(mean: Singles, slope: Singles, begins: Cells) -> tuple[Singles, Singles, Singles]:
    """Gather steps into cells: what each brings, the sum of its squared shares, its slope.

    Within a cell the slopes of the log hardly differ; their mean is that of the gain at score 0.
    """
    whole = np.maximum(np.add.reduceat(mean, begins), _TINY)
    share = mean / np.repeat(whole, np.diff(np.r_[begins, mean.shape[0]]), axis=0)
    slopes = np.add.reduceat(share * slope, begins)
    return whole, np.add.reduceat(share * share, begins), slopes


def _geometric(out: Singles, first: Singles, ratio: Singles) -> None:
    """Fill rows with first * ratio^i, twice as many at a time."""
    out[0] = first
    filled = 1
    while filled < out.shape[0]:
        more = min(filled, out.shape[0] - filled)
        np.multiply(out[:more], ratio, out=out[filled : filled + more])
        filled += more
        if filled < out.shape[0]:
            ratio = ratio * ratio


def reached(swept: Swept, gap: float, across: Singles) -> Singles:
    """Return P(lead and gain >= gap) given each future but for its direction, shape (node, draw).

    Parameters
    ----------
    swept : Swept
    gap : float
        Positive; a whole count reaches it when it exceeds it less one half [unit].
    across : ndarray of float, shape (draw,)
        Normal scores across the direction that is integrated.
    """
    left = (gap - 0.5) / swept.unit - swept.lead
    target = np.maximum(left, _TINY).astype(np.float32)
    crossing, rise, noise = _crossed(swept, target)
    steep = rise / (3 * np.sqrt(noise))
    aside = 1 / np.sqrt(1 + steep * steep)
    along = steep * aside
    # where the log gain is linear and the noise the same everywhere
    u = (along * steep * crossing - across) / (along * steep + aside)
    local = _Local(swept, u, target)
    for _ in range(_ROUNDS):
        score, slope = local.score(u)
        u = u - (along * score + aside * u + across) / (along * slope + aside)
        np.clip(u, -8.0, 8.0, out=u)
    score, _ = local.score(u)
    return np.where(left < 0, np.float32(1), special.ndtr(aside * score - along * u))


def _crossed(swept: Swept, target: Singles) -> tuple[Singles, Singles, Singles]:
    """Return the score at which the gain passes the target, the slope of its log, the noise."""
    passed = (swept.gain < target).sum(axis=1)
    cell = np.clip(passed - 1, 0, _SCORES.size - 2)
    low, high = _log(_near(swept.gain, cell, (0, 1)))
    rise = np.maximum(high - low, np.float32(1e-9))
    width = _SCORES[1] - _SCORES[0]
    crossing = _SCORES[cell] + width * np.clip((np.log(target) - low) / rise, -4.0, 5.0)
    return crossing, rise / width, _noise(swept, cell // _SPARSE.step, (0,))[0]


def _noise(swept: Swept, cell: Cells, offsets: Sequence[int]) -> Singles:
    """Return a ninth of the squared relative noise of the gain at sparse scores."""
    squares = np.minimum(_near(swept.square, cell, offsets), _HUGE)
    flat = [o * _SPARSE.step for o in offsets]
    gains = np.clip(_near(swept.gain, cell * _SPARSE.step, flat), _TINY, _HUGE)
    return np.asarray((swept.phi + swept.extra * squares / gains) / (9 * gains))


def _log(values: Sequence[Singles]) -> Singles:
    return np.log(np.clip(values, _TINY, _HUGE))


def _near(values: Singles, cell: Cells, offsets: Sequence[int]) -> list[Singles]:
    """Return the values at a cell of each node and draw, and at its neighbours."""
    nodes, count, draws = values.shape
    flat = (np.arange(nodes)[:, None] * count + cell) * draws + np.arange(draws)
    return [values.ravel().take(flat + i * draws) for i in offsets]


class _Cubic:
    """Values near a score, cubic between it and its neighbours."""

    def __init__(self, near: Singles, start: Singles, width: np.float32) -> None:
        left, middle, right, far = near
        self._y = middle
        self._start, self._width = start, width
        self._a = (far - left) / 6 + (middle - right) / 2
        self._b = (left + right) / 2 - middle
        self._c = right - middle / 2 - left / 3 - far / 6

    def at(self, u: Singles) -> tuple[Singles, Singles]:
        """Return value and slope."""
        t = (u - self._start) / self._width
        value = self._y + t * (self._c + t * (self._b + t * self._a))
        return value, (self._c + t * (2 * self._b + 3 * t * self._a)) / self._width


class _Local:
    """Gain and noise near where each future reaches the target."""

    def __init__(self, swept: Swept, u: Singles, target: Singles) -> None:
        around = (-1, 0, 1, 2)
        cell, width = _cell(_SCORES, u)
        near = _log(_near(swept.gain, cell, around)) - np.log(target)
        self._gain = _Cubic(near, _SCORES[cell], width)
        sparse = _SCORES[_SPARSE]
        cell, width = _cell(sparse, u)
        noise = _noise(swept, cell, around)
        self._noise = _Cubic(noise, sparse[cell], width)
        self._least = np.minimum(noise[1], noise[2]) / 4

    def score(self, u: Singles) -> tuple[Singles, Singles]:
        """Return the normal score of reaching the target, and its slope.

        Wilson and Hilferty (1931, doi:10.1073/pnas.17.12.684).
        """
        above, slope = self._gain.at(u)
        tau = np.maximum(self._noise.at(u)[0], self._least + _TINY)
        root = np.sqrt(tau)
        ratio = np.exp(np.clip(-above / 3, -20, 20))
        return (1 - tau - ratio) / root, np.maximum(slope, np.float32(1e-9)) * ratio / (3 * root)


def _cell(scores: Singles, u: Singles) -> tuple[Cells, np.float32]:
    """Return in which cell of the scores each u lies, with two neighbours on either side."""
    width = scores[1] - scores[0]
    cell = ((u - scores[0]) / width).astype(np.int64)
    return np.clip(cell, 1, scores.size - 3), width
