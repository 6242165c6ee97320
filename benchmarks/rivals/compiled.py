"""The daily loop in C, compiled here with all that the processor has: plain, without any trick."""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from benchmarks.rivals import problem
from benchmarks.rivals.integrated import Floats
from benchmarks.rivals.numpy_best import BLOCK, arrivals_of
from numpy.typing import NDArray

LANES = 256
COMPILER = "cc"
_FLAGS = ("-O3", "-march=native", "-ffast-math", "-mprefer-vector-width=512", "-shared", "-fPIC")
PACE = (ctypes.c_float(problem.PERSISTENCE), ctypes.c_float(problem.VOLATILITY))


@functools.cache
def library() -> ctypes.CDLL:
    """Return ``compiled.c``, compiled."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise RuntimeError(f"{COMPILER} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "compiled.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run([compiler, *_FLAGS, str(source), "-o", str(built), "-lm"], check=True)
        return ctypes.CDLL(str(built))


def address(values: NDArray[np.generic]) -> ctypes.c_void_p:
    """Return where an array begins."""
    return ctypes.c_void_p(values.ctypes.data)


def laws(thresholds: tuple[float, ...], days: int, draws: int, seed: int) -> Floats:
    """Return P(T <= t), shape (threshold, days + 1); ``draws`` in whole blocks."""
    rng, asked = np.random.default_rng(seed), np.sort(thresholds)
    counts = np.zeros((asked.size, days), np.int64)
    whole, begun = -(-draws // LANES) * LANES, np.zeros(asked.size)
    for size in problem.blocks(whole, BLOCK):
        need = arrivals_of(rng, asked, size)
        need = need[:, np.argsort(need[-1])]  # paths side by side pass at about the same time
        begun += np.count_nonzero(need <= 0, axis=1)
        for lanes in np.split(need, size // LANES, axis=1):
            state = rng.integers(2**64, size=LANES, dtype=np.uint64)
            own = np.ascontiguousarray(lanes)
            library().plain(address(state), address(own), address(counts), asked.size, days, *PACE)
    law = np.column_stack([begun, counts]) / whole
    return np.asarray(law[np.argsort(np.argsort(thresholds))])
