"""Small twins of what measures scale: that it runs, and that the plan adds up."""

from __future__ import annotations

import pytest
from benchmarks import kills
from benchmarks.scale.plan import Units, Work, plan

pytest.importorskip("distributed", reason="the extra `dask` is not installed")


def test_the_graph_of_many_paths_is_a_few_tasks_a_chunk_and_costs_nothing_to_hold() -> None:
    from benchmarks.scale import measure

    small = measure.graph(8_192 * 64, 30, 8_192)
    assert 64 < small["tasks"] < 64 * 4
    costs = measure.unit_costs(1)
    assert min(costs["draw"], costs["look"] + costs["compare"]) > 0
    assert min(measure.places(2, 100)) > 0


def test_the_plan_is_the_product_of_its_unit_costs() -> None:
    work = Work(paths=1_000_000, days=99, series=10, thresholds=2, chunk=10_000)
    units = Units(
        draw=3e-8,
        look=1e-9,
        compare=2e-9,
        peak=2e8,
        chunk_bytes=20,
        task=1e-3,
        tasks=2,
        graph=1e-4,
        sent=1_000.0,
    )
    rows = dict(plan(work, units, cores=10))
    assert rows["numbers drawn"] == "1e+09"
    assert rows["chunks"] == "1,000, each 0 s of one core"
    assert rows["tasks, with the trees that merge"] == "2,000"
    assert rows["memory of a worker"] == "0.2 GB"
    assert rows["CPU time"] == "0 core hours"
    large = dict(plan(Work(), units, cores=1_000))
    hours = 1e9 * 3_653 * 100 * (3e-8 + 1e-9 + 8 * 2e-9) / 3_600
    assert large["CPU time"] == f"{hours:,.0f} core hours"
    assert large["on 1,000 cores"].startswith(f"{hours / 1_000:,.1f} hours")


def test_what_is_killed_can_be_run_by_its_name() -> None:
    assert set(kills.WORKS) == {"hindcast", "sweep"}
    for work in (kills.hindcast, kills.sweep):
        assert work.__name__ in kills.WORKS
