"""Closed forms of first-passage laws. Imports nothing of the library under test."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special


def poisson(rate: float, threshold: float, day: float) -> float:
    """P(N(day) >= threshold) of a Poisson process."""
    return float(special.gammainc(threshold, rate * day))


def gamma_process(shape: float, scale: float, threshold: float, day: float) -> float:
    """P(G(day) >= threshold), G(t) gamma with shape ``shape * t``."""
    return float(special.gammaincc(shape * day, threshold / scale))


def normal_level_and_rate(
    level: tuple[float, float], rate: tuple[float, float], threshold: float, day: float
) -> float:
    """P(L + r * day >= threshold), L and r independent normal (mean, sd)."""
    spread = math.hypot(level[1], rate[1] * day)
    return float(special.ndtr((level[0] + rate[0] * day - threshold) / spread))


def lognormal_rate(distance: float, log_mean: float, log_sd: float, day: float) -> float:
    """P(r * day >= distance), log r normal."""
    return float(special.ndtr((log_mean + math.log(day) - math.log(distance)) / log_sd))


def noisy_level(
    level: tuple[float, float], rate: float, phi: float, threshold: float, day: float
) -> float:
    """P(L + G >= threshold), L normal, G gamma with mean ``rate * day``, variance phi * mean."""
    (mean, spread), shape = level, rate * day / phi

    def integrand(x: float) -> float:
        log_density = (shape - 1) * math.log(x) - x - special.gammaln(shape)
        return math.exp(log_density) * special.ndtr((mean + phi * x - threshold) / spread)

    centre, width = shape, 12 * math.sqrt(shape)
    low = max(centre - width, 1e-9)
    return float(integrate.quad(integrand, low, centre + width, limit=400, epsabs=1e-12)[0])


def poisson_ended(rate: float, hazard: float, threshold: int) -> float:
    """P(N reaches the threshold before an end at a constant hazard), without a horizon."""
    return (rate / (rate + hazard)) ** threshold


def gamma_process_ended(
    shape: float, scale: float, hazard: float, threshold: float, day: float
) -> float:
    """P(G reaches the threshold by ``day`` and before an end at a constant hazard)."""

    def integrand(u: float) -> float:
        return hazard * math.exp(-hazard * u) * gamma_process(shape, scale, threshold, u)

    integral = integrate.quad(integrand, 0, day, limit=800, epsabs=1e-12)[0]
    return math.exp(-hazard * day) * gamma_process(shape, scale, threshold, day) + float(integral)


def inverse_gaussian_process(mean: float, eta: float, threshold: float, day: float) -> float:
    """P(X(day) >= threshold), X(t) inverse Gaussian with mean mu t and shape eta t^2."""
    shape, centre = eta * day**2, mean * day
    root = math.sqrt(shape / threshold)
    lower = special.ndtr(root * (threshold / centre - 1)) + math.exp(
        2 * shape / centre
    ) * special.ndtr(-root * (threshold / centre + 1))
    return float(1 - lower)


def mixed_poisson(shape: float, rate: float, threshold: int, day: float) -> float:
    """P(N(day) >= threshold), N Poisson with a gamma(shape, rate) mixed intensity."""
    return float(special.betainc(threshold, shape, day / (day + rate)))


def gamma_process_with_end(
    shape: float, scale: float, hazard: float, threshold: float, day: float
) -> float:
    """P(T <= day, T < tau) of a gamma process that ends at a constant hazard."""

    def reached(t: float) -> float:
        return gamma_process(shape, scale, threshold, t)

    ended = integrate.quad(
        lambda u: hazard * math.exp(-hazard * u) * reached(u), 1e-12, day, limit=400, epsabs=1e-10
    )[0]
    return float(math.exp(-hazard * day) * reached(day) + ended)


def mixed_normal_posterior(
    figures: Sequence[tuple[float, float, float]],
    shared: Sequence[tuple[float, NDArray[np.float64]]],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Posterior of a log rate s with a flat prior, from figures y = s + o + error + reading.

    Parameters
    ----------
    figures
        (y, known offset o, standard deviation of the reading) of each.
    shared
        Settings of the errors: (weight, covariance of the errors); given one, all is normal.

    Returns
    -------
    log evidence, and weight, mean and standard deviation of s under each setting.
    """
    y, offset, sd = np.array(figures, dtype=float).T
    ones, gap = np.ones(y.size), y - offset
    logs, means, sds = [], [], []
    for weight, covariance in shared:
        whole = covariance + np.diag(sd**2)
        inverse = np.linalg.inv(whole)
        precision = ones @ inverse @ ones
        mean = ones @ inverse @ gap / precision
        left = (gap - mean) @ inverse @ (gap - mean)
        _, log_det = np.linalg.slogdet(2 * np.pi * whole)
        logs.append(
            math.log(weight) - 0.5 * (log_det + left) + 0.5 * math.log(2 * np.pi / precision)
        )
        means.append(mean)
        sds.append(precision**-0.5)
    total = float(special.logsumexp(logs))
    return total, np.exp(np.array(logs) - total), np.array(means), np.array(sds)


def posterior_by_prior_draws(
    figures: Sequence[tuple[float, float, float]],
    shared: Sequence[tuple[float, NDArray[np.float64]]],
    steps: NDArray[np.float64],
    draws: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Posterior of weekly log rates that are a random walk, by draws of its steps from the prior.

    Given the steps and a setting of the errors, the first log rate is normal: no approximation.

    Parameters
    ----------
    figures
        (y, day, standard deviation of the reading) of each: y is the log of the total on a day.
    shared
        Settings of the errors: (weight, covariance).
    steps : shape (week - 1,)
        Standard deviations of the weekly steps.

    Returns
    -------
    weights, means, standard deviations of the first log rate, shape (setting, draw); and the
    weekly rates over the first, shape (draw, week).
    """
    rng = np.random.default_rng(seed)
    walk = np.cumsum(steps * rng.standard_normal((draws, steps.size)), axis=1)
    rates = np.exp(np.concatenate([np.zeros((draws, 1)), walk], axis=1))
    y, days, sd = np.array(figures, dtype=float).T
    spans = np.clip(days[:, None] - 7 * np.arange(steps.size + 1), 0, 7)
    gap = y - np.log(rates @ spans.T)
    logs, means, sds = [], [], []
    for weight, covariance in shared:
        whole = covariance + np.diag(sd**2)
        inverse = np.linalg.inv(whole)
        pull = inverse.sum(axis=1)
        precision = pull.sum()
        mean = gap @ pull / precision
        left = gap - mean[:, None]
        _, log_det = np.linalg.slogdet(whole)
        logs.append(
            math.log(weight)
            - 0.5 * (log_det + np.einsum("di,ij,dj->d", left, inverse, left) + math.log(precision))
        )
        means.append(mean)
        sds.append(np.full(draws, precision**-0.5))
    weights = np.exp(np.array(logs) - np.max(logs))
    return weights / weights.sum(), np.array(means), np.array(sds), rates
