"""Forecasters that people would use instead, with their settings.

Each maps (daily totals up to the origin, thresholds, horizon, generator) to P(T <= t), shape
(threshold, horizon). AutoARIMA and AutoETS (statsforecast) see the cumulative totals of every
seventh day, the last 156 of them, with defaults otherwise; Prophet the same with its defaults.
Their Gaussian laws of the total are interpolated to days and made monotone in time. "ARIMA of logs"
and "damped ETS of logs" (statsforecast too) see the log of what each of those weeks added, and are
simulated.
"""

from __future__ import annotations

import logging
import warnings
from importlib import import_module

import numpy as np
from scipy import optimize, special

from attrition.core._typing import Floats
from attrition.evaluation import Forecaster

_WEEKS = 104
_LAST = 156
_DRAWS = 2_000


def _filtered(y: Floats, q: float, r: float) -> tuple[float, float, float]:
    """Kalman filter of a local level: mean and variance of the level, and the log-likelihood."""
    mean, variance, likelihood = float(y[0]), r + q, 0.0
    for value in y[1:]:
        variance += q
        total = variance + r
        error = float(value) - mean
        likelihood -= 0.5 * (np.log(total) + error * error / total)
        mean, variance = mean + variance / total * error, variance * r / total
    return mean, variance, likelihood


def local_level(
    history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
) -> Floats:
    """Random-walk log weekly rate plus weekly noise, fitted to the last 104 weeks by likelihood."""
    y = _logs(history, _WEEKS)

    def loss(theta: Floats) -> float:
        q, r = np.exp(np.clip(theta, -16, 4))
        return -_filtered(y, float(q), float(r))[2]

    start = np.log(np.maximum(np.full(2, 0.3 * np.var(np.diff(y))), 1e-5))
    best = optimize.fmin(loss, start, maxiter=150, xtol=0.02, ftol=0.01, disp=False)
    q, r = (float(v) for v in np.exp(np.clip(best, -16, 4)))
    mean, variance, _ = _filtered(y, q, r)
    weeks = -(-horizon // 7)
    steps = np.cumsum(np.sqrt(q) * rng.standard_normal((_DRAWS, weeks)), axis=1)
    x = mean + np.sqrt(variance) * rng.standard_normal((_DRAWS, 1)) + steps
    noisy = x + np.sqrt(r) * rng.standard_normal((_DRAWS, weeks))
    return _passed(noisy, thresholds - history[-1], horizon)


def _logs(history: Floats, weeks: int) -> Floats:
    """Return the logs of what the last weeks added; half a person stands for none."""
    weekly = np.diff(history[::-1][::7][::-1][-weeks - 1 :])
    return np.asarray(np.log(np.maximum(weekly, 0) + 0.5))


def _passed(logs: Floats, gains: Floats, horizon: int) -> Floats:
    """Return the shares of paths of the log weekly count, shape (path, week), past each gain."""
    rate = np.exp(np.minimum(logs, 40)) / 7
    paths = np.cumsum(np.repeat(rate, 7, axis=1), axis=1)[:, :horizon]
    return np.stack([np.mean(paths >= gain, axis=0) for gain in gains])


def _gaussian(
    mean: Floats, deviation: Floats, thresholds: Floats, last: float, horizon: int
) -> Floats:
    """Gaussian laws of the total each seventh day, interpolated to days, monotone in time."""
    day, week = np.arange(1, horizon + 1), 7.0 * np.arange(mean.size + 1)
    m = np.interp(day, week, np.r_[last, mean])
    s = np.interp(day, week, np.r_[0.0, deviation]) + 1e-9
    reached = special.ndtr((m - thresholds[:, None]) / s)
    return np.asarray(np.maximum.accumulate(reached, axis=1))


def _of_statsforecast(name: str) -> Forecaster:
    def forecast(
        history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
    ) -> Floats:
        del rng
        model = getattr(import_module("statsforecast.models"), name)()
        y = history[::-1][::7][::-1][-_LAST:].astype(float)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = model.forecast(y=y, h=-(-horizon // 7), level=[80])
        deviation = (out["hi-80"] - out["lo-80"]) / (2 * special.ndtri(0.9))
        return _gaussian(
            out["mean"], np.nan_to_num(deviation), thresholds, float(history[-1]), horizon
        )

    return forecast


def _of_logs(name: str, **settings: object) -> Forecaster:
    def forecast(
        history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator
    ) -> Floats:
        model = getattr(import_module("statsforecast.models"), name)(**settings)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(_logs(history, _LAST))
            seed = int(rng.integers(2**31))
            logs = model.simulate(h=-(-horizon // 7), n_paths=_DRAWS, seed=seed)
        return _passed(np.asarray(logs), thresholds - history[-1], horizon)

    return forecast


def prophet(history: Floats, thresholds: Floats, horizon: int, rng: np.random.Generator) -> Floats:
    """Prophet with its defaults, on the same weekly totals; its 80 % interval read as Gaussian."""
    pandas, library = import_module("pandas"), import_module("prophet")
    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    y = history[::-1][::7][::-1][-_LAST:].astype(float)
    weeks = -(-horizon // 7)
    dates = pandas.date_range("2020-01-06", periods=y.size + weeks, freq="7D")
    np.random.seed(int(rng.integers(2**31)))  # noqa: NPY002 - the generator that Prophet draws from
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = library.Prophet(interval_width=0.8)
        model.fit(pandas.DataFrame({"ds": dates[: y.size], "y": y}))
        out = model.predict(pandas.DataFrame({"ds": dates[y.size :]}))
    deviation = (out["yhat_upper"] - out["yhat_lower"]).to_numpy() / (2 * special.ndtri(0.9))
    mean = out["yhat"].to_numpy() + history[-1] - y[-1]
    return _gaussian(mean, deviation, thresholds, float(history[-1]), horizon)


RIVALS: dict[str, tuple[str, Forecaster]] = {
    "local level": ("numpy", local_level),
    "ARIMA of logs": ("statsforecast", _of_logs("AutoARIMA")),
    "damped ETS of logs": ("statsforecast", _of_logs("AutoETS", model="ZZN", damped=True)),
    "AutoARIMA": ("statsforecast", _of_statsforecast("AutoARIMA")),
    "AutoETS": ("statsforecast", _of_statsforecast("AutoETS")),
    "Prophet": ("prophet", prophet),
}
"""Forecasters by name, each with the distribution that it needs."""
