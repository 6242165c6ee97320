"""Closed forms of first-passage laws. Imports nothing of the library under test."""

from __future__ import annotations

import math

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
