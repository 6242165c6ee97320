"""The machine, in the words that matter for how fast it is."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from threadpoolctl import threadpool_info

from attrition._version import __version__


def machine() -> dict[str, Any]:
    """Return processor, cores, system, and the versions of what does the work."""
    blas = {f"{pool['internal_api']} {pool['version']}" for pool in threadpool_info()}
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "blas": sorted(blas),
        "attrition": __version__,
    }


def _processor() -> str:
    """Return the name of the processor where the system says it."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
