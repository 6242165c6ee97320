"""What is assumed of a pace before any count is seen, laid out as a grid of hypotheses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats

_NOISES = (
    *((phi, 0.0) for phi in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)),
    *((1.0, sd) for sd in (0.04, 0.08, 0.16, 0.35)),
    *((4.0, sd) for sd in (0.08, 0.16, 0.35)),
    (16.0, 0.16),
)
_LADDER = tuple(float(sigma) for sigma in np.geomspace(0.002, 1.6, 13))


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed before any count is seen, and how fast evidence ages.

    Three families share every noise: *moving* (a ladder of volatilities, every momentum),
    *steady* (hardly any drift, rare breaks of the level) and *still* (hardly any drift). All rates
    are per step of ``days`` days. Chosen on simulated worlds: docs/decisions/0006.

    Parameters
    ----------
    noises : tuple of (float, float)
        Variance/mean of the counts, and standard deviation of the log noise of a step.
    sigmas : tuple of float
        The ladder of volatilities: standard deviations of the change of the log rate.
    walk, jump : float
        Probabilities that the volatility moves a rung up or down, and that it is drawn afresh.
    momenta, momentum_weights : tuple of float
        What remains of a change of the log rate after a step, and the weight of each.
    spread : float
        Standard deviation of the log rate about its long-run level.
    most_pull : float
        Strongest pull back to that level.
    anchor : float
        Steps of history that the current level is worth as a guess of the long run.
    shock, shock_size, shock_sd : float
        Moving: the probability of a shock, how many times as far it steps, and what it adds.
    breaks, break_sd : float
        Steady: the probability that the level breaks, and the standard deviation of that.
    steady_sigma, still_sigma : float
        Volatility of the steady and the still.
    poisson_weight : float
        How many times likelier Poisson is than each other noise.
    families : tuple of float
        Weights of moving, steady, still.
    forget : float
        Exponent by which the evidence for each hypothesis fades.
    first_sd : float
        Standard deviation of the first log rate.
    days : int
        Length of a step [day].
    """

    noises: tuple[tuple[float, float], ...] = _NOISES
    sigmas: tuple[float, ...] = _LADDER
    walk: float = 0.1
    jump: float = 0.005
    momenta: tuple[float, ...] = (0.0, 0.5, 0.8)
    momentum_weights: tuple[float, ...] = (0.4, 0.3, 0.3)
    spread: float = 1.6
    most_pull: float = 0.08
    anchor: float = 26.0
    shock: float = 0.02
    shock_size: float = 3.0
    shock_sd: float = 0.6
    breaks: float = 0.04
    break_sd: float = 1.0
    steady_sigma: float = 0.015
    still_sigma: float = 0.001
    poisson_weight: float = 10.0
    families: tuple[float, float, float] = (0.05, 0.3, 0.65)
    forget: float = 0.99
    first_sd: float = 2.0
    days: int = 7

    def on_steps(self, days: int) -> Prior:
        """Restate the prior for steps of ``days`` days: the same drift in a year."""
        k = days / self.days
        root = float(np.sqrt(k))
        return replace(
            self,
            days=days,
            sigmas=tuple(root * sigma for sigma in self.sigmas),
            steady_sigma=root * self.steady_sigma,
            still_sigma=root * self.still_sigma,
            momenta=tuple(rho**k for rho in self.momenta),
            anchor=self.anchor / k,
            walk=min(k * self.walk, 0.5),
            jump=min(k * self.jump, 0.2),
            shock=min(k * self.shock, 0.3),
            breaks=min(k * self.breaks, 0.3),
            forget=self.forget**k,
            most_pull=min(k * self.most_pull, 0.6),
        )

    def hypotheses(self) -> Hypotheses:
        """Lay the grid out flat: moving hypotheses first, then the steady, then the still."""
        n, rungs = len(self.noises), len(self.sigmas)
        noise = np.repeat(np.arange(n), len(self.momenta))
        rho = np.tile(np.array(self.momenta), n)
        moving = noise.size
        even = np.r_[self.poisson_weight, np.ones(n - 1)]
        weight = np.tile(np.array(self.momentum_weights), n) * even[noise]
        share = np.array(self.families) / np.sum(self.families)
        noise = np.r_[noise, np.arange(n), np.arange(n)]
        phi, root = np.array(self.noises, dtype=float)[noise].T
        sigma = np.concatenate(
            [
                np.tile(np.array(self.sigmas), (moving, 1)),
                np.full((n, rungs), self.steady_sigma),
                np.full((n, rungs), self.still_sigma),
            ]
        )
        pull = np.minimum(sigma**2 / (2 * self.spread**2), self.most_pull)
        pull[moving:] = 0.0
        families = (moving, n, n)
        return Hypotheses(
            moving=moving,
            noise=noise,
            phi=phi,
            nu=root**2,
            rho=np.r_[rho, np.zeros(2 * n)],
            sigma=sigma,
            pull=pull,
            rare=np.repeat([self.shock, self.breaks, 1e-12], families),
            rare_size=np.repeat([self.shock_size, 1.0, 1.0], families),
            rare_sd=np.repeat([self.shock_sd, self.break_sd, 0.0], families),
            log_weight=np.log(
                np.r_[
                    share[0] * weight / weight.sum(),
                    share[1] * even / even.sum(),
                    share[2] * even / even.sum(),
                ]
            ),
        )

    def transition(self) -> Floats:
        """Return the transition matrix between volatilities, shape (rung, rung)."""
        rungs = len(self.sigmas)
        walk = np.eye(rungs) * (1 - self.walk)
        for i in range(rungs):
            for k in (max(i - 1, 0), min(i + 1, rungs - 1)):
                walk[i, k] += self.walk / 2
        return np.asarray((1 - self.jump) * walk + self.jump / rungs)


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """The grid laid flat: shape (hypothesis,); ``sigma`` and ``pull`` (hypothesis, rung)."""

    moving: int
    noise: NDArray[np.int64]
    phi: Floats
    nu: Floats
    rho: Floats
    sigma: Floats
    pull: Floats
    rare: Floats
    rare_size: Floats
    rare_sd: Floats
    log_weight: Floats
