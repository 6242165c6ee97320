"""monaco: two input variables, a case for each draw, in one process (two are slower)."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.rivals import problem
from numpy.typing import NDArray
from scipy import stats
from scipy.signal import lfilter


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return P(T <= t), shape (threshold, days + 1)."""
    import monaco as mc  # type: ignore[import-not-found] # only the race installs it

    def preprocess(case: Any) -> tuple[Any, ...]:
        return case.invals["level"].val, case.invals["rate"].val, case.seed

    def run(level: float, rate: float, seed: int) -> tuple[NDArray[np.float64]]:
        rng = np.random.default_rng(seed)
        shocks = problem.VOLATILITY * rng.standard_normal(days)
        x = lfilter([1.0], [1.0, -problem.PERSISTENCE], shocks)
        counts = rng.poisson(rate * np.exp(x))
        return (level + np.concatenate(([0], np.cumsum(counts))),)

    def postprocess(case: Any, totals: NDArray[np.float64]) -> None:
        for k, first in enumerate(problem.first_days(totals, thresholds, days)):
            case.addOutVal(f"T{k}", int(first))

    functions = {"preprocess": preprocess, "run": run, "postprocess": postprocess}
    sim = mc.Sim("R1", draws, functions, seed=seed, singlethreaded=True, verbose=False)
    for name, (mean, sd) in {"level": problem.LEVEL, "rate": problem.RATE}.items():
        sim.addInVar(name, stats.lognorm, {"s": sd, "scale": np.exp(mean)})
    sim.runSim()
    first = [sim.outvars[f"T{k}"].nums for k in range(len(thresholds))]
    return problem.law_of_days(np.asarray(first, np.int64), days)
