"""The static kernel on a grid of elapsed times, applied to the distribution of those times."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.trajectories.kernel import Kernel

Cells: TypeAlias = npt.NDArray[np.int64]

_SPACING = 0.12  # of the kernel's own width
_MOST = 3_000  # nodes
_REACH = 6.0  # of quadratures over a normal score
_NEVER = 1e6  # width of a kernel that time does not move [day]
_NARROWEST = 0.005  # width of a kernel, relative to time + a week, below which it is a step


class Clock:
    """A scale on which the kernel of a component is equally wide everywhere.

    Its position at time a is the integral of da / width(a). The squared width is a quadratic
    in a, since level, rate and day noise contribute constants, squares and lines.
    """

    def __init__(self, kernel: Kernel) -> None:
        scales = kernel.scales(np.array([0.0, 1.0, 2.0]))
        if kernel.mean_rate > 0:
            at_0, at_1, at_2 = (scales**2).sum(axis=0) / kernel.mean_rate**2
        else:
            at_0 = at_1 = at_2 = _NEVER**2  # time brings nothing
        self._square = max((at_2 - 2 * at_1 + at_0) / 2, 0.0)
        self._line = max(at_1 - at_0 - self._square, 0.0)
        self._constant = float(at_0)
        if self._square < 1e-14 * (self._constant + self._line):
            self._square = 0.0

    @property
    def starts(self) -> bool:
        """Whether the position at time 0 is finite."""
        return bool(self._constant + self._line > 0)

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


class KernelTable:
    """The kernel of one component at nodes of elapsed time.

    Where the nodes resolve the kernel it is read by cubic interpolation, else linearly. Both
    are linear in the kernel, so only the weights of the nodes are averaged over draws.

    Parameters
    ----------
    kernel : Kernel
    thresholds : ndarray of float, shape (threshold,)
        Ascending totals [unit].
    longest : float
        Longest elapsed time to cover [day]; later ones count as this.
    """

    def __init__(self, kernel: Kernel, thresholds: Floats, longest: float) -> None:
        clock = Clock(kernel)
        probe = np.geomspace(0.5, longest, 200)  # at 0 the kernel is a node of its own
        smooth = clock.starts and bool((clock.width(probe) >= _NARROWEST * (probe + 7)).all())
        self._clock = clock if smooth and clock.position(probe[-1:])[0] < _MOST * _SPACING else None
        if self._clock is not None:
            self._nodes = self._even_nodes(longest)
        else:
            self._nodes = _narrow_nodes(clock, kernel.crossings(thresholds), longest)
        self.kernel = kernel.exceedance(thresholds, self._nodes)

    def _even_nodes(self, longest: float) -> Floats:
        """Return nodes evenly spaced on the clock, with one before 0 and two after the end."""
        if self._clock is None:  # pragma: no cover - called with a clock only
            raise AssertionError
        end = float(self._clock.position(np.array([longest]))[0])
        self._count = max(math.ceil(end / _SPACING) + 3, 8)
        dense = np.concatenate([[0.0], np.geomspace(1e-4, longest * 1.5, 6_000)])
        wanted = np.arange(self._count - 1) * _SPACING
        return np.asarray(np.interp(wanted, self._clock.position(dense), dense))

    def weights(self, times: Floats) -> Floats:
        """Return the summed weights of the nodes, shape (node, day), of times (draw, day)."""
        days = times.shape[1]
        size = self._nodes.size
        mass = np.zeros(size * days)
        for offset, cell, weight in self._interpolated(times):
            flat = ((cell + offset) * days + np.arange(days)).ravel()
            mass += np.bincount(flat, weight.ravel(), minlength=mass.size)
        return np.asarray(mass.reshape(size, days))

    def expected(self, centre: Floats, spread: Floats) -> Floats:
        """Return the expected weights of the nodes, shape (node, day), of lognormal times.

        Parameters
        ----------
        centre, spread : ndarray of float, shape (day,)
            Median [day] and standard deviation of the log.
        """
        if self._clock is None:
            return self._expected_between(centre, spread)
        width = self._clock.width(centre) / np.maximum(centre * spread, 1e-300)
        step = float(np.clip(0.8 * np.nan_to_num(width.min()), 0.004, 0.1))
        scores = np.arange(-_REACH, _REACH + step / 2, step)[:, None]
        shares = np.exp(-(scores**2) / 2)
        shares /= shares.sum()
        mass = np.zeros((self._nodes.size, centre.size))
        times = centre * np.exp(spread * scores)
        for offset, cell, weight in self._interpolated(times):
            flat = ((cell + offset) * centre.size + np.arange(centre.size)).ravel()
            histogram = np.bincount(flat, (weight * shares).ravel(), minlength=mass.size)
            mass += histogram.reshape(mass.shape)
        return mass

    def _expected_between(self, centre: Floats, spread: Floats) -> Floats:
        """Return the same for linear weights, exactly: by mass and mean of each cell."""
        nodes = self._nodes[:, None]
        spread = np.maximum(spread, 1e-12)
        with np.errstate(divide="ignore"):
            score = (np.log(nodes) - np.log(np.maximum(centre, 1e-300))) / spread
        below = special.ndtr(score)
        mean = centre * np.exp(spread**2 / 2) * special.ndtr(score - spread)
        inside, moment = np.diff(below, axis=0), np.diff(mean, axis=0)
        right = (moment - nodes[:-1] * inside) / np.diff(nodes, axis=0)
        right = np.clip(right, 0.0, inside)
        mass = np.zeros((nodes.size, centre.size))
        mass[:-1] += inside - right
        mass[1:] += right
        mass[0] += below[0]
        mass[-1] += 1 - below[-1]
        return mass

    def _interpolated(self, times: Floats) -> Iterator[tuple[int, Cells, Floats]]:
        """Yield (offset, cell, weight): what each time adds to the node at cell + offset."""
        size = self._nodes.size
        if self._clock is None:
            at = np.minimum(times, self._nodes[-1])
            cell = np.clip(np.searchsorted(self._nodes, at, side="right") - 1, 0, size - 2)
            left = self._nodes[cell]
            u = (at - left) / (self._nodes[cell + 1] - left)
            yield 0, cell, 1 - u
            yield 1, cell, u
            return
        position = self._clock.position(times) / _SPACING
        np.clip(position, 0.0, size - 1.000001, out=position)
        cell = np.clip(position.astype(np.int64), 1, size - 3)
        u = position - cell
        down, up, far = u - 1, u + 1, u - 2
        yield -1, cell, -u * down * far / 6
        yield 0, cell, up * down * far / 2
        yield 1, cell, -up * u * far / 2
        yield 2, cell, up * u * down / 6


def _narrow_nodes(clock: Clock, crossings: Floats, longest: float) -> Floats:
    """Return nodes for a kernel that is nearly a step.

    Even steps finer than any path; whole days of the first week, in which the pace does not
    move and elapsed times are whole days exactly; and nodes through the rise of each threshold,
    which lies around its crossing at the median rate.
    """
    spaced = np.expm1(np.linspace(0.0, math.log1p(longest / 7), _MOST // 2)) * 7
    at = crossings[(crossings > 0) & (crossings < longest)]
    through = at[:, None] + clock.width(at)[:, None] * np.linspace(-5.0, 5.0, 21)
    just_before = at * (1 - 1e-9)
    nodes = np.concatenate([spaced, np.arange(8.0), through.ravel(), just_before, at])
    return np.unique(nodes[(nodes >= 0) & (nodes <= longest)])
