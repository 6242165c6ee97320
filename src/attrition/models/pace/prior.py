"""What is assumed of a pace before any count is seen, laid out as a grid of hypotheses."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.models.families import STEADY, Priors, bundled_priors

_NOISES = (
    *((phi, 0.0) for phi in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)),
    *((1.0, sd) for sd in (0.04, 0.08, 0.16, 0.35)),
    *((4.0, sd) for sd in (0.08, 0.16, 0.35)),
    (16.0, 0.16),
)
_NONE = 1e-9  # weight of what a kind rules out
_LASTING = 0.9  # share of a change that remains above which a trend lasts
_LADDER = tuple(float(sigma) for sigma in np.geomspace(0.004, 1.4, 10))


@dataclass(frozen=True, slots=True)
class Prior(Shown):
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
    momenta : tuple of (float, float)
        What remains of a change of the log rate after a step, and how strongly the change is itself
        pulled to the long-run level: what makes a wave turn.
    momentum_weights : tuple of float
        The weight of each.
    spread : float
        Standard deviation of the log rate about its long-run level, until the count shows its own.
    most_pull : float
        Strongest pull back to that level.
    anchor : float
        Steps of history that the current level is worth as a guess of the long run.
    memory : float
        Steps over which the long-run level is taken.
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
    heavy : float
        Degrees of freedom of the futures of a moving rate.
    ending : float
        Probability that what is counted dies away from the information date on.
    hazard : float
        Probability a day that it begins to, later on [1/day].
    life : tuple of float
        Days that such a rate lives, central 90 % (lognormal) [day].
    ceiling : float
        How far above the largest rate seen, on the log scale, a rate may rise.
    days : int
        Length of a step [day].

    See Also
    --------
    attrition.pace.fit_pace : what it is for.

    Examples
    --------
    >>> import attrition as at
    >>> at.pace.Prior.of_kind("epidemic") == at.pace.Prior.of_kind("conflict")
    False
    >>> prior = at.pace.Prior.of_kind("epidemic")
    >>> prior.on_steps(1) == prior, prior.transition().shape, prior.hypotheses().phi.shape
    (False, (10, 10), (90,))
    >>> import numpy as np
    >>> prior.pull(np.array([0.1]), 1, 1.0)
    array([0.005])
    """

    noises: tuple[tuple[float, float], ...] = _NOISES
    sigmas: tuple[float, ...] = _LADDER
    walk: float = 0.1
    jump: float = 0.005
    momenta: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.6, 0.0), (0.84, 0.02), (0.98, 0.0))
    momentum_weights: tuple[float, ...] = (0.4, 0.2, 0.25, 0.15)
    spread: float = 1.1
    most_pull: float = 0.15
    anchor: float = 26.0
    memory: float = 52.0
    shock: float = 0.02
    shock_size: float = 3.0
    shock_sd: float = 0.6
    breaks: float = 0.04
    break_sd: float = 1.0
    steady_sigma: float = 0.015
    still_sigma: float = 0.003
    poisson_weight: float = 10.0
    families: tuple[float, float, float] = (0.2, 0.3, 0.5)
    forget: float = 0.99
    first_sd: float = 2.0
    heavy: float = 8.0
    ending: float = 0.015
    hazard: float = 0.15 / 365
    life: tuple[float, float] = (3.0, 365.0)
    ceiling: float = 3.0
    days: int = 7

    @classmethod
    def of_kind(cls, kind: str | None, priors: Priors | None = None) -> Prior:
        """Return what is assumed of a kind of count.

        Parameters
        ----------
        kind : str or None
            As in :func:`attrition.when`: how far a rate strays, how heavy its tails are, and which
            share ends, are those of the kind's families in ``paces.toml``. None is the mixture of
            all.
        priors : Priors, optional
            The library's own when left out.

        Raises
        ------
        InputError
            If there is no such kind.

        Examples
        --------
        >>> Prior.of_kind("steady").families
        (1e-09, 1e-09, 1.0)
        """
        if kind is None:
            return cls()
        mixture = (priors or bundled_priors()).mixture(kind)
        mixed = {family.name: (family, share) for family, share in mixture}
        if STEADY in mixed:
            own = cls(families=(_NONE, _NONE, 1.0), poisson_weight=1e9, still_sigma=2e-4)
            return replace(own, ending=0.0, hazard=0.0)
        main = max(mixed.values(), key=lambda pair: pair[1])[0]
        own = cls(families=(0.6, 0.3, 0.1), spread=main.s, heavy=main.nu)
        if main.fade is not None:  # after one blow: what is counted is the end of it
            return replace(own, ending=0.9, life=main.fade)
        # Of those that end within a year few do so at once, as where no kind is named.
        ending = sum(share for family, share in mixed.values() if family.fade is not None)
        return replace(own, ending=ending / 8, hazard=ending / 365)

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
            momenta=tuple((rho**k, min(k * bend, 0.3)) for rho, bend in self.momenta),
            anchor=self.anchor / k,
            memory=self.memory / k,
            walk=min(k * self.walk, 0.5),
            jump=min(k * self.jump, 0.2),
            shock=min(k * self.shock, 0.3),
            breaks=min(k * self.breaks, 0.3),
            forget=self.forget**k,
            most_pull=min(k * self.most_pull, 0.6),
        )

    @functools.cache  # noqa: B019 - the few priors there are, asked for it by every replicate
    def hypotheses(self) -> Hypotheses:
        """Lay the grid out flat: moving hypotheses first, then the steady, then the still."""
        n, rungs = len(self.noises), len(self.sigmas)
        noise = np.repeat(np.arange(n), len(self.momenta))
        rho, bend = np.tile(np.array(self.momenta), (n, 1)).T
        moving = noise.size
        even = np.r_[self.poisson_weight, np.ones(n - 1)]
        weight = np.tile(np.array(self.momentum_weights), n) * even[noise]
        share = np.array(self.families) / np.sum(self.families)
        noise = np.r_[noise, np.arange(n), np.arange(n)]
        phi, root = np.array(self.noises, dtype=float)[noise].T
        single = [np.full((n, rungs), sd) for sd in (self.steady_sigma, self.still_sigma)]
        sigma = np.concatenate([np.tile(np.array(self.sigmas), (moving, 1)), *single])
        families = (moving, n, n)
        pairs = zip(share, (weight, even, even), strict=True)
        weights = [part * own / own.sum() for part, own in pairs]
        return Hypotheses(
            moving=moving,
            noise=noise,
            phi=phi,
            nu=root**2,
            rho=np.r_[rho, np.zeros(2 * n)],
            bend=np.r_[bend, np.zeros(2 * n)],
            sigma=sigma,
            lasting=np.r_[(rho > _LASTING) & (bend == 0), np.zeros(2 * n, dtype=bool)],
            rare=np.repeat([self.shock, self.breaks, 1e-12], families),
            rare_size=np.repeat([self.shock_size, 1.0, 1.0], families),
            rare_sd=np.repeat([self.shock_sd, self.break_sd, 0.0], families),
            log_weight=np.log(np.concatenate(weights)),
        )

    def pull(self, sigma: Floats, moving: int, spread: float) -> Floats:
        """Return the pull to the long run that keeps a rate within a spread of it."""
        pull = np.minimum(sigma**2 / (2 * spread**2), self.most_pull)
        pull[moving:] = 0.0
        return pull

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
    """The grid laid flat: shape (hypothesis,); ``sigma`` (hypothesis, rung)."""

    moving: int
    noise: NDArray[np.int64]
    phi: Floats
    nu: Floats
    rho: Floats
    bend: Floats
    sigma: Floats
    lasting: NDArray[np.bool_]
    rare: Floats
    rare_size: Floats
    rare_sd: Floats
    log_weight: Floats
