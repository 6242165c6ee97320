"""Every command pays for `import attrition` first: what does it cost?"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


def test_importing_the_package_in_a_new_process(benchmark: BenchmarkFixture) -> None:
    command = [sys.executable, "-c", "import attrition"]
    benchmark(subprocess.run, command, check=True)
