"""Futures drawn in two stages: how volatile they are, then a Gaussian path.

Given its hypothesis, its volatilities and its shocks the log rate is linear in standard normals:

    v_w = rho v_{w-1} - bend (x_{w-1} - home) + a_w e_w
    x_w = x_{w-1} + v_w - pull_w (x_{w-1} - home) + b_w s_w

x_w is the log of the mean rate of step w, that between two steps halfway between theirs,

so that any one direction among the normals can be taken out of a future and integrated
(:meth:`Bundle.along`), while a low-discrepancy sequence drives what matters most of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats, Singles


@dataclass(frozen=True, slots=True)
class Bundle:
    """Futures with the normals behind them, in single precision.

    Parameters
    ----------
    log_rate : ndarray of float, shape (step + 1, draw)
        Log of the daily rate at the information date and after each step.
    normals, shocks : ndarray of float, shape (step + 1, draw)
        e and s; s is 0 where there is no shock. One step more than is asked for, because a step
        ends halfway to the next.
    scale, jump, pull : ndarray of float, shape (step + 1, draw)
        a, b and the pull to the long run.
    rho, bend : ndarray of float, shape (draw,)
    first : ndarray of float, shape (3, draw)
        Normals of the level given the momentum, of the momentum, and of the long run.
    spread, lean, rest : ndarray of float, shape (draw,)
        What the first moves the level by, and the second the level and the momentum.
    fixed : ndarray of bool, shape (draw,)
        Where rho hangs on the momentum, so that this is no part of a direction.
    home_sd : float
        What the third moves the long run by.
    phi, extra : ndarray of float, shape (draw,)
        Variance/mean of the counts, and e^nu - 1.
    days : int
        Length of a step [day].
    lead : ndarray of float, shape (draw,)
        What the total has at the information date beyond the least that it may be [unit].
    """

    log_rate: Singles
    normals: Singles
    shocks: Singles
    scale: Singles
    jump: Singles
    pull: Singles
    rho: Singles
    bend: Singles
    first: Singles
    spread: Singles
    lean: Singles
    rest: Singles
    fixed: NDArray[np.bool_]
    home_sd: float
    phi: Singles
    extra: Singles
    days: int
    lead: Floats

    def along(self, weights: Floats, steps: int) -> tuple[Singles, Singles]:
        """Return how far the log rate moves with its weighted mean, and where it stands on it.

        Parameters
        ----------
        weights : ndarray of float, shape (node,)
            Of the log rate at the information date and after the first steps.
        steps : int
            How many steps of the response are wanted.

        Returns
        -------
        response : ndarray of float, shape (steps + 1, draw)
            Change of the log rate by one standard deviation of its weighted mean.
        score : ndarray of float, shape (draw,)
            The standard score of each future: taken out, ``log_rate - response * score`` remains
            and is independent of it.
        """
        halves = 0.5 * (np.r_[weights, 0.0] + np.r_[0.0, weights])
        gradient, jumps, (level, momentum, home) = self._gradient(halves.astype(np.float32))
        square = level**2 + momentum**2 + home**2
        inner = level * self.first[0] + momentum * self.first[1] + home * self.first[2]
        reach = halves.size - 1
        for own, normals in ((gradient, self.normals), (jumps, self.shocks)):
            square += np.einsum("ij,ij->j", own, own)
            inner += np.einsum("ij,ij->j", own, normals[:reach])
        scale = 1 / np.sqrt(np.maximum(square, np.float32(1e-30)))
        gradient *= self.scale[:reach]
        gradient *= scale
        jumps *= self.jump[:reach]
        jumps *= scale
        out = np.empty((steps + 1, scale.size), np.float32)
        x = (self.spread * level + self.lean * momentum) * scale
        v = self.rest * momentum * scale
        home = self.home_sd * home * scale
        for step in range(steps + 1):
            away = x - home
            v = self.rho * v
            v -= self.bend * away
            if step < reach:
                v += gradient[step]
            away *= self.pull[step]
            before, x = x, x + v
            x -= away
            if step < reach:
                x += jumps[step]
            out[step] = 0.5 * (before + x)
        return out, inner * scale

    def _gradient(
        self, weights: Singles
    ) -> tuple[Singles, Singles, tuple[Singles, Singles, Singles]]:
        """Return derivatives of a weighted sum of x by every normal, by the recursion backwards."""
        reach, draws = weights.size - 1, self.rho.size
        gradient, jumps = np.empty((2, reach, draws), np.float32)
        x, v, home = np.zeros((3, draws), np.float32)
        for step in range(reach - 1, -1, -1):
            x = x + weights[step + 1]
            v = x + self.rho * v
            np.multiply(self.scale[step], v, out=gradient[step])
            np.multiply(self.jump[step], x, out=jumps[step])
            pulled = self.pull[step] * x
            pulled += self.bend * v
            home += pulled
            x = x - pulled
        x = x + weights[0]
        v = self.rho * v
        momentum = np.where(self.fixed, np.float32(0), self.lean * x + self.rest * v)
        return gradient, jumps, (self.spread * x, momentum, self.home_sd * home)
