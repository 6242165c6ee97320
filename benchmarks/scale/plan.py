"""A plan on paper for work that no machine here can do, from what its pieces cost."""

from __future__ import annotations

from dataclasses import dataclass

PRICE = 0.05
"""Of a core for an hour, an example [any currency]; put yours in."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much is to be done.

    Parameters
    ----------
    paths, days, series, thresholds : int
        Whole paths of each series, their days, how many series, totals asked about.
    chunk : int
        Draws in a chunk.
    """

    paths: int = 10**9
    days: int = 3_652
    series: int = 100
    thresholds: int = 8
    chunk: int = 131_072


@dataclass(frozen=True, slots=True)
class Units:
    """What a unit costs, as measured.

    Parameters
    ----------
    draw, look, compare : float
        CPU time to draw a day of a path, to check it, to compare it with a threshold [s].
    peak : float
        Memory of a worker beside what a chunk needs [byte].
    chunk_bytes : float
        Memory that a chunk of 8,192 draws needs, for each of its numbers [byte].
    task : float
        Time of the scheduler for a task [s].
    tasks : float
        Tasks for each chunk, with the tree that merges them.
    graph : float
        Time to build the graph, for each chunk [s].
    sent : float
        Bytes of the Dataset of a chunk.
    """

    draw: float
    look: float
    compare: float
    peak: float
    chunk_bytes: float
    task: float
    tasks: float
    graph: float
    sent: float


def plan(work: Work, units: Units, cores: int) -> list[tuple[str, str]]:
    """Return the plan as rows of a table: what, and how much."""
    chunks = -(-work.paths // work.chunk) * work.series
    cells = float(work.paths) * (work.days + 1) * work.series
    cpu = cells * (units.draw + units.look + work.thresholds * units.compare)
    tasks = chunks * units.tasks
    seconds = work.chunk * (work.days + 1) * (cpu / cells)
    busy = tasks * units.task
    memory = units.peak + units.chunk_bytes * work.chunk * (work.days + 1)
    moved, each = chunks * units.sent / 1e9, units.sent / 1e3
    return [
        ("numbers drawn", f"{cells:.3g}"),
        ("the same as an array in single precision", f"{cells * 4 / 1e12:,.0f} TB, never held"),
        ("chunks", f"{chunks:,}, each {seconds:,.0f} s of one core"),
        ("tasks, with the trees that merge", f"{tasks:,.0f}"),
        (
            "graph of one series",
            (
                f"{tasks / work.series:,.0f} tasks, built in "
                f"{chunks / work.series * units.graph:.1f} s; one series after the other"
            ),
        ),
        (
            "memory of a worker",
            f"{memory / 1e9:.1f} GB",
        ),
        (
            "bytes moved",
            f"{moved:,.0f} GB in all, {each:,.0f} kB a chunk",
        ),
        ("CPU time", f"{cpu / 3600:,.0f} core hours"),
        (
            f"on {cores:,} cores",
            f"{cpu / cores / 3600:,.1f} hours; the scheduler is busy {busy / 3600:.2f} hours of it",
        ),
        (f"cost at {PRICE:g} a core hour (an example)", f"{cpu / 3600 * PRICE:,.0f}"),
    ]
