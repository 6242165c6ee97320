"""The machine that results are stated with."""

from __future__ import annotations

import json
import platform

import numpy as np
from benchmarks.machine import machine

import attrition as at


def test_the_machine_is_described_by_what_does_the_work() -> None:
    described = json.loads(json.dumps(machine(), allow_nan=False))
    versions = [described[name] for name in ("python", "numpy", "attrition")]
    assert versions == [platform.python_version(), np.__version__, at.__version__]
    assert described["cores"] >= 1
    assert described["processor"]
    assert platform.node() not in described.values()
