"""The same posterior by NUTS: the same quantiles, and at what cost?

The data are the library's (windows of days, logs of figures, counts of blocks); the model is
written anew from its description in docs/assimilation.md and sampled by PyMC itself, by nutpie
and by NumPyro. `benchmarks/nuts` builds the environment and runs it.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from benchmarks.assimilation import case
from numpy.typing import NDArray
from scipy import special

import attrition as at
from attrition.models.assimilation.evidence import Evidence, evidence_of
from attrition.models.assimilation.outlook import Outlook, PrintedTotal

Array = NDArray[np.float64]
ACCEPT = 0.85
PROBS = (0.05, 0.5, 0.95)
NAMES = ("level", "pace", "day")
ENOUGH = 20.0
SOUND = 4.0  # Monte Carlo standard errors
_WEEK = 7
_KNOTS = 14


# ---------------------------------------------------------------------- the model, written anew


@dataclass(frozen=True)
class Parts:
    """Everything of the model that is constant."""

    steps: Array
    windows: Array
    count: Array
    drift: Array
    centre: Array
    term_windows: Array
    blocks: tuple[tuple[NDArray[np.intp], list[tuple[float, Array]]], ...]


def _overlap(begin: float, end: float, weeks: int) -> Array:
    return np.array(
        [max(0.0, min(end, _WEEK * (w + 1)) - max(begin, _WEEK * w)) for w in range(weeks)]
    )


def _clock(day: float) -> float:
    return math.log1p(day / 30)


def parts_of(evidence: Evidence) -> Parts:
    """Turn the evidence into arrays by the description of the model."""
    weeks = math.ceil(evidence.days / _WEEK)
    (counts,) = evidence.counts
    steps = np.array([case.VOLATILITY * math.sqrt(1 + 26 / w) for w in range(1, weeks)])
    windows = np.array(
        [_overlap(b, e, weeks) for b, e in zip(counts.begin, counts.end, strict=True)]
    )
    knots = np.linspace(_clock(counts.end[0]), _clock(evidence.days), _KNOTS)
    root = case.DRIFT * np.linalg.cholesky(
        np.exp(-np.abs(knots[:, None] - knots)) + 1e-10 * np.eye(_KNOTS)
    )
    middles = (counts.begin + counts.end) / 2
    drift = np.array([_between(_clock(day), knots) for day in middles]) @ root
    terms = evidence.terms
    blocks = []
    for source in dict.fromkeys(t.node for t in terms):
        index = [i for i, t in enumerate(terms) if t.node == source]
        times = np.array([_clock(terms[i].end) for i in index])
        spread = np.array([terms[i].reading.spread for i in index])
        blocks.append((np.array(index), _settings(times, spread)))
    return Parts(
        steps,
        windows,
        counts.count,
        drift,
        np.array([t.reading.centre for t in terms]),
        np.array([_overlap(t.begin, t.end, weeks) for t in terms]),
        tuple(blocks),
    )


def _between(place: float, knots: Array) -> Array:
    return np.array([np.interp(place, knots, row) for row in np.eye(knots.size)])


def _settings(times: Array, spread: Array) -> list[tuple[float, Array]]:
    """Return (log weight + log normaliser, inverse Cholesky factor) of each setting."""
    alike = np.exp(-np.abs(times[:, None] - times))
    rates = np.exp(1.25 * np.arange(-2, 3))
    prior = np.exp(-0.5 * np.log(rates) ** 2)
    out = []
    for width, often in ((1.0, 0.9), (8.0, 0.1)):
        for rate, weight in zip(rates, prior / prior.sum(), strict=True):
            whole = (width * case.ERROR) ** 2 + (rate * case.DRIFT) ** 2 * alike
            lower = np.linalg.cholesky(whole + np.diag(spread**2))
            log = math.log(often * weight) - np.log(np.diag(lower)).sum()
            out.append((float(log), np.linalg.inv(lower)))
    return out


def build(parts: Parts, start: float) -> Any:
    """Return the PyMC model, begun at this log of the first rate."""
    import pymc as pm  # type: ignore[import-not-found] # only the race installs it
    import pytensor.tensor as pt  # type: ignore[import-not-found] # only the race installs it

    with pm.Model() as model:
        # flat: this is the density on the whole line, started from near the counts
        s = pm.Flat("s", initval=start)
        z = pm.Normal("z", shape=parts.steps.size)
        a = pm.Flat("a")
        pm.Potential(
            "heavy",
            pt.log(0.9 * pt.exp(-0.5 * a**2) + 0.1 / 8 * pt.exp(-0.5 * (a / 8) ** 2)),
        )
        u = pm.Normal("u", shape=_KNOTS)
        x = s + pt.concatenate([pt.zeros(1), pt.cumsum(parts.steps * z)])
        rate = pt.exp(x)
        eta = pt.log(pt.dot(parts.windows, rate)) + case.ERROR * a + pt.dot(parts.drift, u)
        pm.Potential("counts", ((parts.count * eta) - pt.exp(eta)).sum() / case.NOISE)
        gap = parts.centre - pt.log(pt.dot(parts.term_windows, rate))
        for number, (index, settings) in enumerate(parts.blocks):
            logs = [log - 0.5 * (pt.dot(root, gap[index]) ** 2).sum() for log, root in settings]
            pm.Potential(f"block{number}", pt.logsumexp(pt.stack(logs)))
    return model


def log_density(parts: Parts, point: Array) -> float:
    """Return what the PyMC model below computes, in NumPy, at (s, z, a, u)."""
    weeks = parts.steps.size + 1
    s, z, a, u = point[0], point[1:weeks], point[weeks], point[weeks + 1 :]
    rate = np.exp(s + np.concatenate([[0.0], np.cumsum(parts.steps * z)]))
    eta = np.log(parts.windows @ rate) + case.ERROR * a + parts.drift @ u
    heavy = 0.9 * math.exp(-0.5 * a**2) + 0.1 / 8 * math.exp(-0.5 * (a / 8) ** 2)
    out = math.log(heavy) - 0.5 * float(z @ z + u @ u)
    out += float((parts.count * eta - np.exp(eta)).sum()) / case.NOISE
    gap = parts.centre - np.log(parts.term_windows @ rate)
    for index, settings in parts.blocks:
        logs = [log - 0.5 * float(((root @ gap[index]) ** 2).sum()) for log, root in settings]
        out += float(special.logsumexp(logs))
    return out


# ---------------------------------------------------------------------- NUTS


@dataclass(frozen=True)
class Run:
    """How long is sampled."""

    draws: int
    tune: int
    chains: int
    seed: int


@dataclass(frozen=True)
class Answer:
    """Quantiles with their Monte Carlo standard errors, shape (quantity, prob), and the cost."""

    name: str
    values: Array
    mcse: Array
    cpu: float
    """CPU seconds, all threads."""
    effective: float
    """Of the quantity that has fewest."""
    note: str


def _pymc(model: Any, run: Run) -> tuple[Any, float]:
    import pymc as pm

    with model:
        step = pm.NUTS(target_accept=ACCEPT)  # compiled here
        begun = time.process_time()
        trace = pm.sample(
            draws=run.draws,
            tune=run.tune,
            chains=run.chains,
            cores=1,
            step=step,
            random_seed=run.seed,
            progressbar=False,
            compute_convergence_checks=False,
        )
    return trace, time.process_time() - begun


def _nutpie(model: Any, run: Run) -> tuple[Any, float]:
    import nutpie  # type: ignore[import-not-found] # only the race installs it

    compiled = nutpie.compile_pymc_model(model)
    begun = time.process_time()
    trace = nutpie.sample(
        compiled,
        draws=run.draws,
        tune=run.tune,
        chains=run.chains,
        cores=1,
        seed=run.seed,
        progress_bar=False,
        target_accept=ACCEPT,
    )
    return trace, time.process_time() - begun


def _numpyro(model: Any, run: Run) -> tuple[Any, float]:
    from pymc.sampling.jax import (  # type: ignore[import-not-found] # only the race installs it
        sample_numpyro_nuts,
    )

    def sample(draws: int, tune: int) -> tuple[Any, float]:
        begun = time.process_time()
        trace = sample_numpyro_nuts(
            draws,
            tune=tune,
            chains=run.chains,
            target_accept=ACCEPT,
            random_seed=run.seed,
            model=model,
            progressbar=False,
            compute_convergence_checks=False,
            chain_method="vectorized",
        )
        return trace, time.process_time() - begun

    sample(2, 2)  # what is made once
    _, compiling = sample(2, 2)  # each call compiles anew; a run of two draws does little else
    trace, cpu = sample(run.draws, run.tune)
    return trace, cpu - compiling


SAMPLERS: dict[str, Callable[[Any, Run], tuple[Any, float]]] = {
    "PyMC": _pymc,
    "nutpie": _nutpie,
    "NumPyro": _numpyro,
}


def by_nuts(name: str, evidence: Evidence, run: Run) -> Answer:
    """Sample the model with one of `SAMPLERS`; compilation is not counted."""
    import arviz as az

    parts = parts_of(evidence)
    model = build(parts, math.log(parts.count.sum() / evidence.days))
    trace, cpu = SAMPLERS[name](model, run)
    posterior = trace.posterior
    s, z = posterior["s"].values.ravel(), posterior["z"].values.reshape(-1, parts.steps.size)
    rates = np.exp(
        s[:, None] + np.concatenate([np.zeros((s.size, 1)), np.cumsum(parts.steps * z, 1)], axis=1)
    )
    level = rates @ _overlap(0, evidence.days, rates.shape[1])
    day = crossings(rates, level, evidence, run.seed)
    shaped = [v.reshape(run.chains, -1) for v in (level, rates[:, -1], day)]
    values = np.array([[np.quantile(v, p) for p in PROBS] for v in shaped])
    mcse = np.array([[az.mcse(v, method="quantile", prob=p) for p in PROBS] for v in shaped])
    worst = max(float(az.rhat(v)) for v in shaped)
    least = min(float(az.ess(v)) for v in shaped)
    diverged = int(trace.sample_stats["diverging"].values.sum())
    return Answer(
        name, values, mcse, cpu, least, f"R-hat at most {worst:.3f}, {diverged} divergent"
    )


def crossings(rates: Array, level: Array, evidence: Evidence, seed: int) -> Array:
    """Return when each draw passes the threshold [day after the information date].

    Days are read in straight lines in between; beyond the horizon it is infinite.
    """
    rng = np.random.default_rng(seed)
    known, days = rates.shape[1], (case.HORIZON - case.KNOWN).days
    weeks = math.ceil((evidence.days + days) / _WEEK) - known
    steps = [case.VOLATILITY * math.sqrt(1 + 26 / (known - 1 + w)) for w in range(1, weeks + 1)]
    logs = np.log(rates[:, -1:]) + np.cumsum(steps * rng.standard_normal((level.size, weeks)), 1)
    shape = _WEEK * np.exp(logs) / case.NOISE
    counts = case.NOISE * rng.standard_gamma(shape)
    left = _WEEK * known - evidence.days
    ends = np.concatenate([[0.0, left], left + _WEEK * np.arange(1, weeks + 1)])
    totals = np.concatenate(
        [level[:, None], (level + left * rates[:, -1])[:, None], np.zeros((level.size, weeks))], 1
    )
    totals[:, 2:] = totals[:, 1:2] + np.cumsum(counts, axis=1)
    out = np.array([np.interp(case.THRESHOLD, path, ends, right=np.inf) for path in totals])
    return np.where(level >= case.THRESHOLD, 0.0, out)


# ---------------------------------------------------------------------- this library


def by_us(seed: int) -> Answer:
    """Read the same quantiles from the library's posterior."""
    dossier, series = case.dossier(), case.series()
    begun = time.process_time()
    forecast = at.forecast(
        dossier.with_counts(series),
        seed=seed,
        as_of=case.KNOWN,
        horizon=case.HORIZON,
        bases="latent",
        model="posterior",
    )
    cpu = time.process_time() - begun
    outlook = forecast.outlooks[case.QUANTITY]
    tables, draws = outlook.draws.tables, outlook.draws
    level, pace = outlook.figure(case.QUANTITY, "latent"), _pace(outlook)
    law = outlook.asked(level, [case.THRESHOLD])[:, 0]
    now = np.array([0])
    rows = [
        _quantiles(lambda k: 1 - outlook.averaged(level.exceedance(tables, k, now))[:, 0]),
        _quantiles(lambda k: 1 - outlook.averaged(pace.exceedance(tables, k, now))[:, 0], 1e2),
        _dates(law),
    ]
    values, mcse = (np.array([row[i] for row in rows]) for i in (0, 1))
    return Answer("here", values, mcse, cpu, draws.effective, f"k-hat {draws.khat:.2f}")


def _pace(outlook: Outlook) -> PrintedTotal:
    rate = outlook.rates[case.QUANTITY].past[:, -1]
    return PrintedTotal(case.still(rate), np.zeros(rate.size), 1.0)


def _quantiles(cdf: Callable[[float], Array], low: float = 1e4) -> tuple[list[float], list[float]]:
    """Invert the mean law, and divide the standard error of the replicates by its slope."""
    values, errors = [], []
    for prob in PROBS:
        below, above = math.log(low), math.log(low * 1e3)
        while above - below > 1e-9:
            middle = (below + above) / 2
            smaller = cdf(math.exp(middle)).mean() < prob
            below, above = (middle, above) if smaller else (below, middle)
        at_it, tiny = math.exp(below), 1e-3
        slope = (cdf(at_it * (1 + tiny)).mean() - cdf(at_it * (1 - tiny)).mean()) / (
            2 * tiny * at_it
        )
        laws = cdf(at_it)
        values.append(at_it)
        errors.append(float(laws.std(ddof=1) / math.sqrt(laws.size) / slope))
    return values, errors


def _dates(law: Array) -> tuple[list[float], list[float]]:
    mean, days = law.mean(axis=0), np.arange(law.shape[1])
    values, errors = [], []
    for prob in PROBS:
        value = float(np.interp(prob, mean, days))
        around = np.array([np.interp(value, days, one) for one in law])
        slope = np.interp(value + 1, days, mean) - np.interp(value - 1, days, mean)
        values.append(value)
        errors.append(float(around.std(ddof=1) / math.sqrt(around.size) / (slope / 2)))
    return values, errors


# ---------------------------------------------------------------------- the report


def report(ours: Answer, others: list[Answer], command: str) -> tuple[str, bool]:
    """Return the tables, and whether all is as it must be."""
    away = [(ours.values - o.values) / np.hypot(ours.mcse, o.mcse) for o in others]
    each = [o.cpu / o.effective for o in others]
    ratios = [cost / (ours.cpu / ours.effective) for cost in each]
    units = ("persons", "persons a day", "days")
    lines = [
        "# The same posterior by NUTS",
        "",
        f"Written by `{command}`: a recorded count of {(case.KNOWN - case.FIRST).days + 1} days",
        "and 21 claims of three sources.",
        "Level: the total on the information date. Pace: the rate of its last week. Day: when",
        f"{case.THRESHOLD:,.0f} is passed. In brackets: the difference by its standard error.",
        "",
        "| | probability | here | " + " | ".join(o.name for o in others) + " |",
        "|---|---|---|" + "---|" * len(others),
    ]
    for i, (name, unit) in enumerate(zip(NAMES, units, strict=True)):
        digits = 1 if name == "day" else 0
        for j, prob in enumerate(PROBS):
            here, *there = (
                f"{f.values[i, j]:,.{digits}f} ± {f.mcse[i, j]:,.{digits + 1}f}"
                for f in (ours, *others)
            )
            cells = [f"{a} ({z[i, j]:+.1f})" for a, z in zip(there, away, strict=True)]
            lines.append(f"| {name} [{unit}] | {prob:g} | {here} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "CPU seconds of all threads, without compilation; of ours the whole forecast.",
        "",
        "| | CPU s | effective draws | CPU s for as many as here | times ours | |",
        "|---|---:|---:|---:|---:|---|",
        f"| here | {ours.cpu:.2f} | {ours.effective:,.0f} | {ours.cpu:.2f} | 1 | {ours.note} |",
    ]
    lines += [
        f"| {o.name} | {o.cpu:.0f} | {o.effective:,.0f} | {cost * ours.effective:.0f} | "
        f"{ratio:,.0f} | {o.note} |"
        for o, cost, ratio in zip(others, each, ratios, strict=True)
    ]
    sound = all(np.abs(z).max() < SOUND for z in away) and min(ratios) >= ENOUGH
    return "\n".join([*lines, ""]), sound


def main() -> int:
    """Compare, and write benchmarks/results/nuts.md."""
    parser = argparse.ArgumentParser(prog="benchmarks/nuts", description=__doc__)
    parser.add_argument("--draws", type=int, default=1500, help="of each chain, after tuning")
    parser.add_argument("--tune", type=int, default=1000)
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="file (default: results/nuts.md)")
    options = parser.parse_args()
    evidence = evidence_of(case.dossier(), case.QUANTITY, as_of=case.KNOWN, series=case.series())
    by_us(options.seed)  # imports and caches
    ours = by_us(options.seed)
    run = Run(options.draws, options.tune, options.chains, options.seed)
    others = []
    for name in SAMPLERS:
        others.append(by_nuts(name, evidence, run))
        sys.stderr.write(f"{name}: {others[-1].cpu:.0f} s\n")
    asked = (f"--{name} {getattr(options, name)}" for name in ("draws", "tune", "chains", "seed"))
    text, sound = report(ours, others, " ".join(["benchmarks/nuts", *asked]))
    print(text)
    out = options.out or Path(__file__).parents[1] / "results" / "nuts.md"
    out.write_text(text, encoding="utf-8")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
