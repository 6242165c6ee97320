"""The race: what does the same error cost with other means?

Every contender draws the reference problem of `rivals/problem.py` in a process of its own and
is read in the same way. One command builds the environment and runs it: `benchmarks/race`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr
from benchmarks.rivals import compiled, report
from benchmarks.rivals.measure import Run, decode

RESULTS = Path(__file__).parent / "results"
ENOUGH = 6  # the best NumPy must be this much faster than the naive loop
SOUND = 5.0  # standard errors


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to compute the law."""

    name: str
    """A module of `rivals` with a function `laws`."""
    title: str
    sizes: tuple[int, ...]
    """Draws, or points, of one run."""
    package: str = "numpy"
    """The distribution that must be installed."""
    plain: bool = True
    """Plain Monte Carlo, whose error falls as 1/sqrt(n)."""
    compiler: str = ""
    """A program that must be installed."""

    def missing(self) -> str:
        """Say what is missing to run it; nothing if nothing is."""
        if importlib.util.find_spec(f"benchmarks.rivals.{self.name}") is None:
            return f"benchmarks/rivals/{self.name}.py is not there"
        if importlib.util.find_spec(self.package) is None:
            return f"{self.package} is not installed; benchmarks/race installs it"
        if self.compiler and shutil.which(self.compiler) is None:
            return f"there is no {self.compiler} that could compile it"
        return ""


CONTENDERS = (
    Contender("ours", "attrition", (1024, 2048, 4096, 8192), "attrition", plain=False),
    Contender("cumulants", "deterministic, three cumulants", (32, 64), plain=False),
    Contender("sobol", "Sobol, principal components", (256, 512, 1024, 2048), plain=False),
    Contender(
        "compiled_integrated",
        "C, integrated, antithetic",
        (8_192, 32_768, 131_072),
        plain=False,
        compiler=compiled.COMPILER,
    ),
    Contender("compiled", "C, plain", (100_000, 1_000_000), compiler=compiled.COMPILER),
    Contender("numpy_best", "NumPy, best", (100_000, 1_000_000)),
    Contender("numpy_careful", "NumPy, careful", (100_000,)),
    Contender("numpy_naive", "NumPy, naive", (100_000,)),
    Contender("bayes", "PyMC", (50_000,), "pymc"),
    Contender("monte", "monaco", (10_000,), "monaco"),
    Contender("squiggle", "squigglepy", (5_000,), "squigglepy"),
    Contender("quantlib", "QuantLib", (5_000,), "QuantLib"),
)
QUICK = (
    Contender("numpy_best", "NumPy, best", (30_000,)),
    Contender("numpy_naive", "NumPy, naive", (30_000,)),
)


def run(contender: Contender, size: int, seeds: int) -> dict[str, Any]:
    """Measure a contender in a fresh process."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.rivals.measure"]
    command += [contender.name, str(size), str(seeds)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{contender.name} with size {size} failed:\n{done.stderr}")
    raw: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return raw


def race(contenders: tuple[Contender, ...], seeds: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Measure all contenders; return the raw results and who was skipped, with the reason."""
    results, skipped = [], []
    for contender in contenders:
        if reason := contender.missing():
            skipped.append(f"{contender.title}: skipped, {reason}")
            print(skipped[-1], file=sys.stderr)
            continue
        for size in contender.sizes:
            print(f"{contender.title}: {size:,} x {seeds} seeds ...", file=sys.stderr, flush=True)
            try:
                results.append(run(contender, size, seeds))
            except RuntimeError as error:
                print(error, file=sys.stderr)
                reason = str(error).splitlines()[-1]
                skipped.append(f"{contender.title}: FAILED with size {size:,}, {reason}")
    return results, skipped


def stored() -> xr.Dataset:
    """Return the stored results as the picture of the race shows them."""
    raw = json.loads((RESULTS / "race.json").read_text(encoding="utf-8"))
    titles = {c.name: c.title for c in CONTENDERS}
    plain = {c.name for c in CONTENDERS if c.plain}
    return report.table_of([decode(one) for one in raw["runs"]], titles=titles, plain=plain)


def ratio_line(runs: list[Run]) -> str:
    """Say how much faster the best NumPy is than the naive loop, at the same draws."""
    best = {run.size: run.cpu for run in runs if run.name == "numpy_best"}
    for naive in runs:
        if naive.name == "numpy_naive" and naive.size in best:
            ratio = naive.cpu / best[naive.size]
            verdict = "enough" if ratio >= ENOUGH else "NOT ENOUGH"
            return (
                f"The best NumPy takes 1/{ratio:.1f} of the CPU time of the naive loop for the "
                f"same {naive.size:,} draws ({verdict}: it must be 1/{ENOUGH} or less)."
            )
    return "The best NumPy was not compared with the naive loop."


def main() -> int:
    """Run the race that the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks/race", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="NumPy only, 8 seeds, no files")
    parser.add_argument("--seeds", type=int, help="runs of each contender (default: 40)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="modules of rivals/ to run")
    parser.add_argument("--out", type=Path, help="folder for the files (default: results/)")
    parser.add_argument("--redraw", action="store_true", help="only draw the stored results again")
    options = parser.parse_args()
    if options.redraw:
        report.plot_table(stored(), stem=(options.out or RESULTS) / "race")
        return 0
    contenders: tuple[Contender, ...] = QUICK if options.quick else CONTENDERS
    if options.only:
        contenders = tuple(c for c in contenders if c.name in options.only)
    seeds = options.seeds or (8 if options.quick else 40)
    raw, skipped = race(contenders, seeds)
    runs = [decode(result) for result in raw]
    titles = {c.name: c.title for c in contenders}
    plain = {c.name for c in contenders if c.plain}
    command = " ".join(["benchmarks/race", *sys.argv[1:]])
    notes = [ratio_line(runs), *skipped]
    text = report.markdown(runs, titles=titles, plain=plain, command=command, notes=notes)
    print(text)
    out = options.out or (None if options.quick else RESULTS)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "race.md").write_text(text, encoding="utf-8")
        raw_text = json.dumps({"command": command, "skipped": skipped, "runs": raw})
        (out / "race.json").write_text(raw_text + "\n", encoding="utf-8")
        report.plot(runs, titles=titles, plain=plain, stem=out / "race")
    unsound = [
        f"{run.name} ({run.size:,})"
        for run in runs
        if run.disagreement(plain=run.name in plain) > SOUND
    ]
    if unsound:
        print(f"The law of {', '.join(unsound)} disagrees with the truth.", file=sys.stderr)
    return int(bool(unsound) or any("FAILED" in line for line in skipped))


if __name__ == "__main__":
    sys.exit(main())
