"""What was measured, as JSON and as a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from attrition.bench.machine import machine
from attrition.bench.simulations import SIZES, Measured

_VERSION = 1  # of the JSON


def record(size: str, measured: Sequence[Measured]) -> dict[str, Any]:
    """Return everything that was measured, ready for JSON.

    Parameters
    ----------
    size : str
        One of :data:`SIZES`.
    measured : sequence of Measured
    """
    return {
        "attrition_bench": _VERSION,
        "machine": machine(),
        "size": {"name": size, **dataclasses.asdict(SIZES[size])},
        "simulations": [dataclasses.asdict(one) for one in measured],
    }


def lines(held: dict[str, Any]) -> list[str]:
    """Return a record as lines of text."""
    where = held["machine"]
    rows = held["simulations"]
    blas = ", ".join(where["blas"]) or "unknown BLAS"
    versions = f"Python {where['python']}, NumPy {where['numpy']}, SciPy {where['scipy']}, {blas}"
    said = [
        f"attrition {where['attrition']} on {where['processor']}, {where['cores']} cores",
        f"{versions}, {where['system']}",
        f"size {held['size']['name']}, {_runs(held['size']['runs'])}",
        "",
    ]
    for row in rows:
        said += [
            f"{row['name']} ({row['size']})",
            f"    {row['cpu']:.3f} CPU s, {row['wall']:.3f} s; {row['work']:,.4g} {row['unit']}",
            f"    {row['result']}; digest {row['digest']}",
        ]
        if row["ratio"] is not None and row is not rows[0]:
            said.append(f"    {_times(row['ratio'])} the reference for {row['compared']}")
    return said


def _runs(count: int) -> str:
    return "each run once" if count == 1 else f"medians of {count} runs, one more before"


def _times(ratio: float) -> str:
    if ratio >= 1:
        return f"{ratio:,.3g} times less CPU time than"
    return f"{1 / ratio:,.3g} times the CPU time of"
