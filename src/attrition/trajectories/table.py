"""The static kernel on a grid of elapsed times, applied to the distribution of those times."""

from __future__ import annotations

import math

import numpy as np

from attrition._typing import Floats
from attrition.trajectories.kernel import exceedance_given_time, spreads_at
from attrition.trajectories.start import Component

_SPACING = 0.12  # of the kernel's own width
_MOST = 3_000  # nodes
_NARROWEST = 0.005  # width of a kernel, relative to time + a week, below which it is a step


class Clock:
    """A scale on which the kernel of a component is equally wide everywhere.

    Its position at time a is the integral of da / width(a). The squared width is a quadratic
    in a, since level, rate and day noise contribute constants, squares and lines.
    """

    def __init__(self, component: Component, day_noise: float) -> None:
        spreads, slope = spreads_at(component, day_noise, np.array([0.0, 1.0, 2.0]))
        at_0, at_1, at_2 = (spreads**2).sum(axis=0) / max(slope, 1e-300) ** 2
        self._square = max((at_2 - 2 * at_1 + at_0) / 2, 0.0)
        self._line = max(at_1 - at_0 - self._square, 0.0)
        self._constant = float(at_0)
        if self._square < 1e-14 * (self._constant + self._line):
            self._square = 0.0

    def width(self, times: Floats) -> Floats:
        """Return the width of the kernel [day]."""
        inner = self._constant + (self._line + self._square * times) * times
        return np.asarray(np.sqrt(inner))

    def position(self, times: Floats) -> Floats:
        """Return the integral of 1 / width from 0 to each time."""
        if self._square > 0:
            root = math.sqrt(self._square)
            grown = 2 * root * self.width(times) + 2 * self._square * times + self._line
            origin = 2 * root * math.sqrt(self._constant) + self._line
            return np.asarray(np.log(grown / origin) / root)
        if self._line > 0:
            return np.asarray((self.width(times) - math.sqrt(self._constant)) * 2 / self._line)
        return np.asarray(times / math.sqrt(self._constant))


class Table:
    """The kernel of one component at nodes of elapsed time.

    Where the nodes resolve the kernel it is read by cubic interpolation, else linearly. Both
    are linear in the kernel, so only the weights of the nodes are averaged over draws.

    Parameters
    ----------
    component : Component
    day_noise : float
        Variance over mean of a day's count [unit].
    thresholds : ndarray of float, shape (threshold,)
        Ascending totals [unit].
    longest : float
        Longest elapsed time to cover [day]; later ones count as this.
    """

    def __init__(
        self, component: Component, day_noise: float, thresholds: Floats, longest: float
    ) -> None:
        clock = Clock(component, day_noise)
        probe = np.geomspace(1e-2, longest, 200)
        smooth = bool((clock.width(probe) >= _NARROWEST * (probe + 7)).all())
        smooth = smooth and float(clock.width(np.zeros(1))[0]) > 0
        self._clock = clock if smooth and clock.position(probe[-1:])[0] < _MOST * _SPACING else None
        self._nodes = self._even_nodes(longest) if self._clock else _narrow_nodes(longest)
        self.kernel = exceedance_given_time(component, day_noise, thresholds, self._nodes)

    def _even_nodes(self, longest: float) -> Floats:
        """Return nodes evenly spaced on the clock, with one before 0 and two after the end."""
        if self._clock is None:  # pragma: no cover - called with a clock only
            raise AssertionError
        end = float(self._clock.position(np.array([longest]))[0])
        self._count = math.ceil(end / _SPACING) + 3
        dense = np.concatenate([[0.0], np.geomspace(1e-4, longest * 1.5, 40_000)])
        wanted = np.arange(self._count - 1) * _SPACING
        return np.asarray(np.interp(wanted, self._clock.position(dense), dense))

    def weights(self, times: Floats) -> Floats:
        """Return the summed weights of the nodes, shape (node, day), of times (draw, day)."""
        days = times.shape[1]
        if self._clock is None:
            return self._linear(times)
        size = self._nodes.size
        position = self._clock.position(times) / _SPACING
        np.clip(position, 0.0, size - 1.000001, out=position)
        cell = position.astype(np.int64)
        share = position - cell
        np.clip(cell, 1, size - 3, out=cell)
        share = position - cell
        flat = (cell * days + np.arange(days)).ravel()
        u = share.ravel()
        down, up, far = u - 1, u + 1, u - 2
        mass = np.zeros(size * days)
        for offset, weight in (
            (-1, -u * down * far / 6),
            (0, up * down * far / 2),
            (1, -up * u * far / 2),
            (2, up * u * down / 6),
        ):
            mass += np.bincount(flat + offset * days, weight, minlength=mass.size)
        return mass.reshape(size, days)

    def _linear(self, times: Floats) -> Floats:
        days, size = times.shape[1], self._nodes.size
        at = np.minimum(times, self._nodes[-1])
        cell = np.clip(np.searchsorted(self._nodes, at, side="right") - 1, 0, size - 2)
        left = self._nodes[cell]
        share = ((at - left) / (self._nodes[cell + 1] - left)).ravel()
        flat = (cell * days + np.arange(days)).ravel()
        mass = np.bincount(flat, 1 - share, minlength=size * days)
        mass += np.bincount(flat + days, share, minlength=size * days)
        return np.asarray(mass.reshape(size, days), dtype=float)


def _narrow_nodes(longest: float) -> Floats:
    """Return nodes for a kernel that is nearly a step: finer than any path, and whole days first.

    In the first week the pace does not move, so that elapsed times are whole days exactly.
    """
    spaced = np.expm1(np.linspace(0.0, math.log1p(longest / 7), _MOST)) * 7
    return np.union1d(spaced, np.arange(8.0))
