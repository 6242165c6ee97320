"""Monotone cubics through points, the same numbers as :class:`scipy.interpolate.PchipInterpolator`.

Importing :mod:`scipy.interpolate` takes longer than a law needs to be read between its nodes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats


def pchip(at: ArrayLike, values: ArrayLike, wanted: ArrayLike) -> Floats:
    """Return the monotone cubic through points, along the last axis.

    Parameters
    ----------
    at : array_like of float, shape (node,)
        Ascending; at least two.
    values : array_like of float, shape (..., node)
    wanted : array_like of float, shape (place,)
        Beyond the nodes the outermost cubic goes on.

    Returns
    -------
    ndarray of float, shape (..., place)
        Rising wherever the values at the nodes rise.

    Notes
    -----
    Fritsch & Butland (1984), "A method for constructing local monotone piecewise cubic
    interpolants", SIAM Journal on Scientific and Statistical Computing 5, 300-304,
    doi:10.1137/0905021; slopes at the ends by Moler (2004), doi:10.1137/1.9780898717952.

    Examples
    --------
    >>> pchip([0.0, 1.0, 2.0], [0.0, 0.0, 1.0], [0.5, 1.0, 1.5, 2.0]).tolist()
    [0.0, 0.0, 0.3125, 1.0]
    """
    x, y, places = (np.asarray(given, dtype=float) for given in (at, values, wanted))
    step = np.diff(x)
    chord = np.diff(y, axis=-1) / step
    slope = _slopes(step, chord)
    bend = (slope[..., :-1] + slope[..., 1:] - 2 * chord) / step
    cell = np.clip(np.searchsorted(x, places, side="right") - 1, 0, step.size - 1)
    along = places - x[cell]
    square = along * along
    return np.asarray(
        y[..., cell]
        + slope[..., cell] * along
        + ((chord - slope[..., :-1]) / step - bend)[..., cell] * square
        + (bend / step)[..., cell] * (square * along)
    )


def _slopes(step: Floats, chord: Floats) -> Floats:
    """Return slopes at the nodes: weighted harmonic means of the chords, 0 at every turn."""
    if step.size == 1:
        return np.repeat(chord, 2, axis=-1)
    before, after = chord[..., :-1], chord[..., 1:]
    turns = (np.sign(before) != np.sign(after)) | (before == 0) | (after == 0)
    first, second = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (first / before + second / after) / (first + second)
        inner = np.where(turns, 0.0, 1.0 / mean)
    left = _end(step[0], step[1], chord[..., 0], chord[..., 1])
    right = _end(step[-1], step[-2], chord[..., -1], chord[..., -2])
    return np.concatenate([left[..., None], inner, right[..., None]], axis=-1)


def _end(own: float, next_: float, chord: Floats, beyond: Floats) -> Floats:
    """Return the slope at an end by three points, kept so that the cubic stays monotone."""
    slope = ((2 * own + next_) * chord - own * beyond) / (own + next_)
    steep = (np.sign(chord) != np.sign(beyond)) & (np.abs(slope) > 3 * np.abs(chord))
    slope = np.where(steep, 3 * chord, slope)
    return np.where(np.sign(slope) != np.sign(chord), 0.0, slope)
