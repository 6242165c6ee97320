"""Exceedance of a count given how volatile its futures are: one direction is integrated.

Of a future everything is drawn but the one direction in which its gain by a date moves most, a
weighted mean of its log rate, and the noise of its days. Along that direction u the gain
grows, so that with the score n of the noise

    P(gain >= gap) = P(H(u) + n >= 0),   H the normal score of the tail of a gamma,

and of the plane (u, n) the steepest direction is integrated; the other hardly matters and is drawn.
What is counted may begin to die away on any day. That day is integrated too: a future that reaches
the gap still does if its end begins late enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles
from attrition.core.late import special
from attrition.models.pace.bundle import Bundle

Steps = NDArray[np.int64]

_WILDEST = 10.0  # change of the log rate along one score, so that a wild future stays finite
_MOST = np.float32(40.0)  # ... and the log of what it brings in a cell, in gaps
_TINY = np.float32(1e-30)
_FAR = 8  # steps further ahead are gathered to one cell an eighth of the way there long
_NEAR = 1e-9  # of a step
_EARLIER = 1.5  # log of how much more the beginning counts than the end
_OUT = np.float32(8.0)  # score beyond which no future lies
_FIRST, _NEXT = 3, 1  # rounds of Newton's method to where the gap is reached, and from node to node
_ROUNDS = 2  # ... and from there to the edge


def reached(bundle: Bundle, nodes: Floats, reference: float, gap: float, beside: Floats) -> Singles:
    """Return P(lead and gain >= gap) given each future but for its direction, shape (node, draw).

    Parameters
    ----------
    bundle : Bundle
    nodes : ndarray of float, shape (node,)
        Ascending times after the information date [day].
    reference : float
        The time whose gain decides the direction [day].
    gap : float
        Positive; a whole count reaches it when it exceeds it less one half [unit].
    beside : ndarray of float, shape (2, draw)
        Uniform numbers: where a future lies across the direction, and how far along it.
    """
    days, most = bundle.days, bundle.log_rate.shape[0] - 1
    steps = min(int(np.ceil(nodes[-1] / days - _NEAR)), most)
    reach = min(max(round(reference / days), 1), most)
    weights = np.exp(-_EARLIER * np.arange(reach + 1) / reach)
    weights[[0, -1]] /= 2
    response, score = bundle.along(weights / weights.sum(), steps)
    slope = np.clip(0.5 * (response[1:] + response[:-1]), -_WILDEST, _WILDEST)
    x = bundle.log_rate[: steps + 1]
    level = 0.5 * (x[1:] + x[:-1]) - slope * score + np.float32(np.log(days / gap))
    at = np.minimum(nodes / days, steps)
    # a step with a node inside is a cell alone; others are longer ahead
    edges = np.unique(np.r_[np.floor(at + _NEAR), np.ceil(at - _NEAR), steps].astype(int))
    cuts = [0]
    while cuts[-1] < steps:
        edge = edges[np.searchsorted(edges, cuts[-1], side="right")]
        cuts.append(min(cuts[-1] + max(cuts[-1] // _FAR, 1), int(edge)))
    ends = np.array(cuts[1:])
    left = (gap - 0.5 - bundle.lead) / gap
    cells = _cells(level, slope, ends, bundle, np.maximum(left, _TINY).astype(np.float32), gap)
    across, beyond = special.ndtri(beside[0]).astype(np.float32), beside[1]
    lasting = _lasting(ends, bundle.life / np.float32(days))
    crossing = np.zeros(score.size, np.float32)
    out = np.empty((at.size, score.size), np.float32)
    for node, time in enumerate(at.tolist()):
        last = int(np.searchsorted(ends, time - _NEAR))
        # only the step of a node ends after it: one that stands at an end takes all
        part = np.float32(min(time - ends[last] + 1, 1.0))
        for _ in range(_NEXT if node else _FIRST):
            above, rise, noise, _ = cells.at(crossing, last, part)
            crossing = np.clip(crossing - above / rise, -_OUT, _OUT)
        steep = rise / (3 * np.sqrt(noise))
        aside = 1 / np.sqrt(1 + steep * steep)
        along = steep * aside
        # where the log gain is linear and the noise the same everywhere
        u = (along * steep * crossing - across) / (along * steep + aside)
        for _ in range(_ROUNDS):
            u = np.clip(u, -_OUT, _OUT)
            above, rise, noise, own = cells.at(u, last, part)
            height, slope_of = _score(above, rise, noise, own)
            move = -(along * height + aside * u + across) / (along * slope_of + aside)
            u, height = u + move, height + slope_of * move
        passed = special.ndtr(aside * height - along * u)
        if bundle.fate.ends:  # a future beyond the edge says how late its end must begin
            far = -special.ndtri(np.maximum(beyond * passed, _TINY)).astype(np.float32)
            needed = cells.target * _needed(noise * np.exp(above), aside * far + along * across)
            onset = cells.onset(along * far - aside * across, needed, last, part, lasting)
            passed -= passed * bundle.mortal * bundle.fate.ended(days * onset)
        out[node] = passed
    return np.where(left < 0, np.float32(1), out)


def _score(above: Singles, rise: Singles, noise: Singles, own: Singles) -> tuple[Singles, Singles]:
    """Return the normal score of reaching the target, and its slope.

    Wilson and Hilferty (1931, doi:10.1073/pnas.17.12.684). ``own`` is the part of the noise that
    falls as the gain grows.
    """
    root = np.sqrt(noise)
    ratio = np.exp(np.clip(-above / 3, -20, 20))
    height = np.asarray((1 - noise - ratio) / root, np.float32)
    plain = rise * ratio / (3 * root)
    return height, np.maximum(plain + rise * own * (1 / root + height / (2 * noise)), plain / 2)


def _needed(noise: Singles, score: Singles) -> Singles:
    """Return the gain that reaches the target with a score of the noise, in targets.

    ``noise`` is that of a gain of one target; it falls as the gain grows.
    """
    third = np.ones_like(noise)  # of one over the gain
    tilt = score * np.sqrt(noise)
    for _ in range(_ROUNDS + 1):
        root = np.sqrt(third)
        error = third + noise * third**3 - tilt * third * root - 1
        slope = 1 + 3 * noise * third**2 - 1.5 * tilt * root
        third = np.clip(third - error / np.maximum(slope, 0.5), 0.05, 5.0).astype(np.float32)
    return np.asarray(third**-3)


def _lasting(ends: Steps, life: Singles) -> tuple[Singles, Singles]:
    """Return what is left of a rate that dies away from the begin of a cell, shape (cell, draw).

    In the mean of the cell, and at its end; of a cell of one step at the middle of that.
    """
    sizes = np.diff(ends, prepend=0)[:, None].astype(np.float32)
    step = np.exp(-1 / life)
    left = np.exp(-sizes / life)
    return np.exp(-0.5 / life) * (1 - left) / (sizes * (1 - step)), left


@dataclass(frozen=True, slots=True)
class _Cells:
    """What futures bring in stretches of time, in gaps.

    Parameters
    ----------
    level, slope, second : ndarray of float, shape (cell, draw)
        Log of what each brings at score 0, change of that along one score, and sum of the squared
        shares of its steps.
    ends : ndarray of int, shape (cell,)
        Last steps.
    target, phi, extra : ndarray of float, shape (draw,)
        What is to be reached, variance/mean of the counts, and e^nu - 1.
    """

    level: Singles
    slope: Singles
    second: Singles
    ends: Steps
    target: Singles
    phi: Singles
    extra: Singles

    def brought(self, u: Singles, last: int, part: np.float32) -> Singles:
        """Return what each cell brings at a score, of the last one a part."""
        cells = slice(0, last + 1)
        out = self.slope[cells] * u
        out += self.level[cells]
        np.minimum(out, _MOST, out=out)
        np.exp(out, out=out)
        out[last] *= part
        return out

    def at(
        self, u: Singles, last: int, part: np.float32
    ) -> tuple[Singles, Singles, Singles, Singles]:
        """Return the log of the gain over the target, its slope, and its noise in two ways.

        It is a ninth of the squared relative noise, all of it and without that of whole steps.
        """
        each = self.brought(u, last, part)
        gain = np.maximum(each.sum(axis=0), _TINY)
        rise = np.einsum("ij,ij->j", self.slope[: last + 1], each) / gain
        each *= each
        square = np.einsum("ij,ij->j", self.second[: last + 1], each)
        own = self.phi / (9 * gain)
        noise = own + self.extra * square / (9 * gain * gain)
        return np.log(gain / self.target), np.maximum(rise, np.float32(1e-9)), noise, own

    def onset(
        self,
        u: Singles,
        needed: Singles,
        last: int,
        part: np.float32,
        lasting: tuple[Singles, Singles],
    ) -> Singles:
        """Return when the end of what is counted must not yet have begun [step].

        ``needed`` is the gain that must be there by the last cell.
        """
        each = self.brought(np.clip(u, -_OUT, _OUT), last, part)
        mean, left = lasting
        # the gain, with an end that begins with each cell
        gains = np.empty((last + 2, u.size), np.float32)
        gains[0] = 0
        np.cumsum(each, axis=0, out=gains[1:])
        after = np.zeros_like(u)
        for cell in range(last, -1, -1):
            after *= left[cell]
            after += each[cell] * mean[cell]
            gains[cell] += after
        late = (gains < needed).sum(axis=0)
        right = np.clip(late, 1, last + 1)
        row = np.arange(u.size)
        low, high = gains[right - 1, row], gains[right, row]
        share = np.clip((needed - low) / np.maximum(high - low, _TINY), 0, 1)
        times = np.r_[0, self.ends[: last + 1]].astype(np.float32)
        times[-1] += part - 1
        onset = times[right - 1] + share * (times[right] - times[right - 1])
        return np.where(late == 0, np.float32(-1), onset)


def _cells(  # noqa: PLR0917 - a kernel
    level: Singles, slope: Singles, ends: Steps, bundle: Bundle, target: Singles, gap: float
) -> _Cells:
    """Gather steps into cells.

    Within a cell the slopes of the log hardly differ; their mean is that of the gain at score 0.
    """
    begins = np.r_[0, ends[:-1]]
    mean = np.exp(np.minimum(level, _MOST))
    whole = np.maximum(np.add.reduceat(mean, begins), _TINY)
    share = mean / np.repeat(whole, np.diff(ends, prepend=0), axis=0)
    slopes = np.add.reduceat(share * slope, begins)
    second = np.add.reduceat(share * share, begins)
    phi = bundle.phi / np.float32(gap)
    return _Cells(np.log(whole), slopes, second, ends, target, phi, bundle.extra)
